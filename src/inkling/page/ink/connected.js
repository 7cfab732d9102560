// Connected pieces of a mask, numbered from 1 in the order of their first pixels, with areas and boxes.

import { inkedBox } from "./raster.js";
import { zeros } from "./scratch.js";

/**
 * @typedef {import("./raster.js").Mask} Mask
 * @typedef {import("./raster.js").Box} Box
 * @typedef {{height: number, width: number, labels: Int32Array, areas: number[], boxes: Box[]}} Connected
 *     labels are 0 on the ground; the piece with label k has areas[k - 1] and boxes[k - 1]
 */

/**
 * @param {Mask} mask
 * @param {4 | 8} connectivity 4: pixels are connected by their sides; 8: by their corners, too
 * @returns {Connected}
 */
export function connected(mask, connectivity) {
  const { labels, parents } = provisional(mask, connectivity);
  return numbered(mask, labels, parents);
}

/** Each pixel takes the label of a neighbour before it; labels that meet are joined (union-find).
 * @param {Mask} mask @param {4 | 8} connectivity */
function provisional(mask, connectivity) {
  const { width, data } = mask;
  const { top, bottom, left, right } = inkedBox(mask);
  const labels = zeros(Int32Array, data.length);
  const parents = [0];
  const corners = connectivity === 8;
  for (let row = top; row < bottom; row++) {
    for (let column = left, at = row * width + left; column < right; column++, at++) {
      if (!data[at]) continue;
      const before = column > 0 ? labels[at - 1] : 0;
      let label = row > 0 ? labels[at - width] : 0;
      if (!corners) label = joined(parents, before, label);
      else if (!label) {
        // The pixel above would be a neighbour of all others; without it, only those on the left are neighbours.
        label = before || (row > 0 && column > 0 ? labels[at - width - 1] : 0);
        if (row > 0 && column < width - 1) label = joined(parents, label, labels[at - width + 1]);
      }
      if (!label) parents.push((label = parents.length));
      labels[at] = label;
    }
  }
  return { labels, parents };
}

/** @param {number[]} parents @param {number} a @param {number} b @returns {number} the label of both; 0 is none */
function joined(parents, a, b) {
  if (!a || !b || a === b) return a || b;
  const [first, second] = [root(parents, a), root(parents, b)];
  if (first < second) return (parents[second] = first);
  return (parents[first] = second);
}

/** @param {number[]} parents @param {number} label */
function root(parents, label) {
  while (parents[label] !== label) label = parents[label] = parents[parents[label]];
  return label;
}

/** @param {Mask} mask @param {Int32Array} labels @param {number[]} parents @returns {Connected} */
function numbered(mask, labels, parents) {
  const { height, width } = mask;
  const roots = Int32Array.from(parents);
  for (let label = 1; label < roots.length; label++) roots[label] = roots[roots[label]]; // A root is less.
  const numbers = new Int32Array(roots.length);
  /** @type {number[]} */ const areas = [];
  /** @type {Box[]} */ const boxes = [];
  const { top, bottom, left, right } = inkedBox(mask);
  for (let row = top; row < bottom; row++) {
    for (let column = left, at = row * width + left; column < right; column++, at++) {
      if (!labels[at]) continue;
      const found = roots[labels[at]];
      if (!numbers[found]) {
        numbers[found] = areas.push(0);
        boxes.push({ top: row, bottom: row + 1, left: column, right: column + 1 });
      }
      const place = (labels[at] = numbers[found]) - 1;
      areas[place] += 1;
      const box = boxes[place];
      box.bottom = row + 1;
      if (column < box.left) box.left = column;
      else if (column >= box.right) box.right = column + 1;
    }
  }
  return { height, width, labels, areas, boxes };
}
