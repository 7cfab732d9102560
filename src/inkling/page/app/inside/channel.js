/** One channel of a layer: its output, weights, what it answers to, marks, and a switch for it. */

import { createChannelWeights } from "./channel_weights.js";
import { fill, h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { thumbnail } from "../figures/thumbnail.js";
import { layerAt } from "../layers.js";
import { short, statistics } from "../numbers.js";
import { saturationText } from "./saturation_words.js";

/** @typedef {import("../types.js").LayerInfo} LayerInfo */
/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Tensor} Tensor */
/** @typedef {import("./units.js").Units} Units */

const EXAMPLES = 6; // drawings that a channel answers to
const WIDTH = 336; // pixels

/**
 * @param {Page} page
 * @param {Units} units
 * @param {number} width pixels at most
 */
export function createChannel(page, units, width) {
  const pick = (/** @type {number[]} */ index) => pickCell(page, index);
  const one = new Heatmap({ label: "Channel", width: Math.min(width, WIDTH), pick });
  const buttons = createButtons(page, () => pick(one.element.hidden ? [] : one.index()));
  const facts = h("table", { class: "facts" });
  const marks = h("p", { class: "layer-marks" });
  const weights = createChannelWeights(page);
  const examples = createExamples(units);
  const columns = h("div", { class: "inside-columns" }, one.element, facts);
  const parts = [marks, buttons.element, columns, weights.element, ...examples.elements];
  const element = h("section", { class: "panel inside", "aria-label": "Channel" }, ...parts);

  /**
   * @param {LayerInfo} layer
   * @param {Tensor} y
   * @param {number} channel
   * @param {{data: Float32Array | Float64Array, isOff: boolean}} now its numbers, and whether it is switched off
   */
  function show(layer, y, channel, { data, isOff }) {
    const what = layer.outputShape.length === 1 ? "unit" : "channel";
    one.element.hidden = layer.outputShape.length === 1;
    if (!one.element.hidden) one.show({ shape: y.shape.slice(0, 2), data }, { label: `Channel ${channel}` });
    buttons.show(`${what} ${channel}`, isOff);
    fill(facts, factsOf(data));
    marks.textContent = saturationText(units.marks(layer).get(channel), what, layer.name);
    weights.show(layer, channel);
    examples.show(layer, channel);
  }
  return { element, show };
}

/**
 * A switch for the channel, and the way to the sum behind one of its values.
 *
 * @param {Page} page
 * @param {() => void} showSum
 */
function createButtons(page, showSum) {
  const toggle = h("button", { type: "button", click: () => switchChannel(page) });
  const toSum = h("button", { type: "button", class: "primary", click: showSum }, "Show the sum behind this value");
  const element = h("div", { class: "row" }, toggle, toSum);

  /**
   * @param {string} name such as "channel 3"
   * @param {boolean} isOff
   */
  function show(name, isOff) {
    toggle.hidden = !page.can.off;
    toSum.hidden = !page.can.sum;
    toggle.textContent = isOff ? `Switch ${name} on` : `Switch ${name} off`;
    toggle.setAttribute("aria-pressed", String(isOff));
  }
  return { element, show };
}

/**
 * The example drawings that the channel answers to most.
 *
 * @param {Units} units
 */
function createExamples(units) {
  const list = h("ul", { class: "samples-strip" });
  const title = h("h3", {}, "Example drawings with the largest activation");

  /**
   * @param {LayerInfo} layer
   * @param {number} channel
   */
  function show(layer, channel) {
    const best = units.best(layer.path, channel, EXAMPLES);
    title.hidden = best.length === 0;
    const items = best.map(({ digit, image, value }) => {
      return h("li", {}, thumbnail(image, `an example drawing of ${digit}`), short(value));
    });
    fill(list, ...items);
  }
  return { elements: [title, list], show };
}

/** @param {Float32Array | Float64Array} data */
function factsOf(data) {
  const { least, largest, mean, zeros } = statistics(data);
  const share = `${Math.round(100 * zeros)} %`;
  const several = [["least", short(least)], ["mean", short(mean)], ["largest", short(largest)], ["zero", share]];
  const rows = data.length === 1 ? [["value", short(mean)]] : several;
  const cells = rows.map(([name, value]) => [h("th", { scope: "row" }, name), h("td", {}, value)]);
  return h("tbody", {}, ...cells.map((row) => h("tr", {}, ...row)));
}

/**
 * @param {Page} page
 * @param {number[]} index
 */
function pickCell(page, index) {
  const layer = layerAt(page.model.layers, page.store.state.path);
  page.store.set({ cell: layer?.outputShape.length === 3 ? index.slice(0, 2) : [] });
}

/** @param {Page} page */
function switchChannel(page) {
  const { off, path, channel } = page.store.state;
  if (path === null || channel === null) return;
  const { [path]: before = [], ...others } = off;
  const channels = new Set(before);
  if (!channels.delete(channel)) channels.add(channel);
  page.store.set({ off: channels.size ? { ...others, [path]: [...channels].sort((a, b) => a - b) } : others });
}
