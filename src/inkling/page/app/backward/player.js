/**
 * Plays parts, as fast or slowly as they arrive, at a pace that eyes follow; where motion is unwanted, only the
 * last.
 */

const MILLISECONDS = 90; // between two parts that are shown
const MOST_WAITING = 40; // Where more parts wait, some are skipped, so that it never takes long.

/** @template Part */
export class Player {
  /**
   * @param {(part: Part, number: number) => void} onPart
   * @param {(done: boolean) => void} onEnd
   */
  constructor(onPart, onEnd) {
    this.onPart = onPart;
    this.onEnd = onEnd;
    this.run = 0; // Parts of an earlier run are left out.
    this.playing = false;
    this.shown = 0; // parts that were shown or skipped
    /** @type {Part | null} */
    this.last = null;
    /** @type {Part[]} */
    this.parts = [];
    /** @type {boolean | null} */
    this.done = null;
    this.timer = 0;
  }

  start() {
    this.stop();
    this.run++;
    this.playing = true;
    [this.shown, this.last, this.parts, this.done] = [0, null, [], null];
    this.timer = setInterval(() => this.tick(), MILLISECONDS);
  }

  stop() {
    clearInterval(this.timer);
    this.playing = false;
  }

  /**
   * @param {Part} part
   * @param {number} run
   */
  add(part, run) {
    if (run === this.run) this.parts.push(part);
  }

  /**
   * All parts are there.
   *
   * @param {boolean} done
   * @param {number} run
   */
  finish(done, run) {
    if (run === this.run) this.done = done;
  }

  tick() {
    const waiting = this.parts.length - this.shown;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still && this.done === null) return;
    const forward = still ? waiting : Math.min(waiting, Math.max(1, Math.round(waiting / MOST_WAITING)));
    if (forward) {
      this.shown += forward;
      this.last = this.parts[this.shown - 1];
      this.onPart(this.last, this.shown - 1);
    }
    if (this.done !== null && this.shown === this.parts.length) {
      this.stop();
      this.onEnd(this.done);
    }
  }
}
