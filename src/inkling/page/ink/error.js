// What the normaliser cannot do with a picture, in one sentence for the person who gave it.

export class InkError extends Error {
  /** @param {string} message what was expected, what came, what to do */
  constructor(message) {
    super(message);
    this.name = "InkError";
  }
}
