/**
 * Layout: where the arrays of all layers lie in the two vectors of a model file, θ and the statistics.
 *
 * In θ, what weight decay applies to comes first; within both parts the layers follow one another, as in
 * `inkling.nn.parameters.Layout`.
 */
import { EngineError } from "./errors.js";
import { kindOf } from "./kinds.js";
import { everyLayer } from "./network.js";
import { sizeOf } from "./tensor.js";

/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * The arrays of all layers by name, "p.PATH.weight": views of the two vectors, in the order of the layers.
 * @param {Layer[]} layers
 * @param {import("./tensor.js").Numbers} theta
 * @param {import("./tensor.js").Numbers} statistics
 * @returns {Map<string, Tensor>}
 */
export function parametersOf(layers, theta, statistics) {
  const specs = everyLayer(layers).flatMap((layer) =>
    (kindOf(layer).parameters?.(layer) ?? []).map((spec) => ({ ...spec, name: `p.${layer.path}.${spec.name}` })),
  );
  const learnt = [...specs.filter((spec) => spec.decayed), ...specs.filter((s) => !s.decayed && !s.statistic)];
  const views = new Map([...lineUp(learnt, theta), ...lineUp(specs.filter((spec) => spec.statistic), statistics)]);
  return new Map(specs.map(({ name }) => [name, /** @type {Tensor} */ (views.get(name))]));
}

/**
 * Views of a vector, one behind another; EngineError where they are not as long as it is.
 * @param {{name: string, shape: number[]}[]} specs
 * @param {import("./tensor.js").Numbers} vector
 * @returns {[string, Tensor][]}
 */
function lineUp(specs, vector) {
  const expected = specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (expected !== vector.length) {
    throw new EngineError(`not a usable model: its layers have ${expected} numbers, and the file ${vector.length}`);
  }
  let start = 0;
  return specs.map(({ name, shape }) => {
    const data = vector.subarray(start, (start += sizeOf(shape)));
    return [name, { shape, data }];
  });
}
