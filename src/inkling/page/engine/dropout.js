/** Dropout: random zeros in training. In predicting, which is all that the engine does, x is handed on. */
import { require } from "./layer.js";
import { offsetOf } from "./tensor.js";

/**
 * forward     y  = x
 * backward    dx = dy
 *
 * @type {import("./layer.js").Kind}
 */
export const Dropout = {
  fields: [{ name: "p", type: "float", default: 0.5 }],

  outputShape(layer) {
    require(layer, layer.args.p >= 0 && layer.args.p < 1, "a probability from 0 to below 1");
    return layer.inputShape;
  },

  forward(layer, p, x, y) {
    y.set(x);
  },

  backward(layer, p, x, y, dy, g, dx) {
    dx.set(dy);
  },

  terms(layer, p, read, at) {
    const x = read(layer.input)[offsetOf(layer.inputShape, at)];
    return { terms: [{ x, w: 1, at, of: layer.input }], bias: 0, kind: "copy" };
  },
};
