/** Does the network still know the other digits? How many of the example drawings it reads right, before and after. */

import { h } from "../dom.js";
import { argmax } from "../numbers.js";
import { SAMPLES } from "../drawing/samples.js";

/**
 * @param {import("../types.js").Page} page
 * @returns {{element: HTMLElement, measure: (changed: boolean) => Promise<void>}} `changed` says whether the network
 *   has other parameters than its file
 */
export function createRecall(page) {
  const element = h("p", { class: "backward-recall", id: "backward-recall", "aria-live": "polite" });
  const known = SAMPLES.filter(({ digit }) => page.model.classNames.includes(String(digit)));
  element.hidden = !known.length;
  /** @type {number | null} */
  let ofFile = null;

  /** @param {boolean} changed */
  async function measure(changed) {
    if (!known.length) return;
    const { classNames } = page.model;
    const examples = await page.examples.measure();
    if (!examples) return; // the parameters have changed: they are measured anew
    const answers = examples.probabilities.map((each) => classNames[argmax(each.slice(0, classNames.length))]);
    const right = SAMPLES.filter(({ digit }, i) => answers[i] === String(digit)).length;
    if (!changed) ofFile = right;
    const before = changed && ofFile !== null ? `; before the updates, ${ofFile}` : "";
    const count = `Of ${known.length} example drawings it reads ${right} right`;
    element.textContent = `Does it still know the others? ${count}${before}.`;
  }
  return { element, measure };
}
