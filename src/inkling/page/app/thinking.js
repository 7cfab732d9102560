/** Thinking follows the drawing: the latest state is sent to the engine, one at a time; others are skipped. */

import { warningsAbout } from "./drawing/pictures.js";
import { LIGHT_ON_DARK, NOTHING_DRAWN } from "../ink/warning_words.js";
import { thinkOnServer } from "./server_engine.js";

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
    const { picture, label, off } = state;
    const input = inputOf(state);
    const known = picture ? warningsAbout(picture) : undefined;
    const thought = this.byServer
      ? await thinkOnServer(await this.engine.normalize(input), label)
      : await this.engine.think(input, { label, off, warned: !known });
    return { ...thought, warnings: warningsOn(state, known ?? thought.warnings) };
  }
}

/**
 * The warnings to show: that nothing is drawn is said elsewhere, and every drawing is light on dark on this page.
 *
 * @param {State} state
 * @param {string[]} warnings about the drawing, or the picture
 */
function warningsOn({ picture }, warnings) {
  return warnings.filter((each) => each !== NOTHING_DRAWN && (picture || each !== LIGHT_ON_DARK));
}

/**
 * What is drawn, as an engine takes it.
 *
 * @param {Pick<State, "picture" | "strokes" | "width">} drawing
 * @returns {import("./engine_client.js").Input}
 */
export function inputOf({ picture, strokes, width }) {
  return picture ? { image: picture } : { strokes, width };
}
