/** Thinking follows the drawing: the latest state is sent to the engine, one at a time, and states in between are skipped. */

import { GrowingRaster, rasterize } from "./drawing/drawing.js";
import { thinkOnServer } from "./server_engine.js";
import { SIDE } from "./types.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Thought} Thought */

export class Thinking {
  /**
   * @param {import("./engine_client.js").EngineClient} engine
   * @param {boolean} byServer whether the model has layers that only the server knows
   * @param {() => void} onAnswer called after each thought, and after each failure
   * @param {(error: Error) => void} onError
   */
  constructor(engine, byServer, onAnswer, onError) {
    this.engine = engine;
    this.byServer = byServer;
    this.onAnswer = onAnswer;
    this.onError = onError;
    this.raster = new GrowingRaster();
    this.busy = false;
    /** @type {State | null} */
    this.next = null;
    /** @type {Thought | null} */
    this.thought = null;
    /** @type {string | null} */
    this.failure = null;
  }

  /** @param {State} state */
  async about(state) {
    this.next = state;
    if (this.busy) return;
    this.busy = true;
    while (this.next) {
      const wanted = this.next;
      this.next = null;
      try {
        this.thought = await this.answer(wanted);
        this.failure = null;
      } catch (error) {
        this.thought = null; // what is shown would belong to an earlier drawing
        this.failure = /** @type {Error} */ (error).message;
        this.onError(/** @type {Error} */ (error));
      }
      this.onAnswer();
    }
    this.busy = false;
  }

  /**
   * @param {State} state
   * @returns {Promise<Thought>}
   */
  async answer(state) {
    const sight = sightOf(state, (strokes, width) => this.raster.of(strokes, width));
    if (this.byServer) return thinkOnServer(await this.engine.see(sight), state.label);
    return this.engine.think(sight, { label: state.label, off: state.off });
  }
}

/**
 * What is drawn, for an engine to look at.
 *
 * @param {Pick<State, "picture" | "strokes" | "width">} drawing
 * @param {(strokes: number[][], width: number) => Float32Array} [draw]
 * @returns {import("./engine_client.js").Sight}
 */
export function sightOf({ picture, strokes, width }, draw = rasterize) {
  return picture ? { image: picture } : { levels: draw(strokes, width), height: SIDE, width: SIDE };
}
