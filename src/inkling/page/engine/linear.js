/** Linear: an affine map of the features. */
import { EngineError } from "./errors.js";
import { require } from "./layer.js";
import { shapeText } from "./tensor.js";

/**
 * forward     y  = x W + b           x (F,)   W (F, O)   b (O,)   y (O,)
 * backward    dW = xᵀ dy             db = dy             dx = dy Wᵀ
 *
 * @type {import("./layer.js").Kind}
 */
export const Linear = {
  fields: [{ name: "out_features", type: "int" }, { name: "init", type: "init", default: "KaimingNormal()" }],

  outputShape(layer) {
    if (layer.inputShape.length !== 1) {
      throw new EngineError(`${layer.text} takes rows of features, not arrays of shape ${shapeText(layer.inputShape)}`);
    }
    require(layer, layer.args.out_features >= 1 && layer.args.out_features <= 2 ** 24, "1 to 2^24 outputs");
    return [layer.args.out_features];
  },

  parameters(layer) {
    const [features, outputs] = [layer.inputShape[0], layer.args.out_features];
    return [{ name: "weight", shape: [features, outputs], decayed: true }, { name: "bias", shape: [outputs] }];
  },

  operations(layer) {
    return layer.inputShape[0] * layer.args.out_features;
  },

  forward(layer, { weight, bias }, x, y) {
    const outputs = y.length;
    const sums = Float64Array.from(bias);
    for (let f = 0, row = 0; f < x.length; f++, row += outputs) {
      const value = x[f];
      if (value === 0) continue;
      for (let o = 0; o < outputs; o++) sums[o] += value * weight[row + o];
    }
    y.set(sums);
  },

  backward(layer, { weight }, x, y, dy, g, dx) {
    const outputs = dy.length;
    g.bias.set(dy);
    for (let f = 0, row = 0; f < x.length; f++, row += outputs) {
      const value = x[f];
      let sum = 0;
      for (let o = 0; o < outputs; o++) {
        g.weight[row + o] = value * dy[o];
        sum += dy[o] * weight[row + o];
      }
      dx[f] = sum;
    }
  },

  terms(layer, { weight, bias }, read, [o]) {
    const [outputs, of] = [bias.length, layer.input];
    const terms = Array.from(read(of), (x, f) => ({ x, w: weight[f * outputs + o], at: [f], of }));
    return { terms, bias: bias[o], kind: "products" };
  },
};
