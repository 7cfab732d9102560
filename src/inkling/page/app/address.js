/**
 * The state in the address, after the #: a teacher can send what is on the screen.
 *
 * Only what differs from the state at the start is written. What cannot be read is left out.
 */

import { readTag } from "./model_tag.js";
import { SIDE } from "./types.js";

/** @typedef {import("./types.js").State} State */

export const VIEWS = ["inside", "backward", "training", "compare", "collect"];
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MOST_STROKES = 400;
const ENTRIES = [
  ...["draw", "pen", "image", "view", "layer", "channel", "cell", "label", "step", "rate", "off", "chapter", "embed"],
  ...["model", "compare"],
];

/**
 * The part of an address after the #.
 *
 * @param {State} state
 * @param {State} start what is not written
 * @returns {string}
 */
export function written(state, start) {
  const entries = new URLSearchParams();
  /** @type {(name: string, text: string | null, before: string | null) => void} */
  const put = (name, text, before) => void (text !== null && text !== before && entries.set(name, text));
  put("draw", writeStrokes(state.strokes), writeStrokes(start.strokes));
  put("pen", String(state.width), String(start.width));
  put("image", state.picture && writeBytes(state.picture), null);
  put("view", state.view, start.view);
  put("layer", state.path, null);
  put("channel", text(state.channel), null);
  put("cell", state.cell && state.cell.join("."), null);
  put("label", text(state.label), null);
  put("step", String(state.step), String(start.step));
  put("rate", String(state.rate), String(start.rate));
  put("off", writeOff(state.off), "");
  put("chapter", text(state.chapter), null);
  put("embed", state.embedded ? "1" : "0", "0");
  put("model", state.model, null);
  put("compare", state.compared, null);
  return entries.toString();
}

/**
 * Whether the part of an address after the # describes a state: "#views", which leads to an element, does not.
 *
 * @param {string} hash
 */
export function isAddress(hash) {
  const entries = [...new URLSearchParams(hash.replace(/^#/, "")).keys()];
  return entries.some((name) => ENTRIES.includes(name));
}

/**
 * The state that an address describes.
 *
 * @param {string} hash the part after the #
 * @param {State} start what is taken where the address says nothing
 * @returns {State}
 */
export function readAddress(hash, start) {
  const entries = new URLSearchParams(hash.replace(/^#/, ""));
  const view = entries.get("view") ?? "";
  return {
    strokes: readStrokes(entries.get("draw")) ?? start.strokes,
    width: number(entries.get("pen"), 1, 60) ?? start.width,
    picture: readPicture(entries.get("image")),
    view: VIEWS.includes(view) ? view : start.view,
    path: /^\d+(\.\d+)*$/.test(entries.get("layer") ?? "") ? entries.get("layer") : null,
    channel: whole(entries.get("channel")),
    cell: readCell(entries.get("cell")),
    label: whole(entries.get("label")),
    step: whole(entries.get("step")) ?? start.step,
    rate: number(entries.get("rate"), 0, 1000) ?? start.rate,
    off: readOff(entries.get("off")),
    chapter: whole(entries.get("chapter")),
    embedded: entries.get("embed") === "1",
    model: readTag(entries.get("model"))?.tag ?? null,
    compared: readTag(entries.get("compare"))?.tag ?? null,
  };
}

/** @param {number | null} value */
function text(value) {
  return value === null ? null : String(value);
}

/**
 * @param {string | null} word
 * @param {number} least
 * @param {number} most
 */
function number(word, least, most) {
  const value = word ? Number(word) : NaN;
  return value >= least && value <= most ? value : null;
}

/** @param {string | null} word */
function whole(word) {
  return word && /^\d{1,6}$/.test(word) ? Number(word) : null;
}

/** @param {string | null} word */
function readCell(word) {
  if (word === "") return [];
  return word && /^\d{1,6}(\.\d{1,6})*$/.test(word) ? word.split(".").map(Number) : null;
}

/** @param {Record<string, number[]>} off */
function writeOff(off) {
  const layers = Object.entries(off).filter(([, channels]) => channels.length);
  return layers.map(([path, channels]) => `${path}:${channels.join(".")}`).join("!");
}

/** @param {string | null} word */
function readOff(word) {
  /** @type {Record<string, number[]>} */
  const off = {};
  for (const layer of word ? word.split("!") : []) {
    const [path, channels] = layer.split(":");
    if (/^\d+(\.\d+)*$/.test(path) && /^\d+(\.\d+)*$/.test(channels ?? "")) off[path] = channels.split(".").map(Number);
  }
  return off;
}

/**
 * Strokes as letters: two per number, from 0 to SIDE; strokes are parted by a tilde.
 *
 * @param {number[][]} strokes
 */
function writeStrokes(strokes) {
  const two = (/** @type {number} */ value) => LETTERS[value >> 6] + LETTERS[value & 63];
  return strokes.map((stroke) => stroke.map((each) => two(Math.round(each))).join("")).join("~");
}

/** @param {string | null} word */
function readStrokes(word) {
  if (word === null) return null;
  const strokes = [];
  for (const part of word.split("~").slice(0, MOST_STROKES)) {
    const values = [];
    for (let i = 0; i + 1 < part.length; i += 2) {
      values.push(LETTERS.indexOf(part[i]) * 64 + LETTERS.indexOf(part[i + 1]));
    }
    if (values.length % 2 || values.some((each) => !(each >= 0 && each <= SIDE))) return null;
    if (values.length) strokes.push(values);
  }
  return strokes;
}

/** @param {Uint8Array} bytes */
function writeBytes(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string | null} word */
function readPicture(word) {
  if (!word) return null;
  try {
    const binary = atob(word.replaceAll("-", "+").replaceAll("_", "/"));
    return binary.length === 784 ? Uint8Array.from(binary, (letter) => letter.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}
