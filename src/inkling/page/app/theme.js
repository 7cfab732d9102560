/** Dark or light: as the system has it, until the button chooses; the choice is remembered where that is possible. */

import { HAS_THEMES, isDark } from "./figures/colors.js";

/**
 * @param {HTMLElement} button
 * @param {() => void} repaint called after the theme has changed
 */
export function installTheme(button, repaint) {
  button.hidden = !HAS_THEMES;
  const remembered = read();
  if (remembered === "dark" || remembered === "light") document.documentElement.dataset.theme = remembered;
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember(theme);
    repaint();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

function read() {
  try {
    return localStorage.getItem("inkling-theme");
  } catch {
    return null; // Storage may be switched off.
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem("inkling-theme", theme);
  } catch {
    // The choice holds for this visit.
  }
}
