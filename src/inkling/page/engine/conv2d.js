/** Conv2d: kernels that look at small squares of the image, the same everywhere. */
import { require } from "./layer.js";
import { addRow, product } from "./rows.js";
import { eachTap, placesOf, tapsAt } from "./taps.js";

const MOST_CHANNELS = 2 ** 16; // as in Python

/**
 * forward     y[h, w]  = Σᵢⱼ x[S h + i − P, S w + j − P] W[i, j] + b             0 outside the image
 * backward    dW[i, j] = Σ over h, w of x[S h + i − P, S w + j − P]ᵀ dy[h, w]             db = Σ dy
 *             dx[S h + i − P, S w + j − P] += dy[h, w] W[i, j]ᵀ
 *
 * x (H, W, C)   W (K, K, C, O)   b (O,)   y (H′, W′, O), H′ = (H + 2P − K) / S + 1 rounded down.
 *
 * @type {import("./layer.js").Kind}
 */
export const Conv2d = {
  fields: [
    { name: "out_channels", type: "int" },
    { name: "kernel_size", type: "int" },
    { name: "stride", type: "int", default: 1 },
    { name: "padding", type: "int", default: 0 },
    { name: "bias", type: "bool", default: true },
    { name: "init", type: "init", default: "KaimingNormal()" },
  ],

  outputShape(layer) {
    const outputs = layer.args.out_channels;
    require(layer, outputs >= 1 && outputs <= MOST_CHANNELS, `1 to ${MOST_CHANNELS} output channels`);
    return [...placesOf(layer), outputs];
  },

  parameters(layer) {
    const { kernel_size: kernel, out_channels: outputs, bias } = layer.args;
    const weight = { name: "weight", shape: [kernel, kernel, layer.inputShape[2], outputs], decayed: true };
    return bias ? [weight, { name: "bias", shape: [outputs] }] : [weight];
  },

  operations(layer) {
    const { kernel_size: kernel, out_channels: outputs } = layer.args;
    return layer.outputShape[0] * layer.outputShape[1] * kernel * kernel * layer.inputShape[2] * outputs;
  },

  forward(layer, p, x, y) {
    const [channels, outputs, weight] = [layer.inputShape[2], layer.outputShape[2], p.weight];
    const sums = new Float64Array(y.length);
    if (p.bias) for (let place = 0; place < sums.length; place += outputs) sums.set(p.bias, place);
    eachTap(layer, (place, tap, pixel) => {
      const to = place * outputs;
      for (let c = 0; c < channels; c++) {
        const value = x[pixel * channels + c];
        if (value === 0) continue; // half of all behind a ReLU, and the ground of a drawing
        addRow(sums, to, value, weight, (tap * channels + c) * outputs, outputs);
      }
    });
    y.set(sums);
  },

  backward(layer, p, x, y, dy, g, dx) {
    const [channels, outputs, weight] = [layer.inputShape[2], layer.outputShape[2], p.weight];
    const sums = new Float64Array(weight.length); // dW
    eachTap(layer, (place, tap, pixel) => {
      const from = place * outputs;
      for (let c = 0; c < channels; c++) {
        const [at, row] = [pixel * channels + c, (tap * channels + c) * outputs];
        if (x[at] !== 0) addRow(sums, row, x[at], dy, from, outputs);
        dx[at] += product(dy, from, weight, row, outputs);
      }
    });
    g.weight.set(sums);
    if (g.bias) for (let place = 0; place < dy.length; place++) g.bias[place % outputs] += dy[place];
  },

  terms(layer, p, read, [h, w, o]) {
    const [channels, outputs, x] = [layer.inputShape[2], layer.outputShape[2], read(layer.input)];
    const terms = tapsAt(layer, h, w).flatMap(({ tap, row, column, pixel }) =>
      Array.from({ length: channels }, (_, c) => ({
        x: pixel < 0 ? 0 : x[pixel * channels + c],
        w: p.weight[(tap * channels + c) * outputs + o],
        at: [row, column, c],
        of: layer.input,
      })),
    );
    return { terms, bias: p.bias ? p.bias[o] : 0, kind: "products" };
  },
};

