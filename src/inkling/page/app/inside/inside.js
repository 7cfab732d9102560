/** Look inside, at three zoom levels: the network, one layer with its channels, one value with the sum behind it. */

import { fill, h } from "../dom.js";
import { createLayerView } from "./layer.js";
import { createNetworkView } from "./network.js";
import { createValueView } from "./value.js";
import { layerAt } from "../layers.js";
import { Units } from "./units.js";

/**
 * @param {import("../types.js").Page} page
 * @returns {import("../types.js").View}
 */
export function createInsideView(page) {
  const units = new Units(page);
  const network = createNetworkView(page, units);
  const layer = createLayerView(page, units);
  const value = createValueView(page);
  const crumbs = h("nav", { class: "crumbs", "aria-label": "Zoom" });
  const body = h("div", { class: "inside-body" });
  const element = h("div", { class: "inside" }, crumbs, body);
  let shown = "";

  function update() {
    if (units.measured !== page.changes) units.measure().then(update, (error) => page.announce(error.message));
    const { path, channel, cell } = page.store.state;
    const at = layerAt(page.model.layers, path);
    const zoom = !at ? "network" : channel !== null && cell ? "value" : "layer";
    const view = { network, layer, value }[zoom];
    if (shown !== zoom) fill(body, view.element);
    shown = zoom;
    showCrumbs();
    view.update();
  }

  let crumbsOf = "";
  function showCrumbs() {
    const { path, channel, cell } = page.store.state;
    const key = JSON.stringify([path, channel, cell]);
    if (key === crumbsOf) return;
    crumbsOf = key;
    const at = layerAt(page.model.layers, path);
    /** @type {[string, Partial<import("../types.js").State>][]} */
    const steps = [["Network", { path: null, channel: null, cell: null }]];
    if (at) steps.push([`${at.path} ${at.text}`, { channel: null, cell: null }]);
    const what = at?.outputShape.length === 1 ? "unit" : "channel";
    if (at && channel !== null) steps.push([`${what} ${channel}`, { cell: null }]);
    if (at && channel !== null && cell?.length) steps.push([`row ${cell[0]}, column ${cell[1]}`, {}]);
    const parts = steps.flatMap(([text, changes], i) => {
      const last = i === steps.length - 1;
      const item = last
        ? h("span", { "aria-current": "location" }, text)
        : h("button", { type: "button", click: () => page.store.set(changes) }, text);
      return i ? [h("span", { class: "muted", "aria-hidden": "true" }, "›"), item] : [item];
    });
    fill(crumbs, ...parts);
  }

  return { element, update };
}
