/** The tables behind heat maps: each number, or what there is of each channel. */

import { h } from "../dom.js";
import { short, statistics } from "../numbers.js";

const MOST_ROWS = 1000; // A table of more rows would stop the page for seconds.

/**
 * A row per channel, or per number of a vector.
 *
 * @param {string[]} names of the channels
 * @param {(number: number) => ArrayLike<number>} numbersOf a channel
 */
export function tableOfChannels(names, numbersOf) {
  const rows = names.slice(0, MOST_ROWS).map((name, number) => {
    const { least, largest, mean } = statistics(numbersOf(number));
    const text = least === largest ? short(mean) : `${short(least)} to ${short(largest)}, mean ${short(mean)}`;
    return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, text));
  });
  return table(["place", "value"], rows);
}

/**
 * The numbers of (H, W) or (H, W, C), channel by channel.
 *
 * @param {import("../types.js").Tensor} tensor
 */
export function tableOfCells({ shape, data }) {
  const [rows, columns, channels] = [shape[0], shape[1], shape[2] ?? 1];
  const lines = Array.from({ length: Math.min(rows * channels, MOST_ROWS) }, (_, line) => {
    const [channel, row] = [Math.floor(line / rows), line % rows];
    const cells = Array.from({ length: columns }, (_, column) => {
      return h("td", {}, short(data[(row * columns + column) * channels + channel]));
    });
    return h("tr", {}, h("th", { scope: "row" }, channels > 1 ? `${channel}: ${row}` : String(row)), ...cells);
  });
  return table(["row", ...Array.from({ length: columns }, (_, column) => String(column))], lines);
}

/**
 * @param {string[]} heads
 * @param {HTMLElement[]} rows
 */
function table(heads, rows) {
  const head = h("tr", {}, ...heads.map((each) => h("th", { scope: "col" }, each)));
  return h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
}

/**
 * A table that is scrolled where it is larger than its place.
 *
 * @param {string} label
 * @param {HTMLTableElement} table
 */
export function scrolled(label, table) {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}
