/** Residual: a chain of layers that learns what to add to its input. */
import { EngineError } from "./errors.js";
import { lastOf } from "./layer.js";
import { offsetOf, sameShape, shapeText } from "./tensor.js";

/**
 * forward     y  = x + f(x)
 * backward    dx = dy + (∂f/∂x)ᵀ dy
 *
 * @type {import("./layer.js").Kind}
 */
export const Residual = {
  fields: [],
  composite: true,

  outputShape(layer) {
    const made = lastOf(layer, 0).outputShape;
    if (!sameShape(made, layer.inputShape)) {
      const shapes = `${shapeText(layer.inputShape)} to ${shapeText(made)}`;
      throw new EngineError(`${layer.text} adds its input ${shapes}, which its layers make of it: make it the same`);
    }
    return layer.inputShape;
  },

  forward(layer, p, x, y, inside) {
    const change = inside(0);
    for (let i = 0; i < x.length; i++) y[i] = x[i] + change[i];
  },

  backward(layer, p, x, y, dy, g, dx, inside) {
    const change = inside(0, dy);
    for (let i = 0; i < x.length; i++) dx[i] = dy[i] + change[i];
  },

  terms(layer, p, read, at) {
    const [place, tensors] = [offsetOf(layer.outputShape, at), [layer.input, `y.${lastOf(layer, 0).path}`]];
    return { terms: tensors.map((of) => ({ x: read(of)[place], w: 1, at, of })), bias: 0, kind: "sum" };
  },
};
