/**
 * Safetensors: named arrays in one file. Eight bytes say how long the header is, the header is JSON, the rest numbers.
 *
 * Inkling's metadata are one entry, "inkling", whose text is JSON; it holds a checksum, which is verified here.
 */
import { checksum } from "./checksum.js";
import { EngineError } from "./errors.js";
import { sizeOf } from "./tensor.js";

/** @typedef {import("./tensor.js").Tensor} Tensor */
/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */

const DAMAGED = "the file is damaged, or not a safetensors file";
const MOST_HEADER = 2 ** 25; // bytes; Inkling's metadata have at most half of it

/** Types of numbers: bytes of one, and how they are read. Those that are no floats become float64. */
const TYPES = new Map(Object.entries({
  F32: { bytes: 4, read: (/** @type {ArrayBuffer} */ b) => new Float32Array(b) },
  F64: { bytes: 8, read: (/** @type {ArrayBuffer} */ b) => new Float64Array(b) },
  U8: { bytes: 1, read: (/** @type {ArrayBuffer} */ b) => Float64Array.from(new Uint8Array(b)) },
  I32: { bytes: 4, read: (/** @type {ArrayBuffer} */ b) => Float64Array.from(new Int32Array(b)) },
  I64: { bytes: 8, read: (/** @type {ArrayBuffer} */ b) => Float64Array.from(new BigInt64Array(b), Number) },
}));

/**
 * The arrays of a file, and its metadata: Inkling's, without their checksum, or else the texts that the header holds.
 * @param {ArrayBuffer} buffer
 * @returns {{tensors: Map<string, Tensor>, metadata: Record<string, any>}}
 */
export function readSafetensors(buffer) {
  const { header, start } = readHeader(buffer);
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== "__metadata__") tensors.set(name, readTensor(name, entry, buffer, start));
  }
  const texts = isTable(header.__metadata__) ? header.__metadata__ : {};
  if (typeof texts.inkling !== "string") return { tensors, metadata: texts };
  const metadata = parsed(texts.inkling);
  if (!isTable(metadata)) throw new EngineError("a safetensors file, but not one that Inkling wrote");
  if (metadata.crc32 !== checksum(texts.inkling, metadata.crc32, tensors)) {
    throw new EngineError("the file is damaged: its checksum does not fit its content");
  }
  delete metadata.crc32;
  return { tensors, metadata };
}

/** @param {ArrayBuffer} buffer */
function readHeader(buffer) {
  if (buffer.byteLength < 8) throw new EngineError(DAMAGED);
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  if (length > Math.min(MOST_HEADER, buffer.byteLength - 8)) throw new EngineError(DAMAGED);
  const header = parsed(decoded(new Uint8Array(buffer, 8, length)));
  if (!isTable(header)) throw new EngineError(DAMAGED);
  return { header, start: 8 + length };
}

/**
 * @param {string} name
 * @param {any} entry
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @returns {Tensor}
 */
function readTensor(name, entry, buffer, start) {
  const { dtype, shape, data_offsets: offsets } = /** @type {Record<string, any>} */ (isTable(entry) ? entry : {});
  if (!areCounts(shape) || !areCounts(offsets) || offsets.length !== 2) throw new EngineError(DAMAGED);
  const type = TYPES.get(dtype);
  if (!type) throw new EngineError(`the array ${name} holds numbers of type ${dtype}, which the page does not read`);
  const [from, to] = offsets;
  if (to - from !== sizeOf(shape) * type.bytes || start + to > buffer.byteLength) throw new EngineError(DAMAGED);
  return { shape, data: type.read(buffer.slice(start + from, start + to)) };
}

/** @param {Uint8Array} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new EngineError(DAMAGED);
  }
}

/**
 * @param {string} text
 * @returns {any}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineError(DAMAGED);
  }
}

/** @param {any} value */
function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {any} value
 * @returns {value is number[]}
 */
function areCounts(value) {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}
