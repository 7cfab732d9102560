/** Bytes of files, one part behind the other. */

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function joinedBytes(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/**
 * Whole numbers as bytes.
 *
 * @param {[number, 1 | 2 | 4][]} numbers each with how many bytes it takes
 * @param {boolean} littleEndian
 */
export function numberBytes(numbers, littleEndian) {
  const bytes = new Uint8Array(numbers.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let place = 0;
  for (const [number, size] of numbers) {
    if (size === 1) view.setUint8(place, number);
    else if (size === 2) view.setUint16(place, number, littleEndian);
    else view.setUint32(place, number, littleEndian);
    place += size;
  }
  return bytes;
}
