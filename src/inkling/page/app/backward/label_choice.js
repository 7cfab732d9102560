/** The choice of the true digit: a radio button for each logit. */

import { logitNames } from "../figures/bars.js";
import { h } from "../dom.js";

/**
 * @param {import("../types.js").Page} page
 * @returns {import("../types.js").View}
 */
export function createLabelChoice(page) {
  const inputs = logitNames(page.model).map((name, label) => ({
    name,
    input: h("input", { type: "radio", name: "backward-label", value: label, change: () => page.store.set({ label }) }),
  }));
  const labels = inputs.map(({ name, input }) => h("label", { class: "backward-label" }, input, h("span", {}, name)));
  const legend = h("legend", {}, "What is it truly?");
  const element = h(
    "fieldset",
    { class: "backward-labels" },
    legend,
    h("div", { class: "backward-label-row" }, ...labels),
  );

  function update() {
    inputs.forEach(({ input }, label) => (input.checked = label === page.store.state.label));
  }
  return { element, update };
}
