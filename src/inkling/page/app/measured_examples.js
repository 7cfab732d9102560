/** What the network makes of the example drawings: measured once for all views, and again after an update. */

import { SAMPLE_PEN, SAMPLES } from "./drawing/samples.js";

/** @typedef {import("./engine_client.js").Examples} Examples */

const INPUTS = SAMPLES.map(({ strokes }) => ({ strokes, width: SAMPLE_PEN }));

export class MeasuredExamples {
  /**
   * @param {import("./engine_client.js").EngineClient} engine
   * @param {() => number} changes how often the parameters have changed
   */
  constructor(engine, changes) {
    this.engine = engine;
    this.changes = changes;
    this.measured = -1; // changes before the latest measurement
    /** @type {AbortController | null} */
    this.run = null;
    /** @type {Promise<Examples | null>} */
    this.latest = Promise.resolve(null);
  }

  /**
   * In the order of SAMPLES; null where the parameters have changed meanwhile.
   *
   * @returns {Promise<Examples | null>}
   */
  measure() {
    const changes = this.changes();
    if (this.measured === changes) return this.latest;
    this.run?.abort();
    this.run = new AbortController();
    this.measured = changes;
    const answer = this.engine.examples(INPUTS, this.run.signal);
    this.latest = answer.then((found) => (this.measured === changes ? found : null));
    return this.latest;
  }
}
