/** The drawing on its canvas: bright ink on dark ground, as the network sees it, in both themes. */

import { SIDE } from "../types.js";

/**
 * Paint the levels of the state's drawing, or of its picture.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {import("../../ink/rasterize.js").GrowingRaster} raster
 * @param {import("../types.js").State} state
 */
export function paint(canvas, raster, { strokes, width, picture }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const levels = picture ? magnified(picture) : raster.of(strokes, width);
  const image = context.createImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < levels.length; i++) pixels[i] = 0xff000000 | (Math.round(levels[i]) * 0x010101);
  context.putImageData(image, 0, 0);
}

/** @param {Uint8Array} picture 28×28 */
function magnified(picture) {
  const zoom = SIDE / 28;
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    return picture[Math.floor(i / SIDE / zoom) * 28 + Math.floor((i % SIDE) / zoom)];
  });
}
