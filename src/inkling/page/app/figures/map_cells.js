/**
 * The cells of a tensor in the order in which keys walk through them, each with its index, its value and its words.
 *
 * Or its channels, where these are what is walked through.
 */

import { short, statistics } from "../numbers.js";

/** @typedef {import("../types.js").Tensor} Tensor */
/** @typedef {import("./tiles.js").Tiling} Tiling */

export class MapCells {
  /**
   * @param {Tensor} tensor (H, W, C), (H, W) or (F,)
   * @param {Tiling} tiles where its numbers stand
   * @param {boolean} byChannels whether channels are walked through
   * @param {((index: number[]) => string)} [name] of a cell or channel
   */
  constructor(tensor, tiles, byChannels, name) {
    this.tensor = tensor;
    this.tiles = tiles;
    this.byChannels = byChannels;
    this.name = name;
  }

  /** How many cells, or channels, can be walked to. */
  count() {
    const { channels, rows, columns } = this.tiles;
    return this.byChannels ? channels : channels * rows * columns;
  }

  /**
   * The number of a cell or channel in the order of walking.
   *
   * @param {number[]} index
   */
  numberOf(index) {
    const { rows, columns } = this.tiles;
    if (this.byChannels || this.tensor.shape.length === 1) return index[0];
    return ((index[2] ?? 0) * rows + index[0]) * columns + index[1];
  }

  /**
   * The index of a cell or channel.
   *
   * @param {number} number in the order of walking
   */
  indexOf(number) {
    const { rows, columns } = this.tiles;
    if (this.byChannels || this.tensor.shape.length === 1) return [number];
    const [channel, rest] = [Math.floor(number / (rows * columns)), number % (rows * columns)];
    const cell = [Math.floor(rest / columns), rest % columns];
    return this.tensor.shape.length === 3 ? [...cell, channel] : cell;
  }

  /** @param {number} number */
  channel(number) {
    const { shape, data } = this.tensor;
    const channels = shape[shape.length - 1];
    return shape.length === 2 ? data : data.filter((_, place) => place % channels === number);
  }

  /** All of them in a few words. */
  described() {
    const what = this.byChannels ? "channels" : "values";
    const range = statistics(this.tensor.data);
    return `${this.count()} ${what} from ${short(range.least)} to ${short(range.largest)}; arrow keys walk`;
  }

  /**
   * What stands in a cell or channel, as text.
   *
   * @param {number} number in the order of walking
   * @param {boolean} isOff whether the channel is switched off
   */
  told(number, isOff) {
    const index = this.indexOf(number);
    if (this.byChannels) return this.toldOfChannel(number, isOff);
    const name = this.name?.(index) ?? (index.length === 1 ? `unit ${index[0]}` : cellName(index));
    return `${name}: ${short(this.valueAt(index))}`;
  }

  /**
   * @param {number} number
   * @param {boolean} isOff
   */
  toldOfChannel(number, isOff) {
    const { least, largest, mean, zeros } = statistics(this.channel(number));
    const name = this.name?.([number]) ?? `channel ${number}`;
    const off = isOff ? ", switched off" : "";
    if (this.tensor.shape.length === 1) return `${name}: ${short(mean)}${off}`;
    const range = `${short(least)} to ${short(largest)}`;
    return `${name}: ${range}, mean ${short(mean)}, ${Math.round(100 * zeros)} % zero${off}`;
  }

  /** @param {number[]} index */
  valueAt(index) {
    const { shape, data } = this.tensor;
    return data[index.reduce((place, each, axis) => place * shape[axis] + each, 0)];
  }
}

/** @param {number[]} index row, column and, where there are several, channel */
function cellName([row, column, channel]) {
  return `row ${row}, column ${column}${channel === undefined ? "" : `, channel ${channel}`}`;
}
