// The ground is what a picture would show without ink: the canvas of a drawing, or paper with its shadows.
//
// What stands out from it, as a share of the most that could, is how deep the ink is: 0 on the ground, 1 for black ink
// on paper or white chalk on a blackboard. Dividing by the ground undoes uneven light.

import { float32Sum, median, rint } from "./numbers.js";
import { borderOf, emptyPlane, inkedBox } from "./raster.js";
import { groundOf, isDark, unevenGround } from "./uneven_ground.js";

/** @typedef {import("./raster.js").Plane} Plane */
/** @typedef {import("./raster.js").Box} Box */

// The ground is flat when these shares have exactly one level.
const FLAT_SHARE = 0.25; // Of the pixels of the whole picture.
const FLAT_SHARE_OF_BORDER = 0.5; // Of the pixels of its border.
const FLAT_SHARE_OF_MIDDLE = 0.1; // Of the pixels of its middle.
const AROUND_MIDDLE = 0.15; // Of each side: it does not belong to the middle.
const LEAST_RANGE = 16; // Grey levels: on a ground nearer to black (or white), darker (brighter) ink is noise.

/**
 * How deep the ink is in each pixel of a picture, how deep its noise is, and whether ink is dark.
 * @param {Plane} levels 0 to 255
 * @returns {{depth: Plane, noise: number, dark: boolean}} noise is 0 where the ground has one level
 */
export function inkDepth(levels) {
  const found = flatGround(levels);
  if (!found) return depthOnPaper(levels);
  const { flat, inked } = found;
  const dark = Math.fround(float32Sum(levels.data) / levels.data.length) <= flat;
  const ground = Math.fround(dark ? flat : 255 - flat);
  const range = Math.max(ground, LEAST_RANGE);
  const depth = { ...emptyPlane(levels.height, levels.width), inked };
  for (let row = inked.top; row < inked.bottom; row++) {
    const end = row * levels.width + inked.right;
    for (let at = row * levels.width + inked.left; at < end; at++) {
      const level = dark ? levels.data[at] : Math.fround(255 - levels.data[at]);
      const part = Math.fround(ground - level) / range;
      if (part > 0) depth.data[at] = part < 1 ? part : 1;
    }
  }
  return { depth, noise: 0, dark };
}

/** @param {Plane} levels @returns {{depth: Plane, noise: number, dark: boolean}} where the ground is uneven */
function depthOnPaper(levels) {
  const dark = isDark(levels);
  const { height, width } = levels;
  const low = dark ? levels : { height, width, data: levels.data.map((level) => 255 - level) }; // Ink is low.
  const ground = unevenGround(low).data;
  const depth = emptyPlane(height, width);
  for (let at = 0; at < ground.length; at++) {
    depth.data[at] = Math.fround(ground[at] - low.data[at]) / Math.max(ground[at], LEAST_RANGE);
  }
  const { level, noise } = groundOf(depth);
  for (let at = 0; at < ground.length; at++) {
    depth.data[at] = Math.min(Math.max(Math.fround(depth.data[at] - level), 0), 1);
  }
  return { depth, noise, dark };
}

/**
 * The level that much of the picture, half of its border and some of its middle have exactly, and the box of all pixels
 * with other levels; null if there is none.
 * @param {Plane} levels
 * @returns {{flat: number, inked: Box} | null}
 */
function flatGround(levels) {
  const { height, width } = levels;
  const border = borderOf(levels);
  const flat = median(border);
  const ofBorder = border.filter((level) => level === flat).length / border.length;
  const whole = surveyed(levels, flat, inkedBox(levels));
  const [top, left] = [height, width].map((side) => rint(AROUND_MIDDLE * side));
  const middle = surveyed(levels, flat, { top, bottom: height - top, left, right: width - left });
  const isFlat =
    whole.share >= FLAT_SHARE && ofBorder >= FLAT_SHARE_OF_BORDER && middle.share >= FLAT_SHARE_OF_MIDDLE;
  return isFlat ? { flat, inked: whole.inked } : null;
}

/**
 * @param {Plane} levels @param {number} flat @param {Box} box
 * @returns {{share: number, inked: Box}} the share of a box that has a level, and the box of what has another
 */
function surveyed({ width, data }, flat, { top, bottom, left, right }) {
  const inked = { top: bottom, bottom: top, left: right, right: left };
  let count = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left, at = row * width + left; column < right; column++, at++) {
      if (data[at] === flat) count++;
      else {
        if (row < inked.top) inked.top = row;
        inked.bottom = row + 1;
        if (column < inked.left) inked.left = column;
        if (column >= inked.right) inked.right = column + 1;
      }
    }
  }
  return { share: count / ((bottom - top) * (right - left)), inked };
}
