// Components: the connected pieces of ink in a picture, without ruled lines, frames and specks.

import { connected } from "./connected.js";
import { flooded } from "./flooded.js";
import { framesIn } from "./frames.js";
import { inkDepth } from "./ground.js";
import { above, any, dilated, placesOf, union, without } from "./masks.js";
import { ordered, quantile } from "./numbers.js";
import { emptyPlane, inkedBox } from "./raster.js";
import { ruledLinesIn } from "./ruled_lines.js";
import { zeros } from "./scratch.js";
import { inkThreshold } from "./threshold.js";

/**
 * @typedef {import("./raster.js").Mask} Mask
 * @typedef {import("./raster.js").Plane} Plane
 * @typedef {import("./raster.js").Box} Box
 * @typedef {import("./connected.js").Connected} Connected
 * @typedef {{label: number, box: Box, area: number, depth: number}} Component
 * @typedef {object} Ink what is written in a picture
 * @property {number} height
 * @property {number} width
 * @property {Float32Array} depth 0 to 1: how far each pixel stands out from the ground
 * @property {Int32Array} labels of the piece that a pixel belongs to, 0 for none
 * @property {number} pieces the greatest label
 * @property {Component[]} components those pieces that are ink; the others are remains of frames and neighbours, specks
 *     and faint ink
 * @property {number} noise standard deviation of the ground, in depth; 0 in a drawing
 * @property {boolean} dark dark ink on a bright ground
 * @property {import("./frames.js").Frame[]} frames what digits were written into or on; it was taken off
 */

const BORDER_STRIP = 0.14; // Of the shorter side: ink at the border that hardly leaves this strip is a neighbour's.
const BORDER_SHARE = 0.8; // A component hardly leaves the strip when more than this share of its pixels lies in it.
const SPECK_AREA = 0.02; // Of the largest component's area: smaller components are specks.
const FAINT_DEPTH = 0.45; // Of the mean depth of components: fainter ones were rubbed out.
const SOFT_EDGE_DEPTH = 0.25; // Of the stroke's depth: fainter pixels do not belong to its edge, one pixel wide.
const FLAT_SOFT_EDGE_DEPTH = 0.08; // The same on a flat ground, where the soft edge may have any width.
const STROKE_QUANTILE = 0.9; // The depth of a stroke is this quantile of the depths of its pixels.
export const MAX_COMPONENTS = 500; // More components in a picture are a page of text, or no writing at all.

/**
 * The ink of a picture; without components where nothing is drawn.
 * @param {Plane} levels from 0 to 255
 * @returns {Ink}
 */
export function inkOf(levels) {
  const { depth, noise, dark } = inkDepth(levels);
  const { height, width } = depth;
  let mask = above(depth, inkThreshold(depthsOfRows(depth), noise, depth.data.length));
  let found = connected(mask, 8);
  let { pixels, frames } = framesIn(found);
  const lines = ruledLinesIn(frames.length ? without(mask, pixels) : mask);
  if (any(lines)) {
    // Ruled lines may be the deepest ink, so the threshold is looked for again without them.
    mask = without(deeperOutside(depth, dilated(frames.length ? union(lines, pixels) : lines, 2), noise), lines);
    mask = without(mask, ruledLinesIn(mask));
    found = connected(mask, 8);
    ({ pixels, frames } = framesIn(found));
  }
  if (frames.length) {
    const near = dilated(pixels, 2); // Frames, too, may be the deepest ink.
    found = connected(union(without(mask, pixels), without(deeperOutside(depth, near, noise), near)), 8);
  }
  const components = componentsOf(found, depth);
  const { labels, areas } = found;
  return { height, width, depth: depth.data, labels, pieces: areas.length, components, noise, dark, frames };
}

/** @param {Plane} depth @returns {Float32Array} those of the rows with ink */
function depthsOfRows(depth) {
  const { top, bottom } = inkedBox(depth);
  return depth.data.subarray(top * depth.width, bottom * depth.width);
}

/**
 * The ink by the threshold of pixels that are not excluded.
 * @param {Plane} depth @param {Mask} excluded @param {number} noise
 * @returns {Mask}
 */
function deeperOutside(depth, excluded, noise) {
  const rest = zeros(Float32Array, depth.data.length);
  let count = 0;
  for (let at = 0; at < rest.length; at++) if (!excluded.data[at]) rest[count++] = depth.data[at];
  return above(depth, count ? inkThreshold(rest.subarray(0, count), noise) : Infinity);
}

