// How many pixels of ink lie on each of many parallel lines: what a Hough transform counts, by whole runs of ink.
//
// On lines that fall by `fall` rows up to a column, the pixel in row r lies on the line round(r − fall). The pixels of
// a run, one below the other, lie on neighbouring lines, so that only the first and the last are looked at.

import { rint } from "./numbers.js";

/** @typedef {{columns: Int32Array, firsts: Int32Array, lengths: Int32Array}} Runs of ink, each in one column */

const TIE = 1e-6; // So near to the middle between two lines, rounding depends on the pixel.

/** @param {Uint8Array} pixels @param {number} width @returns {Runs} */
export function uprightRuns(pixels, width) {
  const height = pixels.length / width;
  let count = 0;
  for (let at = 0; at < pixels.length; at++) if (pixels[at] && !(at >= width && pixels[at - width])) count++;
  const [columns, firsts, lengths] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  for (let row = 0, at = 0, run = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (!pixels[at] || (row && pixels[at - width])) continue;
      let length = 1;
      while (at + length * width < pixels.length && pixels[at + length * width]) length++;
      [columns[run], firsts[run], lengths[run]] = [column, row, length];
      run++;
    }
  }
  return { columns, firsts, lengths };
}

/**
 * Adds `sign` to the count of a line for each of its pixels.
 * @param {Int32Array} counts of the lines; the line in row 0 is at `margin`
 * @param {Runs} runs @param {Float64Array} fall by column @param {number} margin @param {1 | -1} sign
 */
export function addToLines(counts, { columns, firsts, lengths }, fall, margin, sign) {
  const steps = new Int32Array(counts.length + 1); // from the count of each line to the next
  for (let run = 0; run < columns.length; run++) {
    const [first, length, offset] = [firsts[run], lengths[run], fall[columns[run]]];
    const line = rint(first - offset);
    if (Math.abs(Math.abs(first - offset - line) - 0.5) > TIE) {
      steps[line + margin] += sign;
      steps[line + margin + length] -= sign;
      continue;
    }
    for (let row = first; row < first + length; row++) {
      const at = rint(row - offset) + margin;
      steps[at] += sign;
      steps[at + 1] -= sign;
    }
  }
  for (let at = 0, height = 0; at < counts.length; at++) counts[at] += height += steps[at];
}
