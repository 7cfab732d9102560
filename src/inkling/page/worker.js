/** The engine in a worker: messages with a method come in, answers go out (app/engine_client.js is the other side). */

import { ofDescent } from "./worker/descent.js";
import { ofRuns } from "./worker/runs.js";
import { ofSlots } from "./worker/slots.js";
import { ofThoughts } from "./worker/thoughts.js";

/** @type {Record<string, (values: any, part: (part: any) => void, id: number) => any>} */
const methods = { ...ofSlots, ...ofThoughts, ...ofDescent, ...ofRuns };

/**
 * The memory of an answer's tensors, which is handed over, since copies of it take longer than most networks.
 *
 * @param {any} value
 * @returns {Transferable[]}
 */
function handedOver(value) {
  return value?.tensors ? [...value.tensors.values()].map(({ data }) => data.buffer) : [];
}

self.onmessage = async ({ data: { id, method, values } }) => {
  try {
    const value = await methods[method](values, (part) => self.postMessage({ id, part }), id);
    self.postMessage({ id, value }, { transfer: handedOver(value) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
