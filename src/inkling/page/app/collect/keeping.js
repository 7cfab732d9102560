/** Labelled drawings that are kept in this tab: they outlast a reload, and end with the tab. */

const STORED = "inkling-kept-drawings";

/**
 * @typedef {object} Kept
 * @property {number} label a place among the classes
 * @property {Uint8Array} image 28×28 levels, what the network saw
 * @property {number[][]} strokes none for an opened picture
 * @property {number} width of the pen
 */

/**
 * The drawings that were kept in this tab.
 *
 * @returns {Kept[]}
 */
export function keptBefore() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
    return stored.map((/** @type {any} */ each) => ({ ...each, image: Uint8Array.from(each.image) }));
  } catch {
    return []; // Without storage, or with what another version has stored, the list starts empty.
  }
}

/**
 * @param {Kept[]} list
 * @returns {boolean} whether they outlast a reload: the storage of a tab is some megabytes
 */
export function keep(list) {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(list.map((each) => ({ ...each, image: Array.from(each.image) }))));
    return true;
  } catch {
    return false;
  }
}
