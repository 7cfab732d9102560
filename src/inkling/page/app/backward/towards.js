/**
 * "What would make it a 7?": the pixels change step by step, until that digit is the most probable. The
 * drawing stays.
 */

import { Bars, logitNames } from "../figures/bars.js";
import { h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
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
  const names = logitNames(page.model);
  const options = names.map((name, label) => h("option", { value: label }, name));
  const select = h("select", { id: "backward-towards-label", change: () => ((chosen = true), clear()) }, ...options);
  const play = h(
    "button",
    { type: "button", class: "primary", click: () => (player.playing ? stop() : start()) },
    "Play",
  );
  const result = h("p", { class: "backward-result", id: "backward-towards-result", "aria-live": "polite" });
  const changed = new Heatmap({ label: "The changed image", scale: "ink", width });
  const difference = new Heatmap({ label: "Changed − original", width });
  const bars = new Bars("Probabilities of the changed image", names);
  const title = h("h2", {}, "What would make it another digit?");
  const intro = h(
    "p",
    {},
    "Here the pixels are changed, not the weights. Each step lowers the loss of the chosen digit a little. Your " +
      "drawing stays as it is.",
  );
  const row = h("div", { class: "row" }, h("label", { for: select.id }, "Make it"), select, play);
  const columns = h(
    "div",
    { class: "backward-columns" },
    changed.element,
    difference.element,
    h("div", { class: "backward-bars" }, bars.element),
  );
  const element = h(
    "section",
    { class: "backward-section", "aria-label": "What would make it another digit" },
    title,
    intro,
    row,
    result,
    columns,
  );
  let chosen = false;
  /** @type {Thought | null} */
  let thought = null;
  let running = new AbortController();
  const player = new Player(showPart, ended);

  async function start() {
    if (!thought) return;
    const wanted = Number(select.value);
    play.textContent = "Stop";
    result.textContent = "";
    running.abort();
    running = new AbortController();
    player.start();
    const id = player.run;
    try {
      const { done } = await page.engine.towards(thought.image, wanted, (part) => player.add(part, id), running.signal);
      player.finish(done, id);
    } catch (error) {
      if (id !== player.run) return;
      halt();
      result.textContent = /** @type {Error} */ (error).message;
    }
  }

  function stop() {
    halt();
    result.textContent = `Stopped after ${stepsText(player.shown - 1)}: most probable is ${reading(player.last)}.`;
  }

  /** Neither the engine nor the player goes on. */
  function halt() {
    running.abort();
    player.stop();
    play.textContent = "Play";
  }

  /** @param {boolean} done whether the digit that was wished for is the most probable */
  function ended(done) {
    play.textContent = "Play";
    const wish = names[Number(select.value)];
    const steps = player.shown - 1;
    if (done && steps <= 0) result.textContent = `Most probable is ${wish} already: nothing had to change.`;
    else if (done) result.textContent = `After ${stepsText(steps)}, most probable is ${reading(player.last)}.`;
    else result.textContent = `After ${stepsText(steps)}, most probable is still not ${wish}, but ${reading(player.last)}.`;
  }

  /** @param {Part | null} part */
  function reading(part) {
    if (!part) return "as before";
    const best = argmax(part.probabilities.data);
    return `${names[best]} (${percent(part.probabilities.data[best])})`;
  }

  /**
   * @param {Part} part
   * @param {number} number of the part, from 0: the image as it was
   */
  function showPart(part, number) {
    if (!thought) return;
    const { shape, data } = part.x;
    changed.show({ shape, data: data.map((value) => value * 255) }, { largest: 255 });
    const before = thought.image;
    difference.show({ shape, data: data.map((value, i) => value * 255 - before[i]) }, { largest: 255 });
    bars.show(part.probabilities.data, thought.tensors.get("probabilities")?.data ?? null);
    if (number) result.textContent = stepsText(number);
  }

  /** The image as it is, without a change. */
  function clear() {
    halt();
    result.textContent = "";
    const x = thought?.tensors.get("x");
    const probabilities = thought?.tensors.get("probabilities");
    if (x && probabilities) showPart({ x, probabilities, done: false }, 0);
  }

  /** @param {Thought} latestThought */
  function show(latestThought) {
    if (thought === latestThought) return;
    const same = thought && sameImage(thought, latestThought);
    thought = latestThought;
    if (!chosen) select.value = String(suggested(thought));
    if (!same) clear();
  }
  return { element, show };
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
