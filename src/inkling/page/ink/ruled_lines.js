// Ruled lines and frames: the lines of ruled paper, and the borders of a picture that was cut out of a grid.
//
// A ruled line is thin, straight or nearly so, and goes from border to border, which no stroke of a digit does. It is
// removed where it lies alone. Where a stroke crosses it, the ink is higher than the line is thick, and stays.

import { straightLines, nearRows } from "./hough.js";
import { flipped, runHeights, transposed, union, without } from "./masks.js";
import { rint } from "./numbers.js";
import { emptyMask, inkedBox } from "./raster.js";

/** @typedef {import("./raster.js").Mask} Mask */

const COVERED_COLUMNS = 0.75; // A ruled line has ink in at least this share of the columns.
const END_WIDTH = 0.06; // Of the width: in such a strip at both ends, half of the columns have ink of the line.
const THICKEST = 0.1; // Of the picture's height: a thicker bar is no ruled line.
const FRAME_REACH = 0.15; // Of the height: a frame reaches in at most so far, in a picture that was cut out askew.
const FRAME_SHARE = 0.5; // A border belongs to a frame when at least this share of its pixels is ink.
const STROKE_HEIGHT = 1.8; // Line thicknesses: higher ink on a line is a stroke that crosses it.
const MIN_UPRIGHT_LINES = 3; // One upright line may be a 1, and two may be 11, so that fewer lines than these stay.
const SMALLEST_SIDE = 16; // pixels; in a smaller picture, ruled lines cannot be told from strokes.

/** @param {Mask} mask @returns {Mask} which inked pixels belong to ruled lines and frames */
export function ruledLinesIn(mask) {
  if (Math.min(mask.height, mask.width) < SMALLEST_SIDE) return emptyMask(mask.height, mask.width);
  const { rows, columns } = inkedSides(mask);
  const isAtBorder = [rows, columns].some((side) => side[0] || side[side.length - 1]);
  if (!isAtBorder && !mayHaveLines(columns) && !mayHaveLines(rows)) return emptyMask(mask.height, mask.width);
  const framed = union(frameOf(mask), transposed(frameOf(transposed(mask))));
  const rest = without(mask, framed);
  const found = union(framed, levelLines(rest).found);
  const upright = levelLines(transposed(rest));
  return upright.count >= MIN_UPRIGHT_LINES ? union(found, transposed(upright.found)) : found;
}

/** @param {Mask} mask @returns {Mask} ink that reaches in a little from the upper or lower border, if most is inked */
function frameOf(mask) {
  return union(upperFrame(mask), flipped(upperFrame(flipped(mask))));
}

/** @param {Mask} mask @returns {Mask} */
function upperFrame(mask) {
  const { height, width, data } = mask;
  const frame = emptyMask(height, width);
  const reach = Math.min(height, 1 + Math.floor(FRAME_REACH * height));
  if (data.subarray(0, width).reduce((sum, pixel) => sum + pixel, 0) / width < FRAME_SHARE) return frame;
  for (let column = 0; column < width; column++) {
    let run = 0;
    while (run < reach && data[run * width + column]) run++;
    for (let row = 0; row < run && run < reach; row++) frame.data[row * width + column] = 1;
  }
  return frame;
}

/** @param {Mask} mask @returns {{found: Mask, count: number}} all ruled lines from the left to the right border */
function levelLines(mask) {
  const { height, width, data } = mask;
  const found = emptyMask(height, width);
  let count = 0;
  if (!mayHaveLines(inkedSides(mask).columns)) return { found, count };
  const heights = runHeights(mask);
  for (const { line, inked, thickness } of straightLines(mask, heights)) {
    if (thickness > THICKEST * height || !isAtEnds(inked)) continue;
    const limit = STROKE_HEIGHT * thickness + 1;
    nearRows(line, height, limit, (at) => {
      if (data[at] && heights[at] <= limit) found.data[at] = 1;
    });
    count++;
  }
  return { found, count };
}

/** @param {Uint8Array} columns 1 for each with ink @returns {boolean} whether there may be level lines */
function mayHaveLines(columns) {
  return share(columns) >= COVERED_COLUMNS && isAtEnds(columns);
}

/** @param {Uint8Array} columns 1 for each with ink @returns {boolean} whether half of them have it at both ends */
function isAtEnds(columns) {
  const ends = Math.max(2, rint(END_WIDTH * columns.length));
  return Math.min(share(columns.subarray(0, ends)), share(columns.subarray(Math.max(0, columns.length - ends)))) >= 0.5;
}

/** @param {Mask} mask @returns {{rows: Uint8Array, columns: Uint8Array}} 1 for each row and column that has ink */
function inkedSides(mask) {
  const { height, width, data } = mask;
  const { top, bottom, left, right } = inkedBox(mask);
  const [rows, columns] = [new Uint8Array(height), new Uint8Array(width)];
  for (let row = top; row < bottom; row++) {
    for (let column = left, at = row * width + left; column < right; column++, at++) {
      if (data[at]) rows[row] = columns[column] = 1;
    }
  }
  return { rows, columns };
}

/** @param {Uint8Array} mask */
function share(mask) {
  return mask.reduce((sum, pixel) => sum + pixel, 0) / mask.length;
}
