/** The view "Training": a run is started, steered and watched epoch by epoch, by events that the server pushes. */

import { Chart } from "../figures/chart.js";
import { fill, h } from "../dom.js";
import { EventStream } from "./event_stream.js";
import { percent, short } from "../numbers.js";
import { fetchTraining } from "./client.js";
import { TrainingControls } from "./controls.js";
import { TrainingInside } from "./inside.js";
import { TrainingRecord } from "./record.js";

/** @typedef {import("../types.js").Page} Page */

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createTrainingView(page) {
  const element = h("div", { class: "training" }, h("p", { class: "muted" }, "Asking the server …"));
  fetchTraining().then(
    (training) => fill(element, new Training(page, training).element),
    (error) => fill(element, h("p", { class: "notice" }, `The training cannot be shown: ${error.message}.`)),
  );
  return { element, update: () => {} };
}

class Training {
  /**
   * @param {Page} page
   * @param {import("./client.js").TrainingState} training
   */
  constructor(page, training) {
    this.page = page;
    this.record = new TrainingRecord();
    this.controls = new TrainingControls(training, useModel);
    const pick = (/** @type {number} */ epoch) => this.lookAt(epoch);
    const curves = ["training", "validation"];
    const shares = { format: percent, axis: wholePercent, top: 1 };
    this.loss = new Chart({ title: "Loss", unit: "nats per image", curves, format: short, pick });
    this.accuracy = new Chart({ title: "Accuracy", unit: "share of images", curves, ...shares, pick });
    const one = ["learning rate"];
    this.rate = new Chart({ title: "Learning rate", unit: "last step", curves: one, format: short, pick });
    this.inside = new TrainingInside();
    const input = () => this.slide();
    this.slider = h("input", { type: "range", min: 0, max: 0, value: 0, id: "training-epoch", input });
    this.sliderText = h("output", { class: "mono", for: "training-epoch" });
    this.newest = h("button", { type: "button", click: () => this.lookAt(null) }, "Newest");
    const label = h("label", { for: "training-epoch" }, "Look inside after epoch");
    const epoch = h("div", { class: "row training-epoch" }, label, this.slider, this.sliderText, this.newest);
    this.views = h("div", { class: "training-views", hidden: true }, epoch, this.inside.element);
    this.connection = h("p", { class: "notice", role: "status", hidden: true });
    const all = [this.loss, this.accuracy, this.rate].map(({ element }) => element);
    const charts = h("div", { class: "training-charts panel" }, ...all);
    this.element = h("div", { class: "training" }, this.connection, this.controls.element, charts, this.views);
    /** @type {number | null} */
    this.epoch = null; // that is looked inside of; null for the newest
    this.waiting = false;
    /** @type {import("./record.js").Inside | null} */
    this.shown = null;
    this.stream = this.listen();
    addEventListener("pagehide", () => this.stream.close());
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.stream = this.listen(); // the browser has kept the page, and goes back to it
    });
    this.update();
  }

  listen() {
    const hear = (/** @type {import("./event_stream.js").ServerEvent} */ event) => this.hear(event);
    return new EventStream("training/events", hear, (connected, problem) => this.tell(connected, problem));
  }

  /** @param {import("./event_stream.js").ServerEvent} event */
  hear(event) {
    this.record.hear(event);
    if (event.kind === "run") this.epoch = null;
    if (event.kind === "state" && event.data.state !== "running") this.page.announce(`Training: ${event.data.state}.`);
    if (this.waiting) return; // many events may come at once: they are shown together
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.update();
    });
  }

  /**
   * @param {boolean} connected
   * @param {string} problem
   */
  tell(connected, problem) {
    this.connection.hidden = connected;
    const lost = `The connection to the server is lost (${problem}); it is tried again.`;
    this.connection.textContent = connected ? "" : lost;
  }

  /** @param {number | null} epoch the newest with a view inside that is not later; null to follow the training */
  lookAt(epoch) {
    const known = this.record.shownEpochs().filter((each) => epoch === null || each <= epoch);
    this.epoch = epoch === null ? null : (known[known.length - 1] ?? null);
    this.update();
  }

  slide() {
    const known = this.record.shownEpochs();
    const place = Number(this.slider.value);
    this.epoch = place === known.length - 1 ? null : known[place];
    this.showInside();
  }

  update() {
    const { epochs, rates } = this.record;
    this.controls.update(this.record);
    const marks = rates.map(({ epoch, learning_rate: rate }) => ({ x: epoch, text: `rate ${short(rate)}` }));
    const of = (/** @type {"loss" | "accuracy"} */ what) =>
      epochs.map((each) => ({ x: each.epoch, values: [each[`training_${what}`], each[`validation_${what}`] ?? null] }));
    this.loss.show(of("loss"), marks);
    this.accuracy.show(of("accuracy"), marks);
    this.rate.show(epochs.map((each) => ({ x: each.epoch, values: [each.learning_rate] })), marks);
    this.showInside();
  }

  showInside() {
    const known = this.record.shownEpochs();
    this.views.hidden = !known.length;
    if (!known.length) return;
    if (this.epoch !== null && !known.includes(this.epoch)) this.epoch = null; // only the newest epochs are kept
    const epoch = this.epoch ?? known[known.length - 1];
    this.slider.max = String(known.length - 1);
    this.slider.value = String(known.indexOf(epoch));
    this.slider.setAttribute("aria-valuetext", `epoch ${epoch}`);
    this.sliderText.textContent = String(epoch);
    this.newest.disabled = this.epoch === null;
    const inside = /** @type {import("./record.js").Inside} */ (this.record.insides.get(epoch));
    if (inside === this.shown) return;
    this.shown = inside;
    this.inside.show(inside);
  }
}

/** @param {number} share */
function wholePercent(share) {
  return `${Math.round(100 * share)} %`;
}

/** Have the page begin anew with the model of the run; the drawing and the view in the address stay. */
function useModel() {
  const address = new URL(location.href);
  address.searchParams.set("model", "training");
  location.assign(address);
}
