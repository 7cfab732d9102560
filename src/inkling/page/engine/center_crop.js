/** CenterCrop: the middle of the image, without its border. */
import { require, requireImages } from "./layer.js";
import { offsetOf } from "./tensor.js";

/** @typedef {import("./layer.js").Layer} Layer */

/**
 * forward     y (S, S, C) = x[T : T + S, L : L + S]        S = size, T = ⌊(H − S) / 2⌋, L = ⌊(W − S) / 2⌋
 * backward    dx = dy there, 0 elsewhere
 *
 * @type {import("./layer.js").Kind}
 */
export const CenterCrop = {
  fields: [{ name: "size", type: "int" }],

  outputShape(layer) {
    requireImages(layer);
    const [height, width, channels] = layer.inputShape;
    const { size } = layer.args;
    require(layer, size >= 1 && size <= Math.min(height, width), "a size from 1 to that of the images");
    return [size, size, channels];
  },

  forward(layer, p, x, y) {
    const length = layer.args.size * layer.inputShape[2];
    for (let h = 0; h < layer.args.size; h++) {
      const from = seenAt(layer, [h, 0, 0]).place;
      y.set(x.subarray(from, from + length), h * length);
    }
  },

  backward(layer, p, x, y, dy, g, dx) {
    const length = layer.args.size * layer.inputShape[2];
    for (let h = 0; h < layer.args.size; h++) {
      dx.set(dy.subarray(h * length, (h + 1) * length), seenAt(layer, [h, 0, 0]).place);
    }
  },

  terms(layer, p, read, index) {
    const { at, place } = seenAt(layer, index);
    return { terms: [{ x: read(layer.input)[place], w: 1, at, of: layer.input }], bias: 0, kind: "copy" };
  },
};

/**
 * The pixel of x that is y at an index.
 * @param {Layer} layer
 * @param {number[]} index
 */
function seenAt(layer, [h, w, c]) {
  const [top, left] = layer.inputShape.slice(0, 2).map((side) => Math.floor((side - layer.args.size) / 2));
  const at = [top + h, left + w, c];
  return { at, place: offsetOf(layer.inputShape, at) };
}
