// The threshold between ground and ink: how deep a pixel is at least that somebody drew.

import { ordered, quantile } from "./numbers.js";

// Depths go from 0, on the ground, to 1; sigmas are standard deviations of the ground's noise.
const INK_SIGMAS = 4; // Ink is deeper than this, unless the deepest ink of the picture is not.
const BLANK_SIGMAS = 4.2; // Where nothing is deeper than this and than BLANK_DEPTH, nothing is written.
const BLANK_DEPTH = 0.08; // The same in depth: on smooth paper, shadows and stains have many sigmas.
const WRITTEN_DEPTH = 0.35; // Where something is as deep as this, it is written; what seems to be noise is a pattern.
const CERTAIN_PIXELS = 20; // This number of pixels is written if they are CERTAIN_SIGMAS deep, also in a large picture.
const CERTAIN_SIGMAS = 8; // Noise is never so deep in as many pixels.
const VISIBLE_DEPTH = 0.006; // Nobody sees ink of less depth, not even on a flat ground.
const LEVELS = 256; // of the histogram

/**
 * The least depth of ink: half of the deepest ink's, or Otsu's threshold where that is less.
 * @param {Float32Array} depth @param {number} noise
 * @param {number} [pixels] how many there are; those that are not in `depth` have none
 * @returns {number} as float32, in which depths are compared; infinite where nothing is drawn
 */
export function inkThreshold(depth, noise, pixels = depth.length) {
  const depths = ordered(depth, pixels);
  let [deepest, deep] = [quantile(depths, 0.998), quantile(depths, 0.995)];
  const certain = depths.length > CERTAIN_PIXELS ? depths[depths.length - CERTAIN_PIXELS] : 0;
  if (certain > CERTAIN_SIGMAS * noise) [deepest, deep] = [Math.max(deepest, certain), Math.max(deep, certain)];
  const blank = noise ? Math.min(Math.max(BLANK_SIGMAS * noise, BLANK_DEPTH), WRITTEN_DEPTH) : VISIBLE_DEPTH;
  if (deepest < blank) return Infinity;
  const aboveNoise = Math.min(Math.max(INK_SIGMAS * noise, VISIBLE_DEPTH), 0.4 * deepest);
  return Math.fround(Math.max(Math.min(otsuThreshold(depths), 0.5 * deep), aboveNoise));
}

/**
 * The threshold with the greatest variance between the depths below and above it.
 *
 * Otsu, "A threshold selection method from gray-level histograms", 1979.
 * @param {Float32Array} depths ordered
 * @returns {number}
 */
function otsuThreshold(depths) {
  const edges = levelsBetween(depths[0], depths[depths.length - 1]);
  const counts = new Float64Array(LEVELS);
  const sums = new Float64Array(LEVELS); // below each upper edge
  for (let level = 0, from = 0, sum = 0; level < LEVELS; level++) {
    const to = level + 1 < LEVELS ? firstFrom(depths, edges[level + 1]) : depths.length;
    sum += (to - from) * (Math.fround(edges[level] + edges[level + 1]) / 2);
    counts[level] = from = to;
    sums[level] = sum;
  }
  let best = 0;
  let greatest = -1;
  for (let level = 0; level < LEVELS; level++) {
    const [below, above] = [counts[level], depths.length - counts[level]];
    const apart = sums[level] / below - (sums[LEVELS - 1] - sums[level]) / above;
    const between = below * above * apart ** 2; // not a number where there is nothing above
    if (between > greatest) [best, greatest] = [level, between];
  }
  return edges[1 + best];
}

/** @param {number} low @param {number} high @returns {Float32Array} the edges of the levels */
function levelsBetween(low, high) {
  const step = Math.fround(Math.fround(high - low) / LEVELS);
  const edges = Float32Array.from({ length: LEVELS + 1 }, (_, place) => Math.fround(place * step) + low);
  edges[LEVELS] = high;
  return edges;
}

/** @param {Float32Array} depths ordered @param {number} depth @returns {number} the first place that is not less */
function firstFrom(depths, depth) {
  let [low, high] = [0, depths.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (depths[middle] < depth) low = middle + 1;
    else high = middle;
  }
  return low;
}
