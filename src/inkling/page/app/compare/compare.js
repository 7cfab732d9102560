/** Compare: a second model on the same drawing, both answers side by side. */

import { verdict } from "../answer.js";
import { Bars, logitNames } from "../figures/bars.js";
import { compared } from "./compared.js";
import { fill, h } from "../dom.js";
import { shapeText } from "../numbers.js";
import { request } from "../server.js";
import { sightOf } from "../thinking.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").ModelInfo} ModelInfo */

const BUNDLED = ["reader", "tiny"];

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
    /** @type {ModelInfo | null} */
    this.second = null;
    /** @type {import("../types.js").Thought | null} */
    this.asked = null; // the first model's thought that the second has been asked about
    this.openings = 0;
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
      if (file) this.open(file.name.replace(/\.safetensors$/, ""), () => file.arrayBuffer());
      field.value = "";
    });
    const label = h("label", { class: "button", for: "compare-file" }, "Model file …");
    const bundled = this.page.served ? BUNDLED : [];
    const buttons = bundled.map((name) => {
      const fetched = async () => (await request(`model?name=${name}`)).arrayBuffer();
      return h("button", { type: "button", click: () => this.open(name, fetched) }, name);
    });
    return [field, label, ...buttons];
  }

  /**
   * @param {string} name
   * @param {() => Promise<ArrayBuffer>} file
   */
  async open(name, file) {
    const opening = ++this.openings; // the newest is shown, whichever file comes first
    try {
      const content = await file();
      if (opening !== this.openings) return;
      const model = await this.page.engine.load(content, name, "second");
      if (opening !== this.openings) return;
      requireComparable(model, this.page.model);
      this.problem.hidden = true;
      this.second = model;
      this.answer = new Side(model);
      this.asked = null;
      fill(this.sides, this.first.element, this.answer.element);
      this.update();
    } catch (error) {
      if (opening !== this.openings) return;
      this.second = null;
      fill(this.sides, this.first.element);
      this.update();
      this.problem.hidden = false;
      fill(this.problem, `${name} cannot be compared: ${/** @type {Error} */ (error).message}.`);
    }
  }

  update() {
    const thought = this.page.thought();
    if (!thought) return;
    const probabilities = thought.tensors.get("probabilities")?.data ?? null;
    this.first.show(thought.blank ? null : probabilities);
    this.showOff();
    if (!this.second) fill(this.words, "Open a second model.");
    else if (thought.blank || !probabilities) this.nothing();
    else if (thought !== this.asked) this.ask(thought, probabilities, this.second);
  }

  /** The second model is whole: channels are switched off in the first only. */
  showOff() {
    const count = Object.values(this.page.store.state.off).reduce((sum, channels) => sum + channels.length, 0);
    this.off.hidden = !count;
    const channels = count === 1 ? "1 channel is" : `${count} channels are`;
    fill(this.off, count ? `${channels} switched off in ${this.page.model.name}, and none in the second model.` : "");
  }

  nothing() {
    fill(this.words, "Nothing is drawn.");
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
      const other = await this.page.engine.think({ image: thought.image }, { slot: "second" });
      const probabilities = other.tensors.get("probabilities")?.data;
      if (this.asked !== thought || this.second !== second || !probabilities) return; // asked about something newer
      this.answer?.show(probabilities);
      fill(this.words, compared({ model: this.page.model, probabilities: first }, { model: second, probabilities }));
    } catch (error) {
      if (this.asked !== thought || this.second !== second) return;
      this.answer?.show(null);
      fill(this.words, `${second.name} gives no answer: ${/** @type {Error} */ (error).message}.`);
    }
  }
}

/**
 * @param {ModelInfo} second
 * @param {ModelInfo} first
 */
function requireComparable(second, first) {
  const [taken, wanted] = [second, first].map(({ inputShape }) => shapeText(inputShape));
  if (second.unknown.length) throw new Error(`the page's engine does not know its layer ${second.unknown[0].name}`);
  if (taken !== wanted) throw new Error(`it takes images of ${taken}, and the other model those of ${wanted}`);
}

/** One model's answer. */
class Side {
  /** @param {ModelInfo} model */
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