/**
 * The ink of some pixels with its soft edges, at most as deep as the stroke.
 * @param {Plane} depth
 * @param {Mask} own the pixels of the ink that is wanted
 * @param {Mask} foreign the pixels of other ink near it, which is left out
 * @param {number} noise of the ground
 * @returns {Plane}
 */
export function softInk(depth, own, foreign, noise) {
  const { height, width, data } = depth;
  const stroke = noise
    ? quantile(ordered(depthsAt(depth, placesOf(own.data))), STROKE_QUANTILE)
    : deepest(depth, own);
  const soft = above(depth, Math.fround((noise ? SOFT_EDGE_DEPTH : FLAT_SOFT_EDGE_DEPTH) * stroke));
  const kept = softPart(dilated(own), without(soft, foreign), noise);
  const ink = emptyPlane(height, width);
  for (let at = 0; at < data.length; at++) if (kept.data[at]) ink.data[at] = Math.min(data[at], Math.fround(stroke));
  return ink;
}

/** @param {Plane} depth @param {Mask} own @returns {number} the greatest depth of its pixels */
function deepest(depth, own) {
  let most = 0;
  for (let at = 0; at < depth.data.length; at++) if (own.data[at] && depth.data[at] > most) most = depth.data[at];
  return most;
}

/** @param {Mask} near the ink and the pixels beside it @param {Mask} soft @param {number} noise @returns {Mask} */
function softPart(near, soft, noise) {
  return noise ? without(near, without(near, soft)) : flooded(near, soft);
}

/** @param {Plane} depth @param {Int32Array} places @returns {Float32Array} */
function depthsAt(depth, places) {
  const depths = zeros(Float32Array, places.length);
  for (let at = 0; at < places.length; at++) depths[at] = depth.data[places[at]];
  return depths;
}

/** @param {Connected} found @param {Plane} depth @returns {Component[]} those connected pieces that are ink */
function componentsOf(found, depth) {
  const { areas, boxes } = found;
  const places = areas.map((_, place) => place).sort((a, b) => areas[b] - areas[a] || a - b);
  const largest = places.slice(0, MAX_COMPONENTS);
  const least = SPECK_AREA * (areas[places[0]] ?? 0);
  const components = [];
  for (const place of largest.sort((a, b) => a - b)) {
    if (areas[place] < least) continue;
    const pixels = pixelsOf(found, place);
    if (isAtBorder(pixels, boxes[place], found)) continue;
    const stroke = quantile(ordered(depthsAt(depth, pixels)), STROKE_QUANTILE);
    components.push({ label: place + 1, box: boxes[place], area: areas[place], depth: stroke });
  }
  return withoutFaint(components);
}

/** @param {Connected} found @param {number} place @returns {Int32Array} the places of a piece's pixels */
function pixelsOf(found, place) {
  const { top, bottom, left, right } = found.boxes[place];
  const pixels = zeros(Int32Array, found.areas[place]);
  for (let row = top, count = 0; row < bottom; row++) {
    const start = row * found.width;
    for (let at = start + left; at < start + right; at++) if (found.labels[at] === place + 1) pixels[count++] = at;
  }
  return pixels;
}

/** @param {Component[]} components */
function withoutFaint(components) {
  const area = components.reduce((sum, each) => sum + each.area, 0);
  const mean = components.reduce((sum, each) => sum + each.area * each.depth, 0) / area;
  return components.filter((each) => each.depth >= FAINT_DEPTH * mean);
}

/**
 * Whether a component touches the picture's border and hardly leaves the strip along it.
 * @param {Int32Array} pixels @param {Box} box @param {{height: number, width: number}} picture
 */
function isAtBorder(pixels, box, picture) {
  const { height, width } = picture;
  if (box.top > 1 && box.left > 1 && box.bottom < height - 1 && box.right < width - 1) return false;
  const strip = BORDER_STRIP * Math.min(height, width);
  let within = 0;
  for (const at of pixels) {
    const [row, column] = [Math.floor(at / width), at % width];
    if (Math.min(row, height - 1 - row, column, width - 1 - column) < strip) within++;
  }
  return within / pixels.length > BORDER_SHARE;
}
