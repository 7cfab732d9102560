/** A 28×28 image as a small picture with a name. */

import { h } from "../dom.js";

/**
 * @param {Uint8Array} image 28×28 levels
 * @param {string} name what screen readers say
 */
export function thumbnail(image, name) {
  const canvas = h("canvas", { class: "thumbnail", width: 28, height: 28, role: "img", "aria-label": name });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const data = context.createImageData(28, 28);
  image.forEach((level, i) => data.data.set([level, level, level, 255], 4 * i));
  context.putImageData(data, 0, 0);
  return canvas;
}
