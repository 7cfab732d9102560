/** What each channel of each layer answers to among the example drawings, and the marks of activations' channels. */

import { SAMPLES } from "../drawing/samples.js";

/** @typedef {Map<number, import("../../engine/saturation.js").Saturation>} Marks by channel */

export class Units {
  /** @param {import("../types.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {import("../engine_client.js").Examples | null} */
    this.examples = null;
    this.measured = -1; // page.changes of these examples
  }

  /** Show the examples to the network; again only after its parameters have changed. */
  async measure() {
    const { changes } = this.page;
    if (this.measured === changes) return;
    this.measured = changes;
    this.examples = null;
    if (this.page.model.unknown.length) return; // The server would be asked once per example.
    const examples = await this.page.examples.measure();
    if (changes === this.page.changes) this.examples = examples; // else they are measured anew
  }

  /**
   * The channels of an activation by what it does to them on all examples; none before all examples were seen.
   *
   * @param {import("../types.js").LayerInfo} layer
   * @returns {Marks}
   */
  marks({ path }) {
    return this.examples?.marks.get(path) ?? new Map();
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
    const images = this.examples?.images ?? [];
    const all = this.examples?.records.get(path)?.byExample.map((own, i) => {
      return { digit: SAMPLES[i].digit, image: images[i], value: own[channel] };
    });
    return (all ?? []).sort((a, b) => b.value - a.value).slice(0, count);
  }
}
