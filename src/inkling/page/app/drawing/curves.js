/** Lines of the pen through points that are given by hand. */

/** @typedef {[number, number]} Point */

const PARTS = 6; // A curve has so many straight pieces between two of its points.

/**
 * A smooth curve through points, by Catmull and Rom (1974): the tangent at a point is parallel to the line between its
 * neighbours.
 *
 * @param {...Point} points
 * @returns {Point[]}
 */
export function curve(...points) {
  const at = (/** @type {number} */ i) => points[Math.min(Math.max(i, 0), points.length - 1)];
  /** @type {Point[]} */
  const smooth = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let part = 1; part <= PARTS; part++) {
      const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
      smooth.push([between(a[0], b[0], c[0], d[0], part / PARTS), between(a[1], b[1], c[1], d[1], part / PARTS)]);
    }
  }
  return smooth;
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 * @param {number} t from 0 at b to 1 at c
 */
function between(a, b, c, d, t) {
  const [linear, square, cube] = [c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d];
  return b + (t * (linear + t * (square + t * cube))) / 2;
}

/**
 * Straight lines from point to point.
 *
 * @param {...Point} points
 * @returns {Point[]}
 */
export function lines(...points) {
  return points;
}

/**
 * Parts one behind the other, without lifting the pen.
 *
 * @param {...Point[]} parts
 * @returns {Point[]}
 */
export function joined(...parts) {
  return parts.flat();
}
