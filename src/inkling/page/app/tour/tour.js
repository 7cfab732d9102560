/** The tour: a card at the bottom of the page, whose chapters operate the page above it. */

import { CHAPTERS } from "./chapters.js";
import { fill, h } from "../dom.js";
import { SAMPLES } from "../drawing/samples.js";

/** @typedef {import("../types.js").Page} Page */

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createTour(page) {
  const count = h("p", { class: "tour-count" });
  const title = h("h2", { class: "tour-title", id: "tour-title", tabindex: -1 });
  const text = h("p", { class: "tour-text" });
  const tryThis = h("p", { class: "tour-try" });
  const previous = h("button", { type: "button", id: "tour-previous", click: () => go(-1) }, "‹ Back");
  const next = h("button", { type: "button", id: "tour-next", class: "primary", click: () => go(1) }, "Next ›");
  const end = h("button", { type: "button", id: "tour-end", click: () => leave() }, "End tour");
  const buttons = h("div", { class: "tour-buttons" }, previous, next, end);
  const words = h("div", { class: "tour-words", "aria-live": "polite" }, count, title, text, tryThis);
  const element = h(
    "section",
    { class: "tour-card", "aria-labelledby": "tour-title", hidden: true, keydown: onKey },
    words,
    buttons,
  );
  /** @type {number | null | undefined} undefined before the page has begun */
  let shown;
  /** @type {Element | null} */
  let target = null;
  new ResizeObserver(() => reserve()).observe(element);

  /** @param {number} by */
  function go(by) {
    const to = (page.store.state.chapter ?? 0) + by;
    if (to < 0) return;
    if (to >= CHAPTERS.length) leave();
    else begin(to);
  }

  /** @param {number} chapter */
  function begin(chapter) {
    shown = chapter;
    page.store.set({ chapter, ...exampleIfBlank(page), ...CHAPTERS[chapter].state(page) });
    setTimeout(scroll, 120); // after the views have been brought up to date
  }

  function leave() {
    page.store.set({ chapter: null });
    document.getElementById("start-tour")?.focus();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") leave();
    else if (event.key in KEYS) go(KEYS[event.key]);
    else return;
    event.preventDefault();
  }

  /** Room for the card below the page, so that all of the page can be scrolled above it. */
  function reserve() {
    const height = element.hidden ? 0 : element.offsetHeight;
    document.documentElement.style.setProperty("--tour-height", `${height}px`);
    document.documentElement.classList.toggle("tour-open", height > 0);
  }

  function scroll() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }

  /** @param {string | null} selector */
  function markTarget(selector) {
    const found = selector ? document.querySelector(selector) : null;
    if (found === target) return;
    target?.classList.remove("tour-target");
    found?.classList.add("tour-target");
    target = found;
  }

  function update() {
    const { chapter } = page.store.state;
    const at = chapter === null ? null : Math.min(chapter, CHAPTERS.length - 1);
    const before = shown;
    shown = at;
    element.hidden = at === null;
    if (at === null) return void (markTarget(null), reserve());
    const { title: name, text: sentences, tryThis: task, target: selector } = CHAPTERS[at];
    count.textContent = `Chapter ${at + 1} of ${CHAPTERS.length}`;
    title.textContent = name;
    text.textContent = sentences(page).filter(Boolean).join(" ");
    fill(tryThis, h("strong", {}, "Try: "), task(page));
    previous.setAttribute("aria-disabled", String(at === 0));
    next.textContent = at === CHAPTERS.length - 1 ? "Finish" : "Next ›";
    reserve();
    markTarget(selector);
    if (before === undefined) setTimeout(scroll, 120);
    if (before === null) {
      title.focus();
      begin(at);
    }
  }
  return { element, update };
}

/**
 * The first example drawing, where nothing is drawn.
 *
 * @param {Page} page
 * @returns {Partial<import("../types.js").State>}
 */
function exampleIfBlank(page) {
  return page.thought()?.blank ? { strokes: SAMPLES[0].strokes, picture: null } : {};
}

const KEYS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, p: -1, n: 1 });
