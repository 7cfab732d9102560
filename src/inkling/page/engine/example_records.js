/** Example records: how far the outputs of each channel go, over some examples that a network is shown. */

import { everyLayer } from "./network.js";
import { ACTIVATIONS, saturations } from "./saturation.js";

/** @typedef {import("./model.js").Model} Model */

export class ExampleRecords {
  /** @param {Model} model */
  constructor(model) {
    this.layers = everyLayer(model.layers);
    /** @type {Uint8Array[]} */
    this.images = [];
    /** @type {Float32Array[]} */
    this.probabilities = [];
    /** @type {Map<string, {largest: Float32Array, least: Float32Array, byExample: Float32Array[]}>} */
    this.records = new Map();
  }

  /**
   * @param {Uint8Array} image
   * @param {import("./trace.js").Trace} tensors
   */
  add(image, tensors) {
    this.images.push(image);
    this.probabilities.push(Float32Array.from(tensors.get("probabilities")?.data ?? []));
    for (const { path, outputShape } of this.layers) {
      const y = tensors.get(`y.${path}`);
      if (y) this.keep(path, outputShape[outputShape.length - 1], y.data);
    }
  }

  /**
   * What the activations do to their channels, on all examples; an activation that reads the image has none.
   *
   * @returns {Map<string, Map<number, import("./saturation.js").Saturation>>} by the path of the activation, by channel
   */
  marks() {
    const found = new Map();
    for (const { path, name, text, input } of this.layers) {
      const before = this.records.get(input.slice("y.".length));
      if (before && ACTIVATIONS.includes(name)) found.set(path, saturations(text, before));
    }
    return found;
  }

  /**
   * @param {string} path
   * @param {number} channels
   * @param {import("./tensor.js").Numbers} data
   */
  keep(path, channels, data) {
    const fresh = () => new Float32Array(channels).fill(-Infinity);
    const record = this.records.get(path) ?? { largest: fresh(), least: fresh().fill(Infinity), byExample: [] };
    const { largest, least } = record;
    const own = fresh();
    for (let place = 0; place < data.length; place += channels) {
      for (let channel = 0; channel < channels; channel++) {
        const value = data[place + channel];
        if (value > own[channel]) own[channel] = value;
        if (value < least[channel]) least[channel] = value;
      }
    }
    for (let channel = 0; channel < channels; channel++) largest[channel] = Math.max(largest[channel], own[channel]);
    record.byExample.push(own);
    this.records.set(path, record);
  }
}
