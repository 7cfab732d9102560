/** Arrays out of JSON: what `inkling.service.live.packing` packs in base64. */

const LEVELS = 32767; // The largest int16.

/**
 * Numbers of little-endian int16.
 *
 * @param {string} base64
 * @param {number} largest the number that the level 32767 stands for
 */
export function signedLevels(base64, largest) {
  const view = new DataView(bytes(base64).buffer);
  return Float32Array.from({ length: view.byteLength / 2 }, (_, i) => (view.getInt16(2 * i, true) * largest) / LEVELS);
}

/**
 * Grey levels from 0 to 1.
 *
 * @param {string} base64
 */
export function unsignedLevels(base64) {
  return Float32Array.from(bytes(base64), (level) => level / 255);
}

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
