/** All kinds of layers that the engine knows, by name. A new kind is an import and a name here. */
import { AvgPool2d } from "./avg_pool2d.js";
import { BatchNorm1d, BatchNorm2d } from "./batch_norm.js";
import { CenterCrop } from "./center_crop.js";
import { Conv2d } from "./conv2d.js";
import { DepthwiseConv2d } from "./depthwise_conv2d.js";
import { Dropout } from "./dropout.js";
import { Ensemble } from "./ensemble.js";
import { Flatten } from "./flatten.js";
import { GELU } from "./gelu.js";
import { GlobalAvgPool } from "./global_avg_pool.js";
import { LayerNorm } from "./layer_norm.js";
import { LeakyReLU } from "./leaky_relu.js";
import { Linear } from "./linear.js";
import { MaxPool2d } from "./max_pool2d.js";
import { ReLU } from "./relu.js";
import { Residual } from "./residual.js";
import { Sequential } from "./sequential.js";

/** @type {Map<string, import("./layer.js").Kind>} */
export const KINDS = new Map(Object.entries({
  Linear,
  Conv2d,
  ReLU,
  LeakyReLU,
  GELU,
  DepthwiseConv2d,
  MaxPool2d,
  AvgPool2d,
  GlobalAvgPool,
  BatchNorm1d,
  BatchNorm2d,
  LayerNorm,
  Dropout,
  Flatten,
  CenterCrop,
  Residual,
  Sequential,
  Ensemble,
}));

/**
 * The kind of a layer that is known; a model with others is refused before (`requireKnown`).
 * @param {import("./layer.js").Layer} layer
 */
export function kindOf(layer) {
  const kind = KINDS.get(layer.name);
  if (!kind) throw new Error(`${layer.name} is no kind of layer`);
  return kind;
}
