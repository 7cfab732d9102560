/** The engine, in a worker so that drawing never waits: each method sends a message and awaits its answer. */

/** @typedef {import("./types.js").Tensor} Tensor */
/** @typedef {import("./types.js").ModelInfo} ModelInfo */
/** @typedef {import("./types.js").Thought} Thought */

/**
 * What a network is shown: a drawing's strokes and the width of its pen, levels of a picture, or 28×28 levels as the
 * network sees them.
 * @typedef {{strokes: number[][], width: number} | {levels: Float32Array, height: number, width: number} |
 *   {image: Uint8Array}} Input
 *
 * The 28×28 levels that a network sees of it, and what is odd about it.
 * @typedef {{image: Uint8Array, warnings: string[]}} Normalized
 *
 * What the network makes of some examples.
 * @typedef {object} Examples
 * @property {Uint8Array[]} images 28×28 levels of each
 * @property {Float32Array[]} probabilities of each
 * @property {Map<string, ChannelRecord>} records by the path of a layer
 * @property {Map<string, Map<number, import("../engine/saturation.js").Saturation>>} marks of the channels of
 *   activations, by the path of the layer
 *
 * @typedef {object} ChannelRecord
 * @property {Float32Array} largest of each channel over all examples and places
 * @property {Float32Array} least
 * @property {Float32Array[]} byExample the largest of each channel for each example
 *
 * @typedef {{resolve: (value: any) => void, reject: (error: Error) => void, onPart?: (part: any) => void}} Waiting
 */

export class EngineClient {
  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
    this.count = 0;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    /** @type {Error | null} */
    this.failure = null; // of the worker itself: it answers nothing any more
    worker.onmessage = ({ data }) => this.receive(data);
    worker.onerror = (event) => this.fail(new Error(event.message || "the engine could not be started"));
  }

  /**
   * Read a model file.
   *
   * @param {ArrayBuffer} file
   * @param {string} name
   * @param {string} slot "first", or "second" for the model that it is compared with
   * @returns {Promise<ModelInfo>}
   */
  load(file, name, slot = "first") {
    return this.ask("load", { file, name, slot });
  }

  /**
   * What a network sees of a drawing or a picture.
   *
   * @param {Input} input
   * @returns {Promise<Normalized>}
   */
  normalize(input) {
    return this.ask("normalize", { input });
  }

  /**
   * Forward and, where there is a label, backward.
   *
   * @param {Input} input
   * @param {{label?: number | null, off?: Record<string, number[]>, slot?: string, warned?: boolean}} [options]
   *   `warned` is false where the warnings are not wanted
   * @returns {Promise<Thought>}
   */
  think(input, options = {}) {
    return this.ask("think", { input, ...options });
  }

  /**
   * What each channel of each layer answers to; other questions are answered between two examples.
   *
   * @param {Input[]} inputs
   * @param {AbortSignal} [signal]
   * @returns {Promise<Examples | null>} null where the signal has ended it
   */
  examples(inputs, signal) {
    return this.run("examples", { inputs }, signal);
  }

  /**
   * The probabilities after one step of gradient descent on this image alone: θ − rate · gradient.
   *
   * @param {Uint8Array} image
   * @param {number} label
   * @param {number} rate
   * @param {boolean} keep whether the model of the page has the new parameters from now on
   * @returns {Promise<{before: Tensor, after: Tensor, lossBefore: number, lossAfter: number}>}
   */
  step(image, label, rate, keep) {
    return this.ask("step", { image, label, rate, keep });
  }

  /** The parameters become those of the file again. */
  reset() {
    return this.ask("reset", {});
  }

  /**
   * The gradient with respect to one number of θ, by the backward pass and from two forward passes, in float64.
   *
   * @param {Uint8Array} image
   * @param {number} label
   * @param {string} name such as "p.3.weight"
   * @param {number} index place in the flat array of that parameter
   * @returns {Promise<{analytic: number, numeric: number}>}
   */
  check(image, label, name, index) {
    return this.ask("check", { image, label, name, index });
  }

  /**
   * Change the pixels step by step until the answer is `label`.
   *
   * @param {Uint8Array} image
   * @param {number} label
   * @param {(part: {x: Tensor, probabilities: Tensor, done: boolean}) => void} onPart called for each step
   * @param {AbortSignal} [signal] ends the steps where they are
   * @returns {Promise<{steps: number, done: boolean}>}
   */
  towards(image, label, onPart, signal) {
    return this.run("towards", { image, label }, signal, onPart);
  }

  /**
   * A parameter or running statistic as it is now.
   *
   * @param {string} name such as "p.3.weight"
   * @returns {Promise<Tensor>}
   */
  parameter(name) {
    return this.ask("parameter", { name });
  }

  /**
   * The sum behind one value of a layer's output.
   *
   * @param {Uint8Array} image
   * @param {string} path
   * @param {number[]} index of the value: row, column, channel; or feature
   * @param {Record<string, number[]>} off
   * @returns {Promise<any>} as `contribution` of engine/contribution.js gives it
   */
  contribution(image, path, index, off = {}) {
    return this.ask("contribution", { image, path, index, off });
  }

  /**
   * Ask for what takes many message turns.
   *
   * @param {string} method
   * @param {object} values
   * @param {AbortSignal} [signal]
   * @param {(part: any) => void} [onPart]
   * @returns {Promise<any>}
   */
  run(method, values, signal, onPart) {
    const answer = this.ask(method, values, onPart);
    const run = this.count;
    // An engine that has failed has no run to cancel.
    signal?.addEventListener("abort", () => void this.ask("cancel", { run }).catch(() => {}), { once: true });
    return answer;
  }

  /**
   * @param {string} method
   * @param {object} values
   * @param {(part: any) => void} [onPart]
   * @returns {Promise<any>}
   */
  ask(method, values, onPart) {
    if (this.failure) return Promise.reject(this.failure);
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onPart });
      this.worker.postMessage({ id, method, values });
    });
  }

  /** @param {{id: number, part?: any, value?: any, error?: string}} answer */
  receive({ id, part, value, error }) {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    if (part !== undefined) return waiting.onPart?.(part);
    this.waiting.delete(id);
    if (error === undefined) waiting.resolve(value);
    else waiting.reject(new Error(error));
  }

  /** @param {Error} error */
  fail(error) {
    this.failure = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/**
 * A worker with the engine: from the text that an exported page carries along, else from the module beside the page.
 *
 * @returns {Worker}
 */
export function startWorker() {
  const text = document.getElementById("worker-source")?.textContent;
  if (!text) return new Worker(new URL("page/worker.js", document.baseURI), { type: "module" });
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}
