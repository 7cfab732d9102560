/** Does the network still know the other digits? How many of the example drawings it reads right, before and after. */

import { h } from "../dom.js";
import { argmax } from "../numbers.js";
import { SAMPLE_PEN, SAMPLES } from "../drawing/samples.js";
import { sightOf } from "../thinking.js";

/**
 * @param {import("../types.js").Page} page
 * @returns {{element: HTMLElement, measure: (changed: boolean) => Promise<void>}} `changed` says whether the network has
 *   other parameters than its file
 */
export function createRecall(page) {
  const element = h("p", { class: "backward-recall", id: "backward-recall", "aria-live": "polite" });
  const known = SAMPLES.filter(({ digit }) => page.model.classNames.includes(String(digit)));
  element.hidden = !known.length;
  let runs = 0;
  /** @type {number | null} */
  let ofFile = null;

  /** @param {boolean} changed */
  async function measure(changed) {
    if (!known.length) return;
    const run = ++runs;
    let right = 0;
    for (const { digit, strokes } of known) {
      const { tensors } = await page.engine.think(sightOf({ picture: null, strokes, width: SAMPLE_PEN }));
      if (run !== runs) return;
      const probabilities = tensors.get("probabilities")?.data.slice(0, page.model.classNames.length) ?? [];
      if (page.model.classNames[argmax(probabilities)] === String(digit)) right++;
    }
    if (!changed) ofFile = right;
    const before = changed && ofFile !== null ? `; before the updates, ${ofFile}` : "";
    element.textContent = `Does it still know the others? Of ${known.length} example drawings it reads ${right} right${before}.`;
  }
  return { element, measure };
}
