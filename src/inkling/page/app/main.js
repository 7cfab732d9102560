/** The page starts: the model is loaded, its parts are made, and each learns of every change. */

import { isAddress, readAddress, written } from "./address.js";
import { AddressBar } from "./address_bar.js";
import { createAnswer } from "./answer.js";
import { createBackwardView } from "./backward/backward.js";
import { createChanges } from "./changes.js";
import { createCollectView } from "./collect/collect.js";
import { createCompareView } from "./compare/compare.js";
import { byId, fill, h } from "./dom.js";
import { EngineClient, startWorker } from "./engine_client.js";
import { fitting } from "./fitting.js";
import { createExercise } from "./exercise.js";
import { createInsideView } from "./inside/inside.js";
import { parametersOf } from "./layers.js";
import { copied } from "./copied_link.js";
import { MeasuredExamples } from "./measured_examples.js";
import { fetchModel } from "./model_source.js";
import { tagOf } from "./model_tag.js";
import { createNumber } from "./drawing/number.js";
import { createPad } from "./drawing/pad.js";
import { SAMPLE_PEN, SAMPLES } from "./drawing/samples.js";
import { createTokenForm, TokenWanted } from "./server.js";
import { completeFromServer } from "./server_engine.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { installTheme } from "./theme.js";
import { Thinking } from "./thinking.js";
import { delayed, perFrame } from "./timing.js";
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
  model: null,
  compared: null,
};

/** What changes the network's answer, or what is asked of it. */
const THOUGHT_OF = /** @type {(keyof State)[]} */ (["strokes", "width", "picture", "label", "off"]);

async function start() {
  const bar = new AddressBar();
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
    examples: new MeasuredExamples(engine, () => page.changes),
    normalize: (picture) => engine.normalize(picture),
  };
  const parameters = model.layers.reduce((sum, layer) => sum + parametersOf(layer), 0);
  byId("model-name").textContent = `${name} · ${parameters.toLocaleString("en")} parameters`;
  const pad = createPad(page);
  const number = createNumber(page);
  const answer = createAnswer(page);
  const tour = createTour(page);
  const changes = createChanges(page);
  const exercise = createExercise(page);
  fill(byId("pad"), pad.element);
  fill(byId("answer"), answer.element, number.element);
  fill(byId("tour"), tour.element);
  fill(byId("changes"), exercise.element, changes.element);
  const tabs = new Tabs(byId("tabs"), byId("view"), tabsOf(page), store);
  const parts = [pad, answer, number, exercise, changes, tabs, tour];

  function update() {
    for (const part of parts) part.update();
    document.body.classList.toggle("embedded", store.state.embedded);
  }
  const updateSoon = perFrame(update);
  const address = () => `#${written({ ...store.state, model: store.state.model ?? tagOf(model) }, START)}`;
  const writeSoon = delayed(() => bar.write(address()), 250);
  store.subscribe((after, before) => {
    const isNew = THOUGHT_OF.some((each) => after[each] !== before[each]);
    if (isNew) thinking.about(after);
    updateSoon();
    writeSoon();
    if (isNew) store.set({ model: null }); // what is shown is no longer the exercise of another model
  });
  bar.listen((hash) => {
    if (!isAddress(hash)) return;
    const state = fitting(readAddress(hash, START), model, can);
    store.set(state);
    store.set({ model: state.model }); // a new drawing has taken it out
  });
  installTheme(byId("theme"), update);
  byId("start-tour").addEventListener("click", () => store.set({ chapter: 0 }));
  byId("copy-address").addEventListener("click", () => {
    store.set({ model: null });
    const hash = address();
    bar.write(hash);
    copyAddress(hash, page);
  });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // "#views" would take the place of the address
    byId("views").focus();
  });
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
    `drawings become images of ${IMAGE_SIDE}×${IMAGE_SIDE} pixels, and this model takes images of ` +
      `${rows}×${columns}; ask it by the Open Inference Protocol of inkling serve`,
  );
}

/** @param {string} text */
function announce(text) {
  byId("status").textContent = text;
}

/**
 * @param {string} hash with the #
 * @param {Page} page
 */
async function copyAddress(hash, page) {
  const address = `${location.href.split("#")[0]}${hash}`;
  announce(await copied(address, page));
}

function begin() {
  start().catch((error) => {
    for (const id of ["pad", "answer"]) fill(byId(id));
    if (error instanceof TokenWanted) return fill(byId("view"), createTokenForm(begin));
    fill(byId("view"), h("p", { class: "notice" }, `The page cannot start: ${error.message}.`));
  });
}

begin();
