/** The figure of page 5: logits become probabilities, the loss and its gradient; a temperature divides the logits. */
import { h } from "../app/dom.js";
import { svg } from "../app/figures/svg.js";
import { crossEntropy, softmax } from "../engine/loss.js";
import { choice, fixed, makeFigures, readings, slider } from "./figure.js";

const DIGITS = [..."0123456789"];
const WIDTH = 100; // of a bar, in units of its picture

/** @param {{logits: number[], label: number}} content */
function make({ logits, label }) {
  const z = [...logits];
  const digit = choice("Change the logit of", DIGITS, label, () => {
    logit.value = z[digit.value];
    show();
  });
  const setLogit = () => {
    z[digit.value] = logit.value;
    show();
  };
  const logit = slider("Logit", { min: -10, max: 10, step: 0.1, value: z[label] }, setLogit, tenths);
  const temperatures = { min: 0.1, max: 5, step: 0.1, value: 1 };
  const temperature = slider("Temperature T", temperatures, show, tenths);
  const truth = choice("True digit", DIGITS, label, show);
  const rows = DIGITS.map(rowOf);
  const read = readings({ loss: "Loss, −log p of the true digit", sum: "Sum of the gradient" });
  const columns = { digit: 1, z: 1, p: 2, gradient: 1 };
  const head = Object.entries(columns).map(([name, colspan]) => h("th", { scope: "col", colspan }, name));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows.map((row) => row.element)));

  function show() {
    const scaled = Float64Array.from(z, (value) => value / temperature.value);
    const probabilities = softmax(scaled);
    const { loss, dlogits } = crossEntropy(scaled, truth.value);
    rows.forEach((row, i) => row.show(z[i], probabilities[i], dlogits[i], i === truth.value));
    read.cells.loss.textContent = fixed(loss);
    read.cells.sum.textContent = fixed(dlogits.reduce((total, each) => total + each, 0));
  }

  show();
  const controls = h("div", {}, digit.element, logit.element, temperature.element, truth.element, read.element);
  const caption = h("figcaption", {}, "Softmax and cross-entropy of ten logits");
  return [caption, h("div", { class: "parts" }, h("div", {}, table), controls)];
}

/** @param {string} digit */
function rowOf(digit) {
  const [name, z, p, gradient] = [h("th", { scope: "row" }, digit), h("td"), h("td"), h("td")];
  const bar = svg("rect", { height: 10, class: "low" });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} 10`, "aria-hidden": "true", style: "width: 4.5rem" }, bar);
  return {
    element: h("tr", { "data-digit": digit }, name, z, p, h("td", {}, picture), gradient),
    /**
     * @param {number} logit
     * @param {number} probability
     * @param {number} slope
     * @param {boolean} isTrue
     */
    show(logit, probability, slope, isTrue) {
      name.textContent = isTrue ? `${digit} (true)` : digit;
      name.className = isTrue ? "high-text" : "";
      bar.setAttribute("class", isTrue ? "high" : "low");
      bar.setAttribute("width", String(WIDTH * probability));
      z.textContent = tenths(logit);
      p.textContent = fixed(probability);
      gradient.textContent = fixed(slope);
    },
  };
}

/** @param {number} value */
function tenths(value) {
  return value.toFixed(1).replace("-", "−");
}

makeFigures("softmax", make);
