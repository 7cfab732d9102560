/** Sequential: layers one behind another, as one layer. */
import { lastOf } from "./layer.js";
import { offsetOf } from "./tensor.js";

/**
 * forward     y  = f_L(… f₂(f₁(x)))
 * backward    dx = (∂f₁/∂x)ᵀ (∂f₂/∂f₁)ᵀ … dy
 *
 * @type {import("./layer.js").Kind}
 */
export const Sequential = {
  fields: [],
  composite: true,

  outputShape(layer) {
    return lastOf(layer, 0).outputShape;
  },

  forward(layer, p, x, y, inside) {
    y.set(inside(0));
  },

  backward(layer, p, x, y, dy, g, dx, inside) {
    dx.set(inside(0, dy));
  },

  terms(layer, p, read, at) {
    const of = `y.${lastOf(layer, 0).path}`;
    return { terms: [{ x: read(of)[offsetOf(layer.outputShape, at)], w: 1, at, of }], bias: 0, kind: "copy" };
  },
};
