/** The update: one step of gradient descent on one image. */

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * θ − learningRate · ∇θ by name, "p.PATH.name", and the statistics as they were.
 * @param {Model} model
 * @param {Map<string, Tensor>} trace of the model; the parameters that it holds are those that are updated.
 * @param {number} learningRate
 * @returns {Map<string, Tensor>}
 */
export function updated(model, trace, learningRate) {
  return new Map([...model.parameters].map(([name, own]) => {
    const [theta, gradient] = [trace.get(name) ?? own, trace.get(`d${name}`)];
    if (!gradient) return [name, theta];
    return [name, { shape: own.shape, data: theta.data.map((value, i) => value - learningRate * gradient.data[i]) }];
  }));
}
