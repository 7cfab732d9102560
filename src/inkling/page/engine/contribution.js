/** Contributions: the exact sum behind one value of a layer's output, term by term. */
import { EngineError } from "./errors.js";
import { kindOf } from "./kinds.js";
import { everyLayer } from "./network.js";
import { shapeText } from "./tensor.js";

/** @typedef {import("./layer.js").Term} Term */
/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * Σ x·w + bias, which is y.PATH at an index, unless its channel is off.
 *
 * Each term says where its x is: `at` in the tensor `of`. Behind a kernel at the border, places outside the image are
 * terms with x = 0. `kind` says what the weights are: "products" of learnt weights; an "affine" map or "normalisation"
 * with statistics; "maximum" (w is 1 for the largest); "mean"; "activation" (w = y / x); "sum"; "copy".
 *
 * @param {Model} model
 * @param {Map<string, Tensor>} trace of the model, or what `forwardPass` gives.
 * @param {string} path of a layer.
 * @param {number[]} index of the value in y.PATH.
 * @returns {{terms: Term[], bias: number, sum: number, kind: string}}
 */
export function contribution(model, trace, path, index) {
  const layer = everyLayer(model.layers).find((each) => each.path === path);
  if (!layer) throw new EngineError(`there is no layer ${path}`);
  const shape = layer.outputShape;
  const whole = index.length === shape.length && index.every(Number.isInteger);
  if (!whole || index.some((i, axis) => i < 0 || i >= shape[axis])) {
    throw new EngineError(`${layer.text} has no value at (${index.join(", ")}): its shape is ${shapeText(shape)}`);
  }
  const kind = kindOf(layer);
  const read = (/** @type {string} */ name) => {
    const found = trace.get(name) ?? model.parameters.get(name);
    if (!found) throw new EngineError(`there is no tensor ${name} in the trace`);
    return found.data;
  };
  const specs = kind.parameters?.(layer) ?? [];
  const arrays = Object.fromEntries(specs.map(({ name }) => [name, read(`p.${path}.${name}`)]));
  const found = kind.terms(layer, arrays, read, index);
  return { ...found, sum: found.terms.reduce((total, { x, w }) => total + x * w, found.bias) };
}
