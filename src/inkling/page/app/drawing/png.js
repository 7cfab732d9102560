/**
 * Grey pictures as PNG (RFC 2083), 8 bits per pixel, not compressed: no compressor is needed, and the same picture
 * gives the same bytes in every browser.
 */

import { joinedBytes, numberBytes } from "./bytes.js";
import { adler32 } from "./checksums.js";
import { crc32 } from "../../engine/checksum.js";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const LONGEST_BLOCK = 65535; // bytes of a stored block (RFC 1951, 3.2.4)

/**
 * @param {ArrayLike<number>} levels from 0 to 255, row after row
 * @param {number} height
 * @param {number} width
 * @returns {Uint8Array<ArrayBuffer>} the file
 */
export function pngOf(levels, height, width) {
  const rows = new Uint8Array(height * (width + 1)); // Before each row stands its filter, 0 for none.
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      rows[row * (width + 1) + 1 + column] = Math.round(levels[row * width + column]);
    }
  }
  const header = numberBytes(
    [
      [width, 4],
      [height, 4],
      [8, 1],
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ],
    false,
  );
  return joinedBytes(SIGNATURE, chunk("IHDR", header), chunk("IDAT", stored(rows)), chunk("IEND", new Uint8Array(0)));
}

/**
 * @param {string} type
 * @param {Uint8Array} data
 */
function chunk(type, data) {
  const named = joinedBytes(new TextEncoder().encode(type), data);
  return joinedBytes(numberBytes([[data.length, 4]], false), named, numberBytes([[crc32(named), 4]], false));
}

/**
 * A zlib stream of stored blocks.
 *
 * @param {Uint8Array} bytes
 */
function stored(bytes) {
  /** @type {Uint8Array[]} */
  const blocks = [Uint8Array.of(0x78, 0x01)];
  for (let place = 0; place < bytes.length; place += LONGEST_BLOCK) {
    const block = bytes.subarray(place, place + LONGEST_BLOCK);
    const last = Number(place + LONGEST_BLOCK >= bytes.length);
    blocks.push(
      numberBytes(
        [
          [last, 1],
          [block.length, 2],
          [block.length ^ 0xffff, 2],
        ],
        true,
      ),
      block,
    );
  }
  return joinedBytes(...blocks, numberBytes([[adler32(bytes), 4]], false));
}
