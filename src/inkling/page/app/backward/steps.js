/**
 * The steps of the backward pass that the view goes through: the loss, its gradient, the layers from the last to
 * the first.
 */

/** @typedef {import("../types.js").LayerInfo} LayerInfo */

/**
 * @typedef {object} Step
 * @property {"loss" | "logits" | "layer" | "pixels" | "update"} kind
 * @property {string} title
 * @property {LayerInfo | null} layer
 * @property {LayerInfo | null} outer the layer that this layer lies in
 */

/**
 * @param {LayerInfo[]} layers of the network
 * @returns {Step[]}
 */
export function backwardSteps(layers) {
  return [
    plain("loss", "The loss"),
    plain("logits", "The gradient of the logits"),
    ...layerSteps(layers, null),
    plain("pixels", "The gradient of the pixels"),
    plain("update", "The update"),
  ];
}

/**
 * The layers of a chain from the last to the first, each followed by the layers inside it.
 *
 * @param {LayerInfo[]} layers
 * @param {LayerInfo | null} outer
 * @returns {Step[]}
 */
function layerSteps(layers, outer) {
  return [...layers]
    .reverse()
    .flatMap((layer) => [
      { kind: /** @type {const} */ ("layer"), title: `Layer ${layer.path}: ${layer.name}`, layer, outer },
      ...[...layer.inner].reverse().flatMap((branch) => layerSteps(branch, layer)),
    ]);
}

/**
 * @param {Step["kind"]} kind
 * @param {string} title
 * @returns {Step}
 */
function plain(kind, title) {
  return { kind, title, layer: null, outer: null };
}

/**
 * The names of the arrays that a layer learns, in its own order: statistics of a normalisation are not among them.
 *
 * @param {LayerInfo} layer
 */
export function learntNames(layer) {
  return Object.keys(layer.parameters).filter((name) => !name.startsWith("running_"));
}
