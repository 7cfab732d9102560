// Grey-level closing: what is darker than its surroundings, and narrower than a window, is filled up.

import { emptyPlane } from "./raster.js";

/** @typedef {import("./raster.js").Plane} Plane */

/**
 * A picture without dark things that are narrower than 2 reach + 1 pixels.
 *
 * First the highest level in a square window around each pixel, then the lowest of these. Edges of shadows stay where
 * they are.
 * @param {Plane} levels @param {number} reach
 * @returns {Plane}
 */
export function greyClosing(levels, reach) {
  return filtered(filtered(levels, reach, Math.max), reach, Math.min);
}

/** @param {Plane} levels @param {number} reach @param {(a: number, b: number) => number} choose @returns {Plane} */
function filtered(levels, reach, choose) {
  const { height, width } = levels;
  const down = alongStep(levels, height, width, width, 1, reach, choose);
  return alongStep(down, width, height, 1, width, reach, choose);
}

/**
 * The extreme level in a window along one direction.
 * @param {Plane} levels @param {number} length of each line of pixels @param {number} lines
 * @param {number} step from a pixel to the next of its line @param {number} next from a line to the next
 * @param {number} reach @param {(a: number, b: number) => number} choose
 * @returns {Plane}
 */
function alongStep(levels, length, lines, step, next, reach, choose) {
  const found = emptyPlane(levels.height, levels.width);
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < length; place++) {
      const last = Math.min(length - 1, place + reach);
      let level = levels.data[line * next + place * step];
      for (let other = Math.max(0, place - reach); other <= last; other++) {
        level = choose(level, levels.data[line * next + other * step]);
      }
      found.data[line * next + place * step] = level;
    }
  }
  return found;
}
