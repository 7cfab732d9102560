/** An image whose pixels are changed towards another answer: it, what was changed of it, and its probabilities. */

import { Bars } from "../figures/bars.js";
import { h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";

/** @typedef {import("../types.js").Tensor} Tensor */

/**
 * @param {string[]} names of the logits
 * @param {number} width of a heat map in CSS pixels
 */
export function createChangedImage(names, width) {
  const changed = new Heatmap({ label: "The changed image", scale: "ink", width });
  const difference = new Heatmap({ label: "Changed − original", width });
  const bars = new Bars("Probabilities of the changed image", names);
  const right = h("div", { class: "backward-bars" }, bars.element);
  const element = h("div", { class: "backward-columns" }, changed.element, difference.element, right);

  /**
   * @param {{x: Tensor, probabilities: Tensor}} part
   * @param {import("../types.js").Thought} before
   */
  function show({ x: { shape, data }, probabilities }, { image, tensors }) {
    changed.show({ shape, data: data.map((value) => value * 255) }, { largest: 255 });
    difference.show({ shape, data: data.map((value, i) => value * 255 - image[i]) }, { largest: 255 });
    bars.show(probabilities.data, tensors.get("probabilities")?.data ?? null);
  }
  return { element, show };
}
