/** What a gradient check has found, in words: both gradients, and whether they agree. */

import { short } from "../numbers.js";

const AGREE = 1e-4; // A relative difference up to which the two gradients count as equal.
const TINY = 1e-9; // Below this, rounding is larger than the gradient.

/**
 * What was computed, and whether both agree.
 *
 * @param {{analytic: number, numeric: number}} answer
 * @param {string} name
 */
export function resultOf({ analytic, numeric }, name) {
  const size = Math.max(Math.abs(analytic), Math.abs(numeric));
  const difference = size === 0 ? 0 : Math.abs(analytic - numeric) / size;
  const same = difference <= AGREE || size < TINY;
  const verdict = same
    ? "They agree: the backward pass is right here."
    : "They differ. The loss may not be differentiable at this point: ReLU and MaxPool2d cause such points.";
  return [
    `analytic ${digits(analytic)}`,
    `numeric  ${digits(numeric)}`,
    `relative difference ${short(difference)}`,
    `The analytic gradient comes from one backward pass. For the numeric one, ${name} was moved up and down by a ` +
      "tiny ε, " +
      `and the loss computed each time: (loss(θ + ε) − loss(θ − ε)) / 2ε, in 64-bit numbers. ${verdict}`,
  ];
}

/** @param {number} value */
function digits(value) {
  return value.toPrecision(7).replaceAll("-", "−");
}
