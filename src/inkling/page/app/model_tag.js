/**
 * Which model an address was written with: its name and a hash of what it computes, such as "reader.1f0c93ab".
 *
 * @typedef {{tag: string, name: string, hash: string}} Tag
 */

const LONGEST_NAME = 40; // characters; longer names are cut off: addresses stay short, and the hash tells models apart.
const TAG = new RegExp(`^(.{0,${LONGEST_NAME}})\\.([0-9a-f]{8})$`, "su");

/** @param {{name: string, hash: string}} model */
export function tagOf({ name, hash }) {
  const letters = [...name];
  const short = letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : name;
  return `${short}.${hash}`;
}

/**
 * @param {string | null} tag
 * @returns {Tag | null} null for what is none
 */
export function readTag(tag) {
  const found = tag === null ? null : TAG.exec(tag);
  return tag === null || !found ? null : { tag, name: found[1], hash: found[2] };
}

/** @param {{name: string, hash: string}} model */
export function nameAndHash({ name, hash }) {
  return `${name} (${hash})`;
}
