/** Flatten: an image becomes one row of features. */
import { indexOf, sizeOf } from "./tensor.js";

/**
 * forward     y (F,) = x (H, W, C)        F = H·W·C
 * backward    dx = dy, in x's shape
 *
 * @type {import("./layer.js").Kind}
 */
export const Flatten = {
  fields: [],

  outputShape(layer) {
    return [sizeOf(layer.inputShape)];
  },

  forward(layer, p, x, y) {
    y.set(x);
  },

  backward(layer, p, x, y, dy, g, dx) {
    dx.set(dy);
  },

  terms(layer, p, read, [f]) {
    const at = indexOf(layer.inputShape, f);
    return { terms: [{ x: read(layer.input)[f], w: 1, at, of: layer.input }], bias: 0, kind: "copy" };
  },
};
