// Numbers as NumPy has them: rounding, medians, quantiles, and sums of float32 in its order.

import { zeros } from "./scratch.js";

const ROUNDING = 6755399441055744; // 1.5 × 2⁵²: a double near it has no fraction left, and is rounded half to even.
const columns = new Float32Array(8); // scratch of float32Sum
const BLOCK = 128; // NumPy sums so many numbers in eight columns, and halves longer arrays.

/** @param {number} value less than 2⁵¹ @returns {number} the nearest whole number, the even one of two (`np.rint`) */
export function rint(value) {
  return value + ROUNDING - ROUNDING;
}

/**
 * Depths from the least to the greatest. Zeros and ones, most of a drawing, are counted and not sorted.
 * @param {Float32Array} values from 0 to 1
 * @param {number} [count] how many there are; those that are not in `values` are 0
 * @returns {Float32Array}
 */
export function ordered(values, count = values.length) {
  const all = zeros(Float32Array, count);
  let [between, ones] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (values[at] === 1) ones++;
    else if (values[at] > 0) all[between++] = values[at];
  }
  all.copyWithin(all.length - ones - between, 0, between);
  all.fill(0, 0, all.length - ones - between).fill(1, all.length - ones);
  all.subarray(all.length - ones - between, all.length - ones).sort();
  return all;
}

/**
 * A quantile of ordered values, interpolated linearly.
 * @param {Float32Array} values @param {number} share
 */
export function quantile(values, share) {
  const place = share * (values.length - 1);
  const [low, high] = [values[Math.floor(place)], values[Math.ceil(place)]];
  return low + (place % 1) * (high - low);
}

/**
 * @template {Float32Array | Int32Array} T
 * @param {T} values at least one
 * @returns {number} the middle of the sorted values: of two, their mean in the type of the values or in double
 */
export function median(values) {
  const all = values.slice().sort();
  const half = all.length >> 1;
  if (all.length % 2) return all[half];
  const sum = all[half - 1] + all[half];
  return values instanceof Float32Array ? Math.fround(Math.fround(sum) / 2) : sum / 2;
}

/**
 * The sum of float32 numbers as NumPy adds them up, in pairs ("pairwise summation").
 * @param {Float32Array} values @param {number} start @param {number} count
 * @returns {number}
 */
export function float32Sum(values, start = 0, count = values.length) {
  const round = Math.fround;
  if (count > BLOCK) {
    const half = count >> 1;
    const first = half - (half % 8);
    return round(float32Sum(values, start, first) + float32Sum(values, start + first, count - first));
  }
  let at = 0;
  let sum = 0;
  if (count >= 8) {
    for (let column = 0; column < 8; column++) columns[column] = values[start + column];
    for (at = 8; at < count - (count % 8); at += 8) {
      for (let column = 0; column < 8; column++) columns[column] += values[start + at + column];
    }
    const [a, b, c, d, e, f, g, h] = columns;
    sum = round(round(round(a + b) + round(c + d)) + round(round(e + f) + round(g + h)));
  }
  for (; at < count; at++) sum = round(sum + values[start + at]);
  return sum;
}
