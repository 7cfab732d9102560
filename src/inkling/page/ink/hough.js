// Straight, nearly level lines of ink, found by a Hough transform: the best one, then the best of what that left.

import { addToLines, uprightRuns } from "./line_counts.js";
import { median } from "./numbers.js";

/**
 * @typedef {import("./raster.js").Mask} Mask
 * @typedef {{line: Float64Array, inked: Uint8Array, thickness: number}} Line its row in each column, the columns in
 *     which it has ink, and its median height in pixels
 */

const STEEPEST_SLOPE = 0.15; // Rows per column: steeper lines are not looked for.
const SLOPES = 61; // Number of slopes that are tried, from the steepest fall to the steepest rise.
const COVERED_COLUMNS = 0.75; // A line has ink in at least this share of the columns.
const THICKEST = 0.1; // Of the picture's height: of thicker bars, only so much is taken off before the next line.
const MAX_LINES = 40; // of one direction; squared paper has so many
const NEAR_ROWS = 2; // Pixels within so many rows of a line belong to it.

/** @returns {number[]} rows per column of the lines that are tried */
export function slopesTried() {
  const step = (2 * STEEPEST_SLOPE) / (SLOPES - 1);
  const slopes = Array.from({ length: SLOPES }, (_, place) => place * step - STEEPEST_SLOPE);
  slopes[SLOPES - 1] = STEEPEST_SLOPE;
  return slopes;
}

/**
 * @param {Mask} mask @param {Int32Array} heights of the runs of ink that its pixels belong to
 * @returns {Generator<Line>} the lines with ink in enough columns
 */
export function* straightLines(mask, heights) {
  const { height, width } = mask;
  const slopes = slopesTried();
  const margin = Math.floor((STEEPEST_SLOPE * width) / 2) + 2;
  const rows = height + 2 * margin;
  const inked = new Int32Array(slopes.length * rows);
  const left = mask.data.slice();
  const reached = withNext(left, height, width);
  addCounts(inked, reached, width, slopes, rows, margin, 1);
  for (let round = 0; round < MAX_LINES; round++) {
    const best = placeOfMost(inked);
    if (inked[best] < COVERED_COLUMNS * width) return;
    const slope = slopes[Math.floor(best / rows)];
    const line = Float64Array.from({ length: width }, (_, column) => {
      return (best % rows) - margin + slope * (column - (width - 1) / 2);
    });
    const onLine = highestNear(line, heights, height);
    const thickness = median(onLine.filter((each) => each > 0));
    yield { line, inked: Uint8Array.from(onLine, (each) => (each > 0 ? 1 : 0)), thickness };
    // The rest of this line must not be found as a second line.
    nearRows(line, height, Math.max(NEAR_ROWS, Math.min(thickness, THICKEST * height)), (at) => (left[at] = 0));
    const still = withNext(left, height, width);
    for (let at = 0; at < still.length; at++) reached[at] &= ~still[at];
    addCounts(inked, reached, width, slopes, rows, margin, -1);
    reached.set(still);
  }
}

/**
 * Calls `visit` with the place of each pixel that is at most so many rows away from a line.
 * @param {Float64Array} line @param {number} height @param {number} distance
 * @param {(at: number, column: number) => void} visit
 */
export function nearRows(line, height, distance, visit) {
  for (let column = 0; column < line.length; column++) {
    const last = Math.min(height - 1, Math.ceil(line[column] + distance));
    for (let row = Math.max(0, Math.floor(line[column] - distance)); row <= last; row++) {
      if (Math.abs(row - line[column]) <= distance) visit(row * line.length + column, column);
    }
  }
}

/** Ink and the pixels below it, in the first row those below the last one: a line of two neighbouring rows.
 * @param {Uint8Array} data @param {number} height @param {number} width */
function withNext(data, height, width) {
  const reached = data.slice();
  const last = (height - 1) * width;
  for (let at = 0; at < width; at++) reached[at] |= data[at + last];
  for (let at = width; at < data.length; at++) reached[at] |= data[at - width];
  return reached;
}

/** Adds to the number of pixels on each line, by slope and row.
 * @param {Int32Array} counts @param {Uint8Array} pixels @param {number} width @param {number[]} slopes
 * @param {number} rows @param {number} margin @param {1 | -1} sign */
function addCounts(counts, pixels, width, slopes, rows, margin, sign) {
  const runs = uprightRuns(pixels, width);
  const fall = new Float64Array(width);
  slopes.forEach((slope, number) => {
    for (let column = 0; column < width; column++) fall[column] = slope * (column - (width - 1) / 2);
    addToLines(counts.subarray(number * rows, (number + 1) * rows), runs, fall, margin, sign);
  });
}

/** @param {Int32Array} counts @returns {number} */
function placeOfMost(counts) {
  let best = 0;
  for (let at = 1; at < counts.length; at++) if (counts[at] > counts[best]) best = at;
  return best;
}

/** @param {Float64Array} line @param {Int32Array} heights @param {number} height @returns {Int32Array} by column */
function highestNear(line, heights, height) {
  const highest = new Int32Array(line.length);
  nearRows(line, height, NEAR_ROWS, (at, column) => {
    if (heights[at] > highest[column]) highest[column] = heights[at];
  });
  return highest;
}
