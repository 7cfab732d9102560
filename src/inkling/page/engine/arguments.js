/** Arguments: those of a call in the notation, checked against the fields of the kind of layer that it names. */
import { EngineError } from "./errors.js";

/** @typedef {import("./notation.js").Call} Call */
/** @typedef {import("./notation.js").Value} Value */
/** @typedef {import("./layer.js").Field} Field */

const INITIALIZERS = ["KaimingNormal", "XavierNormal", "Normal", "Constant"];
const WORDS = {
  int: "a whole number",
  "int or None": "a whole number or None",
  float: "a number",
  bool: "True or False",
  init: "an initializer such as KaimingNormal()",
};

/**
 * All arguments of a call by name, with the defaults of those that are not given; EngineError where one does not fit.
 * @param {Call} call
 * @param {Field[]} fields
 * @returns {Record<string, any>}
 */
export function argumentsOf(call, fields) {
  if (call.args.length > fields.length) {
    throw new EngineError(`cannot build ${call.text}: ${call.name} takes ${fields.length} arguments at most`);
  }
  const given = new Map(call.args.map((value, i) => [fields[i].name, value]));
  for (const [name, value] of call.named) {
    if (given.has(name) || !fields.some((field) => field.name === name)) {
      throw new EngineError(`cannot build ${call.text}: the argument ${name} is not expected there`);
    }
    given.set(name, value);
  }
  return Object.fromEntries(fields.map((field) => [field.name, argument(call, field, given.get(field.name))]));
}

/**
 * @param {Call} call
 * @param {Field} field
 * @param {Value | undefined} value
 */
function argument(call, field, value) {
  if (!value) {
    if (field.default !== undefined) return field.default;
    throw new EngineError(`cannot build ${call.text}: it lacks ${field.name}, ${WORDS[field.type]}`);
  }
  if (!fits(value, field.type)) {
    throw new EngineError(`cannot build ${call.text}: ${field.name} must be ${WORDS[field.type]}`);
  }
  return value.type === "call" ? value.content.text : value.content;
}

/**
 * Whether a value may be an argument of such a type; a whole number is a number, too.
 * @param {Value} value
 * @param {Field["type"]} type
 */
function fits(value, type) {
  if (type === "init") return value.type === "call" && INITIALIZERS.includes(value.content.name);
  if (type === "bool") return value.type === "bool";
  if (type === "float") return (value.type === "int" || value.type === "float") && Number.isFinite(value.content);
  if (type === "int or None" && value.type === "none") return true;
  return value.type === "int" && Number.isSafeInteger(value.content);
}

/**
 * The arguments of a call of an unknown layer, as far as they are named; calls as their text.
 * @param {Call} call
 * @returns {Record<string, any>}
 */
export function namedArguments(call) {
  const plain = (/** @type {Value} */ value) => (value.type === "call" ? value.content.text : value.content);
  return Object.fromEntries([...call.named].map(([name, value]) => [name, plain(value)]));
}
