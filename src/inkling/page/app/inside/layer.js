/** One layer: what it does, its output, and one channel of it that is chosen. */

import { createChannel } from "./channel.js";
import { h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { DOES, allLayers, channelsOf, layerAt } from "../layers.js";

/** @typedef {import("../types.js").Page} Page */

const WIDEST = 640; // pixels

/**
 * @param {Page} page
 * @param {import("./units.js").Units} units
 * @returns {import("../types.js").View}
 */
export function createLayerView(page, units) {
  const width = Math.min(WIDEST, innerWidth - 60);
  const steps = createSteps(page);
  const title = h("h2", {});
  const does = h("p", {});
  const all = new Heatmap({
    label: "Output", walk: "channels", width, largestZoom: 6,
    pick: ([channel]) => page.store.set({ channel, cell: null }),
  });
  const hint = h("p", { class: "muted" }, "Choose a channel: click it, or walk with the arrow keys and press Enter.");
  const one = createChannel(page, units, width);
  const element = h("div", { class: "inside" }, steps.element, title, does, all.element, hint, one.element);

  function update() {
    const { path, channel, off } = page.store.state;
    const layer = layerAt(page.model.layers, path);
    const y = page.thought()?.tensors.get(`y.${path}`);
    if (!layer) return;
    steps.update();
    title.textContent = `${layer.path} ${layer.text}`;
    const unknown = `${layer.name} is a layer of this model's author; the page does not know what it does.`;
    does.textContent = DOES[layer.name] ?? unknown;
    const known = channel !== null && channel < channelsOf(layer);
    one.element.hidden = !known || !y;
    hint.hidden = known;
    all.element.hidden = !y;
    if (!y) return;
    const struck = new Set(off[layer.path]);
    all.show(y, { label: `Output of ${layer.name}`, struck, marked: known ? [channel] : null });
    if (known) one.show(layer, y, channel, { data: all.channel(channel), isOff: struck.has(channel) });
  }
  return { element, update };
}

/**
 * Buttons to the layers before and behind.
 *
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
function createSteps(page) {
  const layers = allLayers(page.model.layers);
  const previous = h("button", { type: "button", click: () => go(-1) }, "‹ Layer before");
  const next = h("button", { type: "button", click: () => go(1) }, "Next layer ›");

  /** @param {number} step */
  function go(step) {
    const at = layers.findIndex(({ path }) => path === page.store.state.path);
    const to = layers[at + step];
    if (to) page.store.set({ path: to.path, channel: null, cell: null });
  }

  function update() {
    const { path } = page.store.state;
    previous.disabled = layers[0].path === path;
    next.disabled = layers[layers.length - 1].path === path;
  }
  return { element: h("div", { class: "row" }, previous, next), update };
}
