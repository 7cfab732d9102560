/** The gradient check: the gradient of one weight by the backward pass, beside the slope that two losses show. */

import { resultOf } from "./check_words.js";
import { learntNames } from "./steps.js";
import { h } from "../dom.js";
import { GradientMap } from "./gradient_map.js";
import { latest } from "./latest.js";
import { allLayers, imageBefore } from "../layers.js";
import { unraveled } from "./picture_of.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Thought} Thought */
/** @typedef {{image: Uint8Array, label: number, name: string, place: number}} Question */

/**
 * @param {Page} page
 * @param {number} width of the heat map in CSS pixels
 * @returns {{element: HTMLElement, show: (thought: Thought) => void, choose: (name: string, place: number) => void}}
 */
export function createCheck(page, width) {
  return new Check(page, width);
}

class Check {
  /**
   * @param {Page} page
   * @param {number} width
   */
  constructor(page, width) {
    this.page = page;
    this.choices = parameterChoices(page.model.layers);
    this.place = 0;
    this.asked = false;
    /** @type {Thought | null} */
    this.thought = null;
    const options = this.choices.map(({ name, text }) => h("option", { value: name }, text));
    const change = () => this.choose(this.select.value, 0);
    this.select = h("select", { id: "backward-check-name", change }, ...options);
    const input = () => this.typed();
    this.field = h("input", { type: "number", id: "backward-check-place", min: 0, step: 1, value: 0, input });
    this.map = new GradientMap(width, (place) => this.choose(this.select.value, place));
    this.result = h("div", { class: "backward-result", id: "backward-check-result", "aria-live": "polite" });
    this.where = h("p", { class: "mono" });
    this.element = this.section();
    this.check = this.createQuestion();
    if (this.choices.length) this.choose(this.choices[this.choices.length - 1].name, 0);
    this.element.hidden = !this.choices.length;
  }

  section() {
    const intro =
      "Is the backward pass right? Choose one number that the network has learnt; compare its gradient with the " +
      "slope that two forward passes show.";
    const columns = h("div", { class: "backward-columns" }, this.map.element, this.form());
    const attributes = { class: "backward-section", "aria-label": "Gradient check" };
    return h("section", attributes, h("h2", {}, "Gradient check"), h("p", {}, intro), columns);
  }

  form() {
    return h(
      "div",
      { class: "backward-check-form" },
      h("label", { for: this.select.id }, "Parameter"),
      this.select,
      h("label", { for: this.field.id }, "Index in the flattened array"),
      this.field,
      this.where,
      h("button", { type: "button", class: "primary", click: () => this.ask() }, "Check this number"),
      this.result,
    );
  }

  /** What is asked of the engine, and what becomes of its answer. */
  createQuestion() {
    return latest(
      (/** @type {Question} */ { image, label, name, place }) => this.page.engine.check(image, label, name, place),
      (answer, { name, place }) => {
        if (!this.asked) return; // another number was chosen
        const words = resultOf(answer, this.numberName(name, place));
        const last = words.length - 1;
        this.result.replaceChildren(...words.map((text, i) => h("p", { class: i < last ? "mono" : "" }, text)));
      },
      (error) => {
        if (this.asked) this.result.textContent = error.message;
      },
    );
  }

  ask() {
    if (!this.thought || this.thought.label === null) return;
    this.asked = true;
    const { image, label } = this.thought;
    this.check({ image, label, name: this.select.value, place: this.place });
  }

  typed() {
    const { field } = this;
    if (field.value !== "" && field.checkValidity()) this.choose(this.select.value, Number(field.value));
  }

  /**
   * @param {string} name
   * @param {number} index
   */
  choose(name, index) {
    const count = this.sizeOf(name);
    this.select.value = name;
    this.place = Math.min(Math.max(index, 0), count - 1);
    this.field.max = String(count - 1);
    if (Number(this.field.value) !== this.place) this.field.value = String(this.place);
    this.where.textContent = this.numberName(name, this.place);
    this.asked = false;
    this.result.replaceChildren(h("p", { class: "muted" }, "Not checked yet."));
    if (this.thought) this.showMap(this.thought);
  }

  /** @param {Thought} thought */
  showMap({ tensors }) {
    const name = this.select.value;
    const gradient = tensors.get(`d${name}`);
    if (!gradient) return;
    const path = name.split(".").slice(1, -1).join(".");
    const inputs = gradient.shape.length === 2 ? imageBefore(this.page.model.layers, path) : null;
    const symbol = this.numberName(name, null);
    this.map.show(gradient, { label: "Its gradient", symbol, inputs, place: this.place });
  }

  /** @param {Thought} thought */
  show(thought) {
    const fresh = this.thought !== thought;
    this.thought = thought;
    this.showMap(thought);
    if (fresh && this.asked) this.ask();
  }

  /**
   * A number's name, such as "weight[2, 0]" of layer 3; without a place, only that of its array.
   *
   * @param {string} name
   * @param {number | null} index
   */
  numberName(name, index) {
    const last = name.split(".").slice(-1)[0];
    if (index === null) return last;
    const at = unraveled(index, this.shapeOf(name)).join(", ");
    return `${last}[${at}] of layer ${name.split(".").slice(1, -1).join(".")}`;
  }

  /** @param {string} name */
  sizeOf(name) {
    return this.shapeOf(name).reduce((all, each) => all * each, 1);
  }

  /** @param {string} name */
  shapeOf(name) {
    return this.choices.find((each) => each.name === name)?.shape ?? [1];
  }
}

/** @param {import("../types.js").LayerInfo[]} layers */
function parameterChoices(layers) {
  return allLayers(layers).flatMap((layer) =>
    learntNames(layer).map((name) => ({
      name: `p.${layer.path}.${name}`,
      text: `${layer.path} ${layer.name}: ${name} (${layer.parameters[name].join(" × ")})`,
      shape: layer.parameters[name],
    })),
  );
}
