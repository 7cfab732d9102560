// The lines of one piece of ink that may be a frame, and what kind of frame they make.

import { connected } from "./connected.js";
import { slopesTried } from "./hough.js";
import { addToLines, uprightRuns } from "./line_counts.js";
import { flipped, labelledAs, maxFilter, placesOf, runHeights, transposed, union, without } from "./masks.js";
import { median, rint } from "./numbers.js";
import { emptyMask } from "./raster.js";

/** @typedef {import("./raster.js").Mask} Mask */
/** @typedef {import("./frames.js").Kind} Kind */

export const SMALLEST_SIDE = 16; // pixels; a smaller piece is no frame.
const STRAIGHT_SHARE = 0.85; // A side is straight where this share of it lies on a straight line, within the tolerance.
const TOLERANCE = 0.03; // Of the piece's shorter side, and at least LEAST_TOLERANCE.
const LEAST_TOLERANCE = 1.5; // pixels
const STEEPEST_SLOPE = 0.15; // Rows per column.
const COVERED = 0.8; // A line has ink in at least this share of the piece's columns, in two neighbouring rows.
const HALF_COVERED = 0.5; // The rows of pixels of a line have ink in at least this share of the columns.
const THICKEST = 0.12; // Of the piece's shorter side, and at least LEAST_THICK: thicker bars are no lines.
const LEAST_THICK = 4; // pixels
const STROKE_HEIGHT = 1.8; // Line thicknesses, and a pixel: higher ink on a line is a stroke that crosses it.
const LINE_ASPECT = 2.5; // A piece that is so many times as wide as high may be digits on a line.

/** @param {Mask} own a piece of ink in its box @returns {boolean} whether its upper and its lower side are straight */
export function isLine(own) {
  return isStraight(own) && isStraight(flipped(own));
}

/**
 * The kind of frame that a piece of ink is or holds, and the pixels of its lines; null if it is none.
 * @param {Mask} own
 * @returns {{kind: Kind, pixels: Mask} | null}
 */
export function frameLines(own) {
  const turned = transposed(own);
  const levelSides = [own, flipped(own)].filter(isStraight).length;
  const uprightSides = [turned, flipped(turned)].filter(isStraight).length;
  const onLine = own.width >= LINE_ASPECT * own.height;
  if (levelSides + uprightSides < 3 && !(levelSides && onLine)) return null;
  const level = parallelLines(own);
  const upright = parallelLines(turned);
  const kind = kindOf(level.count, upright.count);
  if (kind) return { kind, pixels: withRemains(own, union(level.found, transposed(upright.found))) };
  return level.count && onLine ? { kind: "line", pixels: withRemains(own, level.found) } : null;
}

/** @param {number} level @param {number} upright @returns {Kind | null} what so many lines are */
function kindOf(level, upright) {
  if (!level || upright < 2) return null;
  if (Math.min(level, upright) > 2) return "grid";
  if (level === 1) return "comb";
  return upright === 2 ? "frame" : "boxes";
}

/**
 * The pixels of a piece of ink that belong to lines from its left to its right end, and their number.
 *
 * All lines have one slope, with which they are in the fewest rows of pixels.
 * @param {Mask} own
 * @returns {{found: Mask, count: number}}
 */
function parallelLines(own) {
  const { pixels, places, straight } = straightened(own);
  const shares = sharesOfRows(straight);
  const half = shares.map(({ alone }) => alone >= HALF_COVERED);
  const heights = runHeights(straight);
  const lines = emptyMask(straight.height, straight.width);
  const thickest = Math.max(LEAST_THICK, THICKEST * Math.min(own.height, own.width));
  let count = 0;
  for (const { first, last } of runsOf(half)) {
    const thickness = last - first;
    const isCovered = shares.slice(Math.max(0, first - 1), last).some(({ withNext }) => withNext >= COVERED);
    if (thickness > thickest || !isCovered) continue;
    const end = Math.min(straight.height, last + thickness) * straight.width;
    for (let at = Math.max(0, first - thickness) * straight.width; at < end; at++) {
      if (straight.data[at] && heights[at] <= STROKE_HEIGHT * thickness + 1) lines.data[at] = 1;
    }
    count++;
  }
  const found = emptyMask(own.height, own.width);
  pixels.forEach((at, number) => {
    found.data[at] = lines.data[places[number] * own.width + (at % own.width)];
  });
  return { found, count };
}

