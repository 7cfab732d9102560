/** What it means that an activation is linear in a unit for all example drawings, in a sentence. */

/**
 * @param {import("../../engine/saturation.js").Saturation | undefined} mark
 * @param {string} what "unit" or "channel"
 * @param {string} name of the activation
 * @returns {string} "" where there is no mark
 */
export function saturationText(mark, what, name) {
  const smooth = name === "GELU";
  const always = "for every example drawing";
  if (mark === "dead") {
    const zero = smooth ? "nearly 0, and so is its derivative" : "0, and so is its derivative";
    const so = smooth
      ? "It contributes next to nothing to later layers, and next to no gradient passes through it."
      : "It contributes nothing to later layers, and no gradient passes through it.";
    return `Dead: ${always}, this ${what} is ${zero}. ${so}`;
  }
  if (mark === "always on") {
    const so = smooth
      ? `so far above 0 that this ${name} changes next to nothing in it`
      : `above 0, so this ${name} changes nothing in it`;
    return `Always on: ${always}, the input of this ${what} is ${so}.`;
  }
  if (mark === "only scaled") {
    const so = `so this ${name} only multiplies it by its slope.`;
    return `Only scaled: ${always}, the input of this ${what} is at most 0, ${so}`;
  }
  return "";
}
