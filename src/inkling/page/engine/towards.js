/** Towards another answer: the image is changed by descent on its pixels until another class is the most probable. */
import { trace } from "./trace.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./pass.js").PassOptions} PassOptions */
/** @typedef {import("./tensor.js").Numbers} Numbers */
/** @typedef {{x: Float32Array, probabilities: Numbers, done: boolean}} Step */

/**
 * x ← x − s ∂loss/∂x, kept in 0..1. s is such that the pixel that changes most changes by `rate`: far from the answer
 * as near to it, steps are as large.
 *
 * Yields the image as it is and after each step. `done` is true once the largest logit is that of the label, which ends
 * the steps; so does an image that no step can change.
 *
 * @param {Model} model
 * @param {Numbers} x the image in 0..1, which stays as it is.
 * @param {number} label the place of a logit.
 * @param {{steps?: number, rate?: number} & PassOptions} [options]
 * @returns {Generator<Step, void, void>}
 */
export function* towards(model, x, label, { steps = 200, rate = 0.02, ...options } = {}) {
  let image = Float32Array.from(x);
  for (let step = 0; step <= steps; step++) {
    const all = trace(model, image, label, options);
    const [probabilities, dx] = ["probabilities", "dx"].map((name) => numbersOf(all, name));
    const done = probabilities.indexOf(Math.max(...probabilities)) === label;
    yield { x: image, probabilities, done };
    const most = largestMove(image, dx);
    if (done || most === 0) return;
    image = image.map((pixel, i) => Math.min(1, Math.max(0, pixel - (rate / most) * dx[i])));
  }
}

/**
 * The largest gradient of a pixel that a step can move: not of one that is 0 and would be less, or 1 and would be more.
 * @param {Numbers} x
 * @param {Numbers} dx
 */
function largestMove(x, dx) {
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    if (dx[i] > 0 ? x[i] > 0 : x[i] < 1) most = Math.max(most, Math.abs(dx[i]));
  }
  return most;
}

/**
 * @param {Map<string, import("./tensor.js").Tensor>} all
 * @param {string} name
 */
function numbersOf(all, name) {
  return /** @type {import("./tensor.js").Tensor} */ (all.get(name)).data;
}
