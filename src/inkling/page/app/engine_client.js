/** The engine, which computes in a worker so that drawing never waits: each method sends a message and awaits its answer. */

/** @typedef {import("./types.js").Tensor} Tensor */
/** @typedef {import("./types.js").ModelInfo} ModelInfo */
/** @typedef {import("./types.js").Thought} Thought */

/**
 * What to think about: levels of a drawing, or 28×28 levels as the network sees them.
 * @typedef {{levels: Float32Array, height: number, width: number} | {image: Uint8Array}} Sight
 */

export class EngineClient {
  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
    this.count = 0;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void, onPart?: (part: any) => void}>} */
    this.waiting = new Map();
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
   * The 28×28 levels that a network sees of a drawing or a picture.
   *
   * @param {Sight} sight
   * @returns {Promise<Uint8Array>}
   */
  see(sight) {
    return this.ask("see", { sight });
  }

  /**
   * Forward and, where there is a label, backward.
   *
   * @param {Sight} sight
   * @param {{label?: number | null, off?: Record<string, number[]>, slot?: string}} [options]
   * @returns {Promise<Thought>}
   */
  think(sight, options = {}) {
    return this.ask("think", { sight, ...options });
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
    const answer = this.ask("towards", { image, label }, onPart);
    const run = this.count;
    signal?.addEventListener("abort", () => this.ask("cancel", { run }), { once: true });
    return answer;
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
   * @param {string} method
   * @param {object} values
   * @param {(part: any) => void} [onPart]
   * @returns {Promise<any>}
   */
  ask(method, values, onPart) {
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
