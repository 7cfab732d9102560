/**
 * A layer: plain data that say what it is and where it stands. Its kind, such as Conv2d, holds the functions.
 *
 * As in `inkling.nn`, forward and backward of a kind stand side by side, in the order of the equations. Both are handed
 * all that they work on. Arrays that are written to (y, dx, the gradients in g) hold zeros before.
 */
import { EngineError } from "./errors.js";
import { shapeText } from "./tensor.js";

/** @typedef {import("./tensor.js").Numbers} Numbers */

/**
 * @typedef {object} Layer
 * @property {string} name the kind, such as "Conv2d".
 * @property {Record<string, any>} args all arguments by name, defaults included.
 * @property {string} path its number in the chain, for layers inside others dotted: "3", "3.0".
 * @property {string} input the tensor that it reads: "x" or "y.PATH".
 * @property {number[]} inputShape shape of what it reads; [] where an unknown layer before it hides the shape.
 * @property {number[]} outputShape
 * @property {Layer[][]} inner the layers inside, as chains that are each given the input of this layer.
 * @property {string} text the layer in the notation, "Conv2d(32, 5, stride=2)".
 */

/**
 * What a layer declares about one of its arrays. Decayed ones come first in θ; statistics are a vector of their own.
 * @typedef {{name: string, shape: number[], decayed?: boolean, statistic?: boolean}} Spec
 */

/**
 * An argument of a kind. One without a default is required.
 * @typedef {{name: string, type: "int" | "int or None" | "float" | "bool" | "init", default?: any}} Field
 */

/** @typedef {Record<string, Numbers>} Arrays the parameters of a layer, or their gradients, by name. */

/**
 * One product of the sum that makes a value: x at a place of the tensor `of`, times w.
 * @typedef {{x: number, w: number, at: number[], of: string}} Term
 */

/** @typedef {{terms: Term[], bias: number, kind: string}} Sum the value is Σ x·w + bias. */

/**
 * @typedef {object} Kind
 * @property {Field[]} fields its arguments in order.
 * @property {(args: Record<string, any>, shape: number[]) => void} [check] EngineError where the arguments are wrong.
 * @property {(layer: Layer) => number[]} outputShape EngineError where the input cannot be taken.
 * @property {(layer: Layer) => Spec[]} [parameters]
 * @property {(layer: Layer) => number} [operations] multiplications of a forward pass, where they are many.
 * @property {boolean} [many] whether the layers inside stand side by side, not one behind another.
 * @property {boolean} [composite] whether its arguments are layers.
 * @property {(layer: Layer, p: Arrays, x: Numbers, y: Numbers, inside: (k: number) => Numbers) => void} forward
 *   inside(k) is the output of the k-th chain of a composite.
 * @property {(layer: Layer, p: Arrays, x: Numbers, y: Numbers, dy: Numbers, g: Arrays, dx: Numbers,
 *   inside: (k: number, dy: Numbers) => Numbers) => void} backward
 *   inside(k, dy) is the gradient with respect to the input of the k-th chain.
 * @property {(layer: Layer, p: Arrays, read: (name: string) => Numbers, at: number[]) => Sum} terms
 *   the sum behind y at an index; read(name) gives the numbers of a tensor.
 */

/**
 * EngineError where the input of a layer is not images (H, W, C).
 * @param {Layer} layer
 */
export function requireImages(layer) {
  if (layer.inputShape.length !== 3) {
    throw new EngineError(`${layer.text} takes images (H, W, C), not arrays of shape ${shapeText(layer.inputShape)}`);
  }
}

/**
 * EngineError unless a condition on the arguments of a layer holds.
 * @param {Layer} layer
 * @param {boolean} holds
 * @param {string} needs
 */
export function require(layer, holds, needs) {
  const shape = shapeText(layer.inputShape);
  if (!holds) throw new EngineError(`${layer.text} needs ${needs}; its input has the shape ${shape}`);
}

/**
 * The last layer of the k-th chain inside a layer.
 * @param {Layer} layer
 * @param {number} k
 */
export function lastOf(layer, k) {
  return layer.inner[k][layer.inner[k].length - 1];
}
