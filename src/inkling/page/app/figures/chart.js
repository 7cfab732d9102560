/**
 * A chart: curves over the epochs, as SVG, with axes, a legend, a point that arrow keys walk along with its numbers
 * read out, and a table behind it.
 */

import { fill, h } from "../dom.js";
import { axes, ChartScale, curve, HEIGHT, verticalLine, verticalMarks, WIDTH } from "./chart_drawing.js";
import { svg } from "./svg.js";
import { scrolled } from "./tables.js";

const MOST_ROWS = 1000; // A table of more rows would stop the page for seconds.

/**
 * @typedef {{x: number, values: (number | null)[]}} Point one epoch: a value per curve, null where there is none
 * @typedef {object} Options
 * @property {string} title
 * @property {string} unit of the vertical axis
 * @property {string[]} curves their names
 * @property {(value: number) => string} format
 * @property {(value: number) => string} [axis] the format of the axis, by default the same
 * @property {number} [top] the end of the vertical axis, where it is fixed
 * @property {(x: number) => void} [pick] called with the epoch on Enter and on a click
 */

export class Chart {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    /** @type {Point[]} */
    this.points = [];
    this.marks = /** @type {{x: number, text: string}[]} */ ([]);
    this.scale = new ChartScale(2, 1);
    this.at = 0;
    this.drawing = svg("svg", {
      class: "chart-drawing", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, tabindex: 0, role: "application",
      "aria-roledescription": "chart",
    });
    this.drawing.addEventListener("keydown", (event) => this.onKey(event));
    this.drawing.addEventListener("pointermove", (event) => this.walkTo(this.nearest(event)));
    this.drawing.addEventListener("click", (event) => this.choose(this.nearest(event)));
    this.drawing.addEventListener("focus", () => this.walkTo(this.at));
    this.readout = h("output", { class: "chart-readout", "aria-live": "polite" });
    this.table = h("details", { class: "chart-table", toggle: () => this.fillTable() }, h("summary", {}, "Table"));
    const legend = h("p", { class: "chart-legend" }, ...options.curves.map((name, i) => key(name, i)));
    this.caption = h("figcaption", {}, `${options.title}, ${options.unit}`);
    this.element = h("figure", { class: "chart" }, this.caption, legend, this.drawing, this.readout, this.table);
    this.show([], []);
  }

  /**
   * @param {Point[]} points in the order of their epochs
   * @param {{x: number, text: string}[]} marks vertical lines, such as changes of the learning rate
   */
  show(points, marks) {
    const atEnd = this.at >= this.points.length - 1;
    this.points = points;
    this.marks = marks;
    this.at = atEnd ? Math.max(points.length - 1, 0) : Math.min(this.at, points.length - 1);
    const values = points.flatMap((point) => point.values.filter((value) => value !== null && isFinite(value)));
    const lastEpoch = points.length ? points[points.length - 1].x : 0;
    const top = this.options.top ?? largestOf(/** @type {number[]} */ (values));
    this.scale = new ChartScale(Math.max(lastEpoch, 2), top);
    this.drawing.setAttribute("aria-label", this.described());
    this.cursor = svg("g", { class: "chart-cursor" });
    this.drawing.replaceChildren(...this.drawn(this.scale), this.cursor);
    this.walkTo(this.at);
    if (this.table.open) this.fillTable();
  }

  described() {
    const { title, unit } = this.options;
    const last = this.points[this.points.length - 1];
    if (!last) return `${title}, ${unit}: no epoch yet`;
    return `${title}, ${unit}, after epoch ${last.x}: ${this.numbers(last)}; arrow keys walk`;
  }

  /** @param {ChartScale} scale */
  drawn(scale) {
    const { axis, curves, format } = this.options;
    const lines = curves.flatMap((_, i) => curve(scale, this.points, i));
    return [...axes(scale, axis ?? format), ...verticalMarks(scale, this.marks), ...lines];
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const last = this.points.length - 1;
    const places = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last };
    if (event.key in places) this.walkTo(places[/** @type {keyof places} */ (event.key)]);
    else if (event.key === "Enter" || event.key === " ") this.choose(this.at);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  nearest(event) {
    const box = this.drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const distances = this.points.map((point) => Math.abs(this.scale.toX(point.x) - x));
    return distances.indexOf(Math.min(...distances));
  }

  /** @param {number} at */
  choose(at) {
    this.walkTo(at);
    if (this.points[this.at]) this.options.pick?.(this.points[this.at].x);
  }

  /** @param {number} at the number of the point that is marked and read out */
  walkTo(at) {
    const cursor = /** @type {SVGElement} */ (this.cursor);
    this.at = Math.max(0, Math.min(at, this.points.length - 1));
    const point = this.points[this.at];
    if (!point) {
      cursor.replaceChildren();
      this.readout.textContent = "No epoch yet.";
      return;
    }
    const x = this.scale.toX(point.x);
    const dots = point.values.map((value, i) => {
      if (value === null || !isFinite(value)) return "";
      return svg("circle", { class: `chart-dot curve-${i}`, cx: x, cy: this.scale.toY(value), r: 5 });
    });
    cursor.replaceChildren(verticalLine(x), ...dots);
    this.readout.textContent = this.told(point);
  }

  /** @param {Point} point */
  told(point) {
    return `epoch ${point.x}: ${this.numbers(point)}`;
  }

  /** @param {Point} point @returns {string} the values that there are, each with the name of its curve */
  numbers({ values }) {
    const { curves, format } = this.options;
    return curves.flatMap((name, i) => {
      const value = values[i];
      return value === null ? [] : [`${name} ${format(value)}`];
    }).join(", ");
  }

  fillTable() {
    if (!this.table.open) return;
    const { curves, format, title } = this.options;
    const head = h("tr", {}, ...["epoch", ...curves].map((each) => h("th", { scope: "col" }, each)));
    const rows = this.points.slice(-MOST_ROWS).map(({ x, values }) => {
      const cells = values.map((value) => h("td", {}, value === null ? "–" : format(value)));
      return h("tr", {}, h("th", { scope: "row" }, String(x)), ...cells);
    });
    const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
    const summary = this.table.firstElementChild ?? h("summary", {}, "Table");
    fill(this.table, summary, scrolled(`Table: ${title}`, table));
  }
}

/**
 * @param {string} name
 * @param {number} i
 */
function key(name, i) {
  const sample = svg("svg", { viewBox: "0 0 28 8", width: 28, height: 8, "aria-hidden": "true" },
    svg("line", { class: `chart-line curve-${i}`, x1: 0, x2: 28, y1: 4, y2: 4 }));
  return h("span", {}, sample, ` ${name}`);
}

/** @param {number[]} values */
function largestOf(values) {
  return values.reduce((most, value) => Math.max(most, value), 0) || 1;
}
