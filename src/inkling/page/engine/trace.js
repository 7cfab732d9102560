/** Traces: what a model makes of an image, and the gradient of its loss with respect to everything in between. */
import { EngineError } from "./errors.js";
import { crossEntropy, softmax } from "./loss.js";
import { Pass } from "./pass.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./pass.js").PassOptions} PassOptions */
/** @typedef {import("./tensor.js").Numbers} Numbers */
/** @typedef {import("./tensor.js").Tensor} Tensor */
/** @typedef {Map<string, Tensor>} Trace */

/**
 * x, y.PATH of every layer, logits and probabilities = softmax(logits / temperature).
 * @param {Model} model
 * @param {Numbers} x the image in 0..1; as a Float64Array all is computed in float64.
 * @param {PassOptions} [options]
 * @returns {Trace}
 */
export function forwardPass(model, x, options) {
  return answered(new Pass(model, x, options)).tensors;
}

/**
 * What `forwardPass` gives, and loss, dlogits, dy.PATH, dx, p.PATH.name and dp.PATH.name.
 * @param {Model} model
 * @param {Numbers} x
 * @param {number} label a place among the logits, so also K, "not a digit".
 * @param {PassOptions} [options]
 * @returns {Trace}
 */
export function trace(model, x, label, options) {
  const pass = answered(new Pass(model, x, options));
  const logits = pass.numbers("logits");
  requireLabel(label, logits.length);
  const { loss, dlogits } = crossEntropy(logits, label);
  add(pass, "loss", [loss]);
  add(pass, "dlogits", dlogits);
  const dx = pass.backward(pass.numbers("dlogits"));
  pass.tensors.set("dx", { shape: model.inputShape, data: dx });
  return new Map([...pass.tensors, ...pass.parameters, ...pass.gradients]);
}

/**
 * A pass after its way forward, with logits and probabilities.
 * @param {Pass} pass
 */
function answered(pass) {
  const logits = pass.forward();
  add(pass, "logits", logits);
  add(pass, "probabilities", softmax(logits, pass.model.temperature));
  return pass;
}

/**
 * Add a row of numbers to the tensors of a pass, in its precision.
 * @param {Pass} pass
 * @param {string} name
 * @param {ArrayLike<number>} row
 */
function add(pass, name, row) {
  const data = pass.numbers("x") instanceof Float64Array ? Float64Array.from(row) : Float32Array.from(row);
  pass.tensors.set(name, { shape: [data.length], data });
}

/**
 * EngineError unless the label is a place among the logits.
 * @param {number} label
 * @param {number} logits
 */
export function requireLabel(label, logits) {
  if (!(Number.isInteger(label) && label >= 0 && label < logits)) {
    throw new EngineError(`the label is a whole number from 0 to ${logits - 1}, not ${label}`);
  }
}
