/** Labelled drawings as files that Inkling reads: a table as Kaggle has it, and a folder of pictures per class. */

import { rasterize } from "../../ink/rasterize.js";
import { pngOf } from "../drawing/png.js";
import { SIDE } from "../types.js";
import { zipOf } from "./zip.js";

/** @typedef {import("./keeping.js").Kept} Kept */

const LONGEST_NAME = 60; // UTF-16 units: at most 180 bytes of UTF-8, of the 255 that file systems take
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i; // by Windows

/**
 * The table of `inkling train --data FILE.csv`: label,pixel0,…,pixel783.
 *
 * @param {Kept[]} list
 * @param {string[]} classNames
 */
export function csvOf(list, classNames) {
  const head = ["label", ...Array.from({ length: 784 }, (_, i) => `pixel${i}`)].join(",");
  return [head, ...list.map(({ label, image }) => `${quoted(classNames[label])},${image.join(",")}`), ""].join("\n");
}

/**
 * A field of a table (RFC 4180).
 *
 * @param {string} text
 */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A ZIP with the folder "digits", in it a folder per class with PNGs. Drawings are stored as they were drawn, so that
 * `inkling adapt` makes the same 28×28 of them; opened pictures are stored as 28×28.
 *
 * @param {Kept[]} list
 * @param {string[]} classNames
 */
export function foldersOf(list, classNames) {
  const counts = classNames.map(() => 0);
  const folders = folderNames(classNames);
  const files = list.map((kept) => {
    const number = String(++counts[kept.label]).padStart(4, "0");
    return { name: `digits/${folders[kept.label]}/${number}.png`, content: pictureOf(kept) };
  });
  return zipOf(files);
}

/**
 * A folder per class. A name that every file system takes stays as it is; in another, what is neither letter nor digit
 * nor one of "_ - . space" becomes "_". No two are the same, also where capitals do not count.
 *
 * @param {string[]} classNames
 * @returns {string[]}
 */
export function folderNames(classNames) {
  const own = new Set(classNames.filter((name) => plainName(name) === name).map(folded));
  /** @type {Set<string>} */
  const taken = new Set();
  return classNames.map((name) => {
    const plain = plainName(name);
    const isFree = (/** @type {string} */ each) =>
      !taken.has(folded(each)) && (each === name || !own.has(folded(each)));
    let folder = plain;
    for (let i = 2; !isFree(folder); i++) folder = `${plain}-${i}`;
    taken.add(folded(folder));
    return folder;
  });
}

/** @param {string} name */
function plainName(name) {
  const plain = name
    .replace(/[^\p{L}\p{N} _.-]/gu, "_")
    .replace(/^[ .]|[ .]$/g, "_") // "." and ".." are no folders of a class; Windows drops dots and spaces at the end
    .slice(0, LONGEST_NAME);
  return plain === "" || RESERVED.test(plain) ? `${plain}_` : plain;
}

/** @param {string} name */
function folded(name) {
  return name.normalize("NFC").toLowerCase();
}

/** @param {Kept} kept */
function pictureOf({ strokes, width, image }) {
  return strokes.length ? pngOf(rasterize(strokes, width), SIDE, SIDE) : pngOf(image, 28, 28);
}

/**
 * Hand a file to the user.
 *
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type
 */
export function download(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // The download has begun by then.
}
