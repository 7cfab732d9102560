/** Gradient descent: one step of the parameters, the check of one gradient, and steps of the pixels. */

import { gradientCheck } from "../engine/gradient_check.js";
import { towards } from "../engine/towards.js";
import { trace } from "../engine/trace.js";
import { updated } from "../engine/update.js";
import { asRun } from "./runs.js";
import { slotOf } from "./slots.js";
import { scaled } from "./thoughts.js";

/** @type {Record<string, (values: any, part: (part: any) => void, id: number) => any>} */
export const ofDescent = {
  step({ image, label, rate, keep }) {
    const slot = slotOf();
    const now = trace(slot.model, scaled(image), label, { parameters: slot.parameters });
    const parameters = updated(slot.model, now, rate);
    const then = trace(slot.model, scaled(image), label, { parameters });
    if (keep) slot.parameters = parameters;
    const [before, after] = [now, then].map((each) => copied(each.get("probabilities")));
    const [lossBefore, lossAfter] = [now, then].map((each) => each.get("loss")?.data[0] ?? NaN);
    return { before, after, lossBefore, lossAfter };
  },

  check({ image, label, name, index }) {
    const { model, parameters } = slotOf();
    return gradientCheck(model, scaled(image), label, name, index, undefined, { parameters });
  },

  towards({ image, label }, part, id) {
    const { model, parameters } = slotOf();
    return asRun(id, async (goesOn) => {
      let [steps, done] = [0, false];
      for (const each of towards(model, scaled(image), label, { parameters })) {
        done = each.done;
        steps++;
        part(stepOf(each, model.inputShape));
        if (!(await goesOn())) break;
      }
      return { steps: steps - 1, done };
    });
  },
};

/**
 * @param {import("../engine/towards.js").Step} step
 * @param {number[]} inputShape
 */
function stepOf({ x, probabilities, done }, inputShape) {
  return {
    x: { shape: inputShape, data: x.slice() },
    probabilities: { shape: [probabilities.length], data: Float64Array.from(probabilities) },
    done,
  };
}

/** @param {any} tensor */
function copied({ shape, data }) {
  return { shape, data: data.slice() };
}
