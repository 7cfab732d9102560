/** Backward: one training step on the drawing, for the digit that the user says it is, from the loss to the update. */

import { createLabelChoice } from "./label_choice.js";
import { createLayerPanel } from "./layer.js";
import { createLogitsPanel, createLossPanel } from "./loss.js";
import { createPixelsPanel } from "./pixels.js";
import { backwardSteps } from "./steps.js";
import { createUpdatePanel } from "./update.js";
import { logitNames } from "../figures/bars.js";
import { createCheck } from "./check.js";
import { h } from "../dom.js";
import { argmax } from "../numbers.js";
import { createStepper } from "./stepper.js";
import { createTowards } from "./towards.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("../types.js").Thought} Thought */

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createBackwardView(page) {
  const width = Math.max(200, Math.min(420, innerWidth - 64));
  const steps = backwardSteps(page.model.layers);
  const choice = createLabelChoice(page);
  const stepper = createStepper(page, steps);
  const check = createCheck(page, Math.min(width, 360));
  const towards = createTowards(page, Math.min(width, 224));
  const applied = h("p", { class: "notice", id: "backward-applied", hidden: true });
  const invite = h("p", { class: "notice", id: "backward-invite" });
  const panels = {
    loss: createLossPanel(page),
    logits: createLogitsPanel(page),
    layer: createLayerPanel(page, width, pick),
    pixels: createPixelsPanel(width),
    update: createUpdatePanel(page, showApplied),
  };
  const body = h("div", { class: "backward-body" }, ...Object.values(panels).map(({ element }) => element));
  const step = h(
    "section",
    { class: "backward-section backward-step", "aria-label": "One training step" },
    stepper.element,
    body,
  );
  const rest = h("div", { class: "backward-rest" }, check.element, towards.element);
  const element = h("div", { class: "backward", keydown: stepper.onKey }, choice.element, applied, invite, step, rest);

  function update() {
    const { label } = page.store.state;
    const thought = page.thought();
    choice.update();
    stepper.update();
    invite.textContent = inviteOf(page);
    const isPartlyOff = Object.values(page.store.state.off).some((channels) => channels.length);
    invite.hidden = label !== null && !page.model.unknown.length && !isPartlyOff;
    step.hidden = label === null;
    check.element.hidden = label === null;
    if (!thought) return;
    towards.show(thought);
    if (label !== null && thought.label === label) showStep(thought);
  }

  /** @param {Thought} thought */
  function showStep(thought) {
    const held = document.activeElement;
    const at = steps[stepper.at()];
    for (const [kind, panel] of Object.entries(panels)) panel.element.hidden = kind !== at.kind;
    panels[at.kind].show(thought, at);
    check.show(thought);
    if (held instanceof HTMLElement && body.contains(held) && !held.offsetParent) stepper.title.focus();
  }

  /**
   * @param {string} name
   * @param {number} place
   */
  function pick(name, place) {
    check.choose(name, place);
    page.announce("The number is chosen in the gradient check below.");
  }

  /** @param {number} count */
  function showApplied(count) {
    applied.hidden = !count;
    const updates = count === 1 ? "1 update" : `${count} updates`;
    applied.textContent =
      `The network of this page has learnt: ${updates} of its parameters. All that is shown is computed with them, ` +
      "until “Reset” in the last step or until the page is loaded anew. The file stays as it was.";
  }
  return { element, update };
}

/**
 * One line on what to do, or on what is not as one may expect.
 *
 * @param {Page} page
 */
function inviteOf(page) {
  const { model, store } = page;
  const [unknown] = model.unknown;
  if (unknown) {
    return (
      `The page's engine does not know layer ${unknown.path}, ${unknown.name}. The server computes the gradients. ` +
      "The update, the gradient check and the changed image are not available."
    );
  }
  if (store.state.label !== null) {
    return (
      "Some channels are switched off, in the steps below too. The update, the gradient check and “What would make " +
      "it another digit?” use the whole network."
    );
  }
  const thought = page.thought();
  const probabilities = thought?.tensors.get("probabilities")?.data;
  if (!thought || thought.blank || !probabilities) return "Draw a digit, then choose above which digit it truly is.";
  const answer = logitNames(model)[argmax(probabilities)];
  return (
    `Most probable is ${answer}. Choose above what the drawing truly is: ${answer} makes a small loss, ` +
    "another digit a large one."
  );
}
