// A drawing: strokes of a round pen, and the levels that they leave on a square of DRAWING_SIDE × DRAWING_SIDE pixels.
//
// The levels are computed here and not by a canvas, so that the same strokes give the same image in every browser.

export const DRAWING_SIDE = 280; // units of strokes, and pixels

/**
 * Levels from 0, where nothing is drawn, to 255 under the pen: of each pixel, by its distance to the nearest stroke.
 *
 * @param {number[][]} strokes each as x0, y0, x1, y1, …
 * @param {number} width of the pen in pixels
 * @returns {Float32Array} DRAWING_SIDE × DRAWING_SIDE
 */
export function rasterize(strokes, width) {
  const levels = new Float32Array(DRAWING_SIDE * DRAWING_SIDE);
  for (const stroke of strokes) addStroke(levels, stroke, 0, width);
  return levels;
}

/** The levels of a drawing that grows: only what is new of it is drawn. */
export class GrowingRaster {
  constructor() {
    /** @type {number[][]} */
    this.strokes = [];
    this.width = 0;
    this.levels = new Float32Array(DRAWING_SIDE * DRAWING_SIDE);
  }

  /**
   * As `rasterize`; the array is changed by the next call.
   *
   * @param {number[][]} strokes
   * @param {number} width
   */
  of(strokes, width) {
    if (strokes === this.strokes && width === this.width) return this.levels;
    const last = this.strokes.length - 1;
    const grows = width === this.width && strokes.length > last && this.strokes.every((stroke, i) => {
      if (stroke === strokes[i]) return true;
      return (i === last || stroke.length === strokes[i].length) && stroke.every((each, at) => each === strokes[i][at]);
    });
    if (!grows) this.levels.fill(0);
    const from = grows ? Math.max(last, 0) : 0;
    strokes.slice(from).forEach((stroke, i) => {
      const drawn = grows && last >= 0 && i === 0 ? Math.max(this.strokes[last].length - 2, 0) : 0;
      addStroke(this.levels, stroke, drawn, width);
    });
    [this.strokes, this.width] = [strokes, width];
    return this.levels;
  }
}

/**
 * Add a stroke from one of its points on.
 *
 * @param {Float32Array} levels changed
 * @param {number[]} stroke
 * @param {number} from the place of the point's x in the stroke
 * @param {number} width of the pen
 */
function addStroke(levels, stroke, from, width) {
  for (let i = from; i + 1 < stroke.length; i += 2) {
    const end = i + 3 < stroke.length ? i + 2 : i; // A stroke of one point is a dot.
    if (end === i && i > 0) break;
    drawSegment(levels, stroke[i], stroke[i + 1], stroke[end], stroke[end + 1], width / 2);
  }
}

/**
 * @param {Float32Array} levels changed
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {number} radius
 */
function drawSegment(levels, x0, y0, x1, y1, radius) {
  const reach = radius + 1;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(DRAWING_SIDE - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(DRAWING_SIDE - 1, Math.ceil(Math.max(y0, y1) + reach));
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  const farthest = reach * reach; // further than the pen's edge, whose level is 0
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = squared ? ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / squared : 0;
      const t = Math.min(Math.max(along, 0), 1);
      const [across, down] = [x + 0.5 - x0 - t * dx, y + 0.5 - y0 - t * dy];
      const place = y * DRAWING_SIDE + x;
      if (levels[place] === 255 || across * across + down * down > farthest) continue; // most pixels
      const level = 255 * Math.min(Math.max(radius + 0.5 - Math.hypot(across, down), 0), 1);
      if (level > levels[place]) levels[place] = level;
    }
  }
}
