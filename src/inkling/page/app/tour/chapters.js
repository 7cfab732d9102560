/** The chapters of the tour: what each says, what it shows on the page, and one thing to try; true for any network. */

import { logitNames } from "../figures/bars.js";
import { ACTIVATIONS, brightestCell, firstActivation, firstWeighted, leaves, reading } from "./picks.js";
import { backwardSteps } from "../backward/steps.js";
import { DOES, parametersOf } from "../layers.js";
import { percent, shapeText, short } from "../numbers.js";

/** @typedef {import("../types.js").Page} Page */

/**
 * @typedef {object} Chapter
 * @property {string} title
 * @property {(page: Page) => Partial<import("../types.js").State>} state what is set when the chapter begins
 * @property {(page: Page) => string[]} text sentences
 * @property {(page: Page) => string} tryThis
 * @property {string} target selector of what the chapter speaks of
 */

/** @type {Chapter[]} */
export const CHAPTERS = [
  {
    title: "A drawing becomes numbers",
    state: () => ({ view: "inside", path: null, channel: null, cell: null, off: {} }),
    text: ({ model: { inputShape } }) => [
      "The network does not see the strokes: the drawing is scaled and centred to " +
        `${shapeText(inputShape.slice(0, 2))} pixels.`,
      "Each pixel is one number, 0 without ink and 1 with full ink.",
      `These ${inputShape.reduce((all, each) => all * each, 1)} numbers are all that the network gets.`,
    ],
    tryThis: () => "Draw the same digit small and in a corner. What the network sees stays nearly the same.",
    target: ".answer .heatmap",
  },
  {
    title: "A weight: multiply and add",
    state: (page) => ({ view: "inside", ...brightestCell(page, firstWeighted(page.model.layers)) }),
    text: ({ model: { layers } }) => {
      const layer = firstWeighted(layers);
      const count = layers.reduce((sum, each) => sum + parametersOf(each), 0).toLocaleString("en");
      if (!layer) return [`This network has learnt ${count} numbers, but no layer of it multiplies by weights.`];
      return [
        `This network has learnt ${count} numbers; most of them are weights.`,
        `Here is one value that layer ${layer.path}, ${layer.name}, computes: each input is multiplied by its ` +
          "weight, and " +
          `all products${layer.parameters.bias ? " and a bias" : ""} are added.`,
        "The farther a weight is from 0, the more its input matters. A positive weight raises the sum, a negative " +
          "one lowers it.",
      ];
    },
    tryThis: () => "Walk to another value with the arrow buttons, and watch which products become large.",
    target: "#sum",
  },
  {
    title: "A layer: many sums at once",
    state: ({ model }) => ({
      view: "inside",
      path: firstWeighted(model.layers)?.path ?? null,
      channel: null,
      cell: null,
    }),
    text: ({ model }) => {
      const layer = firstWeighted(model.layers);
      if (!layer) return ["A layer takes all numbers of the layer before it and computes new ones."];
      const count = layer.outputShape[layer.outputShape.length - 1];
      const image = layer.outputShape.length === 3;
      return [
        `Layer ${layer.path}, ${layer.name}, computes ${count} ${image ? "channels" : "units"}, each with ` +
          "weights of its own.",
        image
          ? "A channel uses the same few weights all over the image, so its map shows where its pattern was found."
          : "Every unit looks at all inputs at once, so its weights are a pattern for the whole input.",
        "Orange is a number above 0, blue one below 0.",
      ];
    },
    tryThis: () => "Choose a channel or unit with Enter or a click, and see which example drawings it answers to most.",
    target: ".inside-body canvas",
  },
  {
    title: "Non-linearity and depth",
    state: ({ model }) => ({
      view: "inside",
      path: firstActivation(model.layers)?.path ?? null,
      channel: null,
      cell: null,
    }),
    text: ({ model }) => {
      const layer = firstActivation(model.layers);
      const count = leaves(model.layers).length;
      const why =
        "Sums of sums are only sums: layers that only multiply and add could do no more together than one of them.";
      if (!layer)
        return [why, `This network has ${count} layers, and none of them is one of ${ACTIVATIONS.join(", ")}.`];
      return [
        why,
        `So layer ${layer.path} is a ${layer.name}. ${DOES[layer.name]}`,
        `This network has ${count} layers, one behind another or side by side: later ones build on what earlier ` +
          "ones found.",
      ];
    },
    tryThis: () => "Compare the numbers before and after: go to the layer before, and back.",
    target: ".inside-body",
  },
  {
    title: "From logits to probabilities",
    state: ({ model }) => ({
      view: "inside",
      path: model.layers.slice(-1)[0]?.path ?? null,
      channel: null,
      cell: null,
    }),
    text: (page) => {
      const { model } = page;
      const { name, share } = reading(page);
      const scale =
        model.temperature === 1
          ? ""
          : ` This model divides its logits by its temperature, ${short(model.temperature)}, first.`;
      return [
        `The last layer gives ${logitNames(model).length} numbers, the logits: one for each answer that the ` +
          "network knows.",
        "The softmax makes probabilities of them: e to the power of each logit, divided by the sum of all " +
          `these.${scale}`,
        name
          ? `Now the largest logit is that of ${name}. Its probability is ${percent(share)}.`
          : "The largest logit is the answer.",
      ];
    },
    tryThis: () => "Turn the drawing into another digit, stroke by stroke, and watch one probability overtake another.",
    target: ".answer .bars",
  },
  {
    title: "The loss: how wrong is it?",
    state: (page) => ({ view: "backward", step: 0, label: page.store.state.label ?? reading(page).label }),
    text: (page) => {
      const { label } = page.store.state;
      const loss = page.thought()?.tensors.get("loss")?.data[0];
      const now = label === null ? "" : `The truth that is chosen now is ${logitNames(page.model)[label]}`;
      const scale = page.model.temperature === 1 ? "" : " It is computed without the temperature.";
      return [
        "To learn, the network needs the correct answer.",
        "The loss is −log of the softmax probability of the true digit: 0 where the network is certain and right, " +
          `large where it is certain and wrong.${scale}`,
        now && `${now}${loss === undefined ? "" : `, and the loss is ${short(loss)} nats`}.`,
      ];
    },
    tryThis: () => "Choose another digit as the truth, and see how the loss grows.",
    target: ".backward-labels",
  },
  {
    title: "Backward: the gradient",
    state: (page) => ({ view: "backward", step: 2, label: page.store.state.label ?? reading(page).label }),
    text: ({ model }) => [
      "The gradient says for every number how the loss would change if that number grew a little.",
      "At the logits, the gradient is softmax(z) minus the one-hot label. The chain rule then works backward. Each " +
        "layer receives the gradient of its output, and computes from it the gradient of its weights and the " +
        "gradient of its input.",
      `This network has ${leaves(model.layers).length} layers to go back through, then come the pixels.`,
    ],
    tryThis: () => "Press Next, or n, until you are at the pixels. Where do gradients become 0?",
    target: ".backward-step",
  },
  {
    title: "The update: one step",
    state: (page) => ({
      view: "backward",
      step: backwardSteps(page.model.layers).length - 1,
      label: page.store.state.label ?? reading(page).label,
    }),
    text: () => [
      "Every weight moves a little against its gradient: θ ← θ − lr · g.",
      "For this drawing the loss falls, if the learning rate lr is small enough.",
      "A step for one drawing can worsen others. Training averages many images per step, and takes many steps.",
    ],
    tryThis: () =>
      "Choose a wrong truth, apply the update a few times, then draw other digits. Does it still know them?",
    target: ".backward-step",
  },
];
