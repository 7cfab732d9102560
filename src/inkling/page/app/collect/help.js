/** What to do with collected drawings: commands to copy. */

import { h } from "../dom.js";

const COMMANDS = [
  ["Measure a model on your drawings", "inkling evaluate reader --data drawings.csv"],
  ["Train on them, starting from the bundled model", "inkling train --from reader --data drawings.csv -o runs/mine"],
  [
    "Teach the bundled model your handwriting",
    "unzip drawings.zip && inkling adapt digits -o my-handwriting.safetensors",
  ],
];

/** @param {(text: string) => void} announce */
export function collectedHelp(announce) {
  const rows = COMMANDS.map(([what, command]) => {
    const copy = h(
      "button",
      { type: "button", "aria-label": `Copy: ${what}`, click: () => copyText(command, announce) },
      "Copy",
    );
    return h("li", {}, h("span", {}, what), h("div", { class: "row" }, h("code", { class: "mono" }, command), copy));
  });
  return h("section", { class: "collect-help", "aria-label": "Commands" }, h("h3", {}, "Then"), h("ul", {}, ...rows));
}

/**
 * @param {string} text
 * @param {(text: string) => void} announce
 */
async function copyText(text, announce) {
  try {
    await navigator.clipboard.writeText(text);
    announce("The command is copied.");
  } catch {
    announce(`The browser does not let the page copy: ${text}`);
  }
}
