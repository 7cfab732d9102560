// Frames: the boxes, combs and grids that digits are written into, and lines under them, inside of a picture.
//
// What goes from border to border of the picture is a ruled line (ruled_lines.js). A frame does not: it is a connected
// piece of ink whose sides are straight, and whose lines go from one end of the piece to the other.

import { encloses } from "./enclosed.js";
import { frameLines, isLine, SMALLEST_SIDE } from "./frame_lines.js";
import { cut, emptyMask, sizeOf } from "./raster.js";

/**
 * @typedef {import("./raster.js").Mask} Mask
 * @typedef {import("./raster.js").Box} Box
 * @typedef {import("./connected.js").Connected} Connected
 * @typedef {"frame" | "boxes" | "comb" | "grid" | "line" | "ring"} Kind boxes are joined; a comb is open above or
 *     below; a ring is a closed curve of another form
 * @typedef {{kind: Kind, box: Box}} Frame
 */

const MOST_PIECES = 500; // More pieces are a page of text, in which no frames are looked for.
const MAX_FILL = 0.45; // Of its box: a piece with more ink is no frame.
const LINE_SLIMNESS = 12; // A line alone is at least so many times as wide as thick.
const LINE_WIDTH = 1.5; // A line alone is at least so wide, in heights of the highest other piece.

/**
 * The pixels of all frames, and the frames.
 *
 * Pieces at the picture's border are left alone: remains of what lies beside it may be straight. So are all pieces
 * where very many might be frames.
 * @param {Connected} found
 * @returns {{pixels: Mask, frames: Frame[]}}
 */
export function framesIn(found) {
  const { height, width, areas, boxes } = found;
  const pixels = emptyMask(height, width);
  /** @type {Frame[]} */ const frames = [];
  const lines = areLines(found);
  const places = boxes.map((_, place) => place).filter((place) => {
    return isInside(boxes[place], height, width) && (isHollow(areas[place], boxes[place]) || lines[place]);
  });
  for (const place of places.length <= MOST_PIECES ? places : []) {
    const box = boxes[place];
    const labels = cut({ ...found, data: found.labels }, box);
    const own = maskOf(labels, place + 1);
    const hollow = isHollow(areas[place], box);
    let lines = hollow ? frameLines(own) : isLine(own) ? { kind: /** @type {Kind} */ ("line"), pixels: own } : null;
    if (!lines && encloses(own, maskOf(labels), boxes, place)) {
      lines = { kind: "ring", pixels: own };
    }
    if (!lines) continue;
    const { data } = lines.pixels;
    data.forEach((pixel, at) => {
      if (pixel) pixels.data[(box.top + Math.floor(at / own.width)) * width + box.left + (at % own.width)] = 1;
    });
    frames.push({ kind: lines.kind, box });
  }
  return { pixels, frames };
}

/** @param {Box} box @param {number} height @param {number} width */
function isInside(box, height, width) {
  return box.top > 0 && box.left > 0 && box.bottom < height && box.right < width;
}

/** @param {number} area @param {Box} box */
function isHollow(area, box) {
  const [height, width] = sizeOf(box);
  return area <= MAX_FILL * height * width && Math.min(height, width) >= SMALLEST_SIDE;
}

/** @param {Connected} found @returns {boolean[]} which may be level lines: slim, far wider than others are high */
function areLines(found) {
  const heights = found.boxes.map((box) => sizeOf(box)[0]);
  if (heights.length < 2) return heights.map(() => false);
  const [first, second] = heights.slice().sort((a, b) => b - a);
  return found.boxes.map((box, place) => {
    const [height, width] = sizeOf(box);
    const others = height === first ? second : first;
    const isSlim = found.areas[place] <= width ** 2 / LINE_SLIMNESS && height < SMALLEST_SIDE;
    return isSlim && width >= LINE_WIDTH * others;
  });
}

/** @param {{height: number, width: number, data: Int32Array}} labels @param {number} [wanted] all of them if not given
 * @returns {Mask} */
function maskOf({ height, width, data }, wanted) {
  const mask = emptyMask(height, width);
  for (let at = 0; at < data.length; at++) if (data[at] && data[at] === (wanted ?? data[at])) mask.data[at] = 1;
  return mask;
}
