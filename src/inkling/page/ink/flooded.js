// Flood fill: what of a mask is connected to some seeds.

import { emptyMask } from "./raster.js";
import { zeros } from "./scratch.js";

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
  const waiting = zeros(Int32Array, data.length); // places whose neighbours may be reached; each waits once at most
  let count = 0;
  for (let at = 0; at < data.length; at++) reached.data[at] = seeds.data[at] & data[at];
  for (let at = 0; at < data.length; at++) {
    if (reached.data[at] && !isSurrounded(reached.data, at, width)) waiting[count++] = at;
  }
  const steps = [-1, 1, -width, width];
  while (count) {
    const at = waiting[--count];
    const column = at % width;
    for (let side = column > 0 ? 0 : 1; side < steps.length; side++) {
      const next = at + steps[side];
      if ((side === 1 && column === width - 1) || !data[next] || reached.data[next]) continue; // or outside
      reached.data[next] = 1;
      waiting[count++] = next;
    }
  }
  return reached;
}

/** @param {Uint8Array} data @param {number} at @param {number} width @returns {boolean} for most pixels of a stroke */
function isSurrounded(data, at, width) {
  return (data[at - 1] & data[at + 1] & data[at - width] & data[at + width]) === 1;
}
