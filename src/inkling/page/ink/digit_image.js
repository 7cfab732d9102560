// From a picture in a browser to the 28×28 that a network is shown: its ink cut out with soft edges, and normalised;
// and what is odd about it.

import { inkOf, softInk } from "./components.js";
import { InkError } from "./error.js";
import { labelledAs } from "./masks.js";
import { normalize, SIDE } from "./normalization.js";
import { cut } from "./raster.js";
import { withScratch } from "./scratch.js";
import { padTightCrop } from "./tight.js";
import { warningsOf } from "./warnings.js";

/**
 * @typedef {import("./raster.js").Plane} Plane
 * @typedef {import("./raster.js").Box} Box
 * @typedef {import("./components.js").Ink} Ink
 * @typedef {ArrayLike<number>} Levels grey levels from 0 to 255, (height, width), row after row
 */

const MARGIN = 0.1; // Of the ink's height: this much is cut out around the ink, for its soft edges.

/**
 * All ink of a picture as one digit, the same as `inkling.ink.digit_image` makes of it.
 * @param {Levels} levels @param {number} height @param {number} width
 * @returns {Uint8Array} (28, 28), zeros if there is no ink
 * @throws {InkError} if it is not one level per pixel
 */
export function digitImage(levels, height, width) {
  return normalized(levels, height, width, () => []).image;
}

/**
 * All ink of a picture as one digit, and what is odd about it.
 * @param {Levels} levels @param {number} height @param {number} width
 * @returns {{image: Uint8Array, warnings: string[]}} as `digitImage` and `warningsOf` give them
 * @throws {InkError} if it is not one level per pixel
 */
export function digitAndWarnings(levels, height, width) {
  return normalized(levels, height, width, warningsOf);
}

/**
 * @param {Levels} levels @param {number} height @param {number} width
 * @param {typeof warningsOf} warn
 * @returns {{image: Uint8Array, warnings: string[]}}
 */
function normalized(levels, height, width, warn) {
  const plane = planeOf(levels, height, width);
  return withScratch(() => {
    const { levels: roomy, margin } = padTightCrop(plane);
    const ink = inkOf(roomy);
    const box = ink.components.length ? boxOfAll(ink.components) : null;
    const soft = box && softPart(ink);
    const image = soft ? normalize(soft.data, soft.height, soft.width) : new Uint8Array(SIDE * SIDE);
    return { image, warnings: warn(ink, box, margin) };
  });
}

/**
 * What is written in a picture.
 * @param {Levels} levels @param {number} height @param {number} width
 * @returns {Ink}
 * @throws {InkError} if it is not one level per pixel
 */
export function findInk(levels, height, width) {
  return inkOf(planeOf(levels, height, width));
}

/**
 * Where the ink of a picture is, in pixels; null if there is none.
 * @param {Levels} levels @param {number} height @param {number} width
 * @returns {{x: number, y: number, width: number, height: number} | null}
 * @throws {InkError} if it is not one level per pixel
 */
export function box(levels, height, width) {
  const { levels: roomy, margin } = padTightCrop(planeOf(levels, height, width));
  const { components } = inkOf(roomy);
  if (!components.length) return null;
  const { top, bottom, left, right } = boxOfAll(components);
  return { x: left - margin, y: top - margin, width: right - left, height: bottom - top };
}

/** @param {Ink} ink @returns {Plane} the ink of all components with its soft edges */
function softPart(ink) {
  const { top, bottom, left, right } = boxOfAll(ink.components);
  const margin = 1 + Math.floor(MARGIN * (bottom - top));
  const { height, width } = ink;
  const around = {
    top: Math.max(0, top - margin),
    bottom: Math.min(height, bottom + margin),
    left: Math.max(0, left - margin),
    right: Math.min(width, right + margin),
  };
  const wanted = new Uint8Array(ink.pieces + 1);
  for (const { label } of ink.components) wanted[label] = 1;
  const { data: labels, ...size } = cut({ height, width, data: ink.labels }, around);
  const other = wanted.map((isWanted, label) => (label && !isWanted ? 1 : 0));
  const [own, foreign] = [wanted, other].map((table) => labelledAs({ ...size, labels }, table));
  return softInk(cut({ height, width, data: ink.depth }, around), own, foreign, ink.noise);
}

/** @param {import("./components.js").Component[]} components @returns {Box} the rows and columns that hold all */
function boxOfAll(components) {
  const boxes = components.map((each) => each.box);
  return {
    top: Math.min(...boxes.map((each) => each.top)),
    bottom: Math.max(...boxes.map((each) => each.bottom)),
    left: Math.min(...boxes.map((each) => each.left)),
    right: Math.max(...boxes.map((each) => each.right)),
  };
}

/** @param {Levels} levels @param {number} height @param {number} width @returns {Plane} */
function planeOf(levels, height, width) {
  if (!(height > 0 && width > 0) || levels.length !== height * width) {
    throw new InkError(
      `a picture has height × width levels, one or more; ${height} × ${width} came with ${levels.length}; ` +
        "give one grey level per pixel",
    );
  }
  return { height, width, data: levels instanceof Float32Array ? levels : new Float32Array(levels) };
}
