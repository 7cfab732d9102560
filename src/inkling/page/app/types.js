/**
 * The types that the parts of the page share.
 *
 * @typedef {{shape: number[], data: Float32Array | Float64Array}} Tensor
 * @typedef {import("./engine_client.js").Normalized} Normalized
 *
 * What a user has chosen; all of it stands in the address (address.js).
 * @typedef {object} State
 * @property {number[][]} strokes each stroke as x0, y0, x1, y1, … from 0 to SIDE (drawing.js)
 * @property {number} width of the pen in the same unit
 * @property {Uint8Array | null} picture 28×28 levels of an opened picture, in place of strokes
 * @property {string} view the name of the view that is shown: "inside", "backward", "training", "compare", "collect"
 * @property {string | null} path of the layer that is looked at, such as "3" or "3.0"; null for the whole network
 * @property {number | null} channel of that layer: the last axis of its output
 * @property {number[] | null} cell row and column of one value of that channel; [] for a layer without rows and columns
 * @property {number | null} label the true digit that is chosen: a place among the logits
 * @property {number} step of the backward pass that is shown, from 0
 * @property {number} rate learning rate of the update
 * @property {Record<string, number[]>} off channels that are switched off, by the path of their layer
 * @property {number | null} chapter of the tour, from 0; null where no tour is shown
 * @property {boolean} embedded whether controls are hidden, for use inside another page
 * @property {string | null} model that the address was written with, as its name and hash (model_tag.js)
 * @property {string | null} compared the second model of the compare view in the same form
 *
 * What the page needs to know about the model.
 * @typedef {object} LayerInfo
 * @property {string} path
 * @property {string} name such as "Conv2d"
 * @property {string} text its notation, such as "Conv2d(32, 5, stride=2)"
 * @property {string} input the tensor that it reads: "x" or "y.PATH"
 * @property {number[]} inputShape
 * @property {number[]} outputShape
 * @property {LayerInfo[][]} inner the branches of a composite layer
 * @property {Record<string, number[]>} parameters shapes by name, such as {weight: [784, 16], bias: [16]}
 *
 * @typedef {object} ModelInfo
 * @property {string} name
 * @property {LayerInfo[]} layers
 * @property {number[]} inputShape rows, columns and channels of the images
 * @property {string[]} classNames
 * @property {number} temperature
 * @property {string} hash of all that decides its answers, eight hexadecimal digits
 * @property {boolean} knowsNonDigits whether there is one more logit for "not a digit"
 * @property {{path: string, name: string}[]} unknown layers that the engine of the page does not know
 *
 * What the network makes of the drawing: all tensors by the names that `inkling.explanation` gives them: x, y.PATH,
 * logits, probabilities; with a label also loss, dlogits, dy.PATH, dp.PATH.NAME, dx.
 * @typedef {object} Thought
 * @property {Uint8Array} image 28×28 levels, what the network sees
 * @property {string[]} warnings about the drawing, such as "touches the border"
 * @property {boolean} blank whether nothing is drawn
 * @property {number | null} label
 * @property {Map<string, Tensor>} tensors
 *
 * What every view is given.
 * @typedef {object} Page
 * @property {import("./store.js").Store} store
 * @property {import("./engine_client.js").EngineClient} engine
 * @property {ModelInfo} model
 * @property {boolean} served whether `inkling serve` stands behind the page; false in a file that was exported
 * @property {{off: boolean, sum: boolean, update: boolean, check: boolean}} can what the page's engine can do with this
 *   model: switch channels off, show the sum behind a value, update parameters, check gradients; only where it knows
 *   all layers
 * @property {number} applied how many updates the parameters hold beyond those of the file
 * @property {number} changes how often the parameters have changed since the page was opened
 * @property {(count: number) => void} setApplied to be called after each change of the parameters
 * @property {() => Thought | null} thought the last one; null where the network could not answer
 * @property {() => string | null} failure why there is no thought
 * @property {(text: string) => void} announce read out by screen readers, and shown in the status line
 * @property {() => void} rethink think again, after the parameters have changed
 * @property {import("./measured_examples.js").MeasuredExamples} examples what the network makes of the example drawings
 * @property {(picture: {levels: Float32Array, height: number, width: number}) => Promise<Normalized>} normalize the
 *   28×28 of a picture, and warnings about it
 *
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {() => void} update called after the state or the thought has changed, while the view is shown
 */

import { DRAWING_SIDE } from "../ink/rasterize.js";

export const IMAGE_SIDE = 28; // pixels of what a network sees of it.
export const SIDE = DRAWING_SIDE; // The drawing is a square of this many units and pixels.
