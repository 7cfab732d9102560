/** AvgPool2d: the mean of each square of K×K pixels, channel by channel. */
import { POOL_FIELDS, eachSquare, poolOperations, pooledShape, squareAt } from "./squares.js";

/**
 * forward     y[h, w]  = Σ over i, j < K of x[S h + i, S w + j] / K²
 * backward    dx[S h + i, S w + j] += dy[h, w] / K²
 *
 * @type {import("./layer.js").Kind}
 */
export const AvgPool2d = {
  fields: POOL_FIELDS,
  outputShape: pooledShape,
  operations: poolOperations,

  forward(layer, p, x, y) {
    const kernel = layer.args.kernel_size;
    const [, width, channels] = layer.inputShape;
    eachSquare(layer, (to, first) => {
      let sum = 0;
      for (let i = 0; i < kernel; i++) {
        for (let j = 0; j < kernel; j++) sum += x[first + (i * width + j) * channels];
      }
      y[to] = sum / kernel ** 2;
    });
  },

  backward(layer, p, x, y, dy, g, dx) {
    const kernel = layer.args.kernel_size;
    const [, width, channels] = layer.inputShape;
    eachSquare(layer, (to, first) => {
      for (let i = 0; i < kernel; i++) {
        for (let j = 0; j < kernel; j++) dx[first + (i * width + j) * channels] += dy[to] / kernel ** 2;
      }
    });
  },

  terms(layer, p, read, at) {
    const x = read(layer.input);
    const w = 1 / layer.args.kernel_size ** 2;
    const terms = squareAt(layer, at).map(({ at: pixel, place }) => ({ x: x[place], w, at: pixel, of: layer.input }));
    return { terms, bias: 0, kind: "mean" };
  },
};
