/** The controls of a training: recipe and settings, start, stop, resume, and another learning rate while it runs. */

import { fill, h } from "../dom.js";
import { short } from "../numbers.js";
import { order } from "./client.js";

/** @typedef {import("./client.js").RecipeInfo} RecipeInfo */
/** @typedef {import("./client.js").TrainingState} TrainingState */
/** @typedef {import("./record.js").TrainingRecord} TrainingRecord */

const DEFAULT_RECIPE = "adam-256-128-64"; // as of `inkling train`
const BUSY = ["starting", "running", "stopping"];
const WORDS = {
  idle: "No training yet.",
  starting: "Starting: data and processes are made ready …",
  running: "Training",
  stopping: "Stopping: the epoch under way is undone …",
  stopped: "Stopped",
  done: "Done",
  failed: "Not trained",
  watching: "Trained by another process",
};

export class TrainingControls {
  /**
   * @param {TrainingState} training
   * @param {() => void} useModel called when the run's model is to become that of the page
   */
  constructor(training, useModel) {
    this.recipes = training.recipes;
    this.recipe = h("select", { id: "training-recipe", change: () => this.fillSettings() });
    fill(this.recipe, ...this.recipes.map(({ name }) => h("option", { value: name }, name)));
    const hasDefault = this.recipes.some(({ name }) => name === DEFAULT_RECIPE);
    this.recipe.value = hasDefault ? DEFAULT_RECIPE : this.recipes[0].name;
    this.epochs = number("training-epochs", { min: 1, max: 1000, step: 1, required: true });
    this.lr = number("training-lr", { min: 0, max: 100, step: "any", required: true });
    this.seed = number("training-seed", { min: 0, max: 2 ** 32 - 1, step: 1, required: true });
    this.held = h("select", { id: "training-held" });
    const shares = [["0.2", "20 % of the images"], ["0.1", "10 % of the images"], ["", "as the recipe says"]];
    fill(this.held, ...shares.map(([value, text]) => h("option", { value }, text)));
    this.pace = h("select", { id: "training-pace" });
    const paces = [["0.5", "slow, to watch"], ["0", "as fast as it can"], ["2", "very slow"]];
    fill(this.pace, ...paces.map(([value, text]) => h("option", { value }, text)));
    this.about = h("p", { class: "muted", id: "training-about" });
    this.start = h("button", { type: "submit", class: "primary" }, "Start training");
    this.stop = h("button", { type: "button", click: () => this.ask("stop") }, "Stop");
    this.resume = h("button", { type: "button", click: () => this.ask("resume") }, "Resume");
    this.use = h("button", { type: "button", click: useModel }, "Use this model on the page");
    this.newRate = number("training-rate", { min: 0, max: 100, step: "any", required: true });
    this.rate = h(
      "form", { class: "row", submit: (/** @type {Event} */ event) => this.changeRate(event) },
      labelled("Learning rate from the next epoch on", this.newRate), h("button", { type: "submit" }, "Change"),
    );
    this.settings = h(
      "form", { class: "training-settings", submit: (/** @type {Event} */ event) => this.begin(event) },
      labelled("Recipe", this.recipe), labelled("Epochs", this.epochs), labelled("Learning rate", this.lr),
      labelled("Hold out", this.held), labelled("Seed", this.seed), labelled("Pace", this.pace), this.start,
    );
    this.settings.hidden = !training.may_start;
    this.about.hidden = !training.may_start;
    this.mayStart = training.may_start;
    this.refusal = ""; // of the last order
    this.failure = ""; // of the training, as its last event tells it
    this.data = training.data;
    this.line = h("p", { class: "training-state", role: "status" });
    this.problem = h("p", { class: "notice", role: "alert", hidden: true });
    this.bar = h("progress", { "aria-label": "Epochs done", max: 1, value: 0 });
    const buttons = h("div", { class: "row" }, this.stop, this.resume, this.use);
    this.element = h(
      "section", { class: "panel training-controls", "aria-label": "Controls of the training" },
      this.settings, this.about, this.line, this.bar, buttons, this.rate, this.problem,
    );
    this.fillSettings();
  }

  /** Show the chosen recipe's own settings. */
  fillSettings() {
    const recipe = /** @type {RecipeInfo} */ (this.recipes.find(({ name }) => name === this.recipe.value));
    this.epochs.value = String(recipe.epochs);
    this.lr.value = String(recipe.lr);
    this.seed.value = String(recipe.seed);
    const size = recipe.parameters.toLocaleString("en");
    const facts = `${size} parameters, ${recipe.batch_size} images per step, ${recipe.schedule}`;
    this.about.textContent = `${recipe.description} ${facts}. Data: ${this.data}.`;
  }

  /** @param {Event} event */
  begin(event) {
    event.preventDefault();
    return this.ask("start", {
      recipe: this.recipe.value,
      epochs: Number(this.epochs.value),
      lr: Number(this.lr.value),
      seed: Number(this.seed.value),
      validation: this.held.value ? Number(this.held.value) : null,
      pace: Number(this.pace.value),
    });
  }

  /** @param {Event} event */
  changeRate(event) {
    event.preventDefault();
    return this.ask("rate", { lr: Number(this.newRate.value) });
  }

  /**
   * @param {"start" | "stop" | "resume" | "rate"} what
   * @param {Record<string, any>} [body]
   */
  async ask(what, body) {
    try {
      await order(what, body);
      this.refusal = "";
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
    }
    this.complain();
  }

  complain() {
    const text = this.refusal || this.failure;
    this.problem.textContent = text && `${text[0].toUpperCase()}${text.slice(1)}.`;
    this.problem.hidden = !text;
  }

  /** @param {TrainingRecord} record */
  update(record) {
    const busy = BUSY.includes(record.state);
    this.start.disabled = busy;
    this.stop.hidden = !this.mayStart;
    this.stop.disabled = !["starting", "running"].includes(record.state);
    this.resume.hidden = !this.mayStart;
    this.resume.disabled = record.state !== "stopped" || !record.run;
    this.use.disabled = !record.hasModel;
    this.rate.hidden = !this.mayStart;
    const steerable = record.state === "running" || (record.state === "stopped" && record.run !== null);
    for (const each of this.rate.querySelectorAll("button, input")) each.toggleAttribute("disabled", !steerable);
    if (!this.newRate.value && record.epochs.length) {
      this.newRate.value = String(+record.epochs[record.epochs.length - 1].learning_rate.toPrecision(3));
    }
    this.line.textContent = told(record);
    this.bar.max = record.run?.epochs ?? 1;
    this.bar.value = record.epochs.length;
    this.failure = record.sentence;
    this.complain();
  }
}

/** @param {TrainingRecord} record */
function told({ state, run, epochs, rates }) {
  const word = WORDS[/** @type {keyof typeof WORDS} */ (state)] ?? state;
  if (!run || state === "idle" || state === "starting") return word;
  const [all, held] = [run.images, run.validation_images].map((count) => count.toLocaleString("en"));
  const images = `${all} images, ${held} to validate on`;
  const last = rates[rates.length - 1];
  const change = last ? ` Learning rate changed to ${short(last.learning_rate)} from epoch ${last.epoch} on.` : "";
  return `${word}: ${run.recipe} on ${run.data} (${images}), epoch ${epochs.length} of ${run.epochs}.${change}`;
}

/**
 * @param {string} id
 * @param {Record<string, any>} attributes
 */
function number(id, attributes) {
  return h("input", { type: "number", id, ...attributes });
}

/**
 * @param {string} text
 * @param {HTMLElement} control
 */
function labelled(text, control) {
  return h("label", { for: control.id }, text, control);
}
