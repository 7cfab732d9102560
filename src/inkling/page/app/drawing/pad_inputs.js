/** What reaches the drawing from outside its canvas: pictures that are dropped or pasted, and Ctrl-Z. */

import { pictureIn } from "./pictures.js";

/**
 * Pictures can be dropped on an element and pasted anywhere; Ctrl-Z undoes anywhere but in fields of text.
 *
 * @param {HTMLElement} element
 * @param {{open: (file: File | null) => void, undo: () => void, redo: () => void}} pad
 */
export function installInputs(element, pad) {
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    pad.open(pictureIn(event.dataTransfer));
  });
  window.addEventListener("paste", (event) => {
    const picture = pictureIn(event.clipboardData);
    if (picture) pad.open(picture);
  });
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || isField(event.target)) return;
    event.preventDefault();
    if (event.shiftKey) pad.redo();
    else pad.undo();
  });
}

/** @param {EventTarget | null} target */
function isField(target) {
  return (
    target instanceof HTMLElement && target.matches("textarea, [contenteditable], input:not([type=range], [type=file])")
  );
}
