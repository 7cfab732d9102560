/** LeakyReLU: a rectifier with a small slope α below zero. */
import { require } from "./layer.js";
import { offsetOf } from "./tensor.js";

/**
 * forward     y  = max(x, αx)               α = negative_slope, 0 ≤ α < 1
 * backward    dx = dy · (1 if y > 0 else α)
 *
 * @type {import("./layer.js").Kind}
 */
export const LeakyReLU = {
  fields: [{ name: "negative_slope", type: "float", default: 0.01 }],

  outputShape(layer) {
    const slope = layer.args.negative_slope;
    require(layer, slope >= 0 && slope < 1, "a negative_slope from 0 to below 1");
    return layer.inputShape;
  },

  forward(layer, p, x, y) {
    const slope = layer.args.negative_slope;
    for (let i = 0; i < x.length; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
  },

  backward(layer, p, x, y, dy, g, dx) {
    const slope = layer.args.negative_slope;
    for (let i = 0; i < x.length; i++) dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
  },

  terms(layer, p, read, at) {
    const x = read(layer.input)[offsetOf(layer.inputShape, at)];
    const w = x > 0 ? 1 : layer.args.negative_slope;
    return { terms: [{ x, w, at, of: layer.input }], bias: 0, kind: "activation" };
  },
};
