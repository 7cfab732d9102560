/** Previous and next, the number of the step, and a list of all steps to choose from. */

import { h } from "../dom.js";

/** @typedef {import("./steps.js").Step} Step */

/**
 * @param {import("../types.js").Page} page
 * @param {Step[]} steps
 * @returns {import("../types.js").View & {title: HTMLElement, at: () => number, onKey: (event: KeyboardEvent) => void}}
 */
export function createStepper(page, steps) {
  const previous = h("button", { type: "button", id: "backward-previous", click: () => go(-1) }, "‹ Previous");
  const next = h("button", { type: "button", id: "backward-next", class: "primary", click: () => go(1) }, "Next ›");
  const options = steps.map(({ title: text }, i) => h("option", { value: i }, `${i + 1}. ${text}`));
  const list = h(
    "select",
    { "aria-label": "Step", change: () => page.store.set({ step: Number(list.value) }) },
    ...options,
  );
  const title = h("h2", { tabindex: -1, id: "backward-title", "aria-live": "polite" });
  const count = h("span", { class: "muted backward-count" });
  const row = h("div", { class: "row backward-stepper" }, previous, next, list, count);
  const element = h("div", { class: "backward-head" }, row, title);

  const at = () => Math.min(page.store.state.step, steps.length - 1);

  /** @param {number} by */
  function go(by) {
    page.store.set({ step: Math.min(Math.max(at() + by, 0), steps.length - 1) });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || page.store.state.label === null)
      return;
    const typing =
      target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === "number");
    const arrows = target instanceof HTMLButtonElement || target === title;
    const by = KEYS[event.key] ?? (arrows ? ARROWS[event.key] : undefined);
    if (typing || by === undefined) return;
    event.preventDefault();
    go(by);
  }

  function update() {
    const now = at();
    list.value = String(now);
    title.textContent = steps[now].title;
    count.textContent = `Step ${now + 1} of ${steps.length} · keys p and n`;
    // Disabled buttons would lose the focus.
    previous.setAttribute("aria-disabled", String(now === 0));
    next.setAttribute("aria-disabled", String(now === steps.length - 1));
  }
  return { element, update, title, at, onKey };
}

const KEYS = /** @type {Record<string, number>} */ ({ n: 1, p: -1 });
const ARROWS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1 });
