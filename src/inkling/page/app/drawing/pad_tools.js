/** The tools under the drawing: undo, redo, clear, a picture, the width of the pen, examples. */

import { h } from "../dom.js";

/**
 * What the tools do.
 * @typedef {object} Actions
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} clear
 * @property {(file: File | null) => void} open a picture
 * @property {(width: number) => void} setWidth
 * @property {(digit: number) => void} example
 */

/** @param {Actions} act */
export function createTools(act) {
  const undo = button("Undo", () => act.undo());
  const redo = button("Redo", () => act.redo());
  const clear = button("Clear", () => act.clear());
  const width = h("input", { type: "range", min: 6, max: 50, step: 1, id: "pad-width" });
  width.addEventListener("input", () => act.setWidth(Number(width.value)));
  const examples = Array.from({ length: 10 }, (_, digit) => {
    const each = button(String(digit), () => act.example(digit));
    each.setAttribute("aria-label", `Example of a ${digit}`);
    return each;
  });
  const element = h(
    "div",
    { class: "pad-tools control" },
    h("div", { class: "row" }, undo, redo, clear, ...opener(act)),
    h("div", { class: "pad-width" }, h("label", { for: "pad-width" }, "Pen width"), width),
    h("div", { class: "pad-examples", role: "group", "aria-label": "Examples" }, ...examples),
  );
  return { element, undo, redo, clear, width };
}

/**
 * A field for a file, or for a photograph on a phone, behind a label that looks like a button.
 *
 * @param {Actions} act
 */
function opener(act) {
  const field = h("input", { type: "file", accept: "image/*", class: "visually-hidden", id: "pad-picture" });
  field.addEventListener("change", () => {
    act.open(field.files?.[0] ?? null);
    field.value = ""; // The same file can be opened again.
  });
  return [
    field,
    h("label", { class: "button pad-open", for: "pad-picture", title: "Or drop it, or paste it" }, "Picture …"),
  ];
}

/**
 * @param {string} text
 * @param {() => void} click
 */
function button(text, click) {
  return h("button", { type: "button", click }, text);
}
