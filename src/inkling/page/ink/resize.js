// Resizing as Pillow does it: in floating point, first along rows and then along columns.
//
// Enlarging is bicubic, with Keys's kernel and a = −0.5 (Keys, "Cubic convolution interpolation for digital image
// processing", 1981). Where a side is made smaller, the kernel is as many times as wide.

import { emptyPlane } from "./raster.js";

/**
 * @typedef {import("./raster.js").Plane} Plane
 * @typedef {{support: number, weight: (distance: number) => number}} Kernel how far it reaches on both sides, in pixels
 */

const A = -0.5;

/** @type {Kernel} */
export const BICUBIC = { support: 2, weight: bicubic };

/** @type {Kernel} */
export const BOX = { support: 0.5, weight: (distance) => (distance > -0.5 && distance <= 0.5 ? 1 : 0) };

/**
 * A picture without a margin on all four sides, in another size. Near its border, the pixels of the margin are seen.
 * @param {Plane} plane @param {number} height @param {number} width @param {Kernel} kernel @param {number} margin
 * @returns {Plane}
 */
export function resized(plane, height, width, kernel, margin = 0) {
  return downwards(across(plane, width, kernel, margin), height, kernel, margin);
}

/** @param {Plane} plane @param {number} width @param {Kernel} kernel @param {number} margin @returns {Plane} */
function across(plane, width, kernel, margin) {
  if (width === plane.width && !margin) return plane;
  const wide = emptyPlane(plane.height, width);
  weightsOf(plane.width, width, kernel, margin).forEach(({ first, weights }, column) => {
    for (let row = 0; row < plane.height; row++) {
      const start = row * plane.width + first;
      let sum = 0;
      for (let place = 0; place < weights.length; place++) sum += weights[place] * plane.data[start + place];
      wide.data[row * width + column] = sum;
    }
  });
  return wide;
}

/** @param {Plane} plane @param {number} height @param {Kernel} kernel @param {number} margin @returns {Plane} */
function downwards(plane, height, kernel, margin) {
  if (height === plane.height && !margin) return plane;
  const { width, data } = plane;
  const high = emptyPlane(height, width);
  weightsOf(plane.height, height, kernel, margin).forEach(({ first, weights }, row) => {
    for (let column = 0; column < width; column++) {
      const start = first * width + column;
      let sum = 0;
      for (let place = 0; place < weights.length; place++) sum += weights[place] * data[start + place * width];
      high.data[row * width + column] = sum;
    }
  });
  return high;
}

/**
 * For each new pixel, the weights of old ones from the first on.
 * @param {number} from pixels, the margins too @param {number} to pixels @param {Kernel} kernel @param {number} margin
 * @returns {{first: number, weights: Float64Array}[]}
 */
function weightsOf(from, to, kernel, margin) {
  const scale = (from - 2 * margin) / to;
  const broader = Math.max(1, scale);
  const reach = kernel.support * broader;
  return Array.from({ length: to }, (_, place) => {
    const centre = margin + (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const last = Math.min(from, Math.trunc(centre + reach + 0.5));
    const weights = new Float64Array(last - first);
    for (let old = first; old < last; old++) weights[old - first] = kernel.weight((old - centre + 0.5) / broader);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: total ? weights.map((weight) => weight / total) : weights };
  });
}

/** @param {number} distance pixels @returns {number} */
function bicubic(distance) {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}

/**
 * A picture of at most `longest` pixels in its longer side, each the mean of a block.
 * @param {Plane} plane @param {number} longest
 * @returns {Plane}
 */
export function reduced(plane, longest) {
  const factor = Math.ceil(Math.max(plane.height, plane.width) / longest);
  if (factor <= 1) return plane;
  const small = emptyPlane(Math.ceil(plane.height / factor), Math.ceil(plane.width / factor));
  for (let row = 0, at = 0; row < small.height; row++) {
    for (let column = 0; column < small.width; column++, at++) {
      small.data[at] = meanOfBlock(plane, row * factor, column * factor, factor);
    }
  }
  return small;
}

/** @param {Plane} plane @param {number} top @param {number} left @param {number} side */
function meanOfBlock(plane, top, left, side) {
  const [bottom, right] = [Math.min(plane.height, top + side), Math.min(plane.width, left + side)];
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) sum += plane.data[row * plane.width + column];
  }
  return sum * (1 / ((bottom - top) * (right - left)));
}
