/**
 * Rows: the innermost loops of convolutions, four numbers at a time, which takes V8 half as long as one at a time.
 *
 * Sums are float64 always: so V8 sees one type of arrays, and rounds once.
 */

/** @typedef {import("./tensor.js").Numbers} Numbers */

/**
 * to[at + o] += factor · row[start + o] for `length` numbers.
 * @param {Float64Array} to
 * @param {number} at
 * @param {number} factor
 * @param {Numbers} row
 * @param {number} start
 * @param {number} length
 */
export function addRow(to, at, factor, row, start, length) {
  let o = 0;
  for (; o + 3 < length; o += 4) {
    to[at + o] += factor * row[start + o];
    to[at + o + 1] += factor * row[start + o + 1];
    to[at + o + 2] += factor * row[start + o + 2];
    to[at + o + 3] += factor * row[start + o + 3];
  }
  for (; o < length; o++) to[at + o] += factor * row[start + o];
}

/**
 * Σ a[at + o] · b[start + o] over `length` numbers.
 * @param {Numbers} a
 * @param {number} at
 * @param {Numbers} b
 * @param {number} start
 * @param {number} length
 */
export function product(a, at, b, start, length) {
  let [o, one, two] = [0, 0, 0];
  for (; o + 3 < length; o += 4) {
    one += a[at + o] * b[start + o] + a[at + o + 1] * b[start + o + 1];
    two += a[at + o + 2] * b[start + o + 2] + a[at + o + 3] * b[start + o + 3];
  }
  for (; o < length; o++) one += a[at + o] * b[start + o];
  return one + two;
}
