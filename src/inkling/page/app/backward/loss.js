/** The first steps back: the loss with its numbers, and its gradient with respect to the logits. */

import { softmax } from "../../engine/loss.js";
import { logitNames } from "../figures/bars.js";
import { h } from "../dom.js";
import { percent, short } from "../numbers.js";
import { SignedBars } from "./signed_bars.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Thought} Thought */

/**
 * What is shown of one step of the backward pass.
 * @typedef {{element: HTMLElement, show: (thought: Thought, step: import("./steps.js").Step) => void}} Panel
 */

/**
 * The loss: −log softmax(z)[label], in nats.
 *
 * @param {Page} page
 * @returns {Panel}
 */
export function createLossPanel(page) {
  const names = logitNames(page.model);
  const formula = h("p", { class: "backward-formula", id: "backward-loss" });
  const meaning = h("p", {});
  const cells = names.map(() => [h("td", {}), h("td", {}), h("td", {})]);
  const rows = names.map((name, i) => h("tr", {}, h("th", { scope: "row" }, name), ...cells[i]));
  const head = ["digit", "z (logit)", "exp(z)", "softmax(z)"].map((text) => h("th", { scope: "col" }, text));
  const table = h(
    "table",
    { class: "backward-numbers" },
    h("caption", {}, "From logits to the loss"),
    h("thead", {}, h("tr", {}, ...head)),
  );
  table.append(h("tbody", {}, ...rows));
  const element = h("div", { class: "backward-panel" }, formula, meaning, table);

  /** @type {Panel["show"]} */
  function show({ tensors, label }) {
    const logits = tensors.get("logits");
    if (label === null || !logits) return;
    const p = softmax(logits.data);
    const loss = tensors.get("loss")?.data[0] ?? NaN;
    formula.textContent =
      `loss = −log softmax(z)[${names[label]}] = −log(exp(${short(logits.data[label])}) / Σ exp(z)) ` +
      `= −log(${short(p[label])}) = ${short(loss)} nats`;
    meaning.textContent = meaningOf(p[label], names, label, page.model.temperature);
    cells.forEach((row, i) => {
      [logits.data[i], Math.exp(logits.data[i]), p[i]].forEach((value, part) => (row[part].textContent = short(value)));
      rows[i].classList.toggle("backward-truth", i === label);
    });
  }
  return { element, show };
}

/**
 * @param {number} share of the true label
 * @param {string[]} names
 * @param {number} label
 * @param {number} temperature
 */
function meaningOf(share, names, label, temperature) {
  const count = names.length;
  const text =
    `The loss is small where the network gives the truth, ${names[label]}, a high probability; here it gives ` +
    `${percent(share)}. Giving all ${count} answers the same probability would cost log ${count} = ` +
    `${short(Math.log(count))} nats; certainty of the truth costs 0.`;
  if (temperature === 1) return text;
  const scaled = `softmax(z / ${short(temperature)}), which are better calibrated`;
  return `${text} Training takes softmax(z) as it is; the probabilities beside the drawing are ${scaled}.`;
}

/**
 * dlogits = softmax(z) − one_hot.
 *
 * @param {Page} page
 * @returns {Panel}
 */
export function createLogitsPanel(page) {
  const names = logitNames(page.model);
  const formula = h("p", { class: "backward-formula" }, "dlogits = softmax(z) − one_hot(label)");
  const meaning = h("p", {});
  const bars = new SignedBars("The gradient of the loss with respect to each logit", names, [
    "softmax(z)",
    "one_hot",
    "dlogits",
  ]);
  bars.element.id = "backward-dlogits";
  const element = h("div", { class: "backward-panel" }, formula, meaning, bars.element);

  /** @type {Panel["show"]} */
  function show({ tensors, label }) {
    const [logits, dlogits] = [tensors.get("logits"), tensors.get("dlogits")];
    if (label === null || !logits || !dlogits) return;
    meaning.textContent =
      `Only the truth, ${names[label]}, has a negative gradient: the loss falls when its logit grows. Every ` +
      "other logit has a positive gradient, equal to its probability: the loss falls when that logit shrinks. All " +
      "gradients sum to 0.";
    bars.show(
      softmax(logits.data),
      names.map((_, i) => Number(i === label)),
      dlogits.data,
      label,
    );
  }
  return { element, show };
}
