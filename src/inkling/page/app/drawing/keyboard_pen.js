/**
 * Drawing by keyboard: arrow keys move a cursor over the canvas, space puts the pen down or lifts it.
 */

import { SIDE } from "../types.js";

const STEP = 10; // units of an arrow key; with Shift four times as far
/** @type {Record<string, number[]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export const KEYS_HINT =
  "Arrow keys move the cursor (with Shift farther), space puts the pen down and lifts it, Enter makes a dot, " +
  "Backspace undoes, Escape lifts the pen.";

export class KeyboardPen {
  /**
   * @param {import("./pen.js").Strokes} strokes
   * @param {() => void} undo
   * @param {(text: string) => void} say read out by screen readers
   */
  constructor(strokes, undo, say) {
    this.strokes = strokes;
    this.undo = undo;
    this.say = say;
    this.x = SIDE / 2;
    this.y = SIDE / 2;
    /** @type {number[] | null} */
    this.stroke = null; // null while the pen is up
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of the pen's
   */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { key } = event;
    if (key in ARROWS) this.move(ARROWS[key], event.shiftKey ? 4 * STEP : STEP);
    else if (key === " ") this.stroke ? this.lift() : this.lower();
    else if (key === "Enter") this.dot();
    else if (key === "Backspace") this.takeBack();
    else if (key === "Escape" && this.stroke) this.lift();
    else return false;
    return true;
  }

  /** The cursor's place in words. */
  place() {
    return `across ${this.x}, down ${this.y} of ${SIDE}`;
  }

  /**
   * @param {number[]} direction
   * @param {number} step
   */
  move([dx, dy], step) {
    this.x = Math.min(Math.max(this.x + dx * step, 0), SIDE);
    this.y = Math.min(Math.max(this.y + dy * step, 0), SIDE);
    if (this.stroke) {
      this.stroke = [...this.stroke, this.x, this.y];
      this.strokes.draw(this.stroke);
    }
    this.say(`${this.stroke ? "Drawing" : "Pen up"}, ${this.place()}`);
  }

  lower() {
    this.stroke = [this.x, this.y];
    this.strokes.draw(this.stroke);
    this.say(`Pen down, ${this.place()}`);
  }

  lift() {
    if (!this.stroke) return;
    this.stroke = null;
    this.strokes.end();
    this.say(`Pen up, ${this.place()}`);
  }

  dot() {
    this.lift();
    this.strokes.draw([this.x, this.y]);
    this.strokes.end();
    this.say(`Dot, ${this.place()}`);
  }

  takeBack() {
    this.lift();
    this.undo();
    this.say("The last step is undone");
  }
}
