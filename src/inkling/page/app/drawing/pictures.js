/** Pictures from a file, the clipboard or a camera: their grey levels, and what comes of them as 28×28. */

const LONGEST = 1000; // pixels; larger pictures are scaled down

/**
 * The files that pictures were opened from, and what is odd about them.
 *
 * @type {WeakMap<Uint8Array, {file: Blob, warnings: string[]}>}
 */
const opened = new WeakMap();

/**
 * The grey levels of a picture, at most LONGEST pixels long.
 *
 * @param {Blob} file
 * @returns {Promise<{levels: Float32Array, height: number, width: number}>}
 */
export async function levelsOf(file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(
      "A picture was expected, such as PNG, JPEG or WebP, and this file is none that the browser can open.",
    );
  });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((each) => Math.max(1, Math.round(scale * each)));
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff"; // seen through what is transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { levels: luminance(context.getImageData(0, 0, width, height).data), height, width };
}

/**
 * The luminance of pixels by ITU-R BT.601, as Pillow's mode "L" has it.
 *
 * @param {Uint8ClampedArray} pixels red, green, blue, alpha
 */
function luminance(pixels) {
  const levels = new Float32Array(pixels.length / 4);
  for (let i = 0; i < levels.length; i++) {
    levels[i] = Math.round(0.299 * pixels[4 * i] + 0.587 * pixels[4 * i + 1] + 0.114 * pixels[4 * i + 2]);
  }
  return levels;
}

/**
 * The 28×28 that the network sees of a picture.
 *
 * @param {import("../types.js").Page} page
 * @param {Blob} file
 * @returns {Promise<Uint8Array>} rejected with a sentence for people
 */
export async function seen(page, file) {
  const { image, warnings } = await page.normalize(await levelsOf(file));
  opened.set(image, { file, warnings });
  return image;
}

/**
 * The file of a picture that was opened on this page; undefined for one out of the address.
 *
 * @param {Uint8Array} image as `seen` gave it
 */
export function fileOf(image) {
  return opened.get(image)?.file;
}

/**
 * Warnings about a picture that was opened on this page; undefined for one out of the address.
 *
 * @param {Uint8Array} image as `seen` gave it
 */
export function warningsAbout(image) {
  return opened.get(image)?.warnings;
}

/**
 * The first picture among what was dropped or pasted, or null.
 *
 * @param {DataTransfer | null} data
 * @returns {File | null}
 */
export function pictureIn(data) {
  return Array.from(data?.files ?? []).find(({ type }) => type.startsWith("image/")) ?? null;
}
