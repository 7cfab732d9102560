/** Squares: what pooling layers look at, K×K pixels at every S-th row and column; S = K unless it is given. */
import { require, requireImages } from "./layer.js";

/** @typedef {import("./layer.js").Layer} Layer */

/** @type {import("./layer.js").Field[]} */
export const POOL_FIELDS = [
  { name: "kernel_size", type: "int" },
  { name: "stride", type: "int or None", default: null },
];

/**
 * Shape of what a pooling layer makes; pixels that fill no square are left out.
 * @param {Layer} layer
 */
export function pooledShape(layer) {
  requireImages(layer);
  const [kernel, step] = [layer.args.kernel_size, stepOf(layer)];
  const [height, width, channels] = layer.inputShape;
  require(layer, kernel >= 1 && step >= 1, "a kernel_size and a stride of at least 1");
  require(layer, kernel <= Math.min(height, width), "images that are no smaller than its square");
  return [Math.floor((height - kernel) / step) + 1, Math.floor((width - kernel) / step) + 1, channels];
}

/**
 * Comparisons, or additions, of a pooling layer.
 * @param {Layer} layer
 */
export function poolOperations(layer) {
  const [rows, columns, channels] = layer.outputShape;
  return rows * columns * channels * layer.args.kernel_size ** 2;
}

/** @param {Layer} layer */
function stepOf(layer) {
  return layer.args.stride ?? layer.args.kernel_size;
}

/**
 * Call visit(to, first) for each number of y, with its place and that of the first pixel of its square in x.
 * @param {Layer} layer
 * @param {(to: number, first: number) => void} visit
 */
export function eachSquare(layer, visit) {
  const [width, channels, step] = [layer.inputShape[1], layer.inputShape[2], stepOf(layer)];
  const [rows, columns] = layer.outputShape;
  for (let h = 0, to = 0; h < rows; h++) {
    for (let w = 0; w < columns; w++) {
      const first = step * (h * width + w) * channels;
      for (let c = 0; c < channels; c++, to++) visit(to, first + c);
    }
  }
}

/**
 * The pixels of the square behind y at an index, in the order of rows.
 * @param {Layer} layer
 * @param {number[]} at
 */
export function squareAt(layer, [h, w, c]) {
  const [kernel, step, width, channels] = [layer.args.kernel_size, stepOf(layer), ...layer.inputShape.slice(1)];
  return Array.from({ length: kernel * kernel }, (_, k) => {
    const [row, column] = [step * h + Math.floor(k / kernel), step * w + (k % kernel)];
    return { at: [row, column, c], place: (row * width + column) * channels + c };
  });
}
