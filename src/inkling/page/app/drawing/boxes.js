/** Boxes over the drawing around digits that were read, with what was read in each. */

import { byId, fill, h } from "../dom.js";

/**
 * Draw boxes, or none, over the drawing.
 *
 * @param {{box: number[], text: string, accepted: boolean}[]} digits each with x, y, width, height of its box
 * @param {number} side of the picture that was read, in pixels
 */
export function showBoxes(digits, side) {
  fill(
    byId("pad-boxes"),
    ...digits.map(({ box, text, accepted }) => {
      const element = h("div", { class: accepted ? "pad-box" : "pad-box refused" }, h("span", {}, text));
      ["left", "top", "width", "height"].forEach((name, i) =>
        element.style.setProperty(name, `${(100 * box[i]) / side}%`),
      );
      return element;
    }),
  );
}
