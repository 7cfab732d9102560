/** GELU: each number times the probability that a standard normal one is smaller. A smooth ReLU. */
import { offsetOf } from "./tensor.js";

const A = Math.sqrt(2 / Math.PI);
const B = 0.044715;

/**
 * In its tanh form, as in Python.
 *
 * forward     y  = x h              h  = (1 + tanh u) / 2            u  = A (x + B x³)
 * backward    dx = dy · y′          y′ = h (1 + 2 u′ x (1 − h))      u′ = A (1 + 3 B x²)
 *
 * @type {import("./layer.js").Kind}
 */
export const GELU = {
  fields: [],

  outputShape(layer) {
    return layer.inputShape;
  },

  forward(layer, p, x, y) {
    for (let i = 0; i < x.length; i++) y[i] = x[i] * factor(x[i]);
  },

  backward(layer, p, x, y, dy, g, dx) {
    for (let i = 0; i < x.length; i++) {
      const h = factor(x[i]);
      const slope = A * (1 + 3 * B * x[i] * x[i]);
      dx[i] = dy[i] * h * (1 + 2 * slope * x[i] * (1 - h));
    }
  },

  terms(layer, p, read, at) {
    const x = read(layer.input)[offsetOf(layer.inputShape, at)];
    return { terms: [{ x, w: factor(x), at, of: layer.input }], bias: 0, kind: "activation" };
  },
};

/**
 * h, what x is multiplied by.
 * @param {number} x
 */
function factor(x) {
  return (1 + Math.tanh(A * (x + B * x * x * x))) / 2;
}
