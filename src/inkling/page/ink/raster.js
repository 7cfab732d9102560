// Pictures of one channel: masks of ones and zeros, and planes of levels or depths, row after row.

import { rint } from "./numbers.js";
import { zeros, zerosLike } from "./scratch.js";

/**
 * @typedef {{height: number, width: number, data: Uint8Array, inked?: Box}} Mask
 * @typedef {{height: number, width: number, data: Float32Array, inked?: Box}} Plane where it is known, `inked` is a box
 *     outside of which all is 0: much of a drawing is empty, and not looked at again
 * @typedef {{top: number, bottom: number, left: number, right: number}} Box its last row and column are outside of it
 */

/** @param {number} height @param {number} width @returns {Mask} */
export function emptyMask(height, width) {
  return { height, width, data: zeros(Uint8Array, height * width) };
}

/** @param {number} height @param {number} width @returns {Plane} */
export function emptyPlane(height, width) {
  return { height, width, data: zeros(Float32Array, height * width) };
}

/** @param {{height: number, width: number, inked?: Box}} picture @returns {Box} outside of which all is 0 */
export function inkedBox({ height, width, inked }) {
  return inked ?? { top: 0, bottom: height, left: 0, right: width };
}

/** @param {Box} box @returns {[number, number]} its height and width */
export function sizeOf(box) {
  return [box.bottom - box.top, box.right - box.left];
}

/**
 * A part of a picture, as a copy.
 * @template {Uint8Array | Float32Array | Int32Array} T
 * @param {{height: number, width: number, data: T}} picture @param {Box} box
 * @returns {{height: number, width: number, data: T}}
 */
export function cut(picture, box) {
  const [height, width] = sizeOf(box);
  const data = zerosLike(picture.data, height * width);
  for (let row = 0; row < height; row++) {
    const start = (box.top + row) * picture.width + box.left;
    data.set(picture.data.subarray(start, start + width), row * width);
  }
  return { height, width, data };
}

/**
 * A picture without a margin, which is a share of each side, on all four sides.
 * @param {Plane} plane @param {number} margin
 * @returns {Plane}
 */
export function within(plane, margin) {
  const [rows, columns] = [plane.height, plane.width].map((side) => rint(margin * side));
  return cut(plane, { top: rows, bottom: plane.height - rows, left: columns, right: plane.width - columns });
}

/**
 * The picture inside a frame of one level.
 * @param {Plane} plane @param {number} margin pixels on each side @param {number} level
 * @returns {Plane}
 */
export function padded(plane, margin, level) {
  const wide = emptyPlane(plane.height + 2 * margin, plane.width + 2 * margin);
  wide.data.fill(level);
  for (let row = 0; row < plane.height; row++) {
    const line = plane.data.subarray(row * plane.width, (row + 1) * plane.width);
    wide.data.set(line, (row + margin) * wide.width + margin);
  }
  return wide;
}

/** @param {Plane} plane @returns {Float32Array} the levels of its four sides; corners come twice */
export function borderOf(plane) {
  const { height, width, data } = plane;
  const border = new Float32Array(2 * (height + width));
  border.set(data.subarray(0, width), 0);
  border.set(data.subarray((height - 1) * width), width);
  for (let row = 0; row < height; row++) {
    border[2 * width + row] = data[row * width];
    border[2 * width + height + row] = data[(row + 1) * width - 1];
  }
  return border;
}
