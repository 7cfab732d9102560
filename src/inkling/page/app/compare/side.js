/** One of two models that are compared: its answer, and the probabilities of its classes. */

import { verdict } from "../answer.js";
import { fill, h } from "../dom.js";
import { Bars, logitNames } from "../figures/bars.js";

export class Side {
  /** @param {import("../types.js").ModelInfo} model */
  constructor(model) {
    this.model = model;
    this.bars = new Bars(`Probabilities of ${model.name}`, logitNames(model));
    this.text = h("p", { class: "answer-text" });
    this.note = h("p", { class: "answer-note" });
    const head = h("h3", {}, model.name);
    this.element = h(
      "section",
      { class: "compare-side", "aria-label": model.name },
      head,
      this.text,
      this.note,
      this.bars.element,
    );
    this.show(null);
  }

  /** @param {ArrayLike<number> | null} probabilities */
  show(probabilities) {
    const said = probabilities ? verdict(probabilities, this.model) : { text: "–", note: "" };
    fill(this.text, said.text);
    fill(this.note, said.note);
    if (probabilities) this.bars.show(probabilities);
    else this.bars.clear();
  }
}
