/** The figure of page 2: the loss as a function of one weight, its slope, and the slope between two points. */
import { h } from "../app/dom.js";
import { svg } from "../app/figures/svg.js";
import { short } from "../app/numbers.js";
import { Linear } from "../engine/linear.js";
import { crossEntropy } from "../engine/loss.js";
import { choice, fixed, makeFigures, readings, slider } from "./figure.js";
import { Pixels } from "./pixels.js";

const [LEAST, MOST] = [-12, 12]; // of the weight
const [WIDTH, HEIGHT] = [320, 200]; // of the chart, in units of its picture
const POINTS = 161; // of the curve

/** @param {{image: number[][], weight: number[][], bias: number[], label: number, pixel: [number, number]}} content */
function make({ image, weight, bias, label, pixel }) {
  const x = Float64Array.from(image.flat());
  const theta = Float64Array.from(weight.flat());
  const outputs = bias.length;
  const start = (pixel[0] * image[0].length + pixel[1]) * outputs;

  const names = bias.map((_, digit) => (digit === label ? `${digit}, the true digit` : `${digit}`));
  const output = choice("The weight from the marked pixel to digit", names, label, () => {
    w.value = weight.flat()[start + output.value];
    show();
  });
  const w = slider("Weight w", { min: LEAST, max: MOST, step: 0.1, value: theta[start + label] }, show);
  const step = slider("Step h", { min: -7, max: 0.5, step: 0.5, value: 0 }, show, (power) => short(10 ** power));
  const read = readings({
    loss: "Loss at w",
    derivative: "Derivative, by the backward pass",
    difference: "(loss(w + h) − loss(w − h)) / 2h",
    error: "Their difference",
  });
  const curve = svg("polyline", { class: "curve" });
  const [tangent, secant] = ["tangent", "secant"].map((kind) => svg("line", { class: kind }));
  const point = svg("circle", { r: 5, class: "low" });
  const axes = svg("path", { class: "axis", fill: "none", d: `M 0 0 V ${HEIGHT} H ${WIDTH}` });
  const how = { viewBox: `-6 -18 ${WIDTH + 12} ${HEIGHT + 38}`, role: "img" };
  const ends = [LEAST, MOST].map((end, i) => {
    const at = { x: i * WIDTH, y: HEIGHT + 14, "text-anchor": i ? "end" : "start", class: "text" };
    return svg("text", at, `w = ${String(end).replace("-", "−")}`);
  });
  const highest = svg("text", { x: 0, y: -6, class: "text" });
  const chart = svg("svg", how, axes, curve, secant, tangent, point, ...ends, highest);

  /**
   * The logits where the chosen weight has another value, and the parameters that make them.
   *
   * @param {number} value
   */
  function forward(value) {
    const moved = Float64Array.from(theta);
    moved[start + output.value] = value;
    const y = new Float64Array(outputs);
    Linear.forward(LAYER, { weight: moved, bias: Float64Array.from(bias) }, x, y, () => x);
    return { y, moved };
  }

  const loss = (/** @type {number} */ value) => crossEntropy(forward(value).y, label).loss;

  /** @param {number} value */
  function derivative(value) {
    const { y, moved } = forward(value);
    const { dlogits } = crossEntropy(y, label);
    const g = { weight: new Float64Array(moved.length), bias: new Float64Array(outputs) };
    Linear.backward(LAYER, { weight: moved }, x, y, dlogits, g, new Float64Array(x.length), () => x);
    return g.weight[start + output.value];
  }

  function show() {
    const h = 10 ** step.value;
    const [at, slope] = [loss(w.value), derivative(w.value)];
    const difference = (loss(w.value + h) - loss(w.value - h)) / (2 * h);
    const values = Array.from({ length: POINTS }, (_, i) => LEAST + ((MOST - LEAST) * i) / (POINTS - 1));
    const losses = values.map(loss);
    const top = Math.max(...losses);
    const place = (/** @type {number} */ value, /** @type {number} */ height) => [
      ((value - LEAST) / (MOST - LEAST)) * WIDTH,
      HEIGHT * (1 - height / top),
    ];
    const points = values.map((value, i) => place(value, losses[i]).map((each) => each.toFixed(1)).join(","));
    curve.setAttribute("points", points.join(" "));
    draw(tangent, place(w.value - 2, at - 2 * slope), place(w.value + 2, at + 2 * slope));
    draw(secant, place(w.value - h, loss(w.value - h)), place(w.value + h, loss(w.value + h)));
    const [cx, cy] = place(w.value, at);
    point.setAttribute("cx", String(cx));
    point.setAttribute("cy", String(cy));
    chart.setAttribute("aria-label", `Loss for weights from ${LEAST} to ${MOST}: ${fixed(at)} at ${fixed(w.value)}`);
    highest.textContent = `loss ${top.toFixed(1)}`;
    read.cells.loss.textContent = fixed(at);
    read.cells.derivative.textContent = fixed(slope);
    read.cells.difference.textContent = fixed(difference);
    read.cells.error.textContent = short(Math.abs(difference - slope));
  }

  const described = `The image of a ${label}, with the pixel of the weight marked`;
  const seen = new Pixels(image.length, image[0].length, described);
  seen.showInk(x);
  seen.mark(pixel[0], pixel[1], 1);
  seen.element.setAttribute("style", "max-width: 9rem");
  show();
  const legend = h(
    "p",
    {},
    h("span", { class: "low-text" }, "— tangent: the derivative"),
    h("br"),
    h("span", { class: "high-text" }, "– – line through w − h and w + h"),
  );
  const left = h("div", {}, chart, legend, read.element);
  const right = h("div", {}, seen.element, output.element, w.element, step.element);
  return [h("figcaption", {}, "The loss as a function of one weight"), h("div", { class: "parts" }, left, right)];
}

/** The layer Linear(10), as the engine describes it; its functions read the shapes of the arrays. */
const LAYER = {
  name: "Linear",
  args: { out_features: 10 },
  path: "0",
  input: "x",
  inputShape: [0],
  outputShape: [10],
  inner: [],
  text: "Linear(10)",
};

/**
 * @param {SVGElement} line
 * @param {number[]} from
 * @param {number[]} to
 */
function draw(line, [x1, y1], [x2, y2]) {
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value.toFixed(1));
}

makeFigures("gradient", make);
