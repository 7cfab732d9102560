/** The address on the clipboard, and what to say about it: who can open it, and which model they will see. */

import { isTrained } from "./model_source.js";

const COPIED =
  "The link is copied: it opens this page, with this drawing and view, for anyone who can reach this server or has " +
  "this file.";
const IN_THE_BAR = "The link stands in the address bar: copy it from there.";
const UPDATED = "The updates that you applied are not in the link: whoever opens it has the model without them.";
const TRAINED = "The trained model opens only while this server has it.";

/**
 * @param {string} address
 * @param {import("./types.js").Page} page
 * @returns {Promise<string>} a sentence for people
 */
export async function copied(address, page) {
  const notes = parameterNotes(page);
  try {
    await navigator.clipboard.writeText(address);
    return [COPIED, ...notes].join(" ");
  } catch {
    return [IN_THE_BAR, ...notes].join(" "); // the browser allows no access to the clipboard
  }
}

/**
 * That others may have other parameters, where it is so: an address holds none.
 *
 * @param {import("./types.js").Page} page
 */
function parameterNotes({ applied }) {
  const notes = [];
  if (isTrained()) notes.push(TRAINED);
  if (applied) notes.push(UPDATED);
  return notes;
}
