/** What the network makes of the drawing: a digit or a question mark, warnings, the 28×28 seen, all probabilities. */

import { Bars, logitNames } from "./figures/bars.js";
import { h, write } from "./dom.js";
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
  const warnings = h("p", { class: "answer-warnings", id: "answer-warnings" });
  const bars = new Bars("Probabilities", logitNames(page.model));
  const said = h("div", { "aria-live": "polite" }, text, note, warnings);
  const head = h("div", { class: "answer-head" }, seen.element, said);
  const element = h("div", { class: "answer" }, head, bars.element);
  const [rows, columns] = page.model.inputShape;
  /** @type {import("./types.js").Thought | null} */
  let latest = null;

  function update() {
    const thought = page.thought();
    seen.element.hidden = !thought;
    write(warnings, thought?.warnings.length ? `Warning: ${thought.warnings.join("; ")}.` : "");
    if (!thought) {
      text.textContent = "–";
      note.textContent = page.failure() ?? "";
      bars.clear();
      return;
    }
    if (thought !== latest) {
      seen.show({ shape: [rows, columns], data: new Float32Array(thought.image) }, { largest: 255 });
    }
    latest = thought;
    const probabilities = thought.tensors.get("probabilities")?.data;
    if (thought.blank || !probabilities) {
      text.textContent = "–";
      note.textContent = "Nothing is drawn.";
      bars.clear();
      return;
    }
    bars.show(probabilities);
    const found = verdict(probabilities, page.model);
    write(text, found.text);
    write(note, found.note);
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
