/** One value: the exact sum behind it, each input times its weight, and the bias. */

import { latest } from "../backward/latest.js";
import { fill, h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { scrolled } from "../figures/tables.js";
import { DOES, layerAt } from "../layers.js";
import { short } from "../numbers.js";

/** @typedef {{x: number, w: number, at: number[]}} Term an input, its weight, and the index of the input */

/**
 * @typedef {{image: Uint8Array, path: string, index: number[], off: Record<string, number[]>, name: string,
 *   isOff: boolean}} Question
 */

const MOST_TERMS = 24; // Rows of the table: the terms of the largest magnitude.
const SPELT_OUT = 4; // Products that stand in the line of the sum.

/**
 * @param {import("../types.js").Page} page
 * @returns {import("../types.js").View}
 */
export function createValueView(page) {
  const title = h("h2", {});
  const does = h("p", {});
  const sum = h("p", { class: "sum", "aria-live": "polite", id: "sum" });
  const maps = ["Input", "Weights", "Input × weight"].map((label) => new Heatmap({ label, width: 260 }));
  const columns = h("div", { class: "inside-columns" }, ...maps.map(({ element }) => element));
  const table = h("table", { class: "terms" });
  const rest = h("p", { class: "muted" });
  const buttons = MOVES.map(({ text, name, down, across }) => {
    return h("button", { type: "button", "aria-label": name, click: () => move(down, across) }, text);
  });
  const moves = h("div", { class: "row" }, ...buttons);
  const parts = [title, does, moves, sum, columns, scrolled("Terms of the sum", table), rest];
  const element = h("div", { class: "inside" }, ...parts);

  /**
   * @param {number} down
   * @param {number} across
   */
  function move(down, across) {
    const { cell, path, channel } = page.store.state;
    const layer = layerAt(page.model.layers, path);
    if (!layer || !cell || channel === null) return;
    if (layer.outputShape.length === 1) {
      const to = channel + down + across;
      if (to >= 0 && to < layer.outputShape[0]) page.store.set({ channel: to });
      return;
    }
    const to = [cell[0] + down, cell[1] + across];
    if (to.every((each, axis) => each >= 0 && each < layer.outputShape[axis])) page.store.set({ cell: to });
  }

  const ask = latest(
    (/** @type {Question} */ { image, path, index, off }) => page.engine.contribution(image, path, index, off),
    (found, { name, isOff }) => show(found, name, isOff),
    (error) => clear(error.message),
  );

  /** @param {string} text */
  function clear(text) {
    sum.textContent = text;
    columns.hidden = true;
    fill(table);
    rest.textContent = "";
  }

  /** @type {unknown[]} */
  let asked = [];
  function update() {
    const { path, channel, cell, off } = page.store.state;
    const layer = layerAt(page.model.layers, path);
    const thought = page.thought();
    if (!layer || path === null || channel === null || !cell) return;
    title.textContent = `${layer.path} ${layer.text}`;
    does.textContent = DOES[layer.name] ?? "";
    const index = layer.outputShape.length === 3 ? [...cell, channel] : [channel];
    const question = [thought, path, channel, cell, off];
    if (question.every((each, i) => each === asked[i])) return;
    asked = question;
    if (!thought) return clear(page.failure() ?? "");
    ask({ image: thought.image, path, index, off, name: layer.name, isOff: off[path]?.includes(channel) ?? false });
  }

  /**
   * @param {any} found
   * @param {string} name
   * @param {boolean} isOff
   */
  function show(found, name, isOff) {
    /** @type {Term[]} */
    const terms = found.terms;
    const ordered = [...terms].sort((a, b) => Math.abs(b.x * b.w) - Math.abs(a.x * a.w));
    const but = isOff ? ", but this channel is switched off: 0" : "";
    sum.textContent = sentence(ordered, found.bias, found.sum) + but;
    const box = boxOf(terms);
    columns.hidden = box === null || terms.length < 2;
    if (box) {
      PICKS.forEach((pick, i) => maps[i].show(inBox(terms, box, pick)));
    }
    const rows = ordered.slice(0, MOST_TERMS).map(({ x, w, at }) =>
      h("tr", {}, h("th", { scope: "row" }, at.join(", ")), ...[x, w, x * w].map((each) => h("td", {}, short(each)))),
    );
    const heads = ["input at", "input", name === "Linear" || name.endsWith("2d") ? "weight" : "factor", "product"];
    const head = h("tr", {}, ...heads.map((each) => h("th", { scope: "col" }, each)));
    fill(table, h("thead", {}, head), h("tbody", {}, ...rows));
    rest.textContent = terms.length > MOST_TERMS ? `and ${terms.length - MOST_TERMS} smaller terms` : "";
  }

  return { element, update };
}

const MOVES = [
  { text: "←", name: "Left", down: 0, across: -1 },
  { text: "→", name: "Right", down: 0, across: 1 },
  { text: "↑", name: "Up", down: -1, across: 0 },
  { text: "↓", name: "Down", down: 1, across: 0 },
];

/** @type {((term: Term) => number)[]} what the three maps show of a term */
const PICKS = [({ x }) => x, ({ w }) => w, ({ x, w }) => x * w];

/**
 * The sum as a line of text: its first products, largest first, how many there are, the bias and the result.
 *
 * @param {Term[]} ordered
 * @param {number} bias
 * @param {number} sum
 */
function sentence(ordered, bias, sum) {
  const products = ordered.slice(0, SPELT_OUT).map(({ x, w }) => `${short(x)} × ${short(w)}`);
  const more = ordered.length > SPELT_OUT ? [`… (${ordered.length} products)`] : [];
  return `${[...products, ...more, ...(bias ? [`bias ${short(bias)}`] : [])].join(" + ")} = ${short(sum)}`;
}

/**
 * The smallest box (rows, columns, channels) that holds the inputs of all terms; for rows of features, their range.
 *
 * @param {Term[]} terms
 */
function boxOf(terms) {
  if (!terms.length) return null;
  const axes = terms[0].at.length;
  const range = Array.from({ length: axes }, (_, axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (const { at } of terms) [low, high] = [Math.min(low, at[axis]), Math.max(high, at[axis])];
    return { low, high };
  });
  return { low: range.map(({ low }) => low), shape: range.map(({ low, high }) => high - low + 1) };
}

/**
 * @param {Term[]} terms
 * @param {{low: number[], shape: number[]}} box
 * @param {(term: Term) => number} pick
 */
function inBox(terms, { low, shape }, pick) {
  const data = new Float32Array(shape.reduce((product, each) => product * each, 1));
  for (const term of terms) {
    const place = term.at.reduce((before, each, axis) => before * shape[axis] + each - low[axis], 0);
    data[place] = pick(term);
  }
  return { shape, data };
}
