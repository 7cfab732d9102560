/**
 * Compare the engine with golden files: every tensor of a trace with that of `explain`, in one folder of cases.
 *
 * Prints JSON: how many cases and tensors were compared, and a line for each tensor that differs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const [, , engine, folder] = argv;
const load = (name) => import(pathToFileURL(join(engine, name)).href);
const [{ readModel }, { readSafetensors }, { trace }] = await Promise.all(
  ["model.js", "safetensors.js", "trace.js"].map(load),
);
const { cases, tolerance } = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"));

function bufferOf(name) {
  const bytes = readFileSync(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/**
 * What is wrong with a tensor that came, in words; "" where nothing is.
 *
 * `scale` is the least magnitude that differences are measured by.
 */
function difference(expected, came, scale) {
  if (!came) return "is missing";
  if (String(came.shape) !== String(expected.shape)) return `has the shape ${came.shape}, not ${expected.shape}`;
  let [largest, most] = [scale, 0];
  for (let i = 0; i < expected.data.length; i++) {
    largest = Math.max(largest, Math.abs(expected.data[i]));
    const apart = Math.abs(expected.data[i] - came.data[i]);
    if (!(apart <= most)) most = apart; // also where it is NaN
  }
  return most <= tolerance * largest ? "" : `differs by ${most}, where the largest number is ${largest}`;
}

/** A gradient that is one number is a sum in which much may cancel: it is measured by the numbers that are summed. */
function scaleOf(name, tensors) {
  const [kind, ...path] = name.split(".");
  if (kind !== "dp" || tensors.get(name).data.length > 1) return 1e-6;
  return Math.max(...tensors.get(`dy.${path.slice(0, -1).join(".")}`).data.map(Math.abs));
}

const mismatches = [];
let tensors = 0;
for (const { model, golden, label, about } of cases) {
  const expected = readSafetensors(bufferOf(golden)).tensors;
  const came = trace(readModel(bufferOf(model)), expected.get("x").data, label);
  for (const name of new Set([...expected.keys(), ...came.keys()])) {
    const known = expected.has(name);
    const wrong = known ? difference(expected.get(name), came.get(name), scaleOf(name, expected)) : "is not in Python's";
    if (wrong) mismatches.push(`${name} ${wrong}: ${about}`);
    tensors++;
  }
}
console.log(JSON.stringify({ cases: cases.length, tensors, mismatches }));
