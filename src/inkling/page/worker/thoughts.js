/** What a network makes of what it is shown: of a drawing, of the example drawings, and in one value of its layers. */

import { contribution } from "../engine/contribution.js";
import { ExampleRecords } from "../engine/example_records.js";
import { forwardPass, trace } from "../engine/trace.js";
import { imageOf, normalized } from "./inputs.js";
import { asRun } from "./runs.js";
import { slotOf } from "./slots.js";

/** @type {Record<string, (values: any, part: (part: any) => void, id: number) => any>} */
export const ofThoughts = {
  normalize({ input }) {
    return normalized(input);
  },

  think({ input, label, off, slot, warned = true }) {
    const { model, parameters } = slotOf(slot);
    const { image, warnings } = warned ? normalized(input) : { image: imageOf(input), warnings: [] };
    const options = { off: sets(off), parameters };
    const blank = !image.some((/** @type {number} */ level) => level > 0);
    const withLabel = label !== null && label !== undefined;
    const x = scaled(image);
    const tensors = withLabel ? trace(model, x, label, options) : forwardPass(model, x, options);
    return { image, warnings, blank, label: withLabel ? label : null, tensors: withoutParameters(tensors) };
  },

  /** Null where the run is cancelled. */
  examples({ inputs }, part, id) {
    const { model, parameters } = slotOf();
    return asRun(id, async (goesOn) => {
      const found = new ExampleRecords(model);
      for (const input of inputs) {
        if (!(await goesOn())) return null;
        const image = imageOf(input);
        found.add(image, forwardPass(model, scaled(image), { parameters }));
      }
      const { images, probabilities, records } = found;
      return { images, probabilities, records, marks: found.marks() };
    });
  },

  contribution({ image, path, index, off }) {
    const { model, parameters } = slotOf();
    const options = { off: sets(off), parameters };
    const tensors = new Map([...forwardPass(model, scaled(image), options), ...(parameters ?? [])]);
    return contribution(model, tensors, path, index);
  },
};

/**
 * 28×28 levels as the network takes them: 0 to 1.
 *
 * @param {Uint8Array} image
 */
export function scaled(image) {
  const x = new Float32Array(image.length); // Float32Array.from takes longer than a small network
  for (let i = 0; i < x.length; i++) x[i] = image[i] / 255;
  return x;
}

/**
 * @param {Record<string, number[]> | undefined} off
 * @returns {Map<string, Set<number>>}
 */
function sets(off) {
  return new Map(Object.entries(off ?? {}).map(([path, channels]) => [path, new Set(channels)]));
}

/** @param {Map<string, any>} tensors @returns {Map<string, any>} without the views of θ, which stays here */
function withoutParameters(tensors) {
  return new Map([...tensors].filter(([name]) => !name.startsWith("p.")));
}
