/** The models that the worker holds: the page's own in the slot "first", the one it is compared with in "second". */

import { readModel } from "../engine/model.js";
import { ownShapes } from "../engine/tensor.js";

/**
 * @typedef {import("../engine/model.js").Model} Model
 * @typedef {import("../engine/tensor.js").Tensor} Tensor
 *
 * A model and the parameters that its page has given it; undefined for those of the file.
 * @typedef {{model: Model, parameters: Map<string, Tensor> | undefined}} Slot
 */

/** @type {Map<string, Slot>} */
const slots = new Map();

/** @param {string} name */
export function slotOf(name = "first") {
  const slot = slots.get(name);
  if (!slot) throw new Error("no model is loaded");
  return slot;
}

/** @type {Record<string, (values: any) => any>} */
export const ofSlots = {
  load({ file, name, slot }) {
    const model = readModel(file);
    slots.set(slot, { model, parameters: undefined });
    const { inputShape, classNames, temperature, knowsNonDigits, hash, unknown } = model;
    const layers = model.layers.map((layer) => layerInfo(layer, model));
    return { name, layers, inputShape, classNames, temperature, knowsNonDigits, hash, unknown };
  },

  reset() {
    slotOf().parameters = undefined;
  },

  parameter({ name }) {
    const { model, parameters } = slotOf();
    const tensor = (parameters ?? model.parameters).get(name);
    if (!tensor) throw new Error(`the model has no parameter ${name}`);
    return { shape: tensor.shape, data: tensor.data.slice() };
  },
};

/**
 * What the page is told of a layer.
 *
 * @param {import("../engine/layer.js").Layer} layer
 * @param {Model} model
 * @returns {any}
 */
function layerInfo(layer, model) {
  const parameters = ownShapes(model.parameters, layer.path);
  const { path, name, text, input, inputShape, outputShape } = layer;
  const inner = layer.inner.map((branch) => branch.map((each) => layerInfo(each, model)));
  return { path, name, text, input, inputShape, outputShape, inner, parameters };
}
