/**
 * A heat map: numbers as colours on a canvas, in which arrow keys walk, with the value read out and a table behind it.
 *
 * What is walked through is the cells, or, for many channels side by side, the channels.
 */

import { isDark } from "./colors.js";
import { fill, h, write } from "../dom.js";
import { MapCells } from "./map_cells.js";
import { paintMap } from "./map_painting.js";
import { largestMagnitude, shapeText } from "../numbers.js";
import { scrolled, tableOfCells, tableOfChannels } from "./tables.js";
import { tiling } from "./tiles.js";

/** @typedef {import("../types.js").Tensor} Tensor */

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
    /** @type {Set<number>} */
    this.struck = new Set();
    this.at = 0; // the number of the tile's cell, or of the channel, where the keys are
    this.byChannels = this.options.walk === "channels";
    /** @type {Tensor} */
    this.tensor = { shape: [0], data: new Float32Array(0) };
    this.cells = this.cellsOf(this.tensor);
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
    const isPainted = tensor === this.tensor && looks === this.looks; // views are updated more often than numbers
    this.looks = looks;
    this.tensor = tensor;
    this.label = how.label ?? this.options.label;
    this.struck = how.struck ?? new Set();
    this.marked = how.marked ?? null;
    if (!isPainted) this.draw(how.largest);
    if (this.marked) this.at = this.cells.numberOf(this.marked);
    this.at = Math.min(this.at, Math.max(this.cells.count() - 1, 0));
    this.mark(document.activeElement === this.canvas);
    if (this.table.open && !isPainted) this.fillTable();
  }

  /** @param {Tensor} tensor */
  cellsOf(tensor) {
    const tiles = tiling(tensor.shape, this.options.width, this.options.largestZoom);
    return new MapCells(tensor, tiles, this.byChannels, this.options.name);
  }

  /**
   * The map with its caption, as large as its numbers need.
   *
   * @param {number} [largest] magnitude of the colour scale
   */
  draw(largest) {
    const { shape, data } = this.tensor;
    this.cells = this.cellsOf(this.tensor);
    write(this.caption, `${this.label} · ${shapeText(shape)}`);
    this.canvas.setAttribute("aria-label", `${this.label}, ${this.cells.described()}`);
    const how = { scale: this.options.scale, largest: largest ?? largestMagnitude(data), struck: this.struck };
    paintMap(this.canvas, data, this.cells.tiles, how);
  }

  /** The index of the cell or channel where the keys are. */
  index() {
    return this.cells.indexOf(this.at);
  }

  /** @param {number} number */
  channel(number) {
    return this.cells.channel(number);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const at = this.cells.tiles.moved(this.at, event.key, this.byChannels);
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
    const { tiles } = this.cells;
    const box = this.canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * tiles.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * tiles.height);
    const at = tiles.numberAt(x, y, this.byChannels);
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
    const { tiles } = this.cells;
    this.marker.hidden = !(shown || this.marked) || !this.cells.count();
    if (this.marker.hidden) return;
    const { left, top, width, height } = tiles.boxOf(this.at, this.byChannels);
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(this.marker.style, {
      left: share(left, tiles.width),
      top: share(top, tiles.height),
      width: share(width, tiles.width),
      height: share(height, tiles.height),
    });
    if (shown) this.readout.textContent = this.cells.told(this.at, this.struck.has(this.at));
  }

  /** The table behind the figure, made when it is opened. */
  fillTable() {
    if (!this.table.open) return;
    const summary = this.table.firstElementChild ?? h("summary", {}, "Table");
    const channels = this.byChannels || this.tensor.shape.length === 1;
    const table = channels ? this.tableOfChannels() : tableOfCells(this.tensor);
    fill(this.table, summary, scrolled(`Table: ${this.label}`, table));
  }

  tableOfChannels() {
    const names = Array.from({ length: this.tensor.shape[this.tensor.shape.length - 1] }, (_, number) => {
      return this.options.name?.([number]) ?? String(number);
    });
    return tableOfChannels(names, (number) => this.channel(number));
  }
}
