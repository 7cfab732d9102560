/**
 * A histogram: how often numbers fall into bins, as bars, with a bin that arrow keys walk along, its count read out,
 * and a table behind it. The heights are square roots of the counts, so that rare numbers can be seen beside frequent
 * ones.
 */

import { fill, h } from "../dom.js";
import { percent, short } from "../numbers.js";
import { svg } from "./svg.js";
import { scrolled } from "./tables.js";

const WIDTH = 320;
const HEIGHT = 72;

/** @typedef {import("../training/record.js").LayerHistogram} LayerHistogram */

export class Histogram {
  /** @param {string} label what is counted, such as "Outputs of layer 2, ReLU()" */
  constructor(label) {
    this.label = label;
    this.at = 0;
    /** @type {LayerHistogram | null} */
    this.shown = null;
    this.drawing = svg("svg", {
      class: "histogram-drawing", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", tabindex: 0,
      role: "application", "aria-roledescription": "histogram",
    });
    this.drawing.addEventListener("keydown", (event) => this.onKey(event));
    this.drawing.addEventListener("pointermove", (event) => this.walkTo(this.binAt(event)));
    this.drawing.addEventListener("focus", () => this.walkTo(this.at));
    this.ends = h("p", { class: "histogram-ends", "aria-hidden": "true" });
    this.facts = h("p", { class: "histogram-facts" });
    this.readout = h("output", { class: "histogram-readout", "aria-live": "polite" });
    this.table = h("details", { class: "histogram-table", toggle: () => this.fillTable() }, h("summary", {}, "Table"));
    const caption = h("figcaption", {}, label);
    const below = h("div", { class: "histogram-below" }, this.table, this.readout);
    this.element = h("figure", { class: "histogram" }, caption, this.drawing, this.ends, this.facts, below);
  }

  /** @param {LayerHistogram} histogram */
  show(histogram) {
    this.shown = histogram;
    const { counts, least, largest, mean, deviation, zeros, not_finite: broken } = histogram;
    const most = Math.sqrt(Math.max(...counts));
    const width = WIDTH / counts.length;
    const bars = counts.map((count, i) => {
      const height = (Math.sqrt(count) / most) * (HEIGHT - 4);
      return svg("rect", { x: i * width, y: HEIGHT - height, width: width * 0.9, height });
    });
    const zero = least < 0 && largest > 0 ? (-least / (largest - least)) * WIDTH : null;
    const line = zero === null ? "" : svg("line", { class: "histogram-zero", x1: zero, x2: zero, y1: 0, y2: HEIGHT });
    this.cursor = svg("rect", { class: "histogram-cursor", x: 0, y: 0, width, height: HEIGHT });
    this.drawing.replaceChildren(...bars, line, this.cursor);
    const range = `${counts.length} bins from ${short(least)} to ${short(largest)}`;
    this.drawing.setAttribute("aria-label", `${this.label}: ${range}; arrow keys walk`);
    fill(this.ends, h("span", {}, short(least)), h("span", {}, short(largest)));
    const wrong = broken ? `, ${broken} not finite` : "";
    this.facts.textContent = `mean ${short(mean)}, deviation ${short(deviation)}, ${percent(zeros)} zero${wrong}`;
    this.mark();
    if (this.table.open) this.fillTable();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const places = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: Infinity };
    if (!(event.key in places)) return;
    this.walkTo(places[/** @type {keyof places} */ (event.key)]);
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  binAt(event) {
    const box = this.drawing.getBoundingClientRect();
    return Math.floor(((event.clientX - box.left) / box.width) * (this.shown?.counts.length ?? 1));
  }

  /** @param {number} at the number of the bin that is marked and read out */
  walkTo(at) {
    if (!this.shown) return;
    this.at = Math.max(0, Math.min(at, this.shown.counts.length - 1));
    this.mark();
    this.readout.textContent = `${this.range(this.at)}: ${this.shown.counts[this.at]}`;
  }

  mark() {
    this.cursor?.setAttribute("x", String((this.at * WIDTH) / (this.shown?.counts.length ?? 1)));
  }

  /** @param {number} bin */
  range(bin) {
    const { least, largest, counts } = /** @type {LayerHistogram} */ (this.shown);
    const edge = (/** @type {number} */ i) => short(least + ((largest - least) * i) / counts.length);
    return `${edge(bin)} to ${edge(bin + 1)}`;
  }

  fillTable() {
    if (!this.table.open || !this.shown) return;
    const head = h("tr", {}, h("th", { scope: "col" }, "from … to"), h("th", { scope: "col" }, "count"));
    const rows = this.shown.counts.map((count, i) => {
      return h("tr", {}, h("th", { scope: "row" }, this.range(i)), h("td", {}, String(count)));
    });
    const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
    const summary = this.table.firstElementChild ?? h("summary", {}, "Table");
    fill(this.table, summary, scrolled(`Table: ${this.label}`, table));
  }
}
