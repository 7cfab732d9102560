/** The outline of a drawing: the edges between pixels with ink and pixels without. */

const INK = 128; // levels from which on a pixel counts as ink

/**
 * @param {SVGSVGElement} svg gets one path
 * @param {ArrayLike<number>} image levels from 0 to 255
 * @param {number} rows
 * @param {number} columns
 */
export function outlineOf(svg, image, rows, columns) {
  const ink = (/** @type {number} */ row, /** @type {number} */ column) =>
    row >= 0 && row < rows && column >= 0 && column < columns && image[row * columns + column] >= INK;
  const lines = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      if (ink(row, column) !== ink(row - 1, column)) lines.push(`M${column} ${row}h1`);
      if (ink(row, column) !== ink(row, column - 1)) lines.push(`M${column} ${row}v1`);
    }
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", lines.join(""));
  path.setAttribute("vector-effect", "non-scaling-stroke");
  svg.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren(path);
}
