/** A picture of a tensor: its numbers as a heat map can show them, each with its place in the tensor itself. */

/** @typedef {import("../types.js").Tensor} Tensor */

const LONGEST_MATRIX = 8; // A matrix that is longer than so many times its width becomes one tile for each output.

/**
 * @typedef {object} Picture
 * @property {Tensor} tensor (H, W, C), (H, W) or (F,)
 * @property {(index: number[]) => number} placeOf a cell's place in the flat array of the tensor
 * @property {(place: number) => number[]} cellOf the reverse
 */

/**
 * @param {Tensor} tensor of any shape
 * @param {number[] | null} [inputs] (H, W, C) of the image whose pixels are the inputs of a matrix (F, O)
 * @returns {Picture}
 */
export function pictureOf(tensor, inputs = null) {
  const shape = tensor.shape;
  if (shape.length === 4) return reshaped(tensor, [shape[0], shape[1], shape[2] * shape[3]]);
  if (shape.length !== 2) return reshaped(tensor, shape);
  const [rows, columns] = shape;
  if (inputs) return reshaped(tensor, [inputs[0], inputs[1], inputs[2] * columns]);
  if (Math.max(rows / columns, columns / rows) > LONGEST_MATRIX)
    return reshaped(tensor, [...nearSquare(rows), columns]);
  return rows > columns ? transposed(tensor) : reshaped(tensor, shape);
}

/**
 * @param {Tensor} tensor
 * @param {number[]} shape
 * @returns {Picture}
 */
function reshaped(tensor, shape) {
  return {
    tensor: { shape, data: tensor.data },
    placeOf: (index) => raveled(index, shape),
    cellOf: (place) => unraveled(place, shape),
  };
}

/**
 * @param {Tensor} tensor (F, O)
 * @returns {Picture}
 */
function transposed(tensor) {
  const [rows, columns] = tensor.shape;
  const data = tensor.data.map((_, i) => tensor.data[(i % rows) * columns + Math.floor(i / rows)]);
  return {
    tensor: { shape: [columns, rows], data },
    placeOf: ([column, row]) => row * columns + column,
    cellOf: (place) => [place % columns, Math.floor(place / columns)],
  };
}

/**
 * Two whole numbers whose product is `count`, as near to each other as they can be.
 *
 * @param {number} count
 */
function nearSquare(count) {
  let rows = Math.floor(Math.sqrt(count));
  while (count % rows) rows--;
  return [rows, count / rows];
}

/**
 * @param {number[]} index
 * @param {number[]} shape
 */
function raveled(index, shape) {
  return index.reduce((place, each, axis) => place * shape[axis] + each, 0);
}

/**
 * @param {number} place
 * @param {number[]} shape
 * @returns {number[]}
 */
export function unraveled(place, shape) {
  const index = shape.map(() => 0);
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
