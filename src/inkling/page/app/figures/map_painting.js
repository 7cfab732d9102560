/** Numbers become pixels: each cell of a tensor is one pixel of a canvas, in the colour of its number. */

import { palette, STEPS } from "./colors.js";

const GREY = 0xff808080; // the pixels that strike a channel out

/**
 * @param {HTMLCanvasElement} canvas changed
 * @param {Float32Array | Float64Array} data
 * @param {import("./tiles.js").Tiling} tiles where each number stands
 * @param {{scale: "signed" | "ink", largest: number, struck: Set<number>}} how `largest` magnitude of the scale;
 *   `struck` channels that are crossed out
 */
export function paintMap(canvas, data, tiles, { scale, largest, struck }) {
  if (canvas.width !== tiles.width) canvas.width = tiles.width; // which makes it a new canvas
  if (canvas.height !== tiles.height) canvas.height = tiles.height;
  canvas.style.width = `${tiles.width * tiles.zoom}px`;
  canvas.style.aspectRatio = `${tiles.width} / ${tiles.height}`;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(tiles.width, tiles.height);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = palette(scale);
  const [middle, perUnit] = [(STEPS - 1) / 2, (STEPS - 1) / 2 / largest];
  for (let channel = 0; channel < tiles.channels; channel++) {
    const { left, top } = tiles.corner(channel);
    const isStruck = struck.has(channel);
    for (let y = top, number = channel; y < top + tiles.rows; y++) {
      for (let x = left; x < left + tiles.columns; x++, number += tiles.channels) {
        const step = Math.min(Math.max(Math.round(middle + data[number] * perUnit), 0), STEPS - 1);
        pixels[y * tiles.width + x] = isStruck && (x + y) % 2 ? GREY : colors[step];
      }
    }
  }
  context.putImageData(image, 0, 0);
}
