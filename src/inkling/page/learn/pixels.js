/** Numbers in rows and columns as squares: more ink, or more of one of two colours, the larger the number. */
import { svg } from "../app/figures/svg.js";
import { largestMagnitude } from "../app/numbers.js";

export class Pixels {
  /**
   * @param {number} rows
   * @param {number} columns
   * @param {string} label what is shown
   */
  constructor(rows, columns, label) {
    this.columns = columns;
    this.squares = Array.from({ length: rows * columns }, (_, i) =>
      svg("rect", { x: i % columns, y: Math.floor(i / columns), width: 1.02, height: 1.02 }),
    );
    this.marker = svg("rect", { class: "marked", "vector-effect": "non-scaling-stroke" });
    const frame = svg("rect", { class: "axis", width: columns, height: rows, fill: "none", "stroke-width": 0.1 });
    const how = { viewBox: `-0.1 -0.1 ${columns + 0.2} ${rows + 0.2}`, role: "img", "aria-label": label };
    this.element = svg("svg", how, ...this.squares, frame, this.marker);
  }

  /**
   * Numbers from 0 to 1 as ink, in the colour of text.
   *
   * @param {ArrayLike<number>} numbers
   */
  showInk(numbers) {
    this.squares.forEach((square, i) => paint(square, "text", numbers[i]));
  }

  /**
   * Numbers of both signs in two colours, relative to the largest.
   *
   * @param {ArrayLike<number>} numbers
   */
  showSigned(numbers) {
    const largest = largestMagnitude(numbers);
    this.squares.forEach((square, i) => {
      paint(square, numbers[i] < 0 ? "low" : "high", Math.sqrt(Math.abs(numbers[i]) / largest));
    });
  }

  /**
   * Draw a frame around a square of pixels.
   *
   * @param {number} row
   * @param {number} column
   * @param {number} size
   */
  mark(row, column, size) {
    for (const [name, value] of Object.entries({ x: column, y: row, width: size, height: size })) {
      this.marker.setAttribute(name, String(value));
    }
  }
}

/**
 * @param {SVGElement} square
 * @param {string} kind
 * @param {number} share from 0 to 1
 */
function paint(square, kind, share) {
  square.setAttribute("class", kind);
  square.setAttribute("fill-opacity", share.toFixed(3));
}
