/** DepthwiseConv2d: a convolution of each channel by itself, with a kernel of its own. */
import { eachTap, placesOf, tapsAt } from "./taps.js";

/**
 * forward     y[h, w, c]  = Σᵢⱼ x[S h + i − P, S w + j − P, c] W[i, j, c] + b[c]          0 outside the image
 * backward    dW[i, j, c] = Σ over h, w of x[S h + i − P, S w + j − P, c] dy[h, w, c]             db = Σ dy
 *             dx[S h + i − P, S w + j − P, c] += dy[h, w, c] W[i, j, c]
 *
 * x (H, W, C)   W (K, K, C)   b (C,)   y (H′, W′, C), H′ = (H + 2P − K) / S + 1 rounded down.
 *
 * @type {import("./layer.js").Kind}
 */
export const DepthwiseConv2d = {
  fields: [
    { name: "kernel_size", type: "int" },
    { name: "stride", type: "int", default: 1 },
    { name: "padding", type: "int", default: 0 },
    { name: "bias", type: "bool", default: true },
    { name: "init", type: "init", default: "KaimingNormal()" },
  ],

  outputShape(layer) {
    return [...placesOf(layer), layer.inputShape[2]];
  },

  parameters(layer) {
    const { kernel_size: kernel, bias } = layer.args;
    const channels = layer.inputShape[2];
    const weight = { name: "weight", shape: [kernel, kernel, channels], decayed: true };
    return bias ? [weight, { name: "bias", shape: [channels] }] : [weight];
  },

  operations(layer) {
    const [rows, columns, channels] = layer.outputShape;
    return rows * columns * channels * layer.args.kernel_size ** 2;
  },

  forward(layer, p, x, y) {
    const [channels, weight] = [layer.inputShape[2], p.weight];
    const sums = new Float64Array(y.length);
    if (p.bias) for (let place = 0; place < sums.length; place += channels) sums.set(p.bias, place);
    eachTap(layer, (place, tap, pixel) => {
      const [to, from, row] = [place * channels, pixel * channels, tap * channels];
      for (let c = 0; c < channels; c++) sums[to + c] += x[from + c] * weight[row + c];
    });
    y.set(sums);
  },

  backward(layer, p, x, y, dy, g, dx) {
    const [channels, weight, dweight] = [layer.inputShape[2], p.weight, g.weight];
    eachTap(layer, (place, tap, pixel) => {
      const [at, from, row] = [place * channels, pixel * channels, tap * channels];
      for (let c = 0; c < channels; c++) {
        dweight[row + c] += x[from + c] * dy[at + c];
        dx[from + c] += dy[at + c] * weight[row + c];
      }
    });
    if (g.bias) for (let place = 0; place < dy.length; place++) g.bias[place % channels] += dy[place];
  },

  terms(layer, p, read, [h, w, c]) {
    const [channels, x] = [layer.inputShape[2], read(layer.input)];
    const terms = tapsAt(layer, h, w).map(({ tap, row, column, pixel }) => ({
      x: pixel < 0 ? 0 : x[pixel * channels + c],
      w: p.weight[tap * channels + c],
      at: [row, column, c],
      of: layer.input,
    }));
    return { terms, bias: p.bias ? p.bias[c] : 0, kind: "products" };
  },
};
