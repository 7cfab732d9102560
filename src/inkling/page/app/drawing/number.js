/** Several digits as a number: the server reads the whole drawing or opened picture, once the pen has rested. */

import { showBoxes } from "./boxes.js";
import { fill, h } from "../dom.js";
import { rasterize } from "../../ink/rasterize.js";
import { isTrained } from "../model_source.js";
import { percent } from "../numbers.js";
import { fileOf } from "./pictures.js";
import { pngOf } from "./png.js";
import { request } from "../server.js";
import { SIDE } from "../types.js";

/** @typedef {import("../types.js").Page} Page */

/**
 * The record of `inkling read --json`, in which a warning names the marks that were left out.
 * @typedef {{text: string, digit: number, box: number[], confidence: number, accepted: boolean}} Found
 * @typedef {Found & {warnings: string[]}} Digit
 * @typedef {{text: string, digits: Digit[], warnings: string[]}} Record
 */

const PAUSE = 400; // milliseconds without a change before the server is asked
const BY_ANOTHER = "Numbers are read by the model that the server was started with, not by the trained one.";
const WITHOUT_SERVER = "This network reads one digit. Several digits side by side are read by inkling serve.";

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createNumber(page) {
  return page.served
    ? new NumberReader(page)
    : { element: h("p", { class: "number muted control" }, WITHOUT_SERVER), update() {} };
}

class NumberReader {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.timer = 0;
    /** @type {AbortController | null} */
    this.asked = null;
    /** @type {number[][] | null} */
    this.strokes = null;
    this.width = 0;
    /** @type {Uint8Array | null} */
    this.picture = null;
    this.text = h("output", { class: "number-text", id: "number-text", "aria-live": "polite" });
    this.notes = h("p", { class: "number-notes muted" });
    this.element = h(
      "section",
      { class: "number control", "aria-label": "The drawing as a number" },
      this.text,
      this.notes,
      h("p", { class: "muted", id: "number-model", hidden: !isTrained() }, BY_ANOTHER),
    );
  }

  /** A changed drawing is read after a pause; what was read before is no longer shown. */
  update() {
    const { strokes, width, picture } = this.page.store.state;
    if (strokes === this.strokes && width === this.width && picture === this.picture) return;
    [this.strokes, this.width, this.picture] = [strokes, width, picture];
    clearTimeout(this.timer);
    this.asked?.abort();
    const readable = picture ? fileOf(picture) : strokes.length;
    this.clear(readable ? "As a number: …" : "");
    if (readable) this.timer = window.setTimeout(() => this.ask(), PAUSE);
  }

  /** @param {string} text */
  clear(text) {
    fill(this.text, text);
    fill(this.notes);
    showBoxes([], SIDE);
  }

  async ask() {
    const asked = new AbortController();
    this.asked = asked;
    try {
      const headers = { "Content-Type": "application/octet-stream" };
      const answer = await request("read", { method: "POST", body: this.body(), headers, signal: asked.signal });
      const record = await answer.json();
      if (!asked.signal.aborted) this.show(record);
    } catch (error) {
      if (!asked.signal.aborted) this.clear(`Not read as a number: ${/** @type {Error} */ (error).message}.`);
    }
  }

  /** The file of the opened picture, or the drawing as it would be on paper. */
  body() {
    const { strokes, width, picture } = this.page.store.state;
    const file = picture && fileOf(picture);
    return file || pngOf(rasterize(strokes, width).map((level) => 255 - level), SIDE, SIDE);
  }

  /** @param {Record} record */
  show({ text, digits, warnings }) {
    fill(this.text, digits.length ? `As a number: ${text}` : "As a number: nothing is read");
    const each = digits.map(
      (digit) => `${digit.text === "?" ? `? (${digit.digit})` : digit.text} ${percent(digit.confidence)}`,
    );
    const besideAnswer = this.page.thought()?.warnings ?? [];
    const all = new Set([...warnings, ...digits.flatMap((digit) => digit.warnings)]);
    const said = [...all].filter((warning) => !besideAnswer.includes(warning));
    fill(this.notes, [digits.length > 1 ? each.join(", ") : "", ...said].filter(Boolean).join("; "));
    showBoxes(digits.length > 1 && !this.picture ? digits : [], SIDE); // a picture is shown as 28×28
  }
}
