/**
 * Saturated units: an activation that has the same derivative for all inputs of a unit is linear there.
 *
 * Where it answers 0 to all of them, with the derivative 0, the unit is dead: no gradient passes through it. Where it
 * answers each input itself, with the derivative 1, the unit is always on. Where LeakyReLU has its slope below 0, the
 * unit is only scaled. GELU, which is nowhere linear, is nearly so far from 0.
 */
import { KINDS } from "./kinds.js";
import { buildNetwork } from "./network.js";
import { parseCall } from "./notation.js";

/**
 * @typedef {"dead" | "always on" | "only scaled"} Saturation
 * @typedef {{x: Float64Array, y: Float64Array, derivatives: Float64Array}} Samples of an activation
 */

export const ACTIVATIONS = ["ReLU", "LeakyReLU", "GELU"];

const GELU_TOLERANCE = 0.02; // Of outputs and derivatives: it allows inputs below about −2.8 and above about 2.8.
const STEPS = 64; // The activation is computed at so many steps from the least input to the largest.

/**
 * What a unit does whose inputs lie in a range; null where it is not linear there, or where the layer is no activation.
 *
 * @param {string} text the layer in the notation, such as "LeakyReLU(0.1)"
 * @param {number} least of its inputs
 * @param {number} largest
 * @returns {Saturation | null}
 */
export function saturation(text, least, largest) {
  const call = parseCall(text);
  if (!ACTIVATIONS.includes(call.name)) return null;
  const { x, y, derivatives } = sampled(call, least, largest);
  const tolerance = call.name === "GELU" ? GELU_TOLERANCE : 0;
  const near = (/** @type {number} */ value, /** @type {number} */ wanted) => Math.abs(value - wanted) <= tolerance;
  if (derivatives.every((each, i) => near(each, 0) && near(y[i], 0))) return "dead";
  if (derivatives.every((each, i) => near(each, 1) && near(y[i], x[i]))) return "always on";
  return call.name === "LeakyReLU" && derivatives.every((each) => each === derivatives[0]) ? "only scaled" : null;
}

/**
 * The marks of all channels of an activation; those that have none are left out.
 *
 * @param {string} text the layer in the notation
 * @param {{least: ArrayLike<number>, largest: ArrayLike<number>}} inputs of each channel
 * @returns {Map<number, Saturation>} by channel
 */
export function saturations(text, { least, largest }) {
  const marks = new Map();
  for (let channel = 0; channel < largest.length; channel++) {
    const mark = saturation(text, least[channel], largest[channel]);
    if (mark) marks.set(channel, mark);
  }
  return marks;
}

/**
 * @param {import("./notation.js").Call} call of an activation
 * @param {number} least
 * @param {number} largest
 * @returns {Samples}
 */
function sampled(call, least, largest) {
  const x = Float64Array.from({ length: STEPS + 1 }, (_, i) => least + ((largest - least) * i) / STEPS);
  x[STEPS] = largest; // the sum is rounded
  const kind = /** @type {import("./layer.js").Kind} */ (KINDS.get(call.name));
  const [layer] = buildNetwork([call], [x.length]).layers;
  const [y, derivatives] = [new Float64Array(x.length), new Float64Array(x.length)];
  const inside = () => y;
  kind.forward(layer, {}, x, y, inside);
  kind.backward(layer, {}, x, y, new Float64Array(x.length).fill(1), {}, derivatives, inside);
  return { x, y, derivatives };
}
