/** The page starts: the model is loaded, its parts are made, and each learns of every change. */

import { readAddress, written } from "./address.js";
import { createAnswer } from "./answer.js";
import { createBackwardView } from "./backward/backward.js";
import { createChanges } from "./changes.js";
import { createCollectView } from "./collect/collect.js";
import { createCompareView } from "./compare/compare.js";
import { byId, fill, h } from "./dom.js";
import { EngineClient, startWorker } from "./engine_client.js";
import { fitting } from "./fitting.js";
import { createInsideView } from "./inside/inside.js";
import { parametersOf } from "./layers.js";
import { fetchModel } from "./model_source.js";
import { createNumber } from "./drawing/number.js";
import { createPad } from "./drawing/pad.js";
import { SAMPLE_PEN, SAMPLES } from "./drawing/samples.js";
import { createTokenForm, TokenWanted } from "./server.js";
import { completeFromServer } from "./server_engine.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { installTheme } from "./theme.js";
import { Thinking } from "./thinking.js";
import { createTour } from "./tour/tour.js";
import { createTrainingView } from "./training/training.js";
import { IMAGE_SIDE } from "./types.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Page} Page */

/** @type {State} */
const START = {
  strokes: SAMPLES.find(({ digit }) => digit === 3)?.strokes ?? [],
  width: SAMPLE_PEN,
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
  requireDigitShape(model);
  const byServer = model.unknown.length > 0 && served;
  if (byServer) await completeFromServer(model);
  const known = model.unknown.length === 0;
  const can = { off: known, sum: known, update: known, check: known };
  store.set(fitting(store.state, model, can));
  const thinking = new Thinking(engine, byServer, update, (error) => announce(error.message));
  /** @type {Page} */
  const page = {
    store,
    engine,
    model,
    served,
    can,
    applied: 0,
    changes: 0,
    setApplied(count) {
      page.applied = count;
      page.changes++;
      updateSoon();
    },
    thought: () => thinking.thought,
    failure: () => thinking.failure,
    announce,
    rethink: () => thinking.about(store.state),
    see: (levels, height, width) => engine.see({ levels, height, width }),
  };
  const parameters = model.layers.reduce((sum, layer) => sum + parametersOf(layer), 0);
  byId("model-name").textContent = `${name} · ${parameters.toLocaleString("en")} parameters`;
  const pad = createPad(page);
  const number = createNumber(page);
  const answer = createAnswer(page);
  const tour = createTour(page);
  const changes = createChanges(page);
  fill(byId("pad"), pad.element);
  fill(byId("answer"), answer.element, number.element);
  fill(byId("tour"), tour.element);
  fill(byId("changes"), changes.element);
  const tabs = new Tabs(byId("tabs"), byId("view"), tabsOf(page), store);
  const parts = [pad, answer, number, changes, tabs, tour];

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
  addEventListener("hashchange", () => store.set(fitting(readAddress(location.hash, START), model, can)));
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
 * An Error where the model takes images of another size than drawings are brought to.
 *
 * @param {import("./types.js").ModelInfo} model
 */
function requireDigitShape({ inputShape: [rows, columns] }) {
  if (rows === IMAGE_SIDE && columns === IMAGE_SIDE) return;
  throw new Error(
    `drawings become images of ${IMAGE_SIDE}×${IMAGE_SIDE} pixels, and this model takes images of ${rows}×${columns}; ` +
      "ask it by the Open Inference Protocol of inkling serve",
  );
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

function begin() {
  start().catch((error) => {
    for (const id of ["pad", "answer"]) fill(byId(id));
    if (error instanceof TokenWanted) return fill(byId("view"), createTokenForm(begin));
    fill(byId("view"), h("p", { class: "notice" }, `The page cannot start: ${error.message}.`));
  });
}

begin();
