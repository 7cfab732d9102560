/**
 * A chart: curves over the epochs, as SVG, with axes, a legend, a point that arrow keys walk along with its numbers
 * read out, and a table behind it.
 */

import { fill, h } from "../dom.js";
import { svg } from "./svg.js";

const WIDTH = 340;
const HEIGHT = 210;
const MARGIN = { left: 50, right: 12, top: 10, bottom: 40 };
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
    const ticks = niceTicks(0, this.options.top ?? largestOf(/** @type {number[]} */ (values)));
    this.yTop = ticks[ticks.length - 1];
    this.xTop = Math.max(points.length ? points[points.length - 1].x : 0, 2);
    this.drawing.setAttribute("aria-label", this.described());
    this.cursor = svg("g", { class: "chart-cursor" });
    this.drawing.replaceChildren(...this.axes(ticks), ...this.lines(), this.cursor);
    this.walkTo(this.at);
    if (this.table.open) this.fillTable();
  }

  described() {
    const { title, unit, curves, format } = this.options;
    const last = this.points[this.points.length - 1];
    if (!last) return `${title}, ${unit}: no epoch yet`;
    const newest = curves.map((name, i) => (last.values[i] === null ? "" : `${name} ${format(/** @type {number} */ (last.values[i]))}`));
    return `${title}, ${unit}, after epoch ${last.x}: ${newest.filter(Boolean).join(", ")}; arrow keys walk`;
  }

  /** @param {number} x */
  toX(x) {
    return MARGIN.left + ((x - 1) / (/** @type {number} */ (this.xTop) - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  }

  /** @param {number} y */
  toY(y) {
    return HEIGHT - MARGIN.bottom - (y / /** @type {number} */ (this.yTop)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  }

  /** @param {number[]} ticks */
  axes(ticks) {
    const right = WIDTH - MARGIN.right;
    const horizontal = ticks.flatMap((value) => [
      svg("line", { class: "chart-grid", x1: MARGIN.left, x2: right, y1: this.toY(value), y2: this.toY(value) }),
      svg("text", { x: MARGIN.left - 8, y: this.toY(value) + 4, "text-anchor": "end" }, (this.options.axis ?? this.options.format)(value)),
    ]);
    const whole = niceTicks(1, /** @type {number} */ (this.xTop)).filter((x) => x >= 1 && x <= /** @type {number} */ (this.xTop) && Number.isInteger(x));
    const vertical = whole.map((x) =>
      svg("text", { x: this.toX(x), y: HEIGHT - MARGIN.bottom + 16, "text-anchor": "middle" }, String(x)),
    );
    const name = svg("text", { x: (MARGIN.left + right) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "epoch");
    return [...horizontal, ...vertical, name];
  }

  lines() {
    const marks = this.marks.map(({ x, text }) =>
      svg("g", { class: "chart-mark" },
        svg("line", { x1: this.toX(x), x2: this.toX(x), y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom }),
        svg("text", { x: this.toX(x) + 4, y: MARGIN.top + 10 }, text)),
    );
    const curves = this.options.curves.flatMap((_, i) => {
      const known = this.points.filter(({ values }) => values[i] !== null && isFinite(/** @type {number} */ (values[i])));
      const places = known.map(({ x, values }) => [this.toX(x), this.toY(/** @type {number} */ (values[i]))]);
      const line = svg("polyline", { class: `chart-line curve-${i}`, points: places.map((each) => each.join()).join(" ") });
      const dots = places.length > 40 ? [] : places.map(([cx, cy]) => svg("circle", { class: `chart-dot curve-${i}`, cx, cy, r: 2.5 }));
      return [line, ...dots];
    });
    return [...marks, ...curves];
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
    const distances = this.points.map((point) => Math.abs(this.toX(point.x) - x));
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
    const x = this.toX(point.x);
    const dots = point.values.map((value, i) =>
      value === null || !isFinite(value) ? "" : svg("circle", { class: `chart-dot curve-${i}`, cx: x, cy: this.toY(value), r: 5 }),
    );
    cursor.replaceChildren(svg("line", { x1: x, x2: x, y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom }), ...dots);
    this.readout.textContent = this.told(point);
  }

  /** @param {Point} point */
  told({ x, values }) {
    const numbers = this.options.curves.map((name, i) => (values[i] === null ? null : `${name} ${this.options.format(/** @type {number} */ (values[i]))}`));
    return `epoch ${x}: ${numbers.filter(Boolean).join(", ")}`;
  }

  fillTable() {
    if (!this.table.open) return;
    const { curves, format, title } = this.options;
    const head = h("tr", {}, ...["epoch", ...curves].map((each) => h("th", { scope: "col" }, each)));
    const rows = this.points.slice(-MOST_ROWS).map(({ x, values }) =>
      h("tr", {}, h("th", { scope: "row" }, String(x)), ...values.map((value) => h("td", {}, value === null ? "–" : format(value)))),
    );
    const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
    const summary = this.table.firstElementChild ?? h("summary", {}, "Table");
    fill(this.table, summary, h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${title}` }, table));
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

/**
 * About five round numbers that reach over a range.
 *
 * @param {number} from
 * @param {number} to
 */
function niceTicks(from, to) {
  const rough = (to - from) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = /** @type {number} */ ([1, 2, 5, 10].find((each) => each * power >= rough * (1 - 1e-9))) * power;
  const first = Math.floor(from / step);
  const count = Math.ceil(to / step - 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
