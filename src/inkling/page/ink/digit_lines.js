// Lines of digits: components that stand side by side, or in lines below each other, are no parts of one digit.

/**
 * @typedef {import("./raster.js").Box} Box
 * @typedef {{box: Box, area: number}} Piece
 */

const MARK_HEIGHT = 0.5; // Of the highest component: lower ones that stand beside it may be a part of a broken digit.
const MAX_COLUMN_OVERLAP = 0.1; // Of the narrower component's width: digits side by side have few columns in common.
const MIN_HEIGHT = 0.4; // Of a digit's height: lower components begin no line, but belong to the nearest one.
const WHOLE_HEIGHT = 0.75; // Of a digit's height: lower ones may be pieces of a digit whose strokes are broken.
const MAX_BEYOND = 0.25; // Of a digit's height: a piece's middle is at most so far from the height of its line.
const LINE_HEIGHT = 1.7; // Of the highest component: what stands in fewer rows, with empty ones around it, is one line.
const MIN_OVERLAP = 0.35; // Components of one line have this share of the lower one's height in common.
const WHOLE_DIGIT_HEIGHT = 0.6; // Of a digit's height: lower components may be a part of a digit, above the rest of it.

/**
 * Whether some components are as high as digits and stand side by side, with ground between them, or in lines.
 * @param {Piece[]} pieces
 */
export function areDigitsApart(pieces) {
  const least = MARK_HEIGHT * Math.max(0, ...pieces.map(({ box }) => heightOf(box)));
  const high = pieces.map(({ box }) => box).filter((box) => heightOf(box) >= least);
  return high.some((one, place) => high.slice(0, place).some((other) => isApart(one, other))) || areSeveral(pieces);
}

/**
 * Whether some components seem to stand in a line below others, rather than crooked in the same line.
 * @param {Piece[]} pieces
 */
function areSeveral(pieces) {
  const least = WHOLE_DIGIT_HEIGHT * digitHeight(pieces);
  const lines = linesOf(pieces.filter(({ box }) => heightOf(box) >= least));
  return lines.some((lower, place) => place > 0 && isBelow(lower, lines[place - 1]));
}

/**
 * The boxes of each line, lines from the top to the bottom.
 *
 * Where empty rows of pixels divide them, and what is between two of them is hardly higher than a digit, it is a line.
 * Elsewhere lines rise or fall. Low boxes, such as commas, then belong to the nearest line.
 * @param {Piece[]} pieces
 * @returns {Box[][]}
 */
function linesOf(pieces) {
  const height = digitHeight(pieces);
  const boxes = pieces.map(({ box }) => box);
  const bands = betweenEmptyRows(boxes.filter((box) => heightOf(box) >= MIN_HEIGHT * height));
  const lines = bands.flatMap((band) => (isHigh(band) ? rising(band, height) : [band]));
  lines.sort((a, b) => meanOf(a) - meanOf(b));
  for (const box of boxes.filter((each) => heightOf(each) < MIN_HEIGHT * height)) {
    const distances = lines.map((line) => distance(box, line));
    lines[distances.indexOf(Math.min(...distances))].push(box);
  }
  return lines.map((line) => line.sort((a, b) => a.left - b.left));
}

/** @param {Box[]} boxes @returns {Box[][]} those between rows of pixels that none of them has, from the top */
function betweenEmptyRows(boxes) {
  /** @type {Box[][]} */ const bands = [];
  let end = -1;
  for (const box of [...boxes].sort((a, b) => a.top - b.top)) {
    if (box.top > end) bands.push([]);
    bands[bands.length - 1].push(box);
    end = Math.max(end, box.bottom);
  }
  return bands;
}

/** @param {Box[]} band @returns {boolean} whether these may be several lines */
function isHigh(band) {
  const height = Math.max(...band.map((box) => box.bottom)) - Math.min(...band.map((box) => box.top));
  return height > LINE_HEIGHT * Math.max(...band.map(heightOf));
}

/**
 * The lines of boxes of which some are beside each other, though perhaps not in the same rows of pixels.
 *
 * Boxes as high as digits are put in lines first. Pieces of broken strokes then belong to the line in whose height they
 * lie; the others are lines of their own, such as smaller writing.
 * @param {Box[]} band @param {number} height of digits
 * @returns {Box[][]}
 */
function rising(band, height) {
  const boxes = [...band].sort((a, b) => a.left - b.left);
  const whole = chained(boxes.filter((box) => heightOf(box) >= WHOLE_HEIGHT * height));
  const lines = whole.map((line) => [...line]);
  /** @type {Box[]} */ const apart = [];
  for (const box of boxes.filter((each) => heightOf(each) < WHOLE_HEIGHT * height)) {
    const own = lineAround(box, whole, MAX_BEYOND * height);
    if (own >= 0) lines[own].push(box);
    else apart.push(box);
  }
  return [...lines, ...chained(apart)];
}

