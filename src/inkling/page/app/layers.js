/** Finding layers by their path, and what there is to say of each kind. */

/** @typedef {import("./types.js").LayerInfo} LayerInfo */

/**
 * All layers in order, each followed by the layers inside it.
 *
 * @param {LayerInfo[]} layers
 * @returns {LayerInfo[]}
 */
export function allLayers(layers) {
  return layers.flatMap((layer) => [layer, ...layer.inner.flatMap((branch) => allLayers(branch))]);
}

/**
 * @param {LayerInfo[]} layers
 * @param {string | null} path
 * @returns {LayerInfo | null}
 */
export function layerAt(layers, path) {
  return allLayers(layers).find((layer) => layer.path === path) ?? null;
}

/**
 * How many channels, or features, the output of a layer has.
 *
 * @param {LayerInfo} layer
 */
export function channelsOf(layer) {
  return layer.outputShape[layer.outputShape.length - 1];
}

/**
 * How many numbers a layer has learnt, those of the layers inside it included.
 *
 * @param {LayerInfo} layer
 * @returns {number}
 */
export function parametersOf(layer) {
  const learnt = Object.entries(layer.parameters).filter(([name]) => !name.startsWith("running_"));
  const own = learnt.reduce((sum, [, shape]) => sum + shape.reduce((product, each) => product * each, 1), 0);
  return own + layer.inner.flat().reduce((sum, each) => sum + parametersOf(each), 0);
}

const FEATURE_BY_FEATURE = new Set(["ReLU", "LeakyReLU", "GELU", "Dropout", "BatchNorm1d", "LayerNorm", "Flatten"]);

/**
 * The shape (H, W, C) of the image whose pixels are the features that a layer reads: a Flatten has put them in one row,
 * and no layer since has mixed them. null where there is none.
 *
 * @param {LayerInfo[]} layers of the network
 * @param {string} path
 * @returns {number[] | null}
 */
export function imageBefore(layers, path) {
  /** @type {Map<string, number[] | null>} */
  const images = new Map();
  imageBehind(layers, null, images);
  const image = images.get(path) ?? null;
  const count = layerAt(layers, path)?.inputShape[0];
  return image && image.reduce((product, side) => product * side, 1) === count ? image : null;
}

/**
 * @param {LayerInfo[]} chain
 * @param {number[] | null} image before it
 * @param {Map<string, number[] | null>} images changed: that before each layer, by path
 * @returns {number[] | null} the image behind it
 */
function imageBehind(chain, image, images) {
  for (const layer of chain) {
    images.set(layer.path, image);
    const ends = layer.inner.map((branch) => imageBehind(branch, image, images));
    if (layer.name === "Sequential") image = ends[0];
    else if (layer.name === "Flatten" && layer.inputShape.length === 3) image = layer.inputShape;
    else if (!FEATURE_BY_FEATURE.has(layer.name)) image = null;
  }
  return image;
}

/** What a layer of each kind does, in a sentence. */
export const DOES = /** @type {Record<string, string>} */ ({
  Linear: "Each output is a sum of all inputs, each times a weight of its own, plus a bias.",
  Conv2d:
    "Each channel looks at small squares of the image with the same kernel everywhere: multiply, add, plus a bias.",
  DepthwiseConv2d: "Each channel is looked at by itself, with a small kernel of its own, the same everywhere.",
  ReLU: "Negative numbers become 0; the others stay.",
  LeakyReLU: "Negative numbers are multiplied by a small slope; the others stay.",
  GELU: "A smooth ReLU: x · P(Z ≤ x), Z standard normal.",
  MaxPool2d: "Of each small square, the largest number stays.",
  AvgPool2d: "Each small square becomes its mean.",
  GlobalAvgPool: "Each channel becomes one number: its mean over the image.",
  BatchNorm1d:
    "Each feature is normalised with the running mean and variance from training, then scaled and shifted by two " +
    "learnt numbers.",
  BatchNorm2d:
    "Each channel is normalised with the running mean and variance from training, then scaled and shifted by two " +
    "learnt numbers.",
  LayerNorm: "The features of each place are shifted to mean 0 and scaled to variance 1, then by learnt numbers.",
  Dropout: "In training, some numbers, chosen at random, are set to 0. Here nothing changes.",
  Flatten: "The same numbers in one row.",
  CenterCrop: "The border of the image is left out.",
  Residual: "What the layers inside compute is added to their input.",
  Sequential: "Layers one behind another.",
  Ensemble: "Layers side by side, each given the same input; their outputs are averaged.",
});
