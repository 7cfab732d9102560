// Reads drawings as Python's test wrote them, and writes what the page's normaliser makes of each.
//
// node ink_images.mjs DIGIT_IMAGE.js FOLDER: FOLDER holds drawings.json, a list of {height, width}, and levels.bin,
// their float32 levels one after the other. It gets images.bin, 784 bytes each, and found.json.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , script, folder] = process.argv;
const { box, digitAndWarnings, findInk } = await import(pathToFileURL(script).href);

/** @returns what a function of the normaliser answers, or its error as text */
function answer(f, ...drawing) {
  try {
    return f(...drawing);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

const drawings = JSON.parse(readFileSync(`${folder}/drawings.json`, "utf8"));
const bytes = readFileSync(`${folder}/levels.bin`);
const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
let start = 0;
const images = [];
const found = drawings.map(({ height, width }) => {
  const drawing = [all.slice(start, (start += height * width)), height, width];
  const seen = answer(digitAndWarnings, ...drawing);
  const error = typeof seen === "string" ? seen : null;
  images.push(seen.image ?? new Uint8Array(784));
  const { components, dark, frames, noise } = answer(findInk, ...drawing);
  const more = { components: components?.length, dark, frames, noise, warnings: seen.warnings };
  return { error, box: answer(box, ...drawing), ...more };
});
writeFileSync(`${folder}/images.bin`, Buffer.concat(images));
writeFileSync(`${folder}/found.json`, JSON.stringify(found));
