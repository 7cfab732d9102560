/** The last step: θ ← θ − lr · g, with the answer before and after; the new parameters can be kept, and given back. */

import { Bars, logitNames } from "../figures/bars.js";
import { h } from "../dom.js";
import { latest } from "./latest.js";
import { percent, short } from "../numbers.js";
import { createRate } from "./rate.js";
import { createRecall } from "./recall.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Thought} Thought */
/** @typedef {Awaited<ReturnType<import("../engine_client.js").EngineClient["step"]>>} Outcome */

/**
 * @param {Page} page
 * @param {(applied: number) => void} onApplied told how many updates the parameters of the page now hold
 * @returns {import("./loss.js").Panel}
 */
export function createUpdatePanel(page, onApplied) {
  const names = logitNames(page.model);
  const rate = createRate(page);
  const recall = createRecall(page);
  const norm = h("p", { class: "backward-sentence" });
  const result = h("p", { class: "backward-result", id: "backward-losses", "aria-live": "polite" });
  const bars = new Bars("Probabilities after the update; the line is before", names);
  const apply = h("button", { type: "button", class: "primary", click: () => keep() }, "Apply");
  const reset = h("button", { type: "button", "aria-disabled": "true", click: () => giveBack() }, "Reset");
  const formula = h("p", { class: "backward-formula" }, "θ ← θ − lr · g");
  const buttons = h("div", { class: "row" }, apply, reset);
  const element = h(
    "div",
    { class: "backward-panel" },
    formula,
    rate.element,
    norm,
    result,
    bars.element,
    buttons,
    recall.element,
  );
  let applied = 0;
  /** @type {Thought | null} */
  let thought = null;

  const preview = latest(
    (/** @type {{image: Uint8Array, label: number, rate: number}} */ { image, label, rate: lr }) =>
      page.engine.step(image, label, lr, false),
    (outcome, { label }) => showOutcome(outcome, label),
    (error) => (result.textContent = error.message),
  );

  /** @type {import("./loss.js").Panel["show"]} */
  function show(latestThought) {
    if (!thought) remember();
    thought = latestThought;
    rate.update();
    if (thought.label === null) return;
    const lr = page.store.state.rate;
    norm.textContent = normText(thought, lr);
    preview({ image: thought.image, label: thought.label, rate: lr });
  }

  /**
   * @param {Outcome} outcome
   * @param {number} label
   */
  function showOutcome({ before, after, lossBefore, lossAfter }, label) {
    bars.show(after.data, before.data);
    result.textContent =
      `Loss ${short(lossBefore)} → ${short(lossAfter)} nats; probability of ${names[label]}: ` +
      `${percent(before.data[label])} → ${percent(after.data[label])}.` +
      (lossAfter > lossBefore ? " The loss has grown: the learning rate is too large." : "");
  }

  async function keep() {
    if (!thought || thought.label === null) return;
    await act(
      () =>
        page.engine.step(
          /** @type {Thought} */ (thought).image,
          /** @type {number} */ (thought?.label),
          page.store.state.rate,
          true,
        ),
      applied + 1,
    );
    page.announce("The update is applied: the network of this page has new parameters.");
  }

  async function giveBack() {
    if (!applied) return;
    await act(() => page.engine.reset(), 0);
    page.announce("The parameters are those of the file again.");
  }

  /**
   * @param {() => Promise<unknown>} change
   * @param {number} count of updates behind it
   */
  async function act(change, count) {
    try {
      await change();
      applied = count;
      reset.setAttribute("aria-disabled", String(!applied));
      onApplied(applied);
      page.setApplied?.(applied);
      page.rethink();
      remember();
    } catch (error) {
      page.announce(/** @type {Error} */ (error).message);
    }
  }

  function remember() {
    recall.measure(applied > 0).catch((error) => page.announce(error.message));
  }
  return { element, show };
}

/**
 * How long the gradient is, and what it promises for a small step.
 *
 * @param {Thought} thought
 * @param {number} rate
 */
function normText({ tensors }, rate) {
  let [squares, count] = [0, 0];
  for (const [name, { data }] of tensors) {
    if (!name.startsWith("dp.")) continue;
    count += data.length;
    for (let i = 0; i < data.length; i++) squares += data[i] * data[i];
  }
  const falls = rate * squares;
  const far =
    falls > (tensors.get("loss")?.data[0] ?? Infinity)
      ? " That is more than the whole loss, so the step is too large for this estimate."
      : "";
  return (
    `g holds ${count.toLocaleString("en")} numbers, the gradients of all weights and biases; its length |g| is ` +
    `${short(Math.sqrt(squares))}. For a small step, the loss falls by about lr · |g|² = ${short(falls)} nats.${far}`
  );
}
