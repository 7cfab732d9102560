/** The drawing: a canvas for mouse, pen, finger and keyboard, with undo, examples and pictures from elsewhere. */

import { h } from "../dom.js";
import { History } from "./history.js";
import { KEYS_HINT, KeyboardPen } from "./keyboard_pen.js";
import { installInputs } from "./pad_inputs.js";
import { createTools } from "./pad_tools.js";
import { paint } from "./painting.js";
import { installPen } from "./pen.js";
import { seen } from "./pictures.js";
import { SAMPLES } from "./samples.js";
import { simplified } from "./simplified.js";
import { GrowingRaster } from "../../ink/rasterize.js";
import { SIDE } from "../types.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("./history.js").Drawing} Drawing */

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createPad(page) {
  return new Pad(page);
}

class Pad {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.history = new History(drawingOf(page.store.state));
    /** @type {number[] | null} */
    this.stroke = null; // the one that is being drawn
    /** @type {number[][]} */
    this.before = []; // the strokes before it
    this.raster = new GrowingRaster();
    /** @type {import("../types.js").State | null} */
    this.painted = null;
    this.openings = 0;
    this.chosen = Array(10).fill(0); // how often each example was chosen
    this.canvas = createCanvas();
    this.cursor = h("span", { class: "pad-cursor", "aria-hidden": "true", hidden: true });
    this.spoken = h("output", { class: "pad-spoken control", "aria-live": "polite" });
    this.keyboard = new KeyboardPen(
      this,
      () => this.undo(),
      (text) => void (this.spoken.textContent = text),
    );
    this.tools = createTools(this);
    const boxes = h("div", { class: "pad-boxes", id: "pad-boxes", "aria-hidden": "true" }); // filled by boxes.js
    this.hint = h("p", { class: "pad-hint", id: "pad-hint" }, KEYS_HINT);
    const frame = h("div", { class: "pad-frame" }, this.canvas, boxes, this.cursor, this.hint);
    this.element = h("div", { class: "pad" }, frame, this.spoken, this.tools.element);
    this.listen();
    this.update();
  }

  listen() {
    installPen(this.canvas, this);
    installInputs(this.element, this);
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    this.canvas.addEventListener("focus", () => {
      this.hint.hidden = false;
      this.showCursor();
    });
    this.canvas.addEventListener("blur", () => {
      this.keyboard.lift();
      this.showCursor();
    });
  }

  /** The canvas and the tools follow the state. */
  update() {
    const { state } = this.page.store;
    if (!this.stroke) this.history.take(drawingOf(state)); // The address or the tour may have changed it.
    const { painted } = this;
    if (state.strokes !== painted?.strokes || state.width !== painted.width || state.picture !== painted.picture) {
      paint(this.canvas, this.raster, state);
      this.painted = state;
    }
    const width = String(state.width);
    if (this.tools.width.value !== width) this.tools.width.value = width; // else the slider would be laid out anew
    this.tools.undo.disabled = !this.history.past.length;
    this.tools.redo.disabled = !this.history.future.length;
    this.tools.clear.disabled = !state.strokes.length && !state.picture;
  }

  /**
   * The stroke so far. Browsers send one event of a moving pointer per frame.
   *
   * @param {number[]} stroke
   */
  draw(stroke) {
    const { strokes, picture } = this.page.store.state;
    if (!this.stroke) this.before = picture ? [] : strokes;
    this.stroke = stroke;
    this.page.store.set({ strokes: [...this.before, stroke.slice()], picture: null });
  }

  /** The stroke is finished. */
  end() {
    if (!this.stroke) return;
    const strokes = [...this.before, simplified(this.stroke)];
    this.stroke = null;
    this.show({ strokes, picture: null });
  }

  /** @param {Drawing | null} drawing */
  show(drawing) {
    if (!drawing) return;
    this.history.take(drawing);
    this.page.store.set({ ...drawing });
    this.update();
  }

  undo() {
    this.show(this.history.undo());
  }

  redo() {
    this.show(this.history.redo());
  }

  clear() {
    this.show({ strokes: [], picture: null });
  }

  /** @param {number} width */
  setWidth(width) {
    this.page.store.set({ width });
  }

  /** @param {number} digit whose next example is shown */
  example(digit) {
    const all = SAMPLES.filter((sample) => sample.digit === digit);
    const { strokes } = all[this.chosen[digit]++ % all.length];
    this.show({ strokes: strokes.map((stroke) => stroke.slice()), picture: null });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.keyboard.onKey(event)) return;
    event.preventDefault();
    this.hint.hidden = true; // It would stand over the drawing.
    this.showCursor();
  }

  /** The keyboard's cursor is shown while the canvas has the focus by keyboard. */
  showCursor() {
    this.cursor.hidden = !this.canvas.matches(":focus-visible");
    this.cursor.classList.toggle("down", this.keyboard.stroke !== null);
    this.cursor.style.left = `${(100 * this.keyboard.x) / SIDE}%`;
    this.cursor.style.top = `${(100 * this.keyboard.y) / SIDE}%`;
  }

  /** @param {File | null} file */
  async open(file) {
    if (!file) return this.page.announce("A picture was expected, and this is none.");
    const opening = ++this.openings;
    const { strokes, picture } = this.page.store.state;
    const isOld = () => {
      const { state } = this.page.store; // another picture was opened, or something drawn since
      return opening !== this.openings || state.strokes !== strokes || state.picture !== picture;
    };
    try {
      const image = await seen(this.page, file);
      if (isOld()) return;
      this.show({ strokes: [], picture: image });
      this.page.announce(`The picture ${file.name} is shown as the network sees it.`);
    } catch (error) {
      if (isOld()) return;
      this.page.announce(/** @type {Error} */ (error).message);
    }
  }
}

/**
 * @param {import("../types.js").State} state
 * @returns {Drawing}
 */
function drawingOf({ strokes, picture }) {
  return { strokes, picture };
}

function createCanvas() {
  return h("canvas", {
    class: "pad-canvas",
    id: "pad-canvas",
    width: SIDE,
    height: SIDE,
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing",
    "aria-label": "Drawing of a digit",
    "aria-describedby": "pad-hint",
  });
}
