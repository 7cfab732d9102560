/** MaxPool2d: the maximum of each square of K×K pixels, channel by channel. */
import { POOL_FIELDS, eachSquare, poolOperations, pooledShape, squareAt } from "./squares.js";

/**
 * forward     y[h, w]  = max over i, j < K of x[S h + i, S w + j]
 * backward    dx[S h + i, S w + j] += dy[h, w] for the i, j of the maximum; of equal ones, for the first alone,
 *             from the left, and in the same column from the top
 *
 * @type {import("./layer.js").Kind}
 */
export const MaxPool2d = {
  fields: POOL_FIELDS,
  outputShape: pooledShape,
  operations: poolOperations,

  forward(layer, p, x, y) {
    eachSquare(layer, (to, first) => {
      y[to] = x[largest(layer, x, first)];
    });
  },

  backward(layer, p, x, y, dy, g, dx) {
    eachSquare(layer, (to, first) => {
      dx[largest(layer, x, first)] += dy[to];
    });
  },

  terms(layer, p, read, at) {
    const [square, x] = [squareAt(layer, at), read(layer.input)];
    const winner = largest(layer, x, square[0].place);
    const terms = square.map(({ at: pixel, place }) => ({
      x: x[place],
      w: place === winner ? 1 : 0,
      at: pixel,
      of: layer.input,
    }));
    return { terms, bias: 0, kind: "maximum" };
  },
};

/**
 * The place in x of the maximum of the square whose first pixel is at `first`.
 * @param {import("./layer.js").Layer} layer
 * @param {import("./tensor.js").Numbers} x
 * @param {number} first
 */
function largest(layer, x, first) {
  const kernel = layer.args.kernel_size;
  const [, width, channels] = layer.inputShape;
  let found = first;
  for (let j = 0; j < kernel; j++) {
    for (let i = 0; i < kernel; i++) {
      const place = first + (i * width + j) * channels;
      if (x[place] > x[found]) found = place;
    }
  }
  return found;
}
