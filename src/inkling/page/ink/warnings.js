// Warnings about a picture that is read as one digit: the sentences of `inkling read --single`.
//
// They are given where Python gives them, but for two: Python enlarges low writing of several components before it
// looks, and here it is looked at as it is; and whether a picture is read better after a turn is not tried here.

import { MAX_COMPONENTS } from "./components.js";
import { areDigitsApart } from "./digit_lines.js";
import { LIGHT_ON_DARK, NOTHING_DRAWN, SEVERAL_DIGITS } from "./warning_words.js";

/**
 * @typedef {import("./raster.js").Box} Box
 * @typedef {import("./components.js").Ink} Ink
 */

const MIN_THIN_SIDE = 40; // pixels; a digit whose longer side is shorter is not warned of for thin strokes.
const THIN_AREA = 0.03; // Of the square of the longer side: a digit with less ink was written by a very fine pen.

/**
 * @param {Ink} ink
 * @param {Box | null} box around all components; null where there are none
 * @param {number} margin width in pixels of the frame that was added around the picture
 * @returns {string[]}
 */
export function warningsOf(ink, box, margin) {
  if (!box) return [NOTHING_DRAWN, ...leftOut(ink.frames)];
  const warnings = ink.dark ? [] : [LIGHT_ON_DARK];
  if (ink.components.length >= MAX_COMPONENTS) {
    warnings.push(`much ink: only the ${MAX_COMPONENTS} largest components were looked at`);
  } else if (areDigitsApart(ink.components)) {
    warnings.push(SEVERAL_DIGITS);
  }
  warnings.push(...leftOut(ink.frames));
  if (touchesBorder(ink, box, margin)) warnings.push("touches the border");
  if (isThin(ink, box)) warnings.push("very thin strokes");
  return warnings;
}

/** @param {{height: number, width: number}} picture @param {Box} box @param {number} margin */
function touchesBorder({ height, width }, box, margin) {
  return Math.min(box.top, box.left) <= margin || box.bottom >= height - margin || box.right >= width - margin;
}

/** @param {Ink} ink @param {Box} box */
function isThin({ components }, { top, bottom, left, right }) {
  const longest = Math.max(bottom - top, right - left);
  const area = components.reduce((sum, each) => sum + each.area, 0);
  return longest >= MIN_THIN_SIDE && area < THIN_AREA * longest ** 2;
}

/** @param {{kind: string}[]} frames @returns {string[]} the warning that names them by kind, if there are any */
function leftOut(frames) {
  /** @type {Map<string, number>} */ const counts = new Map();
  for (const { kind } of frames) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (!counts.size) return [];
  return [`left out: ${[...counts].map(([kind, count]) => counted(kind, count)).join(", ")}`];
}

/** @param {string} kind @param {number} count */
function counted(kind, count) {
  if (kind === "boxes") return kind;
  return count > 1 ? `${count} ${kind}s` : `a ${kind}`;
}
