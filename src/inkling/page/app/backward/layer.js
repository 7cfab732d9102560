/** One layer of the backward pass: the gradient of its output, and of all that it learns. */

import { imageBefore } from "../layers.js";
import { learntNames } from "./steps.js";
import { BACKWARD } from "./words.js";
import { fill, h } from "../dom.js";
import { GradientMap } from "./gradient_map.js";

/** @typedef {import("../types.js").LayerInfo} LayerInfo */

/**
 * @param {import("../types.js").Page} page
 * @param {number} width of a heat map in CSS pixels
 * @param {(name: string, place: number) => void} pick called with the name of a parameter, such as "p.3.weight"
 * @returns {import("./loss.js").Panel}
 */
export function createLayerPanel(page, width, pick) {
  const notation = h("p", { class: "mono muted" });
  const formula = h("p", { class: "backward-formula" });
  const sentence = h("p", { class: "backward-sentence" });
  const dy = new GradientMap(width);
  const mapCount = Math.max(1, ...allCounts(page.model.layers));
  /** @type {{name: string}[]} */
  const shown = Array.from({ length: mapCount }, () => ({ name: "" }));
  const maps = shown.map((each) => new GradientMap(width, (place) => pick(each.name, place)));
  const hint = h(
    "p",
    { class: "muted" },
    "Enter or a click on a weight's gradient takes it to the gradient check below.",
  );
  const columns = h("div", { class: "backward-columns" }, dy.element, ...maps.map(({ element }) => element));
  const element = h("div", { class: "backward-panel" }, notation, formula, sentence, columns, hint);

  /** @type {import("./loss.js").Panel["show"]} */
  function show({ tensors }, { layer, outer }) {
    if (!layer) return;
    const words = BACKWARD[layer.name];
    notation.textContent = `${layer.text}${outer ? `, inside layer ${outer.path}, ${outer.name}` : ""}`;
    const parts = (words?.formula ?? "").split(/\n| {4}/);
    fill(formula, ...parts.map((part) => h("span", { class: "backward-formula-part" }, part)));
    sentence.textContent = words?.sentence ?? `This page has no words for the backward pass of ${layer.name}.`;
    const arriving = tensors.get(`dy.${layer.path}`);
    dy.element.hidden = !arriving;
    if (arriving) dy.show(arriving, { label: "dy, the gradient of the output", symbol: "dy" });
    const names = learntNames(layer);
    hint.hidden = !names.length;
    maps.forEach((map, i) => {
      const gradient = names[i] && tensors.get(`dp.${layer.path}.${names[i]}`);
      map.element.hidden = !gradient;
      if (!gradient) return;
      shown[i].name = `p.${layer.path}.${names[i]}`;
      const inputs = names[i] === "weight" ? imageBefore(page.model.layers, layer.path) : null;
      map.show(gradient, {
        label: `Gradient of ${names[i]}`,
        symbol: `d${names[i]}`,
        inputs: matching(inputs, gradient),
      });
    });
  }
  return { element, show };
}

/**
 * @param {number[] | null} inputs
 * @param {import("../types.js").Tensor} gradient
 */
function matching(inputs, gradient) {
  return inputs && gradient.shape.length === 2 && inputs[0] * inputs[1] * inputs[2] === gradient.shape[0]
    ? inputs
    : null;
}

/**
 * How many arrays each layer learns.
 *
 * @param {LayerInfo[]} layers
 * @returns {number[]}
 */
function allCounts(layers) {
  return layers.flatMap((layer) => [learntNames(layer).length, ...allCounts(layer.inner.flat())]);
}
