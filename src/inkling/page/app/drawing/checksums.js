/** A checksum of files: Adler-32 as zlib has it (RFC 1950). CRC-32 is the engine's. */

/** @param {Uint8Array} bytes */
export function adler32(bytes) {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
