/**
 * What the figures of the course share. A figure stands in a shadow root, so that no style of the page around it
 * reaches it. It takes the colour of text from there, and dark colours where that text is light. Nothing in it moves by
 * itself.
 */
import { h } from "../app/dom.js";

const STYLE = `
  :host { display: block; margin: 1rem 0; }
  .figure {
    --low: #005ab5; --high: #b8500a; --faint: color-mix(in srgb, currentColor 25%, transparent);
    font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
    border: 1px solid var(--faint); border-radius: 8px; padding: 12px; max-width: 44rem; margin: 0;
  }
  .figure[data-dark] { --low: #7cc0ff; --high: #ff9f40; color-scheme: dark; }
  .figure:not([data-dark]) { color-scheme: light; }
  .parts { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: flex-start; }
  .parts > * { flex: 1 1 15rem; min-width: 0; max-width: 100%; }
  svg { display: block; width: 100%; height: auto; max-width: 22rem; }
  label { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; margin: 6px 0; }
  label input[type="range"], label select { grid-column: 1 / -1; width: 100%; min-height: 28px; margin: 0; }
  input, select { font: inherit; accent-color: var(--low); box-sizing: border-box; }
  input[type="number"] { width: 100%; min-height: 32px; text-align: right; padding: 2px 4px; }
  :focus-visible { outline: 3px solid var(--low); outline-offset: 2px; }
  output, td, th { font-variant-numeric: tabular-nums; }
  table { border-collapse: collapse; width: 100%; }
  th { text-align: left; font-weight: 400; padding: 2px 8px 2px 0; }
  thead th:not(:first-child) { text-align: right; padding: 2px 0 2px 8px; }
  thead th[colspan="2"] { text-align: left; }
  td { text-align: right; padding: 2px 0 2px 8px; white-space: nowrap; }
  figcaption, .title { font-weight: 600; margin: 0 0 8px; }
  .grid + .title { margin-top: 12px; }
  .grid { display: grid; gap: 4px; }
  .axis { stroke: var(--faint); }
  .curve { stroke: currentColor; fill: none; stroke-width: 1.5; }
  .tangent { stroke: var(--low); stroke-width: 2; }
  .secant { stroke: var(--high); stroke-width: 2; stroke-dasharray: 6 4; }
  .marked { stroke: var(--high); fill: none; stroke-width: 2; }
  .low { fill: var(--low); } .high { fill: var(--high); } .text { fill: currentColor; font-size: 11px; }
  .low-text { color: var(--low); } .high-text { color: var(--high); }
`;

/**
 * Make every figure of this name that stands in the document and is not made yet.
 *
 * @param {string} name
 * @param {(content: any) => Node[]} make the elements of a figure, from what Python has written beside it
 */
export function makeFigures(name, make) {
  const hosts = document.querySelectorAll(`.inkling-figure[data-name="${name}"]`);
  for (const host of /** @type {NodeListOf<HTMLElement>} */ (hosts)) {
    if (host.shadowRoot) continue;
    const figure = h("figure", { class: "figure" }, ...make(JSON.parse(host.dataset.content ?? "{}")));
    const style = h("style", {}, STYLE);
    host.attachShadow({ mode: "open" }).append(style, figure);
    followTheme(host, figure);
  }
}

/**
 * Choose the dark colours where the text around the figure is light, also when the page's theme changes.
 *
 * @param {HTMLElement} host
 * @param {HTMLElement} figure
 */
function followTheme(host, figure) {
  const choose = () => figure.toggleAttribute("data-dark", isLight(getComputedStyle(host).color));
  const later = () => {
    choose();
    setTimeout(choose, 500); // where the page fades from one theme to the other
  };
  const observer = new MutationObserver(later);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ["class", "data-theme", "data-mode", "style"] });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
  choose();
}

/** @param {string} color as computed styles have it, "rgb(28, 29, 33)" */
function isLight(color) {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 127;
}

/**
 * A slider with its label and its value.
 *
 * @param {string} label
 * @param {{min: number, max: number, step: number, value: number}} range
 * @param {() => void} changed
 * @param {(value: number) => string} [text] of the value
 */
export function slider(label, range, changed, text = fixed) {
  const shown = h("output");
  const input = h("input", { type: "range", ...range, "aria-label": label, input: () => update() });
  const tell = () => {
    shown.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  const update = () => {
    tell();
    changed();
  };
  tell();
  return {
    element: h("label", {}, label, shown, input),
    get value() {
      return Number(input.value);
    },
    set value(value) {
      input.value = String(value);
      tell();
    },
  };
}

/**
 * A choice among texts; its value is the place of the text.
 *
 * @param {string} label
 * @param {string[]} options
 * @param {number} chosen
 * @param {() => void} changed
 */
export function choice(label, options, chosen, changed) {
  const items = options.map((text, i) => h("option", { value: i, selected: i === chosen }, text));
  const select = h("select", { "aria-label": label, change: changed }, ...items);
  return {
    element: h("label", {}, label, select),
    get value() {
      return Number(select.value);
    },
    set value(value) {
      select.value = String(value);
    },
  };
}

/**
 * A table of names and values, of which the values change.
 *
 * @param {Record<string, string>} names of the rows, by their keys
 */
export function readings(names) {
  /** @type {Record<string, HTMLElement>} */
  const cells = {};
  const rows = Object.entries(names).map(([key, name]) => {
    cells[key] = h("td", { "data-reading": key });
    return h("tr", {}, h("th", { scope: "row" }, name), cells[key]);
  });
  return { element: h("table", { "aria-live": "polite" }, h("tbody", {}, ...rows)), cells };
}

/**
 * A number with four decimals and a true minus sign.
 *
 * @param {number} value
 */
export function fixed(value) {
  const text = value.toFixed(4);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}
