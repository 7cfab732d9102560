/** The engine in a worker: messages with a method come in, answers go out (app/engine_client.js is the other side). */

import { contribution } from "./engine/contribution.js";
import { gradientCheck } from "./engine/gradient_check.js";
import { readModel } from "./engine/model.js";
import { ownShapes } from "./engine/tensor.js";
import { towards } from "./engine/towards.js";
import { forwardPass, trace } from "./engine/trace.js";
import { updated } from "./engine/update.js";
import { digitImage } from "./ink/digit_image.js";

/** @typedef {import("./engine/model.js").Model} Model */

/**
 * A model and the parameters that its page has given it; null for those of the file.
 * @typedef {{model: Model, parameters: Map<string, any> | null}} Slot
 */

/**
 * The numbers of the runs towards another answer that are under way; one that is cancelled is taken out.
 *
 * @type {Set<number>}
 */
const runs = new Set();

/** @type {Map<string, Slot>} */
const slots = new Map();

/** @param {string} name */
function slotOf(name = "first") {
  const slot = slots.get(name);
  if (!slot) throw new Error("no model is loaded");
  return slot;
}

/**
 * 28×28 levels as the network takes them: 0 to 1.
 *
 * @param {Uint8Array} image
 */
function scaled(image) {
  return Float32Array.from(image, (level) => level / 255);
}

/**
 * 28×28 levels of what a page wants to be looked at.
 *
 * @param {import("./app/engine_client.js").Sight} sight
 */
function imageOf(sight) {
  return "image" in sight ? sight.image : digitImage(sight.levels, sight.height, sight.width);
}

/**
 * @param {Record<string, number[]> | undefined} off
 * @returns {Map<string, Set<number>>}
 */
function sets(off) {
  return new Map(Object.entries(off ?? {}).map(([path, channels]) => [path, new Set(channels)]));
}

/**
 * What the page is told of a layer.
 *
 * @param {import("./engine/layer.js").Layer} layer
 * @param {Model} model
 * @returns {any}
 */
function layerInfo(layer, model) {
  const parameters = ownShapes(model.parameters, layer.path);
  const { path, name, text, inputShape, outputShape } = layer;
  const inner = layer.inner.map((branch) => branch.map((each) => layerInfo(each, model)));
  return { path, name, text, inputShape, outputShape, inner, parameters };
}

/** @type {Record<string, (values: any, part: (part: any) => void, id: number) => any>} */
const methods = {
  load({ file, name, slot }) {
    const model = readModel(file);
    slots.set(slot, { model, parameters: null });
    const { inputShape, classNames, temperature, knowsNonDigits, unknown } = model;
    const layers = model.layers.map((layer) => layerInfo(layer, model));
    return { name, layers, inputShape, classNames, temperature, knowsNonDigits, unknown };
  },

  see({ sight }) {
    return imageOf(sight);
  },

  think({ sight, label, off, slot }) {
    const { model, parameters } = slotOf(slot);
    const image = imageOf(sight);
    const options = { off: sets(off), parameters: parameters ?? undefined };
    const blank = !image.some((/** @type {number} */ level) => level > 0);
    const withLabel = label !== null && label !== undefined;
    const tensors = withLabel ? trace(model, scaled(image), label, options) : forwardPass(model, scaled(image), options);
    return { image, blank, label: withLabel ? label : null, tensors: plain(tensors) };
  },

  step({ image, label, rate, keep }) {
    const slot = slotOf();
    const now = trace(slot.model, scaled(image), label, { parameters: slot.parameters ?? undefined });
    const parameters = updated(slot.model, now, rate);
    const then = trace(slot.model, scaled(image), label, { parameters });
    if (keep) slot.parameters = parameters;
    const [before, after] = [now, then].map((each) => copied(each.get("probabilities")));
    const [lossBefore, lossAfter] = [now, then].map((each) => each.get("loss")?.data[0] ?? NaN);
    return { before, after, lossBefore, lossAfter };
  },

  reset() {
    slotOf().parameters = null;
  },

  check({ image, label, name, index }) {
    const { model, parameters } = slotOf();
    return gradientCheck(model, scaled(image), label, name, index, undefined, { parameters: parameters ?? undefined });
  },

  /** One step per message turn, so that other questions are answered in between. */
  async towards({ image, label }, part, id) {
    const { model, parameters } = slotOf();
    let [steps, done] = [0, false];
    runs.add(id);
    for (const each of towards(model, scaled(image), label, { parameters: parameters ?? undefined })) {
      done = each.done;
      steps++;
      const { x, probabilities } = each;
      part({
        x: { shape: model.inputShape, data: x.slice() },
        probabilities: { shape: [probabilities.length], data: Float64Array.from(probabilities) },
        done,
      });
      await new Promise((next) => setTimeout(next));
      if (!runs.has(id)) break;
    }
    runs.delete(id);
    return { steps: steps - 1, done };
  },

  cancel({ run }) {
    runs.delete(run);
  },

  parameter({ name }) {
    const { model, parameters } = slotOf();
    const tensor = (parameters ?? model.parameters).get(name);
    if (!tensor) throw new Error(`the model has no parameter ${name}`);
    return copied(tensor);
  },

  contribution({ image, path, index, off }) {
    const { model, parameters } = slotOf();
    const options = { off: sets(off), parameters: parameters ?? undefined };
    const tensors = new Map([...forwardPass(model, scaled(image), options), ...(parameters ?? [])]);
    return contribution(model, tensors, path, index);
  },
};

/** @param {any} tensor */
function copied(tensor) {
  return { shape: tensor.shape, data: tensor.data.slice() };
}

/**
 * Tensors whose arrays are their own: a view would be sent with all of θ.
 *
 * @param {Map<string, any>} tensors
 */
function plain(tensors) {
  const wanted = [...tensors].filter(([name]) => !name.startsWith("p."));
  return new Map(wanted.map(([name, tensor]) => [name, copied(tensor)]));
}

self.onmessage = async ({ data: { id, method, values } }) => {
  try {
    const value = await methods[method](values, (part) => self.postMessage({ id, part }), id);
    self.postMessage({ id, value });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
