/**
 * Colours of numbers. Signed numbers go from blue over the page's ground to orange, which the colour-blind tell apart
 * too; ink goes from black to white, as the network's input has it.
 */

/** @typedef {[number, number, number]} Rgb */

const BLUE = /** @type {Rgb} */ ([0, 90, 181]);
const ORANGE = /** @type {Rgb} */ ([217, 95, 2]);
const LIGHT_ZERO = /** @type {Rgb} */ ([250, 249, 246]);
const DARK_ZERO = /** @type {Rgb} */ ([24, 26, 30]);
const DARK_BLUE = /** @type {Rgb} */ ([86, 180, 255]);
const DARK_ORANGE = /** @type {Rgb} */ ([255, 159, 64]);

/** Whether this browser can show both themes; an older one shows the light one (style.css). */
export const HAS_THEMES = globalThis.CSS?.supports("color", "light-dark(#000, #fff)") ?? false;

/** Whether the page is shown light on dark: by the choice on the page, else by that of the system. */
export function isDark() {
  if (!HAS_THEMES) return false;
  const chosen = document.documentElement.dataset.theme;
  system ??= matchMedia("(prefers-color-scheme: dark)");
  return chosen ? chosen === "dark" : system.matches;
}

/** @type {MediaQueryList | null} */
let system = null;

/**
 * Colours of numbers from −largest to largest as pixels of a canvas: a table, since a page shows many numbers.
 *
 * @param {"signed" | "ink"} scale
 * @returns {Uint32Array} of STEPS pixels, from −largest to largest
 */
export function palette(scale) {
  const key = scale === "ink" ? "ink" : isDark() ? "dark" : "light";
  const made = palettes.get(key) ?? madePalette(scale);
  palettes.set(key, made);
  return made;
}

/** @type {Map<string, Uint32Array>} */
const palettes = new Map();

/** @param {"signed" | "ink"} scale */
function madePalette(scale) {
  const ends = signedEnds();
  const bytes = new Uint8ClampedArray(4 * STEPS);
  for (let step = 0; step < STEPS; step++) {
    const value = (2 * step) / (STEPS - 1) - 1;
    bytes.set([...(scale === "ink" ? inkColor(value) : signedColor(value, ends)), 255], 4 * step);
  }
  return new Uint32Array(bytes.buffer);
}

export const STEPS = 1025; // odd, so that 0 has a step of its own

/** @param {number} value from −1 to 1 */
function inkColor(value) {
  const level = 255 * Math.max(value, 0);
  return [level, level, level];
}

/**
 * The colours of −1, 0 and 1 in the theme that is shown.
 *
 * @returns {{low: Rgb, zero: Rgb, high: Rgb}}
 */
function signedEnds() {
  return isDark()
    ? { low: DARK_BLUE, zero: DARK_ZERO, high: DARK_ORANGE }
    : { low: BLUE, zero: LIGHT_ZERO, high: ORANGE };
}

/**
 * @param {number} value from −1 to 1
 * @param {{low: Rgb, zero: Rgb, high: Rgb}} ends
 */
function signedColor(value, { low, zero, high }) {
  const end = value < 0 ? low : high;
  const share = Math.sqrt(Math.abs(value)); // small numbers show, too
  return [0, 1, 2].map((i) => zero[i] + share * (end[i] - zero[i]));
}
