/** When something is done that many changes ask for: once per frame, or once after a pause. */

/**
 * What is asked for many times before the next frame is done once in it.
 *
 * @param {() => void} act
 */
export function perFrame(act) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act();
    });
  };
}

/**
 * What is asked for is done once nobody has asked again for so long.
 *
 * @param {() => void} act
 * @param {number} milliseconds
 */
export function delayed(act, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}
