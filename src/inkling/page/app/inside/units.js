/**
 * What each channel of each layer answers to: the example drawings are shown to the network once, and the largest and
 * smallest outputs of each channel are kept.
 *
 * A channel behind a ReLU that is 0 everywhere on all of them is dead; one that is never 0 is always on, and so only
 * passes on what it is given.
 */

import { allLayers, channelsOf } from "../layers.js";
import { SAMPLE_PEN, SAMPLES } from "../drawing/samples.js";
import { sightOf } from "../thinking.js";

/**
 * @typedef {object} ChannelRecord
 * @property {Float32Array} largest of each channel over all examples and places
 * @property {Float32Array} least
 * @property {Float32Array[]} byExample the largest of each channel for each example
 */

export class Units {
  /** @param {import("../types.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<string, ChannelRecord>} */
    this.records = new Map();
    /** @type {Uint8Array[]} */
    this.images = [];
    this.complete = false;
    this.measured = -1; // page.changes of these records
  }

  /** Show the examples to the network, one after the other; again only after its parameters have changed. */
  async measure() {
    const { changes } = this.page;
    if (this.measured === changes) return;
    this.measured = changes;
    this.complete = false;
    this.records.clear();
    this.images = [];
    const layers = allLayers(this.page.model.layers);
    if (this.page.model.unknown.length) return; // The server would be asked once per example.
    for (const { strokes } of SAMPLES) {
      const sight = sightOf({ picture: null, strokes, width: SAMPLE_PEN });
      const { image, tensors } = await this.page.engine.think(sight);
      if (changes !== this.page.changes) return; // measured anew with other parameters
      this.images.push(image);
      for (const layer of layers) {
        const y = tensors.get(`y.${layer.path}`);
        if (y) this.keep(layer.path, channelsOf(layer), y.data);
      }
    }
    this.complete = true;
  }

  /**
   * @param {string} path
   * @param {number} channels
   * @param {Float32Array | Float64Array} data
   */
  keep(path, channels, data) {
    const fresh = () => new Float32Array(channels).fill(-Infinity);
    const record = this.records.get(path) ?? { largest: fresh(), least: fresh().fill(Infinity), byExample: [] };
    const own = fresh();
    for (let i = 0; i < data.length; i++) {
      const channel = i % channels;
      own[channel] = Math.max(own[channel], data[i]);
      record.least[channel] = Math.min(record.least[channel], data[i]);
    }
    own.forEach((value, channel) => (record.largest[channel] = Math.max(record.largest[channel], value)));
    record.byExample.push(own);
    this.records.set(path, record);
  }

  /**
   * The channels of a ReLU that are dead, and those that are always on; none before all examples were seen.
   *
   * @param {import("../types.js").LayerInfo} layer
   * @returns {{dead: number[], alwaysOn: number[]}}
   */
  marks(layer) {
    const record = this.records.get(layer.path);
    if (!record || !this.complete || layer.name !== "ReLU") return { dead: [], alwaysOn: [] };
    const channels = Array.from(record.largest.keys());
    const dead = channels.filter((each) => record.largest[each] === 0);
    return { dead, alwaysOn: channels.filter((each) => record.least[each] > 0) };
  }

  /**
   * The examples that a channel answers to most, the first most of all.
   *
   * @param {string} path
   * @param {number} channel
   * @param {number} count
   * @returns {{digit: number, image: Uint8Array, value: number}[]}
   */
  best(path, channel, count) {
    const record = this.records.get(path);
    if (!record || !this.complete) return [];
    const all = record.byExample.map((own, i) => ({ digit: SAMPLES[i].digit, image: this.images[i], value: own[channel] }));
    return all.sort((a, b) => b.value - a.value).slice(0, count);
  }
}
