// Tight crops: small pictures whose digit reaches their border, as collections of 8×8 or 16×16 pixels have them.
//
// Where hardly any ground is left around a digit, its level does not show, and ink at the border would be taken for the
// remains of a neighbour. The ground of such a picture has one level, so a frame of this level is added.

import { borderOf, padded } from "./raster.js";

const LONGEST_SIDE = 32; // pixels; larger pictures may have remains of frames and neighbours.
const GROUND_SHARE = 0.15; // The ground, the lowest or highest level, is on at least this share of the border.
const FRAME = 0.25; // The width of the frame is this share of the longer side, and one pixel.

/**
 * @param {import("./raster.js").Plane} levels
 * @returns {{levels: import("./raster.js").Plane, margin: number}} with a frame of ground, and its width in pixels; 0
 *     where none is needed
 */
export function padTightCrop(levels) {
  const longest = Math.max(levels.height, levels.width);
  if (longest > LONGEST_SIDE) return { levels, margin: 0 };
  const border = borderOf(levels);
  const [low, high] = [Math.min(...levels.data), Math.max(...levels.data)];
  const [ofLow, ofHigh] = [low, high].map((level) => border.filter((each) => each === level).length / border.length);
  const share = Math.max(ofLow, ofHigh);
  if (share < GROUND_SHARE || share >= 1) return { levels, margin: 0 };
  const margin = 1 + Math.floor(FRAME * longest);
  return { levels: padded(levels, margin, ofLow > ofHigh ? low : high), margin };
}
