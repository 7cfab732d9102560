// Thin strokes, of fine pens and large canvases, are drawn anew with a broader pen: averaging would let them fade.

import { float32Sum, median } from "./numbers.js";
import { emptyPlane, padded } from "./raster.js";

/** @typedef {import("./raster.js").Plane} Plane */

const PEN_WIDTH = 0.8; // Of the wanted stroke width: blurring makes a stroke wider than its pen by the rest.
const STROKE_DEPTH = 0.3; // Of the deepest ink: the middle depth of a stroke is taken from pixels above it.
const FAINTEST = 0.1; // Of full depth: fainter pixels of the new stroke are left out.

/**
 * The mean width of strokes in pixels: twice their area over the length of their edges.
 *
 * Strokes narrower than two pixels are measured as almost two pixels wide.
 * @param {Plane} ink from 0 to 1
 * @returns {number}
 */
export function strokeWidth(ink) {
  const { height, width, data } = ink;
  const steps = new Float32Array(data.length);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const across = (column < width - 1 ? data[at + 1] : 0) - (column > 0 ? data[at - 1] : 0);
      const down = (row < height - 1 ? data[at + width] : 0) - (row > 0 ? data[at - width] : 0);
      steps[at] = Math.sqrt(Math.fround(across) ** 2 + Math.fround(down) ** 2);
    }
  }
  return (4 * float32Sum(data)) / float32Sum(steps);
}

/**
 * Thin strokes drawn anew, `wanted` pixels wide.
 * @param {Plane} ink @param {number} wanted
 * @returns {Plane} larger than the ink by the pen's reach on all sides
 */
export function thickened(ink, wanted) {
  const reach = Math.floor(wanted) + 1;
  const pen = Float32Array.from({ length: 2 * reach + 1 }, (_, place) =>
    Math.max(0, PEN_WIDTH * wanted - Math.abs(place - reach)),
  );
  const drawn = blurredAcross(blurredDown(padded(ink, 2 * reach, 0), pen), pen);
  const least = Math.fround(STROKE_DEPTH * ink.data.reduce((most, depth) => Math.max(most, depth), 0));
  const inside = ink.data.map((_, at) => {
    const [row, column] = [Math.floor(at / ink.width), at % ink.width];
    return drawn.data[(row + reach) * drawn.width + column + reach];
  });
  const middle = median(inside.filter((_, at) => ink.data[at] > least));
  const faintest = Math.fround(FAINTEST);
  drawn.data.forEach((depth, at) => {
    const part = Math.min(1, Math.fround(depth / middle));
    drawn.data[at] = part > faintest ? part : 0;
  });
  return drawn;
}

/** @param {Plane} plane @param {Float32Array} pen @returns {Plane} the rows whose pen lies inside of the plane */
function blurredDown(plane, pen) {
  const { width } = plane;
  const blurred = emptyPlane(plane.height - pen.length + 1, width);
  for (let at = 0; at < blurred.data.length; at++) {
    let sum = 0;
    for (let place = 0; place < pen.length; place++) {
      sum = Math.fround(sum + Math.fround(pen[place] * plane.data[at + place * width]));
    }
    blurred.data[at] = sum;
  }
  return blurred;
}

/** @param {Plane} plane @param {Float32Array} pen @returns {Plane} the columns whose pen lies inside of the plane */
function blurredAcross(plane, pen) {
  const blurred = emptyPlane(plane.height, plane.width - pen.length + 1);
  for (let row = 0, at = 0; row < blurred.height; row++) {
    for (let column = 0; column < blurred.width; column++, at++) {
      let sum = 0;
      for (let place = 0, from = row * plane.width + column; place < pen.length; place++) {
        sum = Math.fround(sum + Math.fround(pen[place] * plane.data[from + place]));
      }
      blurred.data[at] = sum;
    }
  }
  return blurred;
}
