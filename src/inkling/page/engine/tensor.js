/**
 * Tensors: a shape, and the numbers in the order of rows (the last axis runs fastest), as in NumPy.
 *
 * Images are (H, W, C). There is no batch axis: the engine computes one image at a time.
 */

/** @typedef {Float32Array | Float64Array} Numbers */
/** @typedef {{shape: number[], data: Numbers}} Tensor */

/**
 * How many numbers a shape holds.
 * @param {number[]} shape
 */
export function sizeOf(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/**
 * Numbers of value 0, of the same precision as others.
 * @param {Numbers} like
 * @param {number} length
 * @returns {Numbers}
 */
export function zerosLike(like, length) {
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/**
 * The place of an index (h, w, c) in the numbers of a shape.
 * @param {number[]} shape
 * @param {number[]} index
 */
export function offsetOf(shape, index) {
  return shape.reduce((offset, side, axis) => offset * side + index[axis], 0);
}

/**
 * The index (h, w, c) of a place in the numbers of a shape: the reverse of `offsetOf`.
 * @param {number[]} shape
 * @param {number} offset
 */
export function indexOf(shape, offset) {
  const index = new Array(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = offset % shape[axis];
    offset = Math.floor(offset / shape[axis]);
  }
  return index;
}

/**
 * Whether two shapes are the same.
 * @param {number[]} one
 * @param {number[]} other
 */
export function sameShape(one, other) {
  return one.length === other.length && one.every((side, axis) => side === other[axis]);
}

/**
 * A shape as Python writes it: (28, 28, 1), or (10,).
 * @param {number[]} shape
 */
export function shapeText(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/**
 * The shapes of the arrays that are a layer's own, by name: {weight: [784, 16], bias: [16]}.
 * @param {Map<string, Tensor>} tensors by their full names, "p.PATH.weight"
 * @param {string} path
 * @returns {Record<string, number[]>}
 */
export function ownShapes(tensors, path) {
  const start = `p.${path}.`;
  const own = [...tensors].filter(([name]) => name.startsWith(start) && !name.slice(start.length).includes("."));
  return Object.fromEntries(own.map(([name, { shape }]) => [name.slice(start.length), shape]));
}
