// Scratch: the arrays in between a picture and its 28×28, in memory that the next picture uses again.
//
// A page normalises a drawing for every point of a stroke, in some forty arrays. Fresh ones are zeroed by the system, a
// page of memory at a time, and collected; that took longer than all that is computed in them.

const MOST_BYTES = 2 ** 23; // Drawings need less; arrays of larger pictures are fresh ones.
const ALIGNED = 8; // bytes

let [open, used] = [false, 0];
/** @type {ArrayBuffer | null} */ let memory = null;

/**
 * What a function computes; arrays that `zeros` gives meanwhile are used again by the next call.
 * @template T
 * @param {() => T} compute its answer holds none of them
 * @returns {T}
 */
export function withScratch(compute) {
  if (open) return compute(); // what is in scratch is still in use
  [open, used] = [true, 0];
  try {
    return compute();
  } finally {
    open = false;
  }
}

/** @typedef {Uint8Array | Int32Array | Float32Array} Numbers */

/**
 * @template {Numbers} T
 * @param {{new (length: number): T, new (buffer: ArrayBuffer, start: number, length: number): T,
 *   BYTES_PER_ELEMENT: number}} Kind
 * @param {number} length
 * @returns {T} zeros, in scratch while `withScratch` computes
 */
export function zeros(Kind, length) {
  const bytes = length * Kind.BYTES_PER_ELEMENT;
  if (!open || used + bytes > MOST_BYTES) return new Kind(length);
  memory ??= new ArrayBuffer(MOST_BYTES);
  const array = new Kind(memory, used, length);
  used += Math.ceil(bytes / ALIGNED) * ALIGNED;
  return /** @type {T} */ (array.fill(0));
}

/**
 * @template {Numbers} T
 * @param {T} values
 * @param {number} length
 * @returns {T} zeros of the same kind
 */
export function zerosLike(values, length) {
  return /** @type {T} */ (zeros(/** @type {any} */ (values.constructor), length));
}

/**
 * @template {Numbers} T
 * @param {T} values
 * @returns {T} a copy
 */
export function copyOf(values) {
  const copy = zerosLike(values, values.length);
  copy.set(values);
  return copy;
}
