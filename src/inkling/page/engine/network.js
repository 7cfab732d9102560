/** A network: its layers built from calls in the notation, with the shapes of their inputs and outputs. */
import { argumentsOf, namedArguments } from "./arguments.js";
import { EngineError } from "./errors.js";
import { KINDS } from "./kinds.js";
import { sizeOf } from "./tensor.js";

/** @typedef {import("./notation.js").Call} Call */
/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {{layers: Layer[], unknown: {path: string, name: string}[]}} Network */

// What a file may ask for, as in nn/bounds.py: so that no file decides how long a page computes.
export const MOST_LAYERS = 4096;
const MOST_NESTED = 24;
const MOST_NUMBERS = 2 ** 25; // in the outputs of all layers
const MOST_OPERATIONS = 2 ** 32; // multiplications of a forward pass

/**
 * The layers of calls that stand one behind another; EngineError where one cannot be built.
 *
 * Behind a layer that is not known, shapes are [] and arguments are not checked against them.
 * @param {Call[]} calls
 * @param {number[]} inputShape
 * @returns {Network}
 */
export function buildNetwork(calls, inputShape) {
  const builder = new Builder();
  const layers = builder.chain(calls.map((call, i) => ({ call, path: String(i) })), inputShape, "x", 1);
  return { layers, unknown: builder.unknown };
}

class Builder {
  constructor() {
    /** @type {{path: string, name: string}[]} */
    this.unknown = [];
    this.total = { layers: 0, numbers: 0, operations: 0 };
  }

  /**
   * @param {{call: Call, path: string}[]} placed
   * @param {number[]} shape of what the first reads.
   * @param {string} input the tensor that the first reads.
   * @param {number} depth
   */
  chain(placed, shape, input, depth) {
    if (depth > MOST_NESTED) throw new EngineError(`layers are nested at most ${MOST_NESTED} deep: these are deeper`);
    return placed.map(({ call, path }) => {
      const layer = this.layer(call, path, shape, input, depth);
      [shape, input] = [layer.outputShape, `y.${path}`];
      return layer;
    });
  }

  /**
   * @param {Call} call
   * @param {string} path
   * @param {number[]} inputShape
   * @param {string} input
   * @param {number} depth
   * @returns {Layer}
   */
  layer(call, path, inputShape, input, depth) {
    const kind = KINDS.get(call.name);
    /** @type {Layer} */
    const layer = { name: call.name, args: {}, path, input, inputShape, outputShape: [], inner: [], text: call.text };
    this.count("layers", 1, MOST_LAYERS, layer);
    if (!kind) {
      this.unknown.push({ path, name: call.name });
      layer.args = namedArguments(call);
      return layer;
    }
    if (kind.composite) layer.inner = this.inside(call, layer, kind.many === true, depth);
    else layer.args = argumentsOf(call, kind.fields);
    const known = inputShape.length > 0 && layer.inner.flat().every((each) => each.outputShape.length > 0);
    if (!known) return layer;
    layer.outputShape = kind.outputShape(layer);
    this.count("numbers", sizeOf(layer.outputShape), MOST_NUMBERS, layer);
    this.count("operations", kind.operations?.(layer) ?? 0, MOST_OPERATIONS, layer);
    return layer;
  }

  /**
   * The chains inside a composite.
   * @param {Call} call
   * @param {Layer} layer
   * @param {boolean} many
   * @param {number} depth
   */
  inside(call, layer, many, depth) {
    if (call.args.length === 0 || call.named.size > 0 || call.args.some((value) => value.type !== "call")) {
      throw new EngineError(`cannot build ${call.text}: it is made of layers, as in ${call.name}(Linear(10), ReLU())`);
    }
    const placed = call.args.map((value, i) => ({ call: value.content, path: `${layer.path}.${i}` }));
    const chains = many ? placed.map((each) => [each]) : [placed];
    return chains.map((chain) => this.chain(chain, layer.inputShape, layer.input, depth + 1));
  }

  /**
   * EngineError where a network of so much in all is too large.
   * @param {"layers" | "numbers" | "operations"} what
   * @param {number} more
   * @param {number} most
   * @param {Layer} layer
   */
  count(what, more, most, layer) {
    this.total[what] += more;
    if (!(this.total[what] <= most)) {
      throw new EngineError(`${layer.text} makes the network too large: more than ${most} ${what} come together`);
    }
  }
}

/**
 * All layers of a chain in order, each followed by those inside it.
 * @param {Layer[]} layers
 * @returns {Layer[]}
 */
export function everyLayer(layers) {
  return layers.flatMap((layer) => [layer, ...layer.inner.flatMap(everyLayer)]);
}
