/** ReLU: numbers below zero become zero. */
import { offsetOf } from "./tensor.js";

/**
 * forward     y  = max(x, 0)
 * backward    dx = dy · [y > 0]
 *
 * @type {import("./layer.js").Kind}
 */
export const ReLU = {
  fields: [],

  outputShape(layer) {
    return layer.inputShape;
  },

  forward(layer, p, x, y) {
    for (let i = 0; i < x.length; i++) y[i] = x[i] > 0 ? x[i] : 0;
  },

  backward(layer, p, x, y, dy, g, dx) {
    for (let i = 0; i < x.length; i++) dx[i] = x[i] > 0 ? dy[i] : 0;
  },

  terms(layer, p, read, at) {
    const x = read(layer.input)[offsetOf(layer.inputShape, at)];
    return { terms: [{ x, w: x > 0 ? 1 : 0, at, of: layer.input }], bias: 0, kind: "activation" };
  },
};
