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
 * @returns {import("./loss.js").Panel}
 */
export function createUpdatePanel(page) {
  return new UpdatePanel(page);
}

class UpdatePanel {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.names = logitNames(page.model);
    this.rate = createRate(page);
    this.recall = createRecall(page);
    this.measured = -1; // page.changes when the examples were last read
    /** @type {Thought | null} */
    this.thought = null;
    this.norm = h("p", { class: "backward-sentence" });
    this.result = h("p", { class: "backward-result", id: "backward-losses", "aria-live": "polite" });
    this.bars = new Bars("Probabilities after the update; the line is before", this.names);
    const apply = h("button", { type: "button", class: "primary", click: () => this.keep() }, "Apply");
    this.reset = h("button", { type: "button", "aria-disabled": "true", click: () => this.giveBack() }, "Reset");
    this.buttons = h("div", { class: "row" }, apply, this.reset);
    const formula = h("p", { class: "backward-formula" }, "θ ← θ − lr · g");
    const answer = [this.norm, this.result, this.bars.element, this.buttons, this.recall.element];
    this.element = h("div", { class: "backward-panel" }, formula, this.rate.element, ...answer);
    this.preview = this.createPreview();
  }

  /** What an update would do, asked for the newest thought and rate. */
  createPreview() {
    return latest(
      (/** @type {{image: Uint8Array, label: number, rate: number}} */ { image, label, rate }) =>
        this.page.engine.step(image, label, rate, false),
      (outcome, { label }) => this.showOutcome(outcome, label),
      (error) => (this.result.textContent = error.message),
    );
  }

  /** @param {Thought} thought */
  show(thought) {
    const { page } = this;
    this.thought = thought;
    this.reset.setAttribute("aria-disabled", String(!page.applied));
    for (const each of [this.buttons, this.bars.element, this.recall.element]) each.hidden ||= !page.can.update;
    if (page.can.update && this.measured !== page.changes) this.remember();
    this.rate.update();
    if (thought.label === null) return;
    const { rate } = page.store.state;
    this.norm.textContent = normText(thought, rate);
    if (page.can.update) this.preview({ image: thought.image, label: thought.label, rate });
  }

  /**
   * @param {Outcome} outcome
   * @param {number} label
   */
  showOutcome({ before, after, lossBefore, lossAfter }, label) {
    this.bars.show(after.data, before.data);
    this.result.textContent =
      `Loss ${short(lossBefore)} → ${short(lossAfter)} nats; probability of ${this.names[label]}: ` +
      `${percent(before.data[label])} → ${percent(after.data[label])}.` +
      (lossAfter > lossBefore ? " The loss has grown: the learning rate is too large." : "");
  }

  async keep() {
    const { page, thought } = this;
    if (!thought || thought.label === null) return;
    const { image, label } = thought;
    await this.act(() => page.engine.step(image, label, page.store.state.rate, true), () => page.applied + 1);
    page.announce("The update is applied: the network of this page has new parameters.");
  }

  async giveBack() {
    if (!this.page.applied) return;
    await this.act(() => this.page.engine.reset(), () => 0);
    this.page.announce("The parameters are those of the file again.");
  }

  /**
   * @param {() => Promise<unknown>} change
   * @param {() => number} countAfter how many updates the parameters hold then; other changes may end meanwhile
   */
  async act(change, countAfter) {
    try {
      await change();
      const count = countAfter();
      this.page.setApplied(count);
      this.reset.setAttribute("aria-disabled", String(!count));
      this.page.rethink();
      this.remember();
    } catch (error) {
      this.page.announce(/** @type {Error} */ (error).message);
    }
  }

  remember() {
    this.measured = this.page.changes;
    this.recall.measure(this.page.applied > 0).catch((error) => this.page.announce(error.message));
  }
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
