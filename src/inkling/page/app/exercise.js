/** Which model an exercise was made with, where this page has another: its numbers differ then. */

import { h, write } from "./dom.js";
import { nameAndHash, readTag } from "./model_tag.js";

/**
 * @param {import("./types.js").Page} page
 * @returns {import("./types.js").View}
 */
export function createExercise(page) {
  const element = h("p", { class: "notice", id: "exercise-line", role: "status", hidden: true });

  function update() {
    const made = readTag(page.store.state.model);
    element.hidden = !made || made.hash === page.model.hash;
    if (!made || element.hidden) return;
    const here = nameAndHash(page.model);
    const models = `This exercise was made with the model ${nameAndHash(made)}; this page has ${here}.`;
    write(element, `${models} Its numbers differ; parts that this model lacks are left out.`);
  }
  return { element, update };
}
