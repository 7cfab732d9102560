/** What a page wants to be looked at, as the 28×28 levels that a network sees, and warnings about it. */

import { digitAndWarnings, digitImage } from "../ink/digit_image.js";
import { DRAWING_SIDE, GrowingRaster, rasterize } from "../ink/rasterize.js";
import { SEVERAL_DIGITS } from "../ink/warning_words.js";

/** @typedef {import("../app/engine_client.js").Input} Input */
/** @typedef {import("../app/engine_client.js").Normalized} Normalized */

/** The drawing that a page asks about again and again while it grows. */
const drawing = new GrowingRaster();

/**
 * The 28×28 levels, and warnings.
 *
 * @param {Input} input
 * @returns {Normalized}
 */
export function normalized(input) {
  if ("image" in input) return { image: input.image, warnings: warningsOfSmall(input.image) };
  if ("levels" in input) return digitAndWarnings(input.levels, input.height, input.width);
  return digitAndWarnings(drawing.of(input.strokes, input.width), DRAWING_SIDE, DRAWING_SIDE);
}

/**
 * The 28×28 levels alone.
 *
 * @param {Input} input
 * @returns {Uint8Array}
 */
export function imageOf(input) {
  if ("image" in input) return input.image;
  if ("levels" in input) return digitImage(input.levels, input.height, input.width);
  return digitImage(rasterize(input.strokes, input.width), DRAWING_SIDE, DRAWING_SIDE);
}

/**
 * Of 28×28 levels, only that of several digits: the picture that they were made of is not known.
 *
 * @param {Uint8Array} image
 */
function warningsOfSmall(image) {
  const side = Math.sqrt(image.length);
  return digitAndWarnings(image, side, side).warnings.filter((each) => each === SEVERAL_DIGITS);
}
