/**
 * Differences as bars to the left and to the right of 0, the longest for the largest, with their two parts beside
 * them.
 */

import { h } from "../dom.js";
import { largestMagnitude, short } from "../numbers.js";

export class SignedBars {
  /**
   * @param {string} label
   * @param {string[]} names of the rows
   * @param {[string, string, string]} heads of the two parts and of their difference
   */
  constructor(label, names, heads) {
    this.rows = names.map((name) => {
      const bar = h("span", { class: "backward-bar-fill" });
      const parts = [h("td", {}), h("td", {}), h("td", {})];
      const row = h(
        "tr",
        {},
        h("th", { scope: "row" }, name),
        parts[0],
        parts[1],
        h("td", { class: "backward-bar" }, bar),
        parts[2],
      );
      return { row, bar, parts };
    });
    const bar = h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "bar"));
    const [first, second, difference] = heads.map((text) => h("th", { scope: "col" }, text));
    const head = [h("th", { scope: "col" }, "digit"), first, second, bar, difference];
    this.element = h(
      "table",
      { class: "backward-numbers" },
      h("caption", {}, label),
      h("thead", {}, h("tr", {}, ...head)),
    );
    this.element.append(h("tbody", {}, ...this.rows.map(({ row }) => row)));
  }

  /**
   * @param {ArrayLike<number>} first
   * @param {ArrayLike<number>} second
   * @param {ArrayLike<number>} difference
   * @param {number} marked row
   */
  show(first, second, difference, marked) {
    const largest = largestMagnitude(difference);
    this.rows.forEach(({ row, bar, parts }, i) => {
      [first, second, difference].forEach((values, part) => (parts[part].textContent = short(values[i])));
      const value = difference[i];
      const length = (50 * Math.abs(value)) / largest;
      bar.style.width = `${length}%`;
      bar.style.left = `${value < 0 ? 50 - length : 50}%`;
      bar.classList.toggle("backward-negative", value < 0);
      row.classList.toggle("backward-truth", i === marked);
    });
  }
}
