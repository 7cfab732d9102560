/**
 * The notation of layers, "Conv2d(32, 5, stride=2)": a call whose arguments are literals of Python, or calls.
 */
import { EngineError } from "./errors.js";

/**
 * @typedef {object} Value a literal, or a call.
 * @property {"int" | "float" | "bool" | "none" | "text" | "list" | "call"} type
 * @property {any} content
 */

/** @typedef {{name: string, args: Value[], named: Map<string, Value>, text: string}} Call */

const MOST_CHARACTERS = 2 ** 18; // of a notation, as in Python
const MOST_NESTED = 64; // calls and lists inside one another
// A name, a number, a text in quotes, or a sign.
const TOKENS = [
  "([A-Za-z_]\\w*)",
  "((?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)",
  "('(?:[^'\\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\\n]|\\\\.)*\")",
  "([-()[\\],=])",
];
const TOKEN = new RegExp(`\\s*(?:${TOKENS.join("|")})`, "y");
const WORDS = new Map(Object.entries({
  True: { type: "bool", content: true },
  False: { type: "bool", content: false },
  None: { type: "none", content: null },
}));

/**
 * The call that a text describes; EngineError where it describes none.
 * @param {string} text
 * @returns {Call}
 */
export function parseCall(text) {
  if (text.length > MOST_CHARACTERS) throw unreadable(text);
  const reader = new Reader(text);
  const value = reader.value(0);
  if (value.type !== "call" || !reader.atEnd()) throw unreadable(text);
  return value.content;
}

/** @param {string} text */
function unreadable(text) {
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return new EngineError(`cannot read "${shown}" as a layer: expected a call such as Linear(10)`);
}

/** Reads a text from left to right. */
class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.place = 0;
  }

  /** @returns {string[]} the next token: all of it, then its name, number, text or sign, "" for the others. */
  next() {
    TOKEN.lastIndex = this.place;
    const found = TOKEN.exec(this.text);
    if (!found) throw unreadable(this.text);
    this.place = TOKEN.lastIndex;
    return found.map((part) => part ?? "");
  }

  atEnd() {
    return this.text.slice(this.place).trim() === "";
  }

  /**
   * Whether the next token is this sign, which is then passed.
   * @param {string} sign
   */
  takes(sign) {
    const before = this.place;
    if (!this.atEnd() && this.next()[4] === sign) return true;
    this.place = before;
    return false;
  }

  /**
   * @param {number} depth
   * @returns {Value}
   */
  value(depth) {
    if (depth > MOST_NESTED) throw unreadable(this.text);
    const start = this.place;
    const [token, name, number, text, sign] = this.next();
    if (number) return numeral(number);
    if (text) return { type: "text", content: text.slice(1, -1) };
    if (sign === "-") return negative(this.value(depth + 1), this.text);
    if (sign === "(") return { type: "list", content: this.values(")", depth) };
    if (sign === "[") return { type: "list", content: this.values("]", depth) };
    const word = /** @type {Value | undefined} */ (WORDS.get(name));
    if (word) return word;
    if (!name || !this.takes("(")) throw unreadable(this.text);
    return this.call(name, start + token.length - name.length, depth);
  }

  /**
   * Values up to a closing sign.
   * @param {string} end
   * @param {number} depth
   */
  values(end, depth) {
    const values = [];
    while (!this.takes(end)) {
      values.push(this.value(depth + 1));
      if (!this.takes(",")) {
        if (!this.takes(end)) throw unreadable(this.text);
        break;
      }
    }
    return values;
  }

  /**
   * The arguments of a call, behind its opening bracket.
   * @param {string} name
   * @param {number} start
   * @param {number} depth
   * @returns {Value}
   */
  call(name, start, depth) {
    /** @type {Call} */
    const call = { name, args: [], named: new Map(), text: "" };
    while (!this.takes(")")) {
      const word = this.keyword();
      if (word && call.named.has(word)) throw unreadable(this.text);
      if (!word && call.named.size > 0) throw unreadable(this.text);
      const value = this.value(depth + 1);
      if (word) call.named.set(word, value);
      else call.args.push(value);
      if (!this.takes(",")) {
        if (!this.takes(")")) throw unreadable(this.text);
        break;
      }
    }
    call.text = this.text.slice(start, this.place);
    return { type: "call", content: call };
  }

  /** The name in front of "=", which is then passed; "" where there is none. */
  keyword() {
    const before = this.place;
    const name = this.atEnd() ? "" : this.next()[1];
    if (name && this.takes("=")) return name;
    this.place = before;
    return "";
  }
}

/**
 * @param {string} text
 * @returns {Value}
 */
function numeral(text) {
  return { type: /^\d+$/.test(text) ? "int" : "float", content: Number(text) };
}

/**
 * @param {Value} value
 * @param {string} text
 * @returns {Value}
 */
function negative(value, text) {
  if (value.type !== "int" && value.type !== "float") throw unreadable(text);
  return { type: value.type, content: -value.content };
}
