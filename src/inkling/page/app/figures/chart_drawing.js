/** What a chart shows before anybody walks in it: axes, vertical marks, and curves with their points, as SVG. */

import { svg } from "./svg.js";

/** @typedef {import("./chart.js").Point} Point */

export const WIDTH = 340;
export const HEIGHT = 210;
const MARGIN = { left: 50, right: 12, top: 10, bottom: 40 };
const MOST_DOTS = 40; // A curve of more points has none of its own.

/** Where numbers stand in a chart whose axes begin at epoch 1 and at 0. */
export class ChartScale {
  /**
   * @param {number} xTop the last epoch
   * @param {number} largest the value that the vertical axis reaches at least
   */
  constructor(xTop, largest) {
    this.xTop = xTop;
    this.ticks = niceTicks(0, largest);
    this.yTop = this.ticks[this.ticks.length - 1];
  }

  /** @param {number} x */
  toX(x) {
    return MARGIN.left + ((x - 1) / (this.xTop - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  }

  /** @param {number} y */
  toY(y) {
    return HEIGHT - MARGIN.bottom - (y / this.yTop) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  }
}

/**
 * @param {ChartScale} scale
 * @param {(value: number) => string} format of the vertical axis
 * @returns {SVGElement[]}
 */
export function axes(scale, format) {
  const right = WIDTH - MARGIN.right;
  const horizontal = scale.ticks.flatMap((value) => {
    const y = scale.toY(value);
    return [
      svg("line", { class: "chart-grid", x1: MARGIN.left, x2: right, y1: y, y2: y }),
      svg("text", { x: MARGIN.left - 8, y: y + 4, "text-anchor": "end" }, format(value)),
    ];
  });
  const epochs = niceTicks(1, scale.xTop).filter((x) => x >= 1 && x <= scale.xTop && Number.isInteger(x));
  const below = HEIGHT - MARGIN.bottom + 16;
  const vertical = epochs.map((x) => svg("text", { x: scale.toX(x), y: below, "text-anchor": "middle" }, String(x)));
  const name = svg("text", { x: (MARGIN.left + right) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "epoch");
  return [...horizontal, ...vertical, name];
}

/**
 * Vertical lines with a text, such as changes of the learning rate.
 *
 * @param {ChartScale} scale
 * @param {{x: number, text: string}[]} marks
 */
export function verticalMarks(scale, marks) {
  return marks.map(({ x, text }) => {
    const words = svg("text", { x: scale.toX(x) + 4, y: MARGIN.top + 10 }, text);
    return svg("g", { class: "chart-mark" }, verticalLine(scale.toX(x)), words);
  });
}

/** @param {number} x from the left edge */
export function verticalLine(x) {
  return svg("line", { x1: x, x2: x, y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom });
}

/**
 * One curve.
 *
 * @param {ChartScale} scale
 * @param {Point[]} points
 * @param {number} i the number of the curve
 */
export function curve(scale, points, i) {
  const known = points.filter(({ values }) => values[i] !== null && isFinite(/** @type {number} */ (values[i])));
  const places = known.map(({ x, values }) => [scale.toX(x), scale.toY(/** @type {number} */ (values[i]))]);
  const line = svg("polyline", { class: `chart-line curve-${i}`, points: places.map((each) => each.join()).join(" ") });
  const dotted = places.length > MOST_DOTS ? [] : places;
  return [line, ...dotted.map(([cx, cy]) => svg("circle", { class: `chart-dot curve-${i}`, cx, cy, r: 2.5 }))];
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
