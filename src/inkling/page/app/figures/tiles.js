/**
 * How numbers lie on a canvas: each channel of (H, W, C) is a tile, tiles stand in rows with a gap of one pixel; a
 * vector (F,) is a grid of single pixels.
 */

/**
 * @typedef {object} Tiling
 * @property {number} width of the canvas in pixels
 * @property {number} height
 * @property {number} zoom CSS pixels per pixel
 * @property {number} rows of a tile
 * @property {number} columns of a tile
 * @property {number} channels how many tiles
 * @property {(tile: number) => {left: number, top: number}} corner the first pixel of a tile
 * @property {(x: number, y: number, whole: boolean) => number | null} numberAt the cell at a pixel, or the tile where
 *   `whole`; cells are numbered tile by tile
 * @property {(at: number, whole: boolean) => {left: number, top: number, width: number, height: number}} boxOf
 * @property {(at: number, key: string, whole: boolean) => number | null} moved where a key leads; null for other keys
 */

const MOST_IN_A_ROW = 32; // A vector of more numbers is a grid.

/**
 * @param {number[]} shape
 * @param {number} most CSS pixels across
 * @param {number} largestZoom
 * @returns {Tiling}
 */
export function tiling(shape, most, largestZoom) {
  const [rows, columns, channels] = shape.length === 1 ? [1, 1, shape[0]] : [shape[0], shape[1], shape[2] ?? 1];
  const gap = channels > 1 && rows * columns > 1 ? 1 : 0;
  const few = shape.length === 1 && channels <= MOST_IN_A_ROW;
  const across = few ? channels : tilesAcross(rows + gap, columns + gap, channels, most);
  const down = Math.ceil(channels / across);
  const width = across * (columns + gap) - gap;
  const height = down * (rows + gap) - gap;
  const zoom = Math.max(Math.min(most / width, largestZoom), 0.1);
  const corner = (/** @type {number} */ tile) => ({
    left: (tile % across) * (columns + gap),
    top: Math.floor(tile / across) * (rows + gap),
  });
  const cellOf = (/** @type {number} */ at) => {
    const [tile, rest] = [Math.floor(at / (rows * columns)), at % (rows * columns)];
    const { left, top } = corner(tile);
    return { x: left + (rest % columns), y: top + Math.floor(rest / columns) };
  };
  /** @type {Tiling["numberAt"]} */
  const numberAt = (x, y, whole) => {
    const [across0, down0] = [Math.floor(x / (columns + gap)), Math.floor(y / (rows + gap))];
    const tile = down0 * across + across0;
    if (x < 0 || y < 0 || across0 >= across || tile >= channels) return null;
    if (whole) return tile;
    const [column, row] = [x - across0 * (columns + gap), y - down0 * (rows + gap)];
    return column < columns && row < rows ? (tile * rows + row) * columns + column : null;
  };
  return {
    width,
    height,
    zoom,
    rows,
    columns,
    channels,
    corner,
    numberAt,
    boxOf: (at, whole) => {
      if (whole) return { ...corner(at), width: columns, height: rows };
      const { x, y } = cellOf(at);
      return { left: x, top: y, width: 1, height: 1 };
    },
    moved: (at, key, whole) => {
      const ends = { Home: 0, End: (whole ? channels : channels * rows * columns) - 1 };
      if (key in ends) return ends[/** @type {"Home" | "End"} */ (key)];
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (!(key in steps)) return null;
      const [dx, dy] = steps[/** @type {keyof steps} */ (key)];
      if (whole) {
        const next = at + dx + dy * across;
        return next >= 0 && next < channels ? next : at;
      }
      const { x, y } = cellOf(at);
      return numberAt(x + dx, y + dy, false) ?? numberAt(x + dx * (1 + gap), y + dy * (1 + gap), false) ?? at;
    },
  };
}

/**
 * How many tiles stand side by side, so that the whole is about twice as wide as high.
 *
 * @param {number} rows of a tile with its gap
 * @param {number} columns
 * @param {number} channels
 * @param {number} most CSS pixels across: a tile has at least half a CSS pixel per column
 */
function tilesAcross(rows, columns, channels, most) {
  const wanted = Math.ceil(Math.sqrt((2 * channels * rows) / columns));
  return Math.max(1, Math.min(channels, wanted, Math.floor((2 * most) / columns)));
}
