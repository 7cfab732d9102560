// Normalisation: any ink becomes 28×28 as MNIST has it.
//
// The ink's box is padded to a square, so that nothing is stretched, and brought to 20×20, each pixel the mean of the
// area that it covers. It is placed so that its centre of mass is the centre of 28×28. Strokes thinner than MNIST's are
// drawn anew (LeCun et al., "Gradient-based learning applied to document recognition", 1998, III-A).

import { rint } from "./numbers.js";
import { cut, emptyPlane } from "./raster.js";
import { BICUBIC, resized } from "./resize.js";
import { strokeWidth, thickened } from "./thin.js";

/** @typedef {import("./raster.js").Plane} Plane */

export const SIDE = 28; // pixels of a normalised digit, in each direction
const BOX_SIDE = 20; // pixels; the longer side of every digit.
const SUBPIXELS = 4; // Strokes are measured and drawn in a grid so many times as fine as the pixels.
const CENTRE = 14; // The row and column of pixels that the centre of mass falls on.
const THINNEST_STROKE = 1.4; // pixels; thinner strokes are drawn anew.
const DRAWN_STROKE = 2.2; // pixels; strokes that are drawn anew are so wide.

/**
 * Bring ink to 28×28 as MNIST would show it.
 * @param {ArrayLike<number>} ink its depth, (height, width): 0 on the ground, on any scale above it
 * @param {number} height @param {number} width
 * @returns {Uint8Array} (28, 28), its strongest ink 255; all zeros where there is no ink
 */
export function normalize(ink, height, width) {
  const image = new Uint8Array(SIDE * SIDE);
  const plane = { height, width, data: ink instanceof Float32Array ? ink : new Float32Array(ink) };
  if (plane.data.every((depth) => depth === 0)) return image;
  const small = boxed(plane);
  const scale = Math.fround(255 / greatest(small));
  const levels = Uint8Array.from(small.data, (depth) => rint(Math.fround(depth * scale)));
  const { top, left } = corner(levels);
  for (let row = 0; row < BOX_SIDE; row++) {
    image.set(levels.subarray(row * BOX_SIDE, (row + 1) * BOX_SIDE), (top + row) * SIDE + left);
  }
  return image;
}

/** @param {Plane} ink @returns {Plane} the ink's box in 20×20, its strokes at least as wide as MNIST's */
function boxed(ink) {
  const cells = SUBPIXELS * BOX_SIDE;
  const fine = fitted(ink, cells);
  if (strokeWidth(fine) >= SUBPIXELS * THINNEST_STROKE) return coarse(fine);
  return coarse(fitted(thickened(fine, SUBPIXELS * DRAWN_STROKE), cells));
}

/** @param {Plane} fine @returns {Plane} the mean of each 4×4 cells, (20, 20) */
function coarse(fine) {
  const small = emptyPlane(BOX_SIDE, BOX_SIDE);
  const place = (/** @type {number} */ cell) => Math.floor(cell / SUBPIXELS);
  for (let row = 0; row < fine.height; row++) {
    for (let column = 0; column < fine.width; column += SUBPIXELS) {
      const start = row * fine.width + column;
      let sum = 0;
      for (let at = start; at < start + SUBPIXELS; at++) sum = Math.fround(sum + fine.data[at]);
      small.data[place(row) * BOX_SIDE + place(column)] += sum;
    }
  }
  for (let at = 0; at < small.data.length; at++) small.data[at] /= SUBPIXELS ** 2;
  return small;
}

/**
 * The ink's box in a square of cells × cells, as near to its middle as whole pixels allow, at most 1.
 * @param {Plane} ink @param {number} cells
 * @returns {Plane}
 */
function fitted(ink, cells) {
  let box = cut(ink, boxOf(ink));
  const longer = Math.max(box.height, box.width);
  if (longer < BOX_SIDE) {
    const times = Math.ceil(cells / longer);
    box = resized(box, box.height * times, box.width * times, BICUBIC);
    box.data.forEach((depth, at) => (box.data[at] = Math.max(0, depth)));
  }
  const most = greatest(box);
  for (let at = 0; at < box.data.length; at++) box.data[at] /= most;
  const scale = cells / Math.max(box.height, box.width);
  return gatheredAcross(gatheredDown(box, scale, cells), scale, cells);
}

/** @param {Plane} ink @returns {import("./raster.js").Box} the rows and columns that hold it */
function boxOf(ink) {
  const box = { top: ink.height, bottom: 0, left: ink.width, right: 0 };
  for (let row = 0, at = 0; row < ink.height; row++) {
    for (let column = 0; column < ink.width; column++, at++) {
      if (!ink.data[at]) continue;
      if (row < box.top) box.top = row;
      box.bottom = row + 1;
      if (column < box.left) box.left = column;
      if (column >= box.right) box.right = column + 1;
    }
  }
  return box;
}

/** @param {Plane} plane @param {number} scale @param {number} cells @returns {Plane} its rows in cells */
function gatheredDown(plane, scale, cells) {
  const { width, data } = plane;
  const found = emptyPlane(cells, width);
  for (const { pixel, cell, share } of shares(plane.height, scale, cells)) {
    const [from, to] = [pixel * width, cell * width];
    for (let column = 0; column < width; column++) found.data[to + column] += share * data[from + column];
  }
  return found;
}

/** @param {Plane} plane @param {number} scale @param {number} cells @returns {Plane} its columns in cells */
function gatheredAcross(plane, scale, cells) {
  const { height, width, data } = plane;
  const found = emptyPlane(height, cells);
  for (const { pixel, cell, share } of shares(width, scale, cells)) {
    for (let row = 0; row < height; row++) found.data[row * cells + cell] += share * data[row * width + pixel];
  }
  return found;
}

/**
 * The share of each cell that each of `side` pixels covers, a pixel being `scale` cells long.
 * @param {number} side @param {number} scale @param {number} cells
 */
function shares(side, scale, cells) {
  const rough = cells / BOX_SIDE; // cells per pixel of 20×20
  const margin = Math.trunc((cells - side * scale) / 2 / rough + 1e-6) * rough;
  const found = [];
  for (let pixel = 0; pixel < side; pixel++) {
    const [start, end] = [margin + scale * pixel, margin + scale * (pixel + 1)];
    for (let cell = Math.floor(start); cell < Math.min(end, cells); cell++) {
      const share = Math.fround(Math.min(end, cell + 1) - Math.max(start, cell));
      if (share > 0) found.push({ pixel, cell, share });
    }
  }
  return found;
}

/** @param {Uint8Array} levels (20, 20) @returns where in 28×28 its centre of mass is the centre, as far as it fits */
function corner(levels) {
  let [total, rows, columns] = [0, 0, 0];
  levels.forEach((level, at) => {
    total += level;
    rows += level * Math.floor(at / BOX_SIDE);
    columns += level * (at % BOX_SIDE);
  });
  const [top, left] = [rows, columns].map((sum) => {
    return Math.min(Math.max(Math.floor(CENTRE - sum / total + 0.5), 0), SIDE - BOX_SIDE);
  });
  return { top, left };
}

/** @param {Plane} plane */
function greatest(plane) {
  let most = 0;
  for (let at = 0; at < plane.data.length; at++) if (plane.data[at] > most) most = plane.data[at];
  return most;
}