/** Each column moved up or down, so that the lines of a piece are level.
 * @param {Mask} own */
function straightened(own) {
  const { width } = own;
  const slope = slopeOfFewestRows(own);
  const pixels = placesOf(own.data);
  const along = pixels.map((at) => rint(Math.floor(at / width) - slope * (at % width)));
  const lowest = along.reduce((least, place) => Math.min(least, place), Infinity);
  const places = along.map((place) => place - lowest);
  const straight = emptyMask(places.reduce((most, place) => Math.max(most, place), 0) + 2, width);
  for (let at = 0; at < places.length; at++) straight.data[places[at] * width + (pixels[at] % width)] = 1;
  return { pixels, places, straight };
}

/** @param {Mask} own @returns {number} the slope along which the piece is in the fewest rows */
function slopeOfFewestRows(own) {
  const { height, width, data } = own;
  const runs = uprightRuns(data, width);
  const room = Math.ceil(STEEPEST_SLOPE * width) + 1;
  const fall = new Float64Array(width);
  let [best, most] = [0, -1];
  for (const slope of slopesTried()) {
    for (let column = 0; column < width; column++) fall[column] = slope * column;
    const counts = new Int32Array(height + 2 * room);
    addToLines(counts, runs, fall, room, 1);
    let squares = 0;
    for (let at = 0; at < counts.length; at++) squares += counts[at] ** 2;
    if (squares > most) [best, most] = [slope, squares];
  }
  return best;
}

/** @param {Mask} mask @returns {{alone: number, withNext: number}[]} inked shares of each row, and with the next */
function sharesOfRows(mask) {
  const { height, width, data } = mask;
  return Array.from({ length: height }, (_, row) => {
    let [alone, both] = [0, 0];
    for (let at = row * width; at < (row + 1) * width; at++) {
      alone += data[at];
      both += data[at] | (data[at + width] ?? 0);
    }
    return { alone: alone / width, withNext: row < height - 1 ? both / width : 0 };
  });
}

/** @param {boolean[]} mask @returns {{first: number, last: number}[]} first place of each run, and place behind it */
function runsOf(mask) {
  const runs = [];
  for (let first = 0; first < mask.length; first++) {
    if (!mask[first]) continue;
    let last = first;
    while (mask[last]) last++;
    runs.push({ first, last });
    first = last;
  }
  return runs;
}

/** @param {Mask} own @param {Mask} lines @returns {Mask} the lines with what is left of the piece only beside them */
function withRemains(own, lines) {
  const rest = connected(without(own, lines), 8);
  const near = maxFilter(lines, LEAST_THICK);
  const apart = new Uint8Array(rest.areas.length + 1);
  rest.labels.forEach((label, at) => near.data[at] || (apart[label] = 1));
  apart[0] = 0;
  return without(own, labelledAs(rest, apart));
}

/** @param {Mask} piece @returns {boolean} whether its upper side is a straight and nearly level line */
function isStraight(piece) {
  const { height, width, data } = piece;
  const first = Int32Array.from({ length: width }, (_, column) => {
    for (let row = 0; row < height; row++) if (data[row * width + column]) return row;
    return 0;
  });
  const third = Math.max(1, Math.floor(width / 3));
  const [left, right] = [median(first.slice(0, third)), median(first.slice(width - third))];
  const slope = (right - left) / Math.max(1, width - third);
  const tolerance = Math.max(LEAST_TOLERANCE, TOLERANCE * Math.min(height, width));
  const onLine = first.filter((row, column) => {
    return Math.abs(row - (left + slope * (column - (third - 1) / 2))) <= tolerance;
  });
  return Math.abs(slope) <= STEEPEST_SLOPE && onLine.length / width >= STRAIGHT_SHARE;
}
