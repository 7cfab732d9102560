// Rings: closed curves around digits.

import { connected } from "./connected.js";
import { emptyMask, sizeOf } from "./raster.js";

/** @typedef {import("./raster.js").Mask} Mask */
/** @typedef {import("./raster.js").Box} Box */

const MIN_ENCLOSED_HEIGHT = 0.4; // Of a ring's height: what it encloses, a 1 or more, is as high,
const MIN_ENCLOSED_WIDTH = 0.1; // and, of the ring's width, as wide.
const ENCLOSED_SHARE = 0.9; // Of the other ink in the ring's box: at least so much lies inside of the curve.

/**
 * Whether a piece is a closed curve around others that together are larger than the dot in a zero.
 * @param {Mask} own the piece in its box
 * @param {Mask} inked all ink in its box
 * @param {Box[]} boxes of all pieces
 * @param {number} place which of them it is
 */
export function encloses(own, inked, boxes, place) {
  const ring = boxes[place];
  const inside = boxes.filter((box) => {
    return box.top > ring.top && box.left > ring.left && box.bottom < ring.bottom && box.right < ring.right;
  });
  if (!inside.length) return false;
  const [height, width] = sizeOf({
    top: Math.min(...inside.map((box) => box.top)),
    bottom: Math.max(...inside.map((box) => box.bottom)),
    left: Math.min(...inside.map((box) => box.left)),
    right: Math.max(...inside.map((box) => box.right)),
  });
  if (height < MIN_ENCLOSED_HEIGHT * own.height || width < MIN_ENCLOSED_WIDTH * own.width) return false;
  return shareInside(own, inked) >= ENCLOSED_SHARE;
}

/** @param {Mask} own @param {Mask} inked @returns {number} the share of other ink that the outside does not reach */
function shareInside(own, inked) {
  const around = emptyMask(own.height + 2, own.width + 2);
  around.data.fill(1);
  const placeAround = (/** @type {number} */ at) => {
    return (Math.floor(at / own.width) + 1) * around.width + (at % own.width) + 1;
  };
  own.data.forEach((pixel, at) => pixel && (around.data[placeAround(at)] = 0));
  const { labels } = connected(around, 4); // 1 is the outside
  let [other, enclosed] = [0, 0];
  inked.data.forEach((pixel, at) => {
    if (!pixel || own.data[at]) return;
    other++;
    if (labels[placeAround(at)] > 1) enclosed++;
  });
  return enclosed / other;
}
