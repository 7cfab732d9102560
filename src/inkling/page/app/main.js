/** The page starts: the model is loaded, its parts are made, and each learns of every change. */

import { readAddress, written } from "./address.js";
import { createAnswer } from "./answer.js";
import { createBackwardView } from "./backward/backward.js";
import { createCollectView } from "./collect/collect.js";
import { createCompareView } from "./compare/compare.js";
import { byId, fill, h } from "./dom.js";
import { EngineClient, startWorker } from "./engine_client.js";
import { createInsideView } from "./inside/inside.js";
import { fetchModel } from "./model_source.js";
import { createNumber } from "./drawing/number.js";
import { createPad } from "./drawing/pad.js";
import { SAMPLES } from "./drawing/samples.js";
import { createTokenForm, TokenWanted } from "./server.js";
import { completeFromServer } from "./server_engine.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { installTheme } from "./theme.js";
import { Thinking } from "./thinking.js";
import { createTour } from "./tour/tour.js";
import { createTrainingView } from "./training/training.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Page} Page */

/** @type {State} */
const START = {
  strokes: SAMPLES.find(({ digit }) => digit === 3)?.strokes ?? [],
  width: 20,
  picture: null,
  view: "inside",
  path: null,
  channel: null,
  cell: null,
  label: null,
  step: 0,
  rate: 0.1,
  off: {},
  chapter: null,
  embedded: false,
};

/** What changes the network's answer, or what is asked of it. */
const THOUGHT_OF = /** @type {(keyof State)[]} */ (["strokes", "width", "picture", "label", "off"]);

async function start() {
  const store = new Store(readAddress(location.hash, START));
  const { file, name, served } = await fetchModel();
  const engine = new EngineClient(startWorker());
  const model = await engine.load(file, name);
  store.set({ ...fitting(store.state, model) });
  const byServer = model.unknown.length > 0 && served;
  if (byServer) await completeFromServer(model);
  const thinking = new Thinking(engine, byServer, update, (error) => announce(error.message));
  /** @type {Page} */
  const page = {
    store,
    engine,
    model,
    served,
    thought: () => thinking.thought,
    announce,
    rethink: () => thinking.about(store.state),
    see: (levels, height, width) => engine.see({ levels, height, width }),
  };
  byId("model-name").textContent = `${name} · ${parameterCount(model).toLocaleString("en")} parameters`;
  const pad = createPad(page);
  const number = createNumber(page);
  const answer = createAnswer(page);
  const tour = createTour(page);
  fill(byId("pad"), pad.element);
  fill(byId("answer"), answer.element, number.element);
  fill(byId("tour"), tour.element);
  const tabs = new Tabs(byId("tabs"), byId("view"), tabsOf(page), store);
  const parts = [pad, answer, number, tabs, tour];

  function update() {
    for (const part of parts) part.update();
    document.body.classList.toggle("embedded", store.state.embedded);
  }
  const updateSoon = perFrame(update);
  const writeSoon = delayed(() => history.replaceState(null, "", `#${written(store.state, START)}`), 250);
  store.subscribe((after, before) => {
    if (THOUGHT_OF.some((each) => after[each] !== before[each])) thinking.about(after);
    updateSoon();
    writeSoon();
  });
  addEventListener("hashchange", () => store.set({ ...readAddress(location.hash, START) }));
  installTheme(byId("theme"), update);
  byId("start-tour").addEventListener("click", () => store.set({ chapter: 0 }));
  byId("copy-address").addEventListener("click", () => copyAddress(store.state));
  await thinking.about(store.state);
  document.documentElement.dataset.ready = "true";
}

/** @param {Page} page */
function tabsOf(page) {
  const tabs = [
    { name: "inside", title: "Look inside", create: () => createInsideView(page) },
    { name: "backward", title: "Backward", create: () => createBackwardView(page) },
    { name: "compare", title: "Compare", create: () => createCompareView(page) },
    { name: "collect", title: "Collect", create: () => createCollectView(page) },
  ];
  if (page.served) tabs.splice(2, 0, { name: "training", title: "Training", create: () => createTrainingView(page) });
  return tabs;
}

/**
 * The parts of a state from an address that this model has: another model may have fewer layers or classes.
 *
 * @param {State} state
 * @param {import("./types.js").ModelInfo} model
 */
function fitting(state, model) {
  const logits = model.classNames.length + Number(model.knowsNonDigits);
  const label = state.label !== null && state.label < logits ? state.label : null;
  return { label, ...(layerAt(model.layers, state.path) ? {} : { path: null, channel: null, cell: null }) };
}

/**
 * @param {import("./types.js").LayerInfo[]} layers
 * @param {string | null} path
 * @returns {boolean}
 */
function layerAt(layers, path) {
  return layers.some((layer) => layer.path === path || layer.inner.some((branch) => layerAt(branch, path)));
}

/** @param {import("./types.js").ModelInfo} model */
function parameterCount(model) {
  /** @type {(layers: import("./types.js").LayerInfo[]) => number} */
  const count = (layers) =>
    layers.reduce((sum, { parameters, inner }) => {
      const learnt = Object.entries(parameters).filter(([name]) => !name.startsWith("running_"));
      const own = learnt.reduce((all, [, shape]) => all + shape.reduce((product, each) => product * each, 1), 0);
      return sum + own + inner.reduce((all, branch) => all + count(branch), 0);
    }, 0);
  return count(model.layers);
}

/** @param {string} text */
function announce(text) {
  byId("status").textContent = text;
}

/** @param {State} state */
async function copyAddress(state) {
  const address = `${location.href.split("#")[0]}#${written(state, START)}`;
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    announce(
      "The link is copied: it opens this page, with this drawing and view, for anyone who can reach this server or " +
        "has this file.",
    );
  } catch {
    announce("The link stands in the address bar: copy it from there.");
  }
}

/** @param {() => void} act */
function perFrame(act) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act();
    });
  };
}

/**
 * @param {() => void} act
 * @param {number} milliseconds
 */
function delayed(act, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}

start().catch((error) => {
  if (error instanceof TokenWanted) return fill(byId("view"), createTokenForm());
  fill(byId("view"), h("p", { class: "notice" }, `The page cannot start: ${error.message}.`));
});
