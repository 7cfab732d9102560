/** LayerNorm: each row, or each pixel of an image, gets mean 0 and variance 1, then a learnt scale and shift. */
import { require } from "./layer.js";
import { offsetOf } from "./tensor.js";

/** @typedef {import("./tensor.js").Numbers} Numbers */

/**
 * forward     x̂  = (x − μ) r            μ, σ² over C          r = 1 / √(σ² + ε)
 *             y  = γ x̂ + β              x, x̂, y (…, C)        μ, σ², r (…)        γ, β (C,)
 * backward    dβ = Σ dy                 dγ = Σ dy·x̂           over all axes but the last
 *             dx = r (γ dy − a − b x̂)   a = Σ γ dy / C        b = Σ γ dy·x̂ / C    over the last axis, (…)
 *
 * @type {import("./layer.js").Kind}
 */
export const LayerNorm = {
  fields: [{ name: "eps", type: "float", default: 1e-5 }],

  outputShape(layer) {
    const shape = layer.inputShape;
    require(layer, layer.args.eps > 0, "an eps above 0");
    require(layer, shape[shape.length - 1] >= 2, "2 features or channels or more");
    return shape;
  },

  parameters(layer) {
    const shape = layer.inputShape.slice(-1);
    return [{ name: "weight", shape }, { name: "bias", shape }];
  },

  forward(layer, p, x, y) {
    const channels = p.weight.length;
    for (let row = 0; row < x.length; row += channels) {
      const { mean, r } = moments(x, row, channels, layer.args.eps);
      for (let c = 0; c < channels; c++) y[row + c] = p.weight[c] * (x[row + c] - mean) * r + p.bias[c];
    }
  },

  backward(layer, p, x, y, dy, g, dx) {
    const channels = p.weight.length;
    for (let row = 0; row < x.length; row += channels) {
      const { mean, r } = moments(x, row, channels, layer.args.eps);
      let [a, b] = [0, 0];
      for (let c = 0; c < channels; c++) {
        const [change, normal] = [dy[row + c], (x[row + c] - mean) * r];
        g.bias[c] += change;
        g.weight[c] += change * normal;
        a += (p.weight[c] * change) / channels;
        b += (p.weight[c] * change * normal) / channels;
      }
      for (let c = 0; c < channels; c++) {
        dx[row + c] = r * (p.weight[c] * dy[row + c] - a - b * (x[row + c] - mean) * r);
      }
    }
  },

  /** y[c] = γ r (x[c] − Σ x / C) + β: a sum over all channels, with the r of this pixel. */
  terms(layer, p, read, at) {
    const [x, c, channels] = [read(layer.input), at[at.length - 1], p.weight.length];
    const row = offsetOf(layer.inputShape, at) - c;
    const { r } = moments(x, row, channels, layer.args.eps);
    const terms = Array.from({ length: channels }, (_, other) => ({
      x: x[row + other],
      w: p.weight[c] * r * ((other === c ? 1 : 0) - 1 / channels),
      at: [...at.slice(0, -1), other],
      of: layer.input,
    }));
    return { terms, bias: p.bias[c], kind: "normalisation" };
  },
};

/**
 * μ and r of the row of C numbers that begins at `row`, in two passes, so that a large mean loses no digits.
 * @param {Numbers} x
 * @param {number} row
 * @param {number} channels
 * @param {number} eps
 */
function moments(x, row, channels, eps) {
  let [mean, variance] = [0, 0];
  for (let c = 0; c < channels; c++) mean += x[row + c] / channels;
  for (let c = 0; c < channels; c++) variance += (x[row + c] - mean) ** 2 / channels;
  return { mean, r: 1 / Math.sqrt(variance + eps) };
}
