/** A model: a network with its parameters and what its file says about them. */
import { fingerprint } from "./checksum.js";
import { EngineError } from "./errors.js";
import { parametersOf } from "./layout.js";
import { buildNetwork, MOST_LAYERS } from "./network.js";
import { parseCall } from "./notation.js";
import { readSafetensors } from "./safetensors.js";

/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * @typedef {object} Model
 * @property {Layer[]} layers
 * @property {number[]} inputShape (H, W, 1).
 * @property {string[]} classNames of the K classes.
 * @property {number} temperature what logits are divided by before they become probabilities.
 * @property {boolean} knowsNonDigits whether there is a logit more than classes, "not a digit".
 * @property {string} hash of all that decides its answers, eight hexadecimal digits
 * @property {Record<string, any>} metadata
 * @property {{path: string, name: string}[]} unknown layers that this engine does not know.
 * @property {Map<string, Tensor>} parameters "p.PATH.name", views of one vector; empty where a layer is unknown.
 */

const FORMAT = 1;
const DIGITS = "0123456789";

/**
 * The model in a file that `Model.save` wrote; EngineError, in a sentence, where it is none or damaged.
 * @param {ArrayBuffer} buffer
 * @returns {Model}
 */
export function readModel(buffer) {
  const { tensors, metadata } = readSafetensors(buffer);
  if ("steps" in metadata && "history" in metadata) {
    throw new EngineError("a checkpoint of a training, no model: a run writes model.safetensors when training is done");
  }
  if (metadata.format !== FORMAT) throw new EngineError(`no model of format ${FORMAT}, which this page reads`);
  const inputShape = shapeIn(metadata.input_shape ?? [28, 28, 1]);
  const texts = textsIn(metadata.network);
  const { layers, unknown } = buildNetwork(texts.map(parseCall), inputShape);
  const classNames = namesIn(metadata.class_names ?? [...DIGITS]);
  const temperature = metadata.temperature ?? 1;
  if (!(typeof temperature === "number" && temperature >= 0.01 && temperature <= 100)) {
    throw new EngineError("not a usable model: a temperature is a number from 0.01 to 100");
  }
  const end = layers[layers.length - 1].outputShape;
  if (unknown.length === 0) requireLogits(end, classNames.length);
  const parameters = unknown.length > 0 ? new Map() : parametersOf(layers, ...vectorsIn(tensors));
  const knowsNonDigits = end.length === 1 && end[0] === classNames.length + 1;
  const hash = fingerprint({ network: texts, inputShape, classNames, temperature }, tensors);
  return { layers, inputShape, classNames, temperature, knowsNonDigits, hash, metadata, unknown, parameters };
}

/**
 * θ and the statistics; EngineError where they are missing, not float32 or not finite.
 * @param {Map<string, Tensor>} tensors
 * @returns {[Float32Array, Float32Array]}
 */
function vectorsIn(tensors) {
  const [theta, statistics] = ["parameters", "statistics"].map((name) => tensors.get(name)?.data);
  if (!(theta instanceof Float32Array && statistics instanceof Float32Array)) {
    throw new EngineError("not a usable model: it lacks parameters or statistics as float32 numbers");
  }
  if (!(theta.every(Number.isFinite) && statistics.every(Number.isFinite))) {
    throw new EngineError("not a usable model: some of its parameters are not finite numbers");
  }
  return [theta, statistics];
}

/**
 * @param {any} texts
 * @returns {string[]}
 */
function textsIn(texts) {
  const fine = Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === "string");
  if (!fine || texts.length > MOST_LAYERS) {
    throw new EngineError("not a usable model: its metadata lack the network, a list of layers");
  }
  return texts;
}

/**
 * @param {any} shape
 * @returns {number[]}
 */
function shapeIn(shape) {
  const three = Array.isArray(shape) && shape.length === 3;
  const fine = three && shape.every((side) => Number.isSafeInteger(side) && side > 0);
  if (!fine || shape[2] !== 1) throw new EngineError("not a usable model: its input is not images (H, W, 1)");
  return shape;
}

/**
 * @param {any} names
 * @returns {string[]}
 */
function namesIn(names) {
  const fine = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string");
  if (!fine) throw new EngineError("not a usable model: its class names are not a list of texts");
  return names;
}

/**
 * @param {number[]} shape
 * @param {number} classes
 */
function requireLogits(shape, classes) {
  if (shape.length !== 1 || (shape[0] !== classes && shape[0] !== classes + 1)) {
    throw new EngineError(
      `not a usable model: it ends in ${shape.join("×")} numbers, not in a logit for each of ${classes} classes`,
    );
  }
}
