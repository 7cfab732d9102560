/** The figure of page 7: a kernel of 3×3 weights moves over a digit; the sum at each place becomes a pixel. */
import { h } from "../app/dom.js";
import { Conv2d } from "../engine/conv2d.js";
import { choice, fixed, makeFigures, readings, slider } from "./figure.js";
import { Pixels } from "./pixels.js";

const KERNEL = 3;
const PRESETS = [
  { name: "vertical edges", weights: [1, 0, -1, 2, 0, -2, 1, 0, -1] },
  { name: "horizontal edges", weights: [1, 2, 1, 0, 0, 0, -1, -2, -1] },
  { name: "blur", weights: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((each) => each / 16) },
  { name: "sharpen", weights: [0, -1, 0, -1, 5, -1, 0, -1, 0] },
  { name: "identity", weights: [0, 0, 0, 0, 1, 0, 0, 0, 0] },
];
const OWN = PRESETS.length; // the choice of weights that somebody has typed

/** @param {{image: number[][]}} content pixels from 0 to 1 */
function make({ image }) {
  const layer = layerFor(image.length, image[0].length);
  const [rows, columns] = layer.outputShape;
  const x = Float64Array.from(image.flat());
  const preset = choice("Kernel", [...PRESETS.map((each) => each.name), "your own"], 0, () => {
    if (preset.value !== OWN) PRESETS[preset.value].weights.forEach((weight, i) => setWeight(i, weight));
    show();
  });
  const inputs = Array.from({ length: KERNEL * KERNEL }, (_, i) => {
    const label = `Weight in row ${Math.floor(i / KERNEL)}, column ${i % KERNEL}`;
    const own = () => {
      preset.value = OWN;
      show();
    };
    return h("input", { type: "number", step: "any", "aria-label": label, value: PRESETS[0].weights[i], input: own });
  });
  const setWeight = (/** @type {number} */ i, /** @type {number} */ weight) => (inputs[i].value = String(weight));
  const row = slider("Row of the window", { min: 0, max: rows - 1, step: 1, value: 10 }, show, String);
  const column = slider("Column of the window", { min: 0, max: columns - 1, step: 1, value: 12 }, show, String);
  const seen = new Pixels(image.length, image[0].length, "The digit, with the window that the kernel sees");
  const made = new Pixels(rows, columns, "The output, with the pixel that the window makes");
  const products = h("div", { class: "grid", style: `grid-template-columns: repeat(${KERNEL}, 1fr)` });
  const read = readings({ y: "Sum of the products, y" });

  function show() {
    const weight = Float64Array.from(inputs, (input) => Number(input.value) || 0);
    const y = new Float64Array(rows * columns);
    Conv2d.forward(layer, { weight }, x, y, () => x);
    const at = [row.value, column.value];
    const { terms } = Conv2d.terms(layer, { weight }, () => x, [...at, 0]);
    const texts = terms.map((term) => h("span", {}, `${term.x.toFixed(2)} · ${short(term.w)}`));
    products.replaceChildren(...texts);
    seen.mark(at[0], at[1], KERNEL);
    made.mark(at[0], at[1], 1);
    made.showSigned(y);
    read.cells.y.textContent = fixed(y[at[0] * columns + at[1]]);
  }

  seen.showInk(x);
  show();
  const weights = h("div", { class: "grid", style: `grid-template-columns: repeat(${KERNEL}, 1fr)` }, ...inputs);
  const left = h("div", {}, title("The digit, x"), seen.element, row.element, column.element);
  const middle = h("div", {}, title("The output, y"), made.element, read.element);
  const right = h("div", {}, preset.element, weights, title("Pixel · weight in the window"), products);
  const caption = h("figcaption", {}, "One kernel on a digit");
  return [caption, h("div", { class: "parts" }, left, middle, right)];
}

/**
 * The layer Conv2d(1, 3, bias=False) for images of one channel, as the engine describes it.
 *
 * @param {number} height
 * @param {number} width
 */
function layerFor(height, width) {
  const args = { out_channels: 1, kernel_size: KERNEL, stride: 1, padding: 0, bias: false };
  const layer = { name: "Conv2d", args, path: "0", input: "x", inner: [], text: "Conv2d(1, 3, bias=False)" };
  const shaped = { ...layer, inputShape: [height, width, 1], outputShape: [0] };
  return { ...shaped, outputShape: Conv2d.outputShape(shaped) };
}

/** @param {string} text */
function title(text) {
  return h("p", { class: "title" }, text);
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toFixed(3))).replace("-", "−");
}

makeFigures("convolution", make);
