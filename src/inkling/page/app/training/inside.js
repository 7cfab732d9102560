/** The inside of a network in training, after one epoch: weights, histograms by layer, and the worst mistakes. */

import { fill, h } from "../dom.js";
import { Heatmap } from "../figures/heatmap.js";
import { thumbnail } from "../figures/thumbnail.js";
import { Histogram } from "../figures/histogram.js";
import { percent } from "../numbers.js";

/** @typedef {import("./record.js").Inside} Inside */
/** @typedef {import("./record.js").LayerHistogram} LayerHistogram */

export class TrainingInside {
  constructor() {
    this.weights = new Heatmap({
      label: "First-layer weights", walk: "channels", width: Math.min(560, innerWidth - 60), largestZoom: 4,
      name: ([unit]) => `unit ${unit}`,
    });
    this.activations = h("div", { class: "training-histograms" });
    this.gradients = h("div", { class: "training-histograms" });
    this.mistakes = h("ul", { class: "training-mistakes" });
    this.mistakesText = h("p", { class: "muted" });
    this.sampleText = h("p", { class: "muted" });
    /** @type {Map<string, Histogram>} */
    this.histograms = new Map();
    this.element = h(
      "div", { class: "training-inside" },
      part("First-layer weights", this.weights.element),
      part("Worst mistakes", this.mistakesText, this.mistakes),
      part("Activations and gradients by layer", this.sampleText,
        h("h3", {}, "Outputs"), this.activations, h("h3", {}, "Gradients of the parameters"), this.gradients),
    );
  }

  /** @param {Inside} inside */
  show(inside) {
    const shown = inside.weights.shape[2];
    const more = inside.units > shown ? `, the first ${shown} of ${inside.units} units` : "";
    this.weights.show(inside.weights, { label: `Weights of layer ${inside.layer} after epoch ${inside.epoch}${more}` });
    this.sampleText.textContent =
      `After epoch ${inside.epoch}, on ${inside.sample} ${inside.of} images, always the same images: outputs ` +
      "as in prediction, gradients of the mean loss as in a training step. Heights are square roots of counts.";
    this.showHistograms(this.activations, "Outputs", inside.activations);
    this.showHistograms(this.gradients, "Gradients", inside.gradients);
    this.mistakesText.textContent =
      `After epoch ${inside.epoch}, ${inside.wrong} of ${inside.examined} ${inside.of} images are answered wrongly; ` +
      "worst are those whose label gets the least probability.";
    fill(this.mistakes, ...inside.mistakes.map(shownMistake));
  }

  /**
   * @param {HTMLElement} place
   * @param {string} what
   * @param {LayerHistogram[]} layers
   */
  showHistograms(place, what, layers) {
    const shown = layers.map((each) => {
      const label = `${what} of layer ${each.layer}, ${each.text}`;
      const histogram = this.histograms.get(label) ?? new Histogram(label);
      this.histograms.set(label, histogram);
      histogram.show(each);
      return histogram.element;
    });
    const isOther = shown.length !== place.children.length || shown.some((each, i) => each !== place.children[i]);
    if (isOther) fill(place, ...shown);
  }
}

/** @param {import("./record.js").Mistake} mistake */
function shownMistake({ image, label, answer, probability, probability_of_label: ofLabel }) {
  const levels = Array.from(image.data, (share) => 255 * share);
  const picture = thumbnail(levels, `An image of the digit ${label}, read as ${answer}`, image.shape);
  return h(
    "li", {}, picture, h("span", {}, h("strong", {}, label), ` read as `, h("strong", {}, answer)),
    h("span", { class: "muted" }, `${answer}: ${percent(probability)}`),
    h("span", { class: "muted" }, `${label}: ${percent(ofLabel)}`),
  );
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function part(title, ...content) {
  return h("section", { class: "panel", "aria-label": title }, h("h2", {}, title), ...content);
}
