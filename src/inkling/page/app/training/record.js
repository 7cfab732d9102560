/** What the events of a training add up to: the run, its epochs, and the views inside the network. */

import { signedLevels, unsignedLevels } from "./unpacking.js";

/** @typedef {import("../types.js").Tensor} Tensor */

/**
 * @typedef {{epoch: number, training_loss: number, training_accuracy: number, validation_loss?: number,
 *   validation_accuracy?: number, learning_rate: number, seconds: number, images_per_second: number}} Epoch
 * @typedef {{layer: string, text: string, counts: number[], least: number, largest: number, mean: number,
 *   deviation: number, zeros: number, not_finite: number}} LayerHistogram
 * @typedef {{row: number, label: string, answer: string, probability: number, probability_of_label: number,
 *   image: Tensor}} Mistake
 * @typedef {{epoch: number, of: string, sample: number, examined: number, wrong: number, mistakes: Mistake[],
 *   weights: Tensor, layer: string, units: number, activations: LayerHistogram[], gradients: LayerHistogram[]}} Inside
 * @typedef {{folder: string, recipe: string, data: string, epochs: number, schedule: string, network: string[],
 *   parameters: number, images: number, validation_images: number, notes: string[]}} Run
 * @typedef {{epoch: number, learning_rate: number}} RateChange
 */

const MOST_INSIDES = 200; // a quarter of a megabyte each

export class TrainingRecord {
  constructor() {
    this.state = "idle";
    this.sentence = "";
    this.hasModel = false;
    /** @type {Run | null} */
    this.run = null;
    /** @type {Epoch[]} */
    this.epochs = [];
    /** @type {Map<number, Inside>} */
    this.insides = new Map();
    /** @type {RateChange[]} */
    this.rates = [];
  }

  /** @param {import("./event_stream.js").ServerEvent} event */
  hear({ kind, data }) {
    if (kind === "begin" || kind === "state") {
      if (kind === "begin" || data.run === null) this.forget(); // all events of the run follow, if there is one
      this.state = data.state;
      this.sentence = data.sentence;
      this.hasModel = data.has_model;
    } else if (kind === "run") {
      this.begin(data);
    } else if (kind === "epoch") {
      this.epochs = [...this.epochs.filter(({ epoch }) => epoch < data.epoch), data];
    } else if (kind === "inside") {
      this.insides.set(data.epoch, unpacked(data));
      for (const epoch of this.shownEpochs().slice(0, -MOST_INSIDES)) this.insides.delete(epoch);
    } else if (kind === "rate") {
      this.rates = [...this.rates.filter(({ epoch }) => epoch < data.epoch), data];
    }
  }

  forget() {
    this.run = null;
    this.epochs = [];
    this.insides.clear();
    this.rates = [];
  }

  /** @param {any} data of a run, or of one that goes on */
  begin({ history, ...run }) {
    if (run.folder !== this.run?.folder) {
      this.insides.clear();
      this.rates = [];
    }
    for (const epoch of this.insides.keys()) if (epoch > history.length) this.insides.delete(epoch);
    this.rates = this.rates.filter(({ epoch }) => epoch <= history.length + 1);
    this.run = run;
    this.epochs = history;
  }

  /** The epochs that there is a view inside of, in their order. */
  shownEpochs() {
    return [...this.insides.keys()].sort((a, b) => a - b);
  }
}

/**
 * @param {any} data
 * @returns {Inside}
 */
function unpacked({ weights, mistakes, ...rest }) {
  return {
    ...rest,
    layer: weights.layer,
    units: weights.units,
    weights: { shape: weights.shape, data: signedLevels(weights.int16, weights.largest) },
    mistakes: mistakes.map((/** @type {any} */ { image, shape, ...mistake }) => ({
      ...mistake,
      image: { shape, data: unsignedLevels(image) },
    })),
  };
}
