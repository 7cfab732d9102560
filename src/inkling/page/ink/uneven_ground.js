// Uneven ground: paper with its shadows, in a photo. Without ink, it would change slowly.

import { greyClosing } from "./closing.js";
import { median } from "./numbers.js";
import { emptyPlane, within } from "./raster.js";
import { BICUBIC, BOX, reduced, resized } from "./resize.js";

/** @typedef {import("./raster.js").Plane} Plane */

const REDUCED_SIDE = 64; // pixels; the ground changes slowly, so a picture with a longer side of this shows it.
const WIDEST_OF_LONGER_SIDE = 0.28; // Ink is narrower than this share of the picture's longer side.
const WIDEST_OF_SHORTER_SIDE = 0.6; // Ink is narrower than this share of the picture's shorter side.
const FRAME = 0.03; // Of each side: frames, table edges and grid lines lie there; digits reach further in.
const LEAST_SKEWNESS = 0.1; // Noise has less: then nothing is written, and the ground is paper if it is bright.
const BRIGHT = 127.5; // grey levels
const SAMPLED_SIDE = 256; // At most so many rows and columns are looked at for the median of the ground and its noise.
const SIGMAS_PER_DEVIATION = 1.4826; // Standard deviations of a normal distribution per median absolute deviation.

/**
 * Whether ink is darker than the ground.
 *
 * Pixels of strokes are few and far from the ground, so the levels are skewed to the side of ink, once slow changes of
 * light are subtracted.
 * @param {Plane} levels
 */
export function isDark(levels) {
  const inner = within(reduced(levels, 2 * REDUCED_SIDE), FRAME);
  const slow = fitted(fitted(inner, 3, 3), inner.height, inner.width);
  const count = inner.data.length;
  let [sum, squares, cubes] = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    const fast = Math.fround(inner.data[at] - slow.data[at]);
    sum += inner.data[at];
    squares += fast ** 2;
    cubes += fast ** 3;
  }
  const skewness = cubes / count / Math.max(squares / count, 1e-9) ** 1.5;
  return Math.abs(skewness) > LEAST_SKEWNESS ? skewness < 0 : sum / count > BRIGHT;
}

/**
 * The ground under low ink: a morphological closing fills the ink up, and the result is smoothed.
 * @param {Plane} levels
 * @returns {Plane}
 */
export function unevenGround(levels) {
  const small = reduced(levels, REDUCED_SIDE);
  const [shorter, longer] = [Math.min(small.height, small.width), Math.max(small.height, small.width)];
  const widest = Math.min(WIDEST_OF_LONGER_SIDE * longer, WIDEST_OF_SHORTER_SIDE * shorter);
  const window = Math.max(3, Math.floor(widest) | 1); // odd
  const filled = greyClosing(small, window >> 1);
  const [rows, columns] = [small.height, small.width].map((side) => Math.max(2, Math.floor((2 * side) / window)));
  return fitted(continued(fitted(filled, rows, columns)), levels.height, levels.width, 1);
}

/**
 * The level of the ground in depth, and its standard deviation.
 * @param {Plane} depth
 * @returns {{level: number, noise: number}}
 */
export function groundOf(depth) {
  const [down, across] = [depth.height, depth.width].map((side) => Math.ceil(side / SAMPLED_SIDE));
  const [rows, columns] = [Math.ceil(depth.height / down), Math.ceil(depth.width / across)];
  const sample = emptyPlane(rows, columns).data;
  for (let at = 0; at < sample.length; at++) {
    sample[at] = depth.data[Math.floor(at / columns) * down * depth.width + (at % columns) * across];
  }
  const level = median(sample);
  const deviation = median(sample.map((each) => Math.abs(Math.fround(each - level))));
  return { level, noise: SIGMAS_PER_DEVIATION * deviation };
}

/** @param {Plane} plane @param {number} height @param {number} width @param {number} margin @returns {Plane} */
function fitted(plane, height, width, margin = 0) {
  return resized(plane, height, width, height < plane.height ? BOX : BICUBIC, margin);
}

/** @param {Plane} plane at least 2×2 @returns {Plane} with one more pixel on each side, where its slopes go on */
function continued(plane) {
  const { height, width, data } = plane;
  const wide = emptyPlane(height + 2, width + 2);
  const place = (/** @type {number} */ row, /** @type {number} */ column) => row * wide.width + column;
  const goOn = (/** @type {number} */ to, /** @type {number} */ edge, /** @type {number} */ before) => {
    wide.data[to] = 2 * wide.data[edge] - wide.data[before];
  };
  for (let row = 0; row < height; row++) {
    wide.data.set(data.subarray(row * width, (row + 1) * width), place(row + 1, 1));
  }
  for (let column = 1; column <= width; column++) {
    goOn(place(0, column), place(1, column), place(2, column));
    goOn(place(height + 1, column), place(height, column), place(height - 1, column));
  }
  for (let row = 0; row < height + 2; row++) {
    goOn(place(row, 0), place(row, 1), place(row, 2));
    goOn(place(row, width + 1), place(row, width), place(row, width - 1));
  }
  return wide;
}
