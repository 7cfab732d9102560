/** What the network makes of the drawing: the digit or a question mark, the 28×28 that it sees, all probabilities. */

import { Bars, logitNames } from "./figures/bars.js";
import { h } from "./dom.js";
import { Heatmap } from "./figures/heatmap.js";
import { percent } from "./numbers.js";

/** @typedef {import("./types.js").Page} Page */

const CONFIDENCE = 0.7; // A single digit is refused below this confidence, as `inkling read` does.

/**
 * @param {Page} page
 * @returns {import("./types.js").View}
 */
export function createAnswer(page) {
  const seen = new Heatmap({ label: "It sees", scale: "ink", width: 112 });
  const text = h("p", { class: "answer-text", id: "answer-text" });
  const note = h("p", { class: "answer-note" });
  const bars = new Bars("Probabilities", logitNames(page.model));
  const head = h("div", { class: "answer-head" }, seen.element, h("div", { "aria-live": "polite" }, text, note));
  const element = h("div", { class: "answer" }, head, bars.element);
  const [rows, columns] = page.model.inputShape;

  function update() {
    const thought = page.thought();
    seen.element.hidden = !thought;
    if (!thought) {
      text.textContent = "–";
      note.textContent = page.failure() ?? "";
      bars.clear();
      return;
    }
    const data = Float32Array.from(thought.image);
    seen.show({ shape: [rows, columns], data }, { largest: 255 });
    const probabilities = thought.tensors.get("probabilities")?.data;
    if (thought.blank || !probabilities) {
      text.textContent = "–";
      note.textContent = "Nothing is drawn.";
      bars.clear();
      return;
    }
    bars.show(probabilities);
    const said = verdict(probabilities, page.model);
    text.textContent = said.text;
    note.textContent = said.note;
  }
  return { element, update };
}

/**
 * The answer in words: a class, or "?" where it is refused.
 *
 * @param {ArrayLike<number>} probabilities of the classes and, where the model knows it, of "not a digit"
 * @param {{classNames: string[], knowsNonDigits: boolean}} model
 */
export function verdict(probabilities, model) {
  const classes = model.classNames.length;
  let best = 0;
  for (let i = 1; i < classes; i++) if (probabilities[i] > probabilities[best]) best = i;
  const none = model.knowsNonDigits ? probabilities[classes] : 0;
  const name = model.classNames[best];
  if (none > 0.5) return { text: "?", note: `Not a digit: ${percent(none)}. Else most like ${name}.` };
  if (probabilities[best] < CONFIDENCE) {
    const least = `${Math.round(100 * CONFIDENCE)} %`;
    return { text: "?", note: `Not sure: ${name} with ${percent(probabilities[best])}, which is below ${least}.` };
  }
  return { text: name, note: `${percent(probabilities[best])} sure.` };
}
