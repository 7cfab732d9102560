/**
 * The checksum of a file of Inkling's, and a short hash of a model.
 *
 * The checksum is the CRC-32 of the metadata, and of each array with its name, type and shape.
 *
 * Python takes it from the metadata without the entry "crc32", as `json.dumps(…, sort_keys=True)` writes them. The file
 * holds the same text, but for that entry and for characters beyond ASCII, which are not escaped there.
 */
import { shapeText } from "./tensor.js";

/** @typedef {import("./tensor.js").Tensor} Tensor */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * CRC-32 of bytes, continued from that of the bytes before them.
 * @param {Uint8Array} bytes
 * @param {number} [before]
 */
export function crc32(bytes, before = 0) {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = TABLE[(value ^ bytes[i]) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

/**
 * What the checksum has to be.
 * @param {string} text the metadata as they stand in the file.
 * @param {number} written the checksum that they hold.
 * @param {Map<string, Tensor>} tensors
 */
export function checksum(text, written, tensors) {
  const encoder = new TextEncoder();
  let value = crc32(encoder.encode(escaped(without(text, `"crc32": ${written}`))));
  for (const [name, { shape, data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const type = data instanceof Float64Array ? "float64" : "float32";
    value = crc32(encoder.encode(`${name} ${type} ${shapeText(shape)}`), value);
    value = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), value);
  }
  return value;
}

/**
 * A short hash of all that decides a model's answers; files that differ in other metadata have the same.
 * @param {{network: string[], inputShape: number[], classNames: string[], temperature: number}} about layers as texts
 * @param {Map<string, Tensor>} tensors of the file
 * @returns {string} eight hexadecimal digits
 */
export function fingerprint({ network, inputShape, classNames, temperature }, tensors) {
  const text = JSON.stringify([network, inputShape, classNames, temperature]);
  let value = crc32(new TextEncoder().encode(text));
  for (const name of ["parameters", "statistics"]) {
    const data = tensors.get(name)?.data;
    if (data) value = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), value);
  }
  return value.toString(16).padStart(8, "0");
}

/**
 * The text of a JSON object without an entry.
 * @param {string} text
 * @param {string} entry
 */
function without(text, entry) {
  if (text.includes(`${entry}, `)) return text.replace(`${entry}, `, "");
  return text.replace(`, ${entry}}`, "}").replace(`{${entry}}`, "{}");
}

/**
 * All characters beyond ASCII as JSON escapes, \u00e9.
 * @param {string} text
 */
function escaped(text) {
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
