/** Compare: a second model on the same drawing, both answers side by side. */

import { compared } from "./compared.js";
import { fill, h, write } from "../dom.js";
import { BUNDLED, SecondModel } from "./second_model.js";
import { Side } from "./side.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").ModelInfo} ModelInfo */

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createCompareView(page) {
  return new CompareView(page);
}

class CompareView {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.second = new SecondModel(page, () => this.update());
    /** @type {ModelInfo | null} */
    this.shown = null; // the second model that has a side
    /** @type {import("../types.js").Thought | null} */
    this.asked = null; // the first model's thought that the second has been asked about
    this.exercise = h("p", { class: "notice", id: "compare-exercise", role: "status", hidden: true });
    this.words = h("p", { class: "compare-words", id: "compare-words", "aria-live": "polite" });
    this.problem = h("p", { class: "notice", role: "alert", hidden: true });
    this.off = h("p", { class: "notice", id: "compare-off", hidden: true });
    this.sides = h("div", { class: "compare-sides" });
    this.first = new Side(page.model);
    this.element = h(
      "div",
      { class: "compare panel" },
      h("h2", {}, "Compare two models"),
      h("p", { class: "muted" }, "A second model answers to the same drawing."),
      h("div", { class: "row" }, ...this.openers()),
      this.problem,
      this.exercise,
      this.off,
      this.words,
      this.sides,
    );
    fill(this.sides, this.first.element);
  }

  /** A field for a model file and, with a server, a button per bundled model. */
  openers() {
    const field = h("input", { type: "file", accept: ".safetensors", class: "visually-hidden", id: "compare-file" });
    field.addEventListener("change", () => {
      const file = field.files?.[0];
      if (file) this.second.chooseFile(file);
      field.value = "";
    });
    const label = h("label", { class: "button", for: "compare-file" }, "Model file …");
    const bundled = this.page.served ? BUNDLED : [];
    const choose = (/** @type {string} */ name) => this.second.chooseBundled(name);
    return [field, label, ...bundled.map((name) => h("button", { type: "button", click: () => choose(name) }, name))];
  }

  update() {
    this.second.followAddress();
    this.showSecond();
    const thought = this.page.thought();
    if (!thought) return;
    const probabilities = thought.tensors.get("probabilities")?.data ?? null;
    this.first.show(thought.blank ? null : probabilities);
    this.showOff();
    const { model, isPending } = this.second;
    if (!model) write(this.words, isPending ? "The second model is being opened." : "Open a second model.");
    else if (thought.blank || !probabilities) this.nothing();
    else if (thought !== this.asked) this.ask(thought, probabilities, model);
  }

  /** The side of the second model, why there is none, and whether it is the one that an exercise names. */
  showSecond() {
    const { model, problem, note } = this.second;
    this.problem.hidden = !problem;
    this.exercise.hidden = !note;
    write(this.problem, problem);
    write(this.exercise, note);
    if (model === this.shown) return;
    this.shown = model;
    this.asked = null;
    this.answer = model && new Side(model);
    fill(this.sides, this.first.element, this.answer && this.answer.element);
  }

  /** The second model is whole: channels are switched off in the first only. */
  showOff() {
    const count = Object.values(this.page.store.state.off).reduce((sum, channels) => sum + channels.length, 0);
    this.off.hidden = !count;
    const channels = count === 1 ? "1 channel is" : `${count} channels are`;
    write(this.off, count ? `${channels} switched off in ${this.page.model.name}, and none in the second model.` : "");
  }

  nothing() {
    write(this.words, "Nothing is drawn.");
    this.answer?.show(null);
    this.asked = null;
  }

  /**
   * @param {import("../types.js").Thought} thought
   * @param {ArrayLike<number>} first
   * @param {ModelInfo} second
   */
  async ask(thought, first, second) {
    this.asked = thought;
    try {
      const other = await this.page.engine.think({ image: thought.image }, { slot: "second", warned: false });
      const probabilities = other.tensors.get("probabilities")?.data;
      const isOld = this.asked !== thought || this.second.model !== second;
      if (isOld || !probabilities) return;
      this.answer?.show(probabilities);
      write(this.words, compared({ model: this.page.model, probabilities: first }, { model: second, probabilities }));
    } catch (error) {
      if (this.asked !== thought || this.second.model !== second) return;
      this.answer?.show(null);
      write(this.words, `${second.name} gives no answer: ${/** @type {Error} */ (error).message}.`);
    }
  }
}
