/** One layer: its output, channel by channel, its weights, what a channel answers to, and a switch for it. */

import { fill, h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { DOES, allLayers, channelsOf, layerAt } from "../layers.js";
import { short, statistics } from "../numbers.js";

/** @typedef {import("../types.js").LayerInfo} LayerInfo */
/** @typedef {import("../types.js").Tensor} Tensor */

const EXAMPLES = 6; // drawings that a channel answers to

/**
 * @param {import("../types.js").Page} page
 * @param {import("./units.js").Units} units
 * @returns {import("../types.js").View}
 */
export function createLayerView(page, units) {
  const width = Math.min(640, innerWidth - 60);
  const title = h("h2", {});
  const does = h("p", {});
  const previous = h("button", { type: "button", click: () => go(-1) }, "‹ Layer before");
  const next = h("button", { type: "button", click: () => go(1) }, "Next layer ›");
  const all = new Heatmap({
    label: "Output", walk: "channels", width, largestZoom: 6,
    pick: ([channel]) => page.store.set({ channel, cell: null }),
  });
  const one = new Heatmap({ label: "Channel", width: Math.min(width, 336), pick: pickCell });
  const facts = h("table", { class: "facts" });
  const weights = h("div", { class: "inside-columns" });
  const examples = h("ul", { class: "samples-strip" });
  const examplesTitle = h("h3", {}, "Example drawings with the largest activation");
  const toggle = h("button", { type: "button", click: switchChannel });
  const marks = h("p", { class: "layer-marks" });
  const toSum = h("button", { type: "button", class: "primary", click: () => pickCell(one.index()) }, "Show the sum behind this value");
  const detail = h(
    "section", { class: "panel inside", "aria-label": "Channel" }, marks,
    h("div", { class: "row" }, toggle, toSum),
    h("div", { class: "inside-columns" }, one.element, facts), weights, examplesTitle, examples,
  );
  const hint = h("p", { class: "muted" }, "Choose a channel: click it, or walk with the arrow keys and press Enter.");
  const element = h("div", { class: "inside" }, h("div", { class: "row" }, previous, next), title, does, all.element, hint, detail);
  /** @type {Map<string, Heatmap>} */
  const weightMaps = new Map();
  let weightsOf = "";

  /** @param {number} step */
  function go(step) {
    const layers = allLayers(page.model.layers);
    const at = layers.findIndex(({ path }) => path === page.store.state.path);
    const to = layers[at + step];
    if (to) page.store.set({ path: to.path, channel: null, cell: null });
  }

  /** @param {number[]} index */
  function pickCell(index) {
    const layer = layerAt(page.model.layers, page.store.state.path);
    page.store.set({ cell: layer?.outputShape.length === 3 ? index.slice(0, 2) : [] });
  }

  function switchChannel() {
    const { off, path, channel } = page.store.state;
    if (path === null || channel === null) return;
    const { [path]: before = [], ...others } = off;
    const channels = new Set(before);
    if (!channels.delete(channel)) channels.add(channel);
    page.store.set({ off: channels.size ? { ...others, [path]: [...channels].sort((a, b) => a - b) } : others });
  }

  function update() {
    const { path, channel, off } = page.store.state;
    const layer = layerAt(page.model.layers, path);
    const y = page.thought()?.tensors.get(`y.${path}`);
    if (!layer) return;
    const layers = allLayers(page.model.layers);
    previous.disabled = layers[0].path === path;
    next.disabled = layers[layers.length - 1].path === path;
    title.textContent = `${layer.path} ${layer.text}`;
    does.textContent = DOES[layer.name] ?? `${layer.name} is a layer of this model's author; the page does not know what it does.`;
    const known = channel !== null && channel < channelsOf(layer);
    detail.hidden = !known || !y;
    hint.hidden = known;
    all.element.hidden = !y;
    if (!y) return;
    const struck = new Set(off[layer.path]);
    all.show(y, { label: `Output of ${layer.name}`, struck, marked: known ? [channel] : null });
    if (known) showChannel(layer, y, channel, struck.has(channel));
  }

  /**
   * @param {LayerInfo} layer
   * @param {Tensor} y
   * @param {number} channel
   * @param {boolean} isOff
   */
  function showChannel(layer, y, channel, isOff) {
    const what = layer.outputShape.length === 1 ? "unit" : "channel";
    const data = all.channel(channel);
    one.element.hidden = layer.outputShape.length === 1;
    if (!one.element.hidden) one.show({ shape: y.shape.slice(0, 2), data }, { label: `Channel ${channel}` });
    toggle.textContent = isOff ? `Switch ${what} ${channel} on` : `Switch ${what} ${channel} off`;
    toggle.setAttribute("aria-pressed", String(isOff));
    const { least, largest, mean, zeros } = statistics(data);
    const rows = data.length === 1
      ? [["value", short(mean)]]
      : [["least", short(least)], ["mean", short(mean)], ["largest", short(largest)], ["zero", `${Math.round(100 * zeros)} %`]];
    fill(facts, h("tbody", {}, ...rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));
    const { dead, alwaysOn } = units.marks(layer);
    marks.textContent = dead.includes(channel)
      ? `Dead: this ${what} is 0 for every example drawing, so it contributes nothing to later layers.`
      : alwaysOn.includes(channel)
        ? `Always on: this ${what} is above 0 for every example drawing, so this ReLU changes nothing in it.`
        : "";
    showWeights(layer, channel);
    showExamples(layer, channel);
  }

  /**
   * The weights that make this channel.
   *
   * @param {LayerInfo} layer
   * @param {number} channel
   */
  async function showWeights(layer, channel) {
    const names = Object.keys(layer.parameters);
    weights.hidden = names.length === 0;
    const key = `${layer.path} ${channel}`;
    if (weightsOf !== layer.path) fill(weights);
    weightsOf = layer.path;
    for (const name of names) {
      const parameter = await parameterOf(page, `p.${layer.path}.${name}`);
      if (key !== `${page.store.state.path} ${page.store.state.channel}`) return;
      const map = weightMaps.get(`${layer.path} ${name}`) ?? new Heatmap({ label: name, width: 300 });
      weightMaps.set(`${layer.path} ${name}`, map);
      const own = ownPart(parameter, channel, layer, page.model.layers);
      map.show(own, { label: `${name} of ${layer.outputShape.length === 1 ? "unit" : "channel"} ${channel}` });
      if (!map.element.isConnected) weights.append(map.element);
    }
  }

  /**
   * @param {LayerInfo} layer
   * @param {number} channel
   */
  function showExamples(layer, channel) {
    const best = units.best(layer.path, channel, EXAMPLES);
    examplesTitle.hidden = best.length === 0;
    fill(examples, ...best.map(({ digit, image, value }) => h("li", {}, thumbnail(image, digit), short(value))));
  }

  return { element, update };
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
  const before = allLayers(layers)[allLayers(layers).findIndex(({ path }) => path === layer.path) - 1];
  const image = before?.name === "Flatten" && before.inputShape.length === 3 ? before.inputShape : null;
  return { shape: image ?? [shape[0]], data: own };
}

/**
 * @param {Uint8Array} image 28×28, or another square
 * @param {number} digit
 */
function thumbnail(image, digit) {
  const side = Math.round(Math.sqrt(image.length));
  const canvas = h("canvas", { width: side, height: side, role: "img", "aria-label": `an example drawing of ${digit}` });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pixels = context.createImageData(side, side);
  image.forEach((level, place) => pixels.data.set([level, level, level, 255], 4 * place));
  context.putImageData(pixels, 0, 0);
  return canvas;
}
