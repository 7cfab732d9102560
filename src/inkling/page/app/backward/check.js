/** The gradient check: the gradient of one weight by the backward pass, beside the slope that two losses show. */

import { learntNames } from "./steps.js";
import { h } from "../dom.js";
import { GradientMap } from "./gradient_map.js";
import { latest } from "./latest.js";
import { allLayers } from "../layers.js";
import { short } from "../numbers.js";
import { imageBefore, unraveled } from "./picture_of.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Thought} Thought */
/** @typedef {{image: Uint8Array, label: number, name: string, place: number}} Question */

const AGREE = 1e-4; // A relative difference up to which the two gradients count as equal.
const TINY = 1e-9; // Below this, rounding is larger than the gradient.

/**
 * @param {Page} page
 * @param {number} width of the heat map in CSS pixels
 * @returns {{element: HTMLElement, show: (thought: Thought) => void, choose: (name: string, place: number) => void}}
 */
export function createCheck(page, width) {
  const choices = parameterChoices(page.model.layers);
  const options = choices.map(({ name, text }) => h("option", { value: name }, text));
  const select = h("select", { id: "backward-check-name", change: () => choose(select.value, 0) }, ...options);
  const field = h("input", { type: "number", id: "backward-check-place", min: 0, step: 1, value: 0, input: typed });
  const map = new GradientMap(width, (place) => choose(select.value, place));
  const button = h("button", { type: "button", class: "primary", click: () => ask() }, "Check this number");
  const result = h("div", { class: "backward-result", id: "backward-check-result", "aria-live": "polite" });
  const where = h("p", { class: "mono" });
  const form = h(
    "div",
    { class: "backward-check-form" },
    h("label", { for: select.id }, "Parameter"),
    select,
    h("label", { for: field.id }, "Index in the flattened array"),
    field,
    where,
    button,
    result,
  );
  const intro = h(
    "p",
    {},
    "Is the backward pass right? Choose one number that the network has learnt; compare its gradient with the slope " +
      "that two forward passes show.",
  );
  const element = h(
    "section",
    { class: "backward-section", "aria-label": "Gradient check" },
    h("h2", {}, "Gradient check"),
    intro,
    h("div", { class: "backward-columns" }, map.element, form),
  );
  let place = 0;
  let asked = false;
  /** @type {Thought | null} */
  let thought = null;

  const check = latest(
    (/** @type {Question} */ { image, label, name, place: index }) => page.engine.check(image, label, name, index),
    (answer, { name, place: index }) => {
      if (!asked) return; // another number was chosen
      const words = resultOf(answer, numberName(name, index));
      result.replaceChildren(...words.map((text, i) => h("p", { class: i < words.length - 1 ? "mono" : "" }, text)));
    },
    (error) => {
      if (asked) result.textContent = error.message;
    },
  );

  function ask() {
    if (!thought || thought.label === null) return;
    asked = true;
    check({ image: thought.image, label: thought.label, name: select.value, place });
  }

  function typed() {
    if (field.value !== "" && field.checkValidity()) choose(select.value, Number(field.value));
  }

  /**
   * @param {string} name
   * @param {number} index
   */
  function choose(name, index) {
    const count = sizeOf(name);
    select.value = name;
    place = Math.min(Math.max(index, 0), count - 1);
    field.max = String(count - 1);
    if (Number(field.value) !== place) field.value = String(place);
    where.textContent = numberName(name, place);
    asked = false;
    result.replaceChildren(h("p", { class: "muted" }, "Not checked yet."));
    if (thought) showMap(thought);
  }

  /** @param {Thought} latestThought */
  function showMap({ tensors }) {
    const gradient = tensors.get(`d${select.value}`);
    if (!gradient) return;
    const path = select.value.split(".").slice(1, -1).join(".");
    const inputs = gradient.shape.length === 2 ? imageBefore(page.model.layers, path) : null;
    map.show(gradient, { label: "Its gradient", symbol: numberName(select.value, null), inputs, place });
  }

  /** @param {Thought} latestThought */
  function show(latestThought) {
    const fresh = thought !== latestThought;
    thought = latestThought;
    showMap(thought);
    if (fresh && asked) ask();
  }

  /**
   * A number's name, such as "weight[2, 0]" of layer 3; without a place, only that of its array.
   *
   * @param {string} name
   * @param {number | null} index
   */
  function numberName(name, index) {
    const last = name.split(".").slice(-1)[0];
    const shape = choices.find((each) => each.name === name)?.shape ?? [1];
    return index === null
      ? last
      : `${last}[${unraveled(index, shape).join(", ")}] of layer ${name.split(".").slice(1, -1).join(".")}`;
  }

  /** @param {string} name */
  function sizeOf(name) {
    return (choices.find((each) => each.name === name)?.shape ?? [1]).reduce((all, each) => all * each, 1);
  }

  if (choices.length) choose(choices[choices.length - 1].name, 0);
  element.hidden = !choices.length;
  return { element, show, choose };
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

/**
 * What was computed, and whether both agree.
 *
 * @param {{analytic: number, numeric: number}} answer
 * @param {string} name
 */
function resultOf({ analytic, numeric }, name) {
  const size = Math.max(Math.abs(analytic), Math.abs(numeric));
  const difference = size === 0 ? 0 : Math.abs(analytic - numeric) / size;
  const same = difference <= AGREE || size < TINY;
  const verdict = same
    ? "They agree: the backward pass is right here."
    : "They differ. The loss may not be differentiable at this point: ReLU and MaxPool2d cause such points.";
  return [
    `analytic ${digits(analytic)}`,
    `numeric  ${digits(numeric)}`,
    `relative difference ${short(difference)}`,
    `The analytic gradient comes from one backward pass. For the numeric one, ${name} was moved up and down by a ` +
      "tiny ε, " +
      `and the loss computed each time: (loss(θ + ε) − loss(θ − ε)) / 2ε, in 64-bit numbers. ${verdict}`,
  ];
}

/** @param {number} value */
function digits(value) {
  return value.toPrecision(7).replaceAll("-", "−");
}
