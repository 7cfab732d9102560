/** A pen on the canvas: mouse, pen or finger makes strokes. A second finger at the same time draws nothing. */

import { SIDE } from "../types.js";

/**
 * @typedef {object} Strokes where strokes go
 * @property {(stroke: number[]) => void} draw the stroke so far; called for every event, the last time before `end`
 * @property {() => void} end the stroke is finished
 */

/**
 * Listen to the pointers of a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Strokes} strokes
 */
export function installPen(canvas, strokes) {
  /** @type {number | null} */
  let pointer = null;
  /** @type {number[]} */
  let stroke = [];

  /** @param {PointerEvent} event */
  function add(event) {
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const each of coalesced.length ? coalesced : [event]) stroke.push(...placeOf(canvas, each));
    strokes.draw(stroke);
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    stroke = placeOf(canvas, event);
    strokes.draw(stroke);
  });
  canvas.addEventListener("pointermove", (event) => event.pointerId === pointer && add(event));
  for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(name, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      strokes.end();
    });
  }
}

/**
 * The place of a pointer on the drawing, kept inside of it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PointerEvent} event
 */
function placeOf(canvas, event) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const places = [((event.clientX - left) * SIDE) / width, ((event.clientY - top) * SIDE) / height];
  return places.map((each) => Math.min(Math.max(each, 0), SIDE - 1));
}