/**
 * Lines of boxes, which are ordered from left to right.
 *
 * A box joins the line whose latest box it stands beside; where there are several such lines, the one that ends
 * farthest to the right.
 * @param {Box[]} boxes
 * @returns {Box[][]}
 */
function chained(boxes) {
  /** @type {Box[][]} */ const lines = [];
  for (const box of boxes) {
    const beside = lines.filter((line) => isBeside(line[line.length - 1], box));
    const ends = beside.map((line) => line[line.length - 1].right);
    if (beside.length) beside[ends.indexOf(Math.max(...ends))].push(box);
    else lines.push([box]);
  }
  return lines;
}

/**
 * The number of the line in whose height a box has its middle, or at most so many pixels above or below it; -1 for
 * none.
 *
 * The height of a line there is that of its nearest boxes to the left and to the right.
 * @param {Box} box @param {Box[][]} lines @param {number} tolerance
 */
function lineAround(box, lines, tolerance) {
  const found = { line: -1, beyond: Infinity, off: Infinity };
  lines.forEach((boxes, line) => {
    const near = nearest(box, boxes);
    const top = Math.min(...near.map((each) => each.top));
    const bottom = Math.max(...near.map((each) => each.bottom));
    const beyond = Math.max(top - middleOf(box), middleOf(box) - bottom, 0);
    const off = Math.abs(middleOf(box) - (top + bottom) / 2);
    const isNearer = beyond < found.beyond || (beyond === found.beyond && off < found.off);
    if (beyond <= tolerance && isNearer) Object.assign(found, { line, beyond, off });
  });
  return found.line;
}

/** @param {Box} box @param {Box[]} line @returns {Box[]} the nearest ones of a line, at most one on each side */
function nearest(box, line) {
  const place = box.left + box.right;
  const left = line.filter((each) => each.left + each.right <= place);
  const right = line.filter((each) => each.left + each.right > place);
  return [...left.slice(-1), ...right.slice(0, 1)];
}

/** @param {Piece[]} pieces @returns {number} the height of digits: half of the ink is in components at least so high */
function digitHeight(pieces) {
  const ordered = [...pieces].sort((a, b) => heightOf(a.box) - heightOf(b.box));
  const half = ordered.reduce((sum, { area }) => sum + area, 0) / 2;
  let below = 0;
  for (const { box, area } of ordered) if ((below += area) >= half) return heightOf(box);
  return 0;
}

/**
 * Whether some components of the lower line stand under the upper line, and none of them reaches up into it.
 * @param {Box[]} lower @param {Box[]} upper
 */
function isBelow(lower, upper) {
  const pairs = upper.flatMap((above) => lower.map((below) => ({ above, below })));
  const overlaps = pairs.filter(({ above, below }) => commonColumns(above, below) > 0);
  return overlaps.length > 0 && overlaps.every(({ above, below }) => commonRows(above, below) <= 0);
}

/** @param {Box} one @param {Box} other */
function isBeside(one, other) {
  return commonRows(one, other) >= MIN_OVERLAP * Math.min(heightOf(one), heightOf(other));
}

/** @param {Box} one @param {Box} other */
function isApart(one, other) {
  const narrower = Math.min(one.right - one.left, other.right - other.left);
  return isBeside(one, other) && commonColumns(one, other) <= MAX_COLUMN_OVERLAP * narrower;
}

/** @param {Box} one @param {Box} other @returns {number} negative where rows lie between them */
function commonRows(one, other) {
  return Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
}

/** @param {Box} one @param {Box} other @returns {number} negative where columns lie between them */
function commonColumns(one, other) {
  return Math.min(one.right, other.right) - Math.max(one.left, other.left);
}

/** @param {Box} box */
function heightOf(box) {
  return box.bottom - box.top;
}

/**
 * Rows from the middle of a box to the nearest middle in a line.
 * @param {Box} box @param {Box[]} line
 */
function distance(box, line) {
  return Math.min(...line.map((other) => Math.abs(middleOf(box) - middleOf(other))));
}

/** @param {Box} box */
function middleOf({ top, bottom }) {
  return (top + bottom) / 2;
}

/** @param {Box[]} line @returns {number} the mean of the middles of its boxes */
function meanOf(line) {
  return line.reduce((sum, box) => sum + middleOf(box), 0) / line.length;
}
