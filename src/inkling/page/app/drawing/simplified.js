/** A stroke of fewer points: it is shorter to write down, and looks alike. */

import { SIDE } from "../types.js";

/**
 * Strokes whose points lie on whole units and are no nearer to each other than needed: shorter to write down.
 *
 * @param {number[]} stroke
 * @returns {number[]}
 */
export function simplified(stroke) {
  /** @type {number[]} */
  const points = [];
  for (let i = 0; i < stroke.length; i += 2) {
    const [x, y] = [stroke[i], stroke[i + 1]].map((each) => Math.min(Math.max(Math.round(each), 0), SIDE - 1));
    const last = points.length - 2;
    const far = last < 0 || Math.hypot(x - points[last], y - points[last + 1]) >= 3 || i + 2 >= stroke.length;
    if (far && (last < 0 || x !== points[last] || y !== points[last + 1])) points.push(x, y);
  }
  return points;
}
