// Operations on masks: turned, joined, subtracted, and made broader.

import { emptyMask, inkedBox } from "./raster.js";
import { copyOf, zeros } from "./scratch.js";

/** @typedef {import("./raster.js").Mask} Mask */

/** @param {import("./raster.js").Plane} plane @param {number} level 0 or more @returns {Mask} pixels of a higher one */
export function above(plane, level) {
  const { height, width, data, inked } = plane;
  const mask = { ...emptyMask(height, width), inked };
  const { top, bottom, left, right } = inkedBox(plane);
  for (let row = top; row < bottom; row++) {
    const end = row * width + right;
    for (let at = row * width + left; at < end; at++) if (data[at] > level) mask.data[at] = 1;
  }
  return mask;
}

/**
 * The pixels with some labels.
 * @param {{height: number, width: number, labels: Int32Array}} labelled
 * @param {Uint8Array} wanted 1 for each label that is wanted
 * @returns {Mask}
 */
export function labelledAs({ height, width, labels }, wanted) {
  const mask = emptyMask(height, width);
  for (let at = 0; at < labels.length; at++) if (wanted[labels[at]]) mask.data[at] = 1;
  return mask;
}

/** @param {Uint8Array} pixels @returns {Int32Array} the places of those that are inked */
export function placesOf(pixels) {
  let count = 0;
  for (let at = 0; at < pixels.length; at++) count += pixels[at];
  const places = zeros(Int32Array, count);
  for (let at = 0, number = 0; number < count; at++) if (pixels[at]) places[number++] = at;
  return places;
}

/** @param {Mask} mask @returns {boolean} whether it has any pixel */
export function any(mask) {
  return mask.data.includes(1);
}

/** @param {Mask} mask @returns {Mask} rows become columns */
export function transposed(mask) {
  const { height, width, data } = mask;
  const turned = emptyMask(width, height);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) if (data[at]) turned.data[column * height + row] = 1;
  }
  return turned;
}

/** @param {Mask} mask @returns {Mask} upside down */
export function flipped(mask) {
  const { height, width, data } = mask;
  const turned = emptyMask(height, width);
  for (let row = 0; row < height; row++) {
    turned.data.set(data.subarray(row * width, (row + 1) * width), (height - 1 - row) * width);
  }
  return turned;
}

/** @param {Mask} a @param {Mask} b @returns {Mask} pixels of one or both */
export function union(a, b) {
  const both = emptyMask(a.height, a.width);
  for (let at = 0; at < both.data.length; at++) both.data[at] = a.data[at] | b.data[at];
  return both;
}

/** @param {Mask} a @param {Mask} b @returns {Mask} pixels of `a` that are not of `b` */
export function without(a, b) {
  const rest = emptyMask(a.height, a.width);
  for (let at = 0; at < rest.data.length; at++) rest.data[at] = a.data[at] & ~b.data[at];
  return rest;
}

/**
 * Binary dilation: each iteration adds the neighbours above, below and beside the pixels.
 * @param {Mask} mask @param {number} iterations
 * @returns {Mask}
 */
export function dilated(mask, iterations = 1) {
  const { height, width } = mask;
  let from = mask;
  for (let step = 0; step < iterations; step++) {
    const wide = { height, width, data: copyOf(from.data) };
    for (let row = 0, at = 0; row < height; row++) {
      for (let column = 0; column < width; column++, at++) {
        if (!from.data[at]) continue;
        if (row > 0) wide.data[at - width] = 1;
        if (row < height - 1) wide.data[at + width] = 1;
        if (column > 0) wide.data[at - 1] = 1;
        if (column < width - 1) wide.data[at + 1] = 1;
      }
    }
    from = wide;
  }
  return from;
}

/**
 * The pixels with a pixel of the mask in the square window of ± `reach` pixels around them.
 * @param {Mask} mask @param {number} reach
 * @returns {Mask}
 */
export function maxFilter(mask, reach) {
  return transposed(nearInColumns(transposed(nearInColumns(mask, reach)), reach));
}

/** @param {Mask} mask @param {number} reach @returns {Mask} pixels at most `reach` rows away from one of the mask */
function nearInColumns(mask, reach) {
  const { height, width, data } = mask;
  const near = emptyMask(height, width);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (!data[at]) continue;
      const last = Math.min(height - 1, row + reach);
      for (let other = Math.max(0, row - reach); other <= last; other++) near.data[other * width + column] = 1;
    }
  }
  return near;
}

/**
 * For every inked pixel, the height of the run of ink above and below it, without a gap; 0 elsewhere.
 * @param {Mask} mask
 * @returns {Int32Array}
 */
export function runHeights(mask) {
  const { height, width, data } = mask;
  const heights = zeros(Int32Array, height * width);
  for (let at = 0; at < data.length; at++) if (data[at]) heights[at] = 1 + (at >= width ? heights[at - width] : 0);
  for (let at = data.length - width - 1; at >= 0; at--) {
    if (data[at] && data[at + width]) heights[at] = heights[at + width];
  }
  return heights;
}
