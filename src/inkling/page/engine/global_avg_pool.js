/** GlobalAvgPool: each channel of an image becomes one number, its mean over all pixels. */
import { requireImages } from "./layer.js";
import { indexOf } from "./tensor.js";

/**
 * forward     y (C,) = Σ over h, w of x (H, W, C) / (H W)
 * backward    dx[h, w] = dy / (H W)
 *
 * @type {import("./layer.js").Kind}
 */
export const GlobalAvgPool = {
  fields: [],

  outputShape(layer) {
    requireImages(layer);
    return [layer.inputShape[2]];
  },

  forward(layer, p, x, y) {
    const [channels, sums] = [y.length, new Float64Array(y.length)];
    for (let i = 0; i < x.length; i++) sums[i % channels] += x[i];
    for (let c = 0; c < channels; c++) y[c] = (sums[c] * channels) / x.length;
  },

  backward(layer, p, x, y, dy, g, dx) {
    const channels = dy.length;
    for (let i = 0; i < dx.length; i++) dx[i] = (dy[i % channels] * channels) / dx.length;
  },

  terms(layer, p, read, [c]) {
    const [x, channels] = [read(layer.input), layer.inputShape[2]];
    const terms = [];
    for (let i = c; i < x.length; i += channels) {
      terms.push({ x: x[i], w: channels / x.length, at: indexOf(layer.inputShape, i), of: layer.input });
    }
    return { terms, bias: 0, kind: "mean" };
  },
};
