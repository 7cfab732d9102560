/**
 * A heat map: numbers as colours on a canvas, in which arrow keys walk, with the value read out and a table behind it.
 *
 * What is walked through is the cells, or, for many channels side by side, the channels.
 */

import { isDark, palette, STEPS } from "./colors.js";
import { fill, h } from "../dom.js";
import { largestMagnitude, shapeText, short, statistics } from "../numbers.js";
import { tableOfCells, tableOfChannels } from "./tables.js";
import { tiling } from "./tiles.js";

/** @typedef {import("../types.js").Tensor} Tensor */
/** @typedef {import("./tiles.js").Tiling} Tiling */

const GREY = 0xff808080; // the pixels that strike a channel out

/**
 * @typedef {object} Options
 * @property {string} label what is shown, such as "Output of layer 3"; it may be changed by `show`
 * @property {"cells" | "channels"} [walk] what arrow keys step through: "cells" by default
 * @property {"signed" | "ink"} [scale] "signed" by default
 * @property {number} [width] of the map in CSS pixels at most; 320 by default
 * @property {number} [largestZoom] CSS pixels per cell at most; 24 by default
 * @property {(index: number[]) => void} [pick] called with the cell, or [channel], on Enter, on a click or tap
 * @property {(index: number[]) => string} [name] of a cell or channel in what is read out, such as "input 3"
 */

