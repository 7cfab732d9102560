/**
 * Taps: where the kernel of a convolution looks. S = stride, P = padding, K = kernel size.
 *
 * Tap (i, j) sees the pixel (S h + i − P, S w + j − P) from the place (h, w). Outside the image all numbers are 0.
 */
import { require, requireImages } from "./layer.js";

/** @typedef {import("./layer.js").Layer} Layer */

const MOST_KERNEL_PIXELS = 2 ** 10; // of a side of the kernel, or of a stride, as in Python

/**
 * H′ and W′, the places of a kernel; EngineError where its sizes do not fit the images.
 * @param {Layer} layer
 */
export function placesOf(layer) {
  requireImages(layer);
  const { kernel_size: kernel, stride, padding } = layer.args;
  const [height, width] = layer.inputShape;
  const sizes = Math.min(kernel, stride) >= 1 && Math.max(kernel, stride) <= MOST_KERNEL_PIXELS;
  require(layer, sizes, `a kernel_size and a stride from 1 to ${MOST_KERNEL_PIXELS}`);
  require(layer, padding >= 0 && padding < kernel, "a padding from 0 to below kernel_size");
  require(layer, kernel <= Math.min(height, width) + 2 * padding, "images that are larger than its kernel");
  return [height, width].map((side) => Math.floor((side + 2 * padding - kernel) / stride) + 1);
}

/**
 * Call visit(place, tap, pixel) for each place and each tap that sees a pixel; all three count in the order of rows.
 * @param {Layer} layer
 * @param {(place: number, tap: number, pixel: number) => void} visit
 */
export function eachTap(layer, visit) {
  const { kernel_size: kernel, stride, padding } = layer.args;
  const [height, width] = layer.inputShape;
  const [rows, columns] = layer.outputShape;
  for (let h = 0; h < rows; h++) {
    for (let w = 0; w < columns; w++) {
      const [top, left] = [stride * h - padding, stride * w - padding];
      const [lastRow, lastColumn] = [Math.min(kernel, height - top), Math.min(kernel, width - left)];
      for (let i = Math.max(0, -top); i < lastRow; i++) {
        for (let j = Math.max(0, -left); j < lastColumn; j++) {
          visit(h * columns + w, i * kernel + j, (top + i) * width + left + j);
        }
      }
    }
  }
}

/**
 * The pixels that the taps see from one place, in order; those outside the image have the place −1.
 * @param {Layer} layer
 * @param {number} h
 * @param {number} w
 */
export function tapsAt(layer, h, w) {
  const { kernel_size: kernel, stride, padding } = layer.args;
  const [height, width] = layer.inputShape;
  return Array.from({ length: kernel * kernel }, (_, tap) => {
    const row = stride * h - padding + Math.floor(tap / kernel);
    const column = stride * w - padding + (tap % kernel);
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return { tap, row, column, pixel: inside ? row * width + column : -1 };
  });
}
