/** An image as a small picture with a name. */

import { h } from "../dom.js";
import { IMAGE_SIDE } from "../types.js";

/**
 * @param {ArrayLike<number>} image levels from 0 to 255
 * @param {string} name what screen readers say
 * @param {number[]} [shape] rows and columns
 */
export function thumbnail(image, name, [height, width] = [IMAGE_SIDE, IMAGE_SIDE]) {
  const canvas = h("canvas", { class: "thumbnail", width, height, role: "img", "aria-label": name });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const data = context.createImageData(width, height);
  for (let i = 0; i < image.length; i++) data.data.set([image[i], image[i], image[i], 255], 4 * i);
  context.putImageData(data, 0, 0);
  return canvas;
}
