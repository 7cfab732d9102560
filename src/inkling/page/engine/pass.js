/**
 * Passes through a network, forward and backward: every tensor of both, by name.
 *
 * x is the image in 0..1, y.PATH the output of a layer, dy.PATH the gradient of the loss with respect to it,
 * p.PATH.NAME a parameter or statistic, dp.PATH.NAME the gradient of what is learnt, as in `inkling.explanation`.
 */
import { EngineError, UnknownLayerError } from "./errors.js";
import { kindOf } from "./kinds.js";
import { sizeOf, zerosLike } from "./tensor.js";

/** @typedef {import("./layer.js").Arrays} Arrays */
/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./tensor.js").Numbers} Numbers */
/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * @typedef {object} PassOptions
 * @property {Map<string, Set<number>>} [off] by path, channels (places on the last axis) of y.PATH that are set to 0.
 * @property {Map<string, Tensor>} [parameters] arrays "p.PATH.name" that stand in for those of the model.
 */

/** One pass forward, then perhaps one backward. Numbers have the precision of x. */
export class Pass {
  /**
   * @param {Model} model
   * @param {Numbers} x
   * @param {PassOptions} [options]
   */
  constructor(model, x, { off = new Map(), parameters = new Map() } = {}) {
    if (model.unknown.length > 0) throw new UnknownLayerError(model.unknown);
    if (x.length !== sizeOf(model.inputShape)) {
      throw new EngineError(`the model takes images of ${model.inputShape.join("×")} numbers, not ${x.length}`);
    }
    this.model = model;
    this.off = off;
    /** @type {Map<string, Tensor>} */
    this.parameters = parameters.size > 0 ? new Map([...model.parameters, ...parameters]) : model.parameters;
    /** @type {Map<string, Tensor>} */
    this.tensors = new Map([["x", { shape: model.inputShape, data: x }]]);
    /** @type {Map<string, Tensor>} */
    this.gradients = new Map();
  }

  /** The logits. */
  forward() {
    return this.chainForward(this.model.layers, this.numbers("x"));
  }

  /**
   * The gradient of the loss with respect to x, given that with respect to the logits.
   * @param {Numbers} dlogits
   */
  backward(dlogits) {
    return this.chainBackward(this.model.layers, dlogits);
  }

  /**
   * @param {Layer[]} layers
   * @param {Numbers} x
   * @returns {Numbers}
   */
  chainForward(layers, x) {
    for (const layer of layers) {
      const [read, y] = [x, zerosLike(x, sizeOf(layer.outputShape))];
      kindOf(layer).forward(layer, this.arrays(layer), read, y, (k) => this.chainForward(layer.inner[k], read));
      this.switchOff(layer, y);
      this.tensors.set(`y.${layer.path}`, { shape: layer.outputShape, data: y });
      x = y;
    }
    return x;
  }

  /**
   * @param {Layer[]} layers
   * @param {Numbers} dy
   * @returns {Numbers}
   */
  chainBackward(layers, dy) {
    for (const layer of [...layers].reverse()) {
      dy = this.layerBackward(layer, dy.slice());
    }
    return dy;
  }

  /**
   * The gradient with respect to what the layer reads.
   * @param {Layer} layer
   * @param {Numbers} dy
   */
  layerBackward(layer, dy) {
    this.switchOff(layer, dy); // nothing depends on what is switched off
    this.tensors.set(`dy.${layer.path}`, { shape: layer.outputShape, data: dy });
    const [x, y] = [this.numbers(layer.input), this.numbers(`y.${layer.path}`)];
    const [g, dx] = [this.emptyGradients(layer), zerosLike(x, x.length)];
    const inside = (/** @type {number} */ k, /** @type {Numbers} */ d) => this.chainBackward(layer.inner[k], d);
    kindOf(layer).backward(layer, this.arrays(layer), x, y, dy, g, dx, inside);
    return dx;
  }

  /**
   * The parameters and statistics of a layer by name.
   * @param {Layer} layer
   * @returns {Arrays}
   */
  arrays(layer) {
    const specs = kindOf(layer).parameters?.(layer) ?? [];
    return Object.fromEntries(specs.map(({ name }) => [name, this.parameter(`p.${layer.path}.${name}`).data]));
  }

  /**
   * Zeros for the gradient of each learnt parameter of a layer.
   * @param {Layer} layer
   * @returns {Arrays}
   */
  emptyGradients(layer) {
    const learnt = (kindOf(layer).parameters?.(layer) ?? []).filter((spec) => !spec.statistic);
    return Object.fromEntries(learnt.map(({ name, shape }) => {
      const data = zerosLike(this.numbers("x"), sizeOf(shape));
      this.gradients.set(`dp.${layer.path}.${name}`, { shape, data });
      return [name, data];
    }));
  }

  /**
   * @param {string} name
   * @returns {Tensor}
   */
  parameter(name) {
    const found = this.parameters.get(name);
    if (!found) throw new EngineError(`there is no parameter ${name}`);
    return found;
  }

  /**
   * The numbers of a tensor that this pass has made.
   * @param {string} name
   */
  numbers(name) {
    const found = this.tensors.get(name);
    if (!found) throw new EngineError(`there is no tensor ${name}`);
    return found.data;
  }

  /**
   * Set to 0 the channels of a layer that are off.
   * @param {Layer} layer
   * @param {Numbers} y
   */
  switchOff(layer, y) {
    const channels = layer.outputShape[layer.outputShape.length - 1];
    for (const channel of this.off.get(layer.path) ?? []) {
      if (channel >= channels) continue; // else it would begin in the next place
      for (let i = channel; i < y.length; i += channels) y[i] = 0;
    }
  }
}
