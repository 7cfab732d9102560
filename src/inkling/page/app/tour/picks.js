/** What the tour shows of a network that it does not know beforehand: layers and values that have something to show. */

import { logitNames } from "../figures/bars.js";
import { allLayers } from "../layers.js";
import { argmax } from "../numbers.js";
import { unraveled } from "../backward/picture_of.js";

/** @typedef {import("../types.js").LayerInfo} LayerInfo */
/** @typedef {import("../types.js").Page} Page */

export const ACTIVATIONS = ["ReLU", "LeakyReLU", "GELU"];
const SUMS = ["Linear", "Conv2d", "DepthwiseConv2d"];

/**
 * The layers that compute something themselves, in order.
 *
 * @param {LayerInfo[]} layers
 */
export function leaves(layers) {
  return allLayers(layers).filter(({ inner }) => !inner.length);
}

/** @param {LayerInfo[]} layers */
export function firstWeighted(layers) {
  return leaves(layers).find(({ name }) => SUMS.includes(name)) ?? null;
}

/** @param {LayerInfo[]} layers */
export function firstActivation(layers) {
  return leaves(layers).find(({ name }) => ACTIVATIONS.includes(name)) ?? null;
}

/**
 * The largest value of a layer's output, as the state names it.
 *
 * @param {Page} page
 * @param {LayerInfo | null} layer
 * @returns {{path: string | null, channel: number | null, cell: number[] | null}}
 */
export function brightestCell(page, layer) {
  if (!layer) return { path: null, channel: null, cell: null };
  const data = page.thought()?.tensors.get(`y.${layer.path}`)?.data;
  const index = unraveled(data ? argmax(data) : 0, layer.outputShape);
  return { path: layer.path, channel: index[index.length - 1], cell: index.slice(0, -1) };
}

/**
 * What is the most probable now, whether or not it is sure enough to be the answer.
 *
 * @param {Page} page
 * @returns {{label: number | null, name: string, share: number}}
 */
export function reading(page) {
  const thought = page.thought();
  const probabilities = thought?.tensors.get("probabilities")?.data;
  if (!thought || thought.blank || !probabilities) return { label: null, name: "", share: 0 };
  const label = argmax(probabilities);
  return { label, name: logitNames(page.model)[label], share: probabilities[label] };
}
