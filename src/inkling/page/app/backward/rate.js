/** The learning rate: a slider on a log scale, and a field for the number itself. */

import { h } from "../dom.js";

const [LEAST, MOST] = [-5, 1]; // powers of ten of the slider

/**
 * @param {import("../types.js").Page} page
 * @returns {import("../types.js").View}
 */
export function createRate(page) {
  const slider = h("input", {
    type: "range",
    id: "backward-rate-slider",
    min: LEAST,
    max: MOST,
    step: 0.1,
    input: () => page.store.set({ rate: rounded(10 ** Number(slider.value)) }),
  });
  const field = h("input", {
    type: "number",
    id: "backward-rate",
    min: 0,
    max: 1000,
    step: "any",
    "aria-label": "Learning rate as a number",
    input: () => field.value !== "" && field.checkValidity() && page.store.set({ rate: Number(field.value) }),
  });
  const label = h("label", { for: slider.id }, "Learning rate lr");
  const element = h("div", { class: "row backward-rate" }, label, slider, field);

  function update() {
    const { rate } = page.store.state;
    const power = rate > 0 ? Math.min(Math.max(Math.log10(rate), LEAST), MOST) : LEAST;
    if (document.activeElement !== slider) slider.value = String(power);
    slider.setAttribute("aria-valuetext", String(rate));
    if (Number(field.value) !== rate || field.value === "") field.value = String(rate);
  }
  return { element, update };
}

/**
 * Two significant digits.
 *
 * @param {number} value
 */
function rounded(value) {
  return Number(value.toPrecision(2));
}
