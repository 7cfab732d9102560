/**
 * "What would make it a 7?": the pixels change step by step, until that digit is the most probable. The
 * drawing stays.
 */

import { createChangedImage } from "./changed_image.js";
import { logitNames } from "../figures/bars.js";
import { h } from "../dom.js";
import { argmax, percent } from "../numbers.js";
import { Player } from "./player.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Thought} Thought */
/** @typedef {import("../types.js").Tensor} Tensor */
/** @typedef {{x: Tensor, probabilities: Tensor, done: boolean}} Part */

/**
 * @param {Page} page
 * @param {number} width of a heat map in CSS pixels
 * @returns {{element: HTMLElement, show: (thought: Thought) => void}}
 */
export function createTowards(page, width) {
  return new Towards(page, width);
}

class Towards {
  /**
   * @param {Page} page
   * @param {number} width
   */
  constructor(page, width) {
    this.page = page;
    this.names = logitNames(page.model);
    this.chosen = false;
    /** @type {Thought | null} */
    this.thought = null;
    this.running = new AbortController();
    this.player = new Player((part, number) => this.showPart(part, number), (done) => this.ended(done));
    const options = this.names.map((name, label) => h("option", { value: label }, name));
    this.select = h("select", { id: "backward-towards-label", change: () => this.choose() }, ...options);
    const click = () => (this.player.playing ? this.stop() : this.start());
    this.play = h("button", { type: "button", class: "primary", click }, "Play");
    this.result = h("p", { class: "backward-result", id: "backward-towards-result", "aria-live": "polite" });
    this.pictures = createChangedImage(this.names, width);
    this.element = this.section();
  }

  section() {
    const intro =
      "Here the pixels are changed, not the weights. Each step lowers the loss of the chosen digit a little. Your " +
      "drawing stays as it is.";
    const label = h("label", { for: this.select.id }, "Make it");
    return h(
      "section",
      { class: "backward-section", "aria-label": "What would make it another digit" },
      h("h2", {}, "What would make it another digit?"),
      h("p", {}, intro),
      h("div", { class: "row" }, label, this.select, this.play),
      this.result,
      this.pictures.element,
    );
  }

  choose() {
    this.chosen = true;
    this.clear();
  }

  async start() {
    if (!this.thought) return;
    const wanted = Number(this.select.value);
    this.play.textContent = "Stop";
    this.result.textContent = "";
    this.running.abort();
    this.running = new AbortController();
    this.player.start();
    const id = this.player.run;
    const onPart = (/** @type {Part} */ part) => this.player.add(part, id);
    try {
      const { done } = await this.page.engine.towards(this.thought.image, wanted, onPart, this.running.signal);
      this.player.finish(done, id);
    } catch (error) {
      if (id !== this.player.run) return;
      this.halt();
      this.result.textContent = /** @type {Error} */ (error).message;
    }
  }

  stop() {
    this.halt();
    const steps = stepsText(this.player.shown - 1);
    this.result.textContent = `Stopped after ${steps}: most probable is ${this.reading(this.player.last)}.`;
  }

  /** Neither the engine nor the player goes on. */
  halt() {
    this.running.abort();
    this.player.stop();
    this.play.textContent = "Play";
  }

  /** @param {boolean} done whether the digit that was wished for is the most probable */
  ended(done) {
    this.play.textContent = "Play";
    const wish = this.names[Number(this.select.value)];
    const steps = this.player.shown - 1;
    const after = `After ${stepsText(steps)}, most probable is`;
    if (done && steps <= 0) this.result.textContent = `Most probable is ${wish} already: nothing had to change.`;
    else if (done) this.result.textContent = `${after} ${this.reading(this.player.last)}.`;
    else this.result.textContent = `${after} still not ${wish}, but ${this.reading(this.player.last)}.`;
  }

  /** @param {Part | null} part */
  reading(part) {
    if (!part) return "as before";
    const best = argmax(part.probabilities.data);
    return `${this.names[best]} (${percent(part.probabilities.data[best])})`;
  }

  /**
   * @param {Part} part
   * @param {number} number of the part, from 0: the image as it was
   */
  showPart(part, number) {
    if (!this.thought) return;
    this.pictures.show(part, this.thought);
    if (number) this.result.textContent = stepsText(number);
  }

  /** The image as it is, without a change. */
  clear() {
    this.halt();
    this.result.textContent = "";
    const x = this.thought?.tensors.get("x");
    const probabilities = this.thought?.tensors.get("probabilities");
    if (x && probabilities) this.showPart({ x, probabilities, done: false }, 0);
  }

  /** @param {Thought} latestThought */
  show(latestThought) {
    const { thought } = this;
    if (thought === latestThought) return;
    const same = thought && sameImage(thought, latestThought);
    this.thought = latestThought;
    if (!this.chosen) this.select.value = String(suggested(latestThought));
    if (!same) this.clear();
  }
}

/** @param {number} count */
function stepsText(count) {
  return `${Math.max(count, 0)} ${count === 1 ? "step" : "steps"}`;
}

/**
 * The digit after the best: the one that takes the least change.
 *
 * @param {Thought} thought
 */
function suggested({ tensors }) {
  const values = Array.from(tensors.get("probabilities")?.data ?? [1]);
  values[argmax(values)] = -1;
  return argmax(values);
}

/**
 * Whether two thoughts are of the same image by the same parameters.
 *
 * @param {Thought} a
 * @param {Thought} b
 */
function sameImage(a, b) {
  const [first, second] = [a, b].map(({ tensors }) => tensors.get("probabilities")?.data ?? new Float32Array(0));
  return a.image.every((level, i) => level === b.image[i]) && first.every((value, i) => value === second[i]);
}
