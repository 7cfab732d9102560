/**
 * Errors whose message is a sentence for people: what was expected, what came.
 */

/** What was given cannot be used: a file that is damaged, a network that cannot be built, a place that is none. */
export class EngineError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "EngineError";
  }
}

/** The network has a layer that this engine does not know, such as one that a user registered in Python. */
export class UnknownLayerError extends EngineError {
  /** @param {{path: string, name: string}[]} unknown the layers that are not known, at least one. */
  constructor(unknown) {
    const named = unknown.map(({ path, name }) => `${name} (layer ${path})`).join(", ");
    super(`the page does not know ${named}: only the server, which runs the model in Python, can compute it`);
    this.name = "UnknownLayerError";
    this.unknown = unknown;
  }
}
