/** Two answers to one drawing in words: whether they agree, who is surer, where they differ most. */

import { verdict } from "../answer.js";
import { logitNames } from "../figures/bars.js";
import { percent } from "../numbers.js";

/**
 * A model's answer.
 * @typedef {{model: import("../types.js").ModelInfo, probabilities: ArrayLike<number>}} Answer
 */

/**
 * @param {Answer} first
 * @param {Answer} second
 * @returns {string}
 */
export function compared(first, second) {
  const [a, b] = [best(first), best(second)];
  const names = namesOf(first, second);
  return [said(first, second, names), surer(a.share, b.share, names), differing(first, second)].join(" ");
}

/**
 * What each answers, by the rule of the page's answer: "?" is none.
 *
 * @param {Answer} first
 * @param {Answer} second
 * @param {string[]} names
 */
function said(first, second, names) {
  const [a, b] = [first, second].map(({ model, probabilities }) => verdict(probabilities, model).text);
  if (a === b) return a === "?" ? "Both refuse to answer." : `Both say ${a}.`;
  return `${names[0]} ${says(a)}, ${names[1]} ${says(b)}.`;
}

/** @param {string} answer */
function says(answer) {
  return answer === "?" ? "refuses to answer" : `says ${answer}`;
}

/**
 * @param {number} a
 * @param {number} b
 * @param {string[]} names
 */
function surer(a, b, names) {
  const [high, low] = [percent(Math.max(a, b)), percent(Math.min(a, b))];
  if (high === low) return `Both are equally sure: ${high}.`;
  return `${a > b ? names[0] : names[1]} is surer: ${high} against ${low}.`;
}

/**
 * @param {Answer} first
 * @param {Answer} second
 */
function differing(first, second) {
  const others = logitNames(second.model);
  const shared = logitNames(first.model).flatMap((name, i) => {
    const j = others.indexOf(name);
    return j < 0 ? [] : [{ name, a: first.probabilities[i], b: second.probabilities[j] }];
  });
  const left = first.model.classNames
    .concat(second.model.classNames)
    .filter((name) => !shared.some((each) => each.name === name));
  const note = left.length ? ` Only one of them knows ${[...new Set(left)].join(", ")}.` : "";
  if (!shared.length) return `They have no class in common.${note}`;
  const most = shared.reduce((found, each) => (Math.abs(each.a - each.b) > Math.abs(found.a - found.b) ? each : found));
  return `They differ most about ${most.name}: ${percent(most.a)} and ${percent(most.b)}.${note}`;
}

/** @param {Answer} answer */
function best({ model, probabilities }) {
  const names = logitNames(model);
  const place = names.reduce((found, _, i) => (probabilities[i] > probabilities[found] ? i : found), 0);
  return { name: names[place], share: probabilities[place] };
}

/**
 * @param {Answer} first
 * @param {Answer} second
 */
function namesOf(first, second) {
  const [a, b] = [first.model.name, second.model.name];
  return a === b ? ["The first", "The second"] : [a, b];
}
