/** The weights that make one channel of a layer, as pictures of numbers. */

import { fill, h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { imageBefore } from "../layers.js";

/** @typedef {import("../types.js").LayerInfo} LayerInfo */
/** @typedef {import("../types.js").Tensor} Tensor */

const WIDTH = 300; // pixels

/** @param {import("../types.js").Page} page */
export function createChannelWeights(page) {
  const element = h("div", { class: "inside-columns" });
  /** @type {Map<string, Heatmap>} */
  const maps = new Map();
  let shown = "";

  /**
   * @param {LayerInfo} layer
   * @param {number} channel
   */
  async function show(layer, channel) {
    const names = Object.keys(layer.parameters);
    element.hidden = names.length === 0;
    const key = `${layer.path} ${channel}`;
    if (shown !== layer.path) fill(element);
    shown = layer.path;
    for (const name of names) {
      const parameter = await parameterOf(page, `p.${layer.path}.${name}`);
      if (key !== `${page.store.state.path} ${page.store.state.channel}`) return;
      const map = mapOf(`${layer.path} ${name}`, name);
      const own = ownPart(parameter, channel, layer, page.model.layers);
      map.show(own, { label: `${name} of ${layer.outputShape.length === 1 ? "unit" : "channel"} ${channel}` });
      if (!map.element.isConnected) element.append(map.element);
    }
  }

  /**
   * @param {string} key
   * @param {string} label
   */
  function mapOf(key, label) {
    const map = maps.get(key) ?? new Heatmap({ label, width: WIDTH });
    maps.set(key, map);
    return map;
  }

  return { element, show };
}

/**
 * A parameter as it is now: from the server's answer where it computes, else from the page's engine.
 *
 * @param {import("../types.js").Page} page
 * @param {string} name
 * @returns {Promise<Tensor>}
 */
async function parameterOf(page, name) {
  return page.thought()?.tensors.get(name) ?? page.engine.parameter(name);
}

/**
 * The part of a parameter that makes one channel: its last axis is that of channels. What a Linear layer behind Flatten
 * learnt of an image has the image's shape.
 *
 * @param {Tensor} parameter
 * @param {number} channel
 * @param {LayerInfo} layer
 * @param {LayerInfo[]} layers
 * @returns {Tensor}
 */
function ownPart({ shape, data }, channel, layer, layers) {
  const channels = shape[shape.length - 1];
  const own = data.filter((_, place) => place % channels === channel);
  if (shape.length === 1) return { shape: [1], data: own };
  if (layer.name !== "Linear") return { shape: shape.slice(0, -1), data: own };
  return { shape: imageBefore(layers, layer.path) ?? [shape[0]], data: own };
}
