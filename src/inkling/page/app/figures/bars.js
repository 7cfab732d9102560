/** Ten probabilities, and that of "not a digit", as bars with numbers. */

import { fill, h, write } from "../dom.js";
import { percent } from "../numbers.js";

export class Bars {
  /**
   * @param {string} label
   * @param {string[]} names of the classes
   */
  constructor(label, names) {
    this.rows = names.map((name) => {
      const bar = h("span", { class: "bar-fill" });
      const before = h("span", { class: "bar-before", hidden: true });
      const value = h("td", { class: "bar-value" });
      const row = h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "bar" }, before, bar), value);
      return { row, bar, before, value };
    });
    const head = h("tr", {}, ...["digit", "bar", "probability"].map((each) => h("th", { scope: "col" }, each)));
    const hidden = h("thead", { class: "visually-hidden" }, head);
    this.element = h("table", { class: "bars" }, h("caption", {}, label), hidden);
    this.element.append(h("tbody", {}, ...this.rows.map(({ row }) => row)));
    this.clear();
  }

  /**
   * @param {ArrayLike<number>} probabilities
   * @param {ArrayLike<number> | null} [before] an earlier answer, marked with a line
   */
  show(probabilities, before = null) {
    const best = Array.from(probabilities).reduce((most, each, i, all) => (each > all[most] ? i : most), 0);
    this.rows.forEach((each, i) => {
      each.bar.style.width = `${100 * probabilities[i]}%`;
      write(each.value, percent(probabilities[i]));
      each.row.classList.toggle("best", i === best);
      each.before.hidden = before === null;
      if (before !== null) each.before.style.left = `${100 * before[i]}%`;
    });
  }

  /** Nothing is drawn: no bars. */
  clear() {
    for (const { row, bar, before, value } of this.rows) {
      bar.style.width = "0";
      before.hidden = true;
      fill(value, "–");
      row.classList.remove("best");
    }
  }
}

/**
 * The names of the logits: those of the classes and, where the network knows it, "not a digit".
 *
 * @param {import("../types.js").ModelInfo} model
 */
export function logitNames(model) {
  return model.knowsNonDigits ? [...model.classNames, "not a digit"] : model.classNames;
}
