/** Labelled drawings as files that Inkling reads: a table as Kaggle has it, and a folder of pictures per class. */

import { rasterize } from "../drawing/drawing.js";
import { pngOf } from "../drawing/png.js";
import { SIDE } from "../types.js";
import { zipOf } from "./zip.js";

/** @typedef {import("./keeping.js").Kept} Kept */

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
  const files = list.map((kept) => {
    const number = String(++counts[kept.label]).padStart(4, "0");
    return { name: `digits/${classNames[kept.label].replace(/[\\/]/g, "_")}/${number}.png`, content: pictureOf(kept) };
  });
  return zipOf(files);
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