export class Heatmap {
  /** @param {Options} options */
  constructor(options) {
    /** @type {Options & {scale: "signed" | "ink", width: number, largestZoom: number}} */
    this.options = { walk: "cells", scale: "signed", width: 320, largestZoom: 24, ...options };
    this.at = 0; // the number of the tile's cell, or of the channel, where the keys are
    /** @type {Tensor} */
    this.tensor = { shape: [0], data: new Float32Array(0) };
    /** @type {Tiling | null} */
    this.tiles = null;
    this.canvas = h("canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "heat map",
      keydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
      click: (/** @type {MouseEvent} */ event) => this.onClick(event),
      focus: () => this.mark(true),
      blur: () => this.mark(false),
    });
    this.marker = h("span", { class: "heatmap-marker", hidden: true, "aria-hidden": "true" });
    this.readout = h("output", { class: "heatmap-readout", "aria-live": "polite" });
    this.table = h("details", { class: "heatmap-table", toggle: () => this.fillTable() }, h("summary", {}, "Table"));
    this.caption = h("figcaption", {});
    const frame = h("div", { class: "heatmap-frame" }, this.canvas, this.marker);
    const foot = h("div", { class: "heatmap-foot" }, this.table, this.readout);
    this.element = h("figure", { class: "heatmap" }, this.caption, frame, foot);
  }

  /**
   * Show a tensor (H, W, C), (H, W) or (F,).
   *
   * @param {Tensor} tensor
   * @param {{label?: string, largest?: number, marked?: number[] | null, struck?: Set<number>}} [how] `largest`
   *   magnitude of the colour scale, by default the tensor's own; `marked` the cell or channel to mark; `struck`
   *   channels that are crossed out, since they are switched off
   */
  show(tensor, how = {}) {
    const looks = JSON.stringify([how.label, how.largest, [...(how.struck ?? [])], isDark()]);
    const isPainted = tensor === this.tensor && looks === this.looks; // views are updated more often than numbers change
    this.looks = looks;
    this.tensor = tensor;
    this.label = how.label ?? this.options.label;
    this.struck = how.struck ?? new Set();
    this.marked = how.marked ?? null;
    if (!isPainted) this.draw(how.largest);
    if (this.marked) this.at = this.numberOf(this.marked);
    this.at = Math.min(this.at, Math.max(this.count() - 1, 0));
    this.mark(document.activeElement === this.canvas);
    if (this.table.open && !isPainted) this.fillTable();
  }

  /**
   * The map with its caption, as large as its numbers need.
   *
   * @param {number} [largest] magnitude of the colour scale
   */
  draw(largest) {
    const { shape, data } = this.tensor;
    this.tiles = tiling(shape, this.options.width, this.options.largestZoom);
    this.largest = largest ?? largestMagnitude(data);
    this.caption.textContent = `${this.label} · ${shapeText(shape)}`;
    this.canvas.setAttribute("aria-label", `${this.label}, ${this.described()}`);
    this.paint();
  }

  /** How many cells, or channels, can be walked to. */
  count() {
    const { channels, rows, columns } = /** @type {Tiling} */ (this.tiles);
    return this.options.walk === "channels" ? channels : channels * rows * columns;
  }

  described() {
    const what = this.options.walk === "channels" ? "channels" : "values";
    const range = statistics(this.tensor.data);
    return `${this.count()} ${what} from ${short(range.least)} to ${short(range.largest)}; arrow keys walk`;
  }

  paint() {
    const tiles = /** @type {Tiling} */ (this.tiles);
    this.canvas.width = tiles.width;
    this.canvas.height = tiles.height;
    this.canvas.style.width = `${tiles.width * tiles.zoom}px`;
    this.canvas.style.aspectRatio = `${tiles.width} / ${tiles.height}`;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const image = context.createImageData(tiles.width, tiles.height);
    const pixels = new Uint32Array(image.data.buffer);
    const colors = palette(this.options.scale);
    const [middle, perUnit] = [(STEPS - 1) / 2, (STEPS - 1) / 2 / /** @type {number} */ (this.largest)];
    const { data } = this.tensor;
    for (let number = 0; number < data.length; number++) {
      const { x, y, channel } = tiles.placeOf(number);
      const step = Math.min(Math.max(Math.round(middle + data[number] * perUnit), 0), STEPS - 1);
      const dim = this.struck?.has(channel) && (x + y) % 2;
      pixels[y * tiles.width + x] = dim ? GREY : colors[step];
    }
    context.putImageData(image, 0, 0);
  }

  /**
   * The number of a cell or channel in the order of walking.
   *
   * @param {number[]} index
   */
  numberOf(index) {
    const { rows, columns, channels } = /** @type {Tiling} */ (this.tiles);
    if (this.options.walk === "channels") return index[0];
    if (this.tensor.shape.length === 1) return index[0];
    return ((index[2] ?? 0) * rows + index[0]) * columns + index[1];
  }

  /** The index of the cell or channel where the keys are. */
  index() {
    const { rows, columns } = /** @type {Tiling} */ (this.tiles);
    if (this.options.walk === "channels" || this.tensor.shape.length === 1) return [this.at];
    const [channel, rest] = [Math.floor(this.at / (rows * columns)), this.at % (rows * columns)];
    const cell = [Math.floor(rest / columns), rest % columns];
    return this.tensor.shape.length === 3 ? [...cell, channel] : cell;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const tiles = /** @type {Tiling} */ (this.tiles);
    const at = tiles.moved(this.at, event.key, this.options.walk === "channels");
    if (at !== null) {
      this.at = at;
      this.mark(true);
    } else if ((event.key === "Enter" || event.key === " ") && this.options.pick) {
      this.options.pick(this.index());
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const tiles = /** @type {Tiling} */ (this.tiles);
    const box = this.canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * tiles.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * tiles.height);
    const at = tiles.numberAt(x, y, this.options.walk === "channels");
    if (at === null) return;
    this.at = at;
    this.mark(true);
    this.options.pick?.(this.index());
  }

  /**
   * Mark the cell or channel where the keys are, and read its value out.
   *
   * @param {boolean} shown
   */
  mark(shown) {
    const tiles = /** @type {Tiling} */ (this.tiles);
    this.marker.hidden = !(shown || this.marked) || !this.count();
    if (this.marker.hidden) return;
    const { left, top, width, height } = tiles.boxOf(this.at, this.options.walk === "channels");
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(this.marker.style, {
      left: share(left, tiles.width),
      top: share(top, tiles.height),
      width: share(width, tiles.width),
      height: share(height, tiles.height),
    });
    if (shown) this.readout.textContent = this.told();
  }

  /** What stands where the keys are, as text. */
  told() {
    const index = this.index();
    if (this.options.walk === "channels") {
      const { least, largest, mean, zeros } = statistics(this.channel(index[0]));
      const name = this.options.name?.(index) ?? `channel ${index[0]}`;
      const off = this.struck?.has(index[0]) ? ", switched off" : "";
      const one = this.tensor.shape.length === 1;
      if (one) return `${name}: ${short(mean)}${off}`;
      return `${name}: ${short(least)} to ${short(largest)}, mean ${short(mean)}, ${Math.round(100 * zeros)} % zero${off}`;
    }
    const name = this.options.name?.(index) ?? (index.length === 1 ? `unit ${index[0]}` : cellName(index));
    return `${name}: ${short(this.valueAt(index))}`;
  }

  /** @param {number[]} index */
  valueAt(index) {
    const { shape, data } = this.tensor;
    return data[index.reduce((place, each, axis) => place * shape[axis] + each, 0)];
  }

  /** @param {number} number */
  channel(number) {
    const channels = this.tensor.shape[this.tensor.shape.length - 1];
    if (this.tensor.shape.length === 2) return this.tensor.data;
    return this.tensor.data.filter((_, place) => place % channels === number);
  }

  /** The table behind the figure, made when it is opened. */
  fillTable() {
    if (!this.table.open) return;
    const summary = this.table.firstElementChild ?? h("summary", {}, "Table");
    const channels = this.options.walk === "channels" || this.tensor.shape.length === 1;
    const table = channels ? this.tableOfChannels() : tableOfCells(this.tensor);
    const around = { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${this.label}` };
    fill(this.table, summary, h("div", around, table));
  }

  tableOfChannels() {
    const names = Array.from({ length: this.tensor.shape[this.tensor.shape.length - 1] }, (_, number) => {
      return this.options.name?.([number]) ?? String(number);
    });
    return tableOfChannels(names, (number) => this.channel(number));
  }
}

/** @param {number[]} index row, column and, where there are several, channel */
function cellName([row, column, channel]) {
  return `row ${row}, column ${column}${channel === undefined ? "" : `, channel ${channel}`}`;
}
