/** How the network differs from its file, in one line above all views: applied updates, channels switched off. */

import { h } from "./dom.js";

/**
 * @param {import("./types.js").Page} page
 * @returns {import("./types.js").View}
 */
export function createChanges(page) {
  const applied = h("span", {});
  const off = h("span", {});
  const name = "Reset the parameters";
  const reset = h("button", { type: "button", "aria-label": name, click: () => giveBack(page) }, "Reset");
  const allOn = h("button", { type: "button", click: () => page.store.set({ off: {} }) }, "Switch all on");
  const ofUpdates = h("span", { class: "row" }, applied, reset);
  const ofChannels = h("span", { class: "row" }, off, allOn);
  const element = h("p", { class: "notice row", id: "changes-line", hidden: true }, ofUpdates, ofChannels);

  function update() {
    const channels = Object.values(page.store.state.off).reduce((sum, each) => sum + each.length, 0);
    const held = element.contains(document.activeElement);
    ofUpdates.hidden = page.applied === 0;
    ofChannels.hidden = channels === 0;
    element.hidden = page.applied === 0 && channels === 0;
    applied.textContent = `The parameters are changed: ${counted(page.applied, "update")} applied.`;
    off.textContent = `${counted(channels, "channel")} switched off.`;
    if (held && element.hidden) document.getElementById("views")?.focus();
  }
  return { element, update };
}

/** @param {import("./types.js").Page} page */
async function giveBack(page) {
  try {
    await page.engine.reset();
    page.setApplied(0);
    page.rethink();
    page.announce("The parameters are those of the file again.");
  } catch (error) {
    page.announce(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {number} count
 * @param {string} word
 */
function counted(count, word) {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
