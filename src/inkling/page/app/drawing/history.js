/** What can be undone: the drawings before and after the one that is shown. Clearing is a step, and so is a picture. */

const MOST = 500; // Older drawings are forgotten.

/** @typedef {{strokes: number[][], picture: Uint8Array | null}} Drawing */

export class History {
  /** @param {Drawing} drawing the first */
  constructor(drawing) {
    this.now = drawing;
    /** @type {Drawing[]} */
    this.past = [];
    /** @type {Drawing[]} */
    this.future = [];
  }

  /**
   * A drawing takes the place of the one that is shown; the same drawing again is no step.
   *
   * @param {Drawing} drawing
   */
  take(drawing) {
    if (drawing.strokes === this.now.strokes && drawing.picture === this.now.picture) return;
    this.past.push(this.now);
    if (this.past.length > MOST) this.past.shift();
    this.future = [];
    this.now = drawing;
  }

  /**
   * The drawing before, or null where there is none.
   *
   * @returns {Drawing | null}
   */
  undo() {
    return this.move(this.past, this.future);
  }

  /**
   * The drawing that was undone last, or null where there is none.
   *
   * @returns {Drawing | null}
   */
  redo() {
    return this.move(this.future, this.past);
  }

  /**
   * @param {Drawing[]} from
   * @param {Drawing[]} to
   */
  move(from, to) {
    const drawing = from.pop();
    if (!drawing) return null;
    to.push(this.now);
    this.now = drawing;
    return drawing;
  }
}
