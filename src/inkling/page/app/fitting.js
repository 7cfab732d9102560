/** The parts of a state from an address that a model has: another model may have fewer layers, channels or classes. */

import { channelsOf, layerAt } from "./layers.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").LayerInfo} LayerInfo */

/**
 * @param {State} state
 * @param {import("./types.js").ModelInfo} model
 * @param {import("./types.js").Page["can"]} can
 * @returns {State}
 */
export function fitting(state, model, can) {
  const logits = model.classNames.length + Number(model.knowsNonDigits);
  const label = state.label !== null && state.label < logits ? state.label : null;
  const layer = layerAt(model.layers, state.path);
  const { channel } = state;
  const known = layer !== null && channel !== null && channel < channelsOf(layer);
  const cell = layer && known && can.sum && state.cell && isCellOf(layer, state.cell) ? state.cell : null;
  const off = can.off ? offOf(state.off, model.layers) : {};
  return { ...state, label, path: layer?.path ?? null, channel: known ? channel : null, cell, off };
}

/**
 * @param {LayerInfo} layer
 * @param {number[]} cell row and column, or [] where the output has none
 */
function isCellOf({ outputShape }, cell) {
  const sides = outputShape.length === 3 ? outputShape.slice(0, 2) : [];
  return cell.length === sides.length && cell.every((each, axis) => each < sides[axis]);
}

/**
 * @param {Record<string, number[]>} off
 * @param {LayerInfo[]} layers
 */
function offOf(off, layers) {
  /** @type {Record<string, number[]>} */
  const found = {};
  for (const [path, channels] of Object.entries(off)) {
    const layer = layerAt(layers, path);
    const own = layer ? [...new Set(channels)].filter((each) => each < channelsOf(layer)).sort((a, b) => a - b) : [];
    if (own.length) found[path] = own;
  }
  return found;
}
