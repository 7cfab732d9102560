/**
 * The server computes where the page's engine cannot: for a model with layers of its author's own, which only Python
 * knows. Its answer has the names of the page's own.
 */

import { readSafetensors } from "../engine/safetensors.js";
import { ownShapes } from "../engine/tensor.js";
import { allLayers } from "./layers.js";
import { request } from "./server.js";

/** @typedef {import("./types.js").ModelInfo} ModelInfo */
/** @typedef {import("./types.js").Thought} Thought */

/**
 * What the server makes of an image, forward and, with a label, backward.
 *
 * @param {import("./engine_client.js").Normalized} normalized
 * @param {number | null} label
 * @returns {Promise<Thought>}
 */
export async function thinkOnServer({ image, warnings }, label) {
  const headers = { "Content-Type": "application/octet-stream" };
  const answer = await request(`explain?label=${label ?? 0}`, { method: "POST", body: image.slice(), headers });
  const { tensors } = readSafetensors(await answer.arrayBuffer());
  if (label === null) {
    for (const name of [...tensors.keys()]) if (/^(d|loss)/.test(name)) tensors.delete(name);
  }
  return { image, warnings, blank: image.every((level) => level === 0), label, tensors };
}

/**
 * The shapes of all layers, which the page's engine could not know behind an unknown layer.
 *
 * @param {ModelInfo} model changed
 */
export async function completeFromServer(model) {
  const [rows, columns] = model.inputShape;
  const { tensors } = await thinkOnServer({ image: new Uint8Array(rows * columns), warnings: [] }, null);
  for (const layer of allLayers(model.layers)) {
    layer.outputShape = tensors.get(`y.${layer.path}`)?.shape ?? layer.outputShape;
    layer.parameters = ownShapes(tensors, layer.path);
  }
  chained(model.layers, model.inputShape);
  model.knowsNonDigits = (tensors.get("logits")?.data.length ?? 0) > model.classNames.length;
}

/**
 * Each layer's input is the output of the layer before it.
 *
 * @param {import("./types.js").LayerInfo[]} layers
 * @param {number[]} shape
 */
function chained(layers, shape) {
  for (const layer of layers) {
    layer.inputShape = shape;
    for (const branch of layer.inner) chained(branch, shape);
    shape = layer.outputShape;
  }
}
