/** Ensemble: layers side by side, whose outputs are averaged. */
import { EngineError } from "./errors.js";
import { lastOf } from "./layer.js";
import { offsetOf, sameShape, shapeText } from "./tensor.js";

/**
 * forward     y  = (f₁(x) + … + f_K(x)) / K
 * backward    dx = Σₖ (∂fₖ/∂x)ᵀ dy / K
 *
 * @type {import("./layer.js").Kind}
 */
export const Ensemble = {
  fields: [],
  composite: true,
  many: true,

  outputShape(layer) {
    const shapes = layer.inner.map((_, k) => lastOf(layer, k).outputShape);
    const other = shapes.find((shape) => !sameShape(shape, shapes[0]));
    if (other) {
      const found = `${shapeText(shapes[0])} and ${shapeText(other)}`;
      throw new EngineError(`${layer.text} averages what its layers make, which is ${found}: make it the same`);
    }
    return shapes[0];
  },

  forward(layer, p, x, y, inside) {
    const [count, sums] = [layer.inner.length, new Float64Array(y.length)];
    for (let k = 0; k < count; k++) {
      const part = inside(k);
      for (let i = 0; i < y.length; i++) sums[i] += part[i] / count;
    }
    y.set(sums);
  },

  backward(layer, p, x, y, dy, g, dx, inside) {
    const share = dy.map((change) => change / layer.inner.length);
    for (let k = 0; k < layer.inner.length; k++) {
      const part = inside(k, share);
      for (let i = 0; i < dx.length; i++) dx[i] += part[i];
    }
  },

  terms(layer, p, read, at) {
    const [place, w] = [offsetOf(layer.outputShape, at), 1 / layer.inner.length];
    const terms = layer.inner.map((_, k) => {
      const of = `y.${lastOf(layer, k).path}`;
      return { x: read(of)[place], w, at, of };
    });
    return { terms, bias: 0, kind: "mean" };
  },
};
