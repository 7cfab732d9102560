/** ZIP archives of stored files (PKWARE's APPNOTE, 4.3): the files stand in them as they are. */

import { joinedBytes, numberBytes } from "../drawing/bytes.js";
import { crc32 } from "../../engine/checksum.js";

const VERSION = 20; // 2.0: folders
const UTF8 = 0x0800; // Names are UTF-8.
const DATE = 0x21; // 1 January 1980, the first there is: the same files give the same archive

/**
 * @param {{name: string, content: Uint8Array}[]} files by their path in the archive, such as "digits/3/0001.png"
 * @returns {Uint8Array<ArrayBuffer>} the archive
 */
export function zipOf(files) {
  const entries = [];
  const directory = [];
  let offset = 0;
  for (const { name, content } of files) {
    const called = new TextEncoder().encode(name);
    /** @type {[number, 1 | 2 | 4][]} */
    const common = [
      [VERSION, 2],
      [UTF8, 2],
      [0, 2],
      [0, 2],
      [DATE, 2],
      [crc32(content), 4],
      [content.length, 4],
      [content.length, 4],
      [called.length, 2],
      [0, 2],
    ];
    const entry = joinedBytes(numberBytes([[0x04034b50, 4], ...common], true), called, content);
    /** @type {[number, 1 | 2 | 4][]} */
    const rest = [
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ]; // comment, disk, attributes, place
    directory.push(joinedBytes(numberBytes([[0x02014b50, 4], [VERSION, 2], ...common, ...rest], true), called));
    entries.push(entry);
    offset += entry.length;
  }
  const listed = joinedBytes(...directory);
  /** @type {[number, 1 | 2 | 4][]} */
  const end = [
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [files.length, 2],
    [files.length, 2],
    [listed.length, 4],
    [offset, 4],
    [0, 2],
  ];
  return joinedBytes(...entries, listed, numberBytes(end, true));
}
