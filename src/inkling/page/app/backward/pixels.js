/** The gradient with respect to the pixels: which change of the drawing would change the loss. */

import { h } from "../dom.js";
import { GradientMap } from "./gradient_map.js";
import { Heatmap } from "../figures/heatmap.js";
import { outlineOf } from "./outline.js";

/**
 * @param {number} width of a heat map in CSS pixels
 * @returns {import("./loss.js").Panel}
 */
export function createPixelsPanel(width) {
  const seen = new Heatmap({ label: "What the network sees", scale: "ink", width: Math.min(width, 280) });
  const dx = new GradientMap(Math.min(width, 280));
  const outline = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  outline.setAttribute("class", "backward-outline");
  outline.setAttribute("aria-hidden", "true");
  dx.map.element.querySelector(".heatmap-frame")?.append(outline);
  const meaning = h(
    "p",
    {},
    "dx says how the loss changes when a pixel becomes brighter. Orange: more ink there raises the loss. Blue: " +
      "more ink " +
      "there lowers it. The line is the outline of the drawing. Training never changes the pixels: it changes " +
      "the weights.",
  );
  const columns = h("div", { class: "backward-columns" }, seen.element, dx.element);
  const formula = h("p", { class: "backward-formula" }, "dx = ∂loss / ∂x");
  const element = h("div", { class: "backward-panel" }, formula, meaning, columns);

  /** @type {import("./loss.js").Panel["show"]} */
  function show({ tensors, image }) {
    const gradient = tensors.get("dx");
    if (!gradient) return;
    const [rows, columns] = gradient.shape;
    seen.show({ shape: [rows, columns], data: Float32Array.from(image) }, { largest: 255 });
    dx.show(gradient, { label: "dx, the gradient of the pixels", symbol: "dx" });
    outlineOf(outline, image, rows, columns);
  }
  return { element, show };
}
