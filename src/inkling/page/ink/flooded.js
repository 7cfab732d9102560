// Flood fill: what of a mask is connected to some seeds.

import { emptyMask } from "./raster.js";

/** @typedef {import("./raster.js").Mask} Mask */

/**
 * The pixels of a mask that are connected by their sides to some seeds in it.
 * @param {Mask} seeds those outside of the mask are ignored
 * @param {Mask} mask
 * @returns {Mask}
 */
export function flooded(seeds, mask) {
  const { height, width, data } = mask;
  const reached = emptyMask(height, width);
  const end = data.length;
  /** @type {number[]} */ const waiting = [];
  const reach = (/** @type {number} */ at) => {
    if (!data[at] || reached.data[at]) return;
    reached.data[at] = 1;
    waiting.push(at);
  };
  const reachAround = (/** @type {number} */ at, /** @type {number} */ column) => {
    if (column > 0) reach(at - 1);
    if (column < width - 1) reach(at + 1);
    if (at >= width) reach(at - width);
    if (at + width < end) reach(at + width);
  };
  for (let at = 0; at < end; at++) reached.data[at] = seeds.data[at] & data[at];
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (reached.data[at] && !isSurrounded(reached.data, at, width)) reachAround(at, column);
    }
  }
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) reachAround(at, at % width);
  return reached;
}

/** @param {Uint8Array} data @param {number} at @param {number} width @returns {boolean} for most pixels of a stroke */
function isSurrounded(data, at, width) {
  return (data[at - 1] & data[at + 1] & data[at - width] & data[at + width]) === 1;
}
