/** Batch normalisation as it predicts: with the running mean and variance, an affine map for each channel. */
import { require } from "./layer.js";
import { offsetOf } from "./tensor.js";

/** @typedef {import("./layer.js").Kind} Kind */

/**
 * forward     x̂  = (x − μ) r            μ, σ² are the running ones       r = 1 / √(σ² + ε)
 *             y  = γ x̂ + β              x, x̂, y (…, C)                   γ, β (C,)
 * backward    dβ = Σ dy                 dγ = Σ dy·x̂                      dx = γ r dy
 *
 * @param {number} axes how many axes the input has.
 * @returns {Kind}
 */
function batchNorm(axes) {
  return {
    fields: [{ name: "eps", type: "float", default: 1e-5 }, { name: "momentum", type: "float", default: 0.1 }],

    outputShape(layer) {
      require(layer, layer.args.eps > 0, "an eps above 0");
      require(layer, layer.args.momentum > 0 && layer.args.momentum <= 1, "a momentum from above 0 to 1");
      require(layer, layer.inputShape.length === axes, axes === 1 ? "rows of features" : "images (H, W, C)");
      return layer.inputShape;
    },

    parameters(layer) {
      const shape = layer.inputShape.slice(-1);
      return [
        { name: "weight", shape },
        { name: "bias", shape },
        { name: "running_mean", shape, statistic: true },
        { name: "running_var", shape, statistic: true },
      ];
    },

    forward(layer, p, x, y) {
      const [channels, r] = [p.weight.length, scales(layer, p)];
      for (let i = 0; i < x.length; i++) {
        const c = i % channels;
        y[i] = p.weight[c] * r[c] * (x[i] - p.running_mean[c]) + p.bias[c];
      }
    },

    backward(layer, p, x, y, dy, g, dx) {
      const [channels, r] = [p.weight.length, scales(layer, p)];
      for (let i = 0; i < x.length; i++) {
        const c = i % channels;
        g.bias[c] += dy[i];
        g.weight[c] += dy[i] * (x[i] - p.running_mean[c]) * r[c];
        dx[i] = p.weight[c] * r[c] * dy[i];
      }
    },

    terms(layer, p, read, at) {
      const c = at[at.length - 1];
      const w = p.weight[c] * scales(layer, p)[c];
      const x = read(layer.input)[offsetOf(layer.inputShape, at)];
      return { terms: [{ x, w, at, of: layer.input }], bias: p.bias[c] - p.running_mean[c] * w, kind: "affine" };
    },
  };
}

/**
 * r = 1 / √(σ² + ε) for each channel.
 * @param {import("./layer.js").Layer} layer
 * @param {import("./layer.js").Arrays} p
 */
function scales(layer, p) {
  return Float64Array.from(p.running_var, (variance) => 1 / Math.sqrt(variance + layer.args.eps));
}

export const BatchNorm1d = batchNorm(1);
export const BatchNorm2d = batchNorm(3);
