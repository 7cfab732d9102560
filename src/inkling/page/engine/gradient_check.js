/** The gradient check: does the backward pass say what the function says? In float64, one number at a time. */
import { EngineError } from "./errors.js";
import { crossEntropy } from "./loss.js";
import { Pass } from "./pass.js";
import { offsetOf } from "./tensor.js";
import { trace } from "./trace.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./pass.js").PassOptions} PassOptions */
/** @typedef {import("./tensor.js").Numbers} Numbers */
/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * ∂loss/∂θᵢ from the backward pass, and as (loss(θᵢ + ε) − loss(θᵢ − ε)) / 2ε.
 *
 * @param {Model} model
 * @param {Numbers} x the image in 0..1.
 * @param {number} label
 * @param {string} name a learnt parameter, "p.PATH.weight", or "x" for a pixel.
 * @param {number | number[]} index of the number in it, or its place in the order of rows.
 * @param {number} [epsilon]
 * @param {PassOptions} [options]
 * @returns {{analytic: number, numeric: number}}
 */
export function gradientCheck(model, x, label, name, index, epsilon = 1e-5, options = {}) {
  const image = Float64Array.from(x);
  const parameters = inFloat64(new Map([...model.parameters, ...(options.parameters ?? [])]));
  const all = trace(model, image, label, { ...options, parameters });
  const [tensor, gradient] = [name === "x" ? all.get("x") : parameters.get(name), all.get(`d${name}`)];
  if (!tensor || !gradient) throw new EngineError(`there is no gradient of ${name}: choose a learnt parameter, or x`);
  const place = typeof index === "number" ? index : offsetOf(tensor.shape, index);
  if (!(place >= 0 && place < tensor.data.length)) {
    throw new EngineError(`${name} has ${tensor.data.length} numbers, and none at ${index}`);
  }
  const loss = (/** @type {number} */ change) => {
    const before = tensor.data[place];
    tensor.data[place] = before + change;
    const logits = new Pass(model, image, { ...options, parameters }).forward();
    tensor.data[place] = before;
    return crossEntropy(logits, label).loss;
  };
  return { analytic: gradient.data[place], numeric: (loss(epsilon) - loss(-epsilon)) / (2 * epsilon) };
}

/**
 * The same tensors in float64, as copies.
 * @param {Map<string, Tensor>} tensors
 * @returns {Map<string, Tensor>}
 */
function inFloat64(tensors) {
  return new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]));
}
