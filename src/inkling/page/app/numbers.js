/** Numbers as people read them. */

/**
 * A number in at most 3 significant digits, 2 with an exponent, such as "0.0312", "−1.5" or "2.1e−7".
 *
 * @param {number} value
 * @returns {string}
 */
export function short(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const plain = size === 0 ? "0" : size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(+value.toPrecision(3));
  return plain.replaceAll("-", "−");
}

/**
 * A share as percent, such as "97.3 %"; "<0.1 %" and ">99.9 %" where rounding would say none or all.
 *
 * @param {number} share from 0 to 1
 * @returns {string}
 */
export function percent(share) {
  if (share > 0 && share < 0.0005) return "<0.1 %";
  if (share < 1 && share > 0.9995) return ">99.9 %";
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * A shape as text, such as "12 × 12 × 32".
 *
 * @param {number[]} shape
 */
export function shapeText(shape) {
  return shape.join(" × ");
}

/**
 * Least, mean, largest, share of zeros, and root of the mean square of numbers.
 *
 * @param {ArrayLike<number>} data
 */
export function statistics(data) {
  let [least, largest, sum, squares, zeros] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    sum += value;
    squares += value * value;
    zeros += value === 0 ? 1 : 0;
  }
  const count = data.length;
  return { least, largest, mean: sum / count, zeros: zeros / count, rms: Math.sqrt(squares / count), count };
}

/**
 * The largest magnitude of numbers; 1 where all are 0, so that it can divide.
 *
 * @param {ArrayLike<number>} data
 */
export function largestMagnitude(data) {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  return largest || 1;
}

/**
 * The place of the largest number, of equal ones the first.
 *
 * @param {ArrayLike<number>} data
 */
export function argmax(data) {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  return best;
}
