/** A gradient as a heat map with three numbers below: root mean square, largest magnitude, share of zeros. */

import { h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { percent, short, statistics } from "../numbers.js";
import { pictureOf, unraveled } from "./picture_of.js";

/** @typedef {import("../types.js").Tensor} Tensor */

export class GradientMap {
  /**
   * @param {number} width in CSS pixels at most
   * @param {(place: number) => void} [pick] called with a place in the flat array
   */
  constructor(width, pick) {
    this.shape = [0];
    this.picture = pictureOf({ shape: [0], data: new Float32Array(0) });
    this.symbol = "";
    this.map = new Heatmap({
      label: "Gradient",
      width,
      largestZoom: 16,
      pick: pick && ((index) => pick(this.picture.placeOf(index))),
      name: (index) => `${this.symbol}[${unraveled(this.picture.placeOf(index), this.shape).join(", ")}]`,
    });
    this.numbers = h("p", { class: "backward-facts" });
    this.element = h("div", { class: "backward-map" }, this.map.element, this.numbers);
  }

  /**
   * @param {Tensor} tensor
   * @param {{label: string, symbol: string, inputs?: number[] | null, place?: number | null}} how `symbol` stands
   *   before the index of a number that is read out; `inputs` as `pictureOf` takes it; `place` to mark
   */
  show(tensor, { label, symbol, inputs = null, place = null }) {
    this.shape = tensor.shape;
    this.picture = pictureOf(tensor, inputs);
    this.symbol = symbol;
    this.map.show(this.picture.tensor, { label, marked: place === null ? null : this.picture.cellOf(place) });
    this.map.caption.textContent = `${label} · ${tensor.shape.join(" × ")}`;
    this.numbers.textContent = factsOf(tensor);
  }
}

/**
 * @param {Tensor} tensor
 */
function factsOf({ data }) {
  const { rms, least, largest, zeros } = statistics(data);
  if (zeros === 1) return "All numbers are 0: no gradient comes here.";
  const far = -least > largest ? least : largest;
  return `root mean square ${short(rms)} · largest ${short(far)} · zeros ${percent(zeros)}`;
}
