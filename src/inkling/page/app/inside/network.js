/** The whole network: a row per layer with what it makes of the drawing. */

import { h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { parametersOf } from "../layers.js";
import { shapeText } from "../numbers.js";

/** @typedef {import("../types.js").LayerInfo} LayerInfo */

const WIDEST = 560; // CSS pixels of the maps of a layer

/**
 * @param {import("../types.js").Page} page
 * @param {import("./units.js").Units} units
 * @returns {import("../types.js").View}
 */
export function createNetworkView(page, units) {
  /** @type {(() => void)[]} */
  const updates = [];
  const input = inputRow();
  const rows = h("ol", { class: "layer-list" }, input, ...page.model.layers.map(row));
  const element = h("div", {}, unknownNotice(page), rows);

  function inputRow() {
    const map = new Heatmap({ label: "Input", scale: "ink", width: 140 });
    updates.push(() => {
      const x = page.thought()?.tensors.get("x");
      if (x) map.show(x, { largest: 1 });
    });
    const facts = h("p", { class: "layer-facts" }, `${shapeText(page.model.inputShape)}, from 0 to 1`);
    return h("li", { class: "panel layer-row" }, h("div", {}, h("p", {}, "The image"), facts), map.element);
  }

  /**
   * @param {LayerInfo} layer
   * @returns {HTMLLIElement}
   */
  function row(layer) {
    const open = () => page.store.set({ path: layer.path, channel: null, cell: null });
    const name = h("button", { type: "button", class: "layer-name", click: open }, `${layer.path} ${layer.text}`);
    const count = parametersOf(layer);
    const learnt = count ? `, ${count.toLocaleString("en")} parameters` : "";
    const marks = h("p", { class: "layer-marks" });
    const facts = h("p", { class: "layer-facts" }, `${shapeText(layer.outputShape)}${learnt}`);
    const map = new Heatmap({
      label: `Output of ${layer.path} ${layer.name}`,
      walk: "channels",
      width: Math.min(WIDEST, innerWidth - 60),
      largestZoom: layer.outputShape.length === 1 ? 18 : 4,
      pick: ([channel]) => page.store.set({ path: layer.path, channel, cell: null }),
    });
    const absent = h("p", { class: "muted", hidden: true }, "The page's engine does not know what this layer makes.");
    updates.push(() => {
      const y = page.thought()?.tensors.get(`y.${layer.path}`);
      absent.hidden = y !== undefined || page.thought() === null;
      map.element.hidden = y === undefined;
      if (y) map.show(y, { struck: new Set(page.store.state.off[layer.path]) });
      marks.textContent = counted([...units.marks(layer).values()]);
    });
    const inner = layer.inner.map((branch) => h("ol", { class: "layer-list" }, ...branch.map(row)));
    const shown = layer.inner.length ? [map.element, absent, ...inner] : [map.element, absent];
    return h("li", { class: "panel layer-row" }, h("div", {}, name, facts, marks), ...shown);
  }

  return { element, update: () => updates.forEach((each) => each()) };
}

/**
 * How many channels have each mark, in words: "2 dead, 1 always on".
 *
 * @param {string[]} marks
 */
function counted(marks) {
  const count = (/** @type {string} */ mark) => marks.filter((each) => each === mark).length;
  const kinds = [...new Set(marks)].sort().reverse();
  return kinds.map((mark) => `${count(mark)} ${mark}`).join(", ");
}

/** @param {import("../types.js").Page} page */
function unknownNotice({ model }) {
  if (!model.unknown.length) return null;
  const names = [...new Set(model.unknown.map(({ name }) => name))].join(", ");
  const who = `The page's own engine does not know ${names}: the server computes in its place.`;
  return h("p", { class: "notice" }, `${who} Channels cannot be switched off, and no value is taken apart.`);
}
