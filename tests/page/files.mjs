/** Where the tests of the engine find its modules, and the files that Python has written for them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { pathToFileURL } from "node:url";

/** A module of the engine. */
export function engine(name) {
  return import(pathToFileURL(join(env.ENGINE, name)).href);
}

/** The bytes of a file. */
export function bufferOf(name) {
  const bytes = readFileSync(join(env.FILES, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** The content of a JSON file. */
export function json(name) {
  return JSON.parse(readFileSync(join(env.FILES, name), "utf8"));
}

/** Numbers that look random and are the same in each run: 0 to below 1. */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
