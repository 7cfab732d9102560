/** What the page asks of the engine beyond a trace: sums, checks, steps, channels that are off. */
import assert from "node:assert/strict";
import test from "node:test";

import { bufferOf, engine, generator, json } from "./files.mjs";

const [{ readModel }, { readSafetensors }, { forwardPass, trace }, { contribution }, { gradientCheck }] =
  await Promise.all(
    ["model.js", "safetensors.js", "trace.js", "contribution.js", "gradient_check.js"].map(engine),
  );
const [{ towards }, { updated }, { everyLayer }, { indexOf, offsetOf }, { EngineError }] = await Promise.all(
  ["towards.js", "update.js", "network.js", "tensor.js", "errors.js"].map(engine),
);

const { ACTIVATIONS, saturation } = await engine("saturation.js");
const { ExampleRecords } = await engine("example_records.js");
const { GrowingRaster, rasterize } = await engine("../ink/rasterize.js");
const { withScratch, zeros } = await engine("../ink/scratch.js");
const { EngineClient } = await engine("../app/engine_client.js");
const { asRun, ofRuns } = await engine("../worker/runs.js");
const { fingerprint } = await engine("checksum.js");
const { nameAndHash, readTag, tagOf } = await engine("../app/model_tag.js");

const cases = json("cases.json").cases.map(({ model, golden, label }) => {
  const x = readSafetensors(bufferOf(golden)).tensors.get("x").data;
  return { model: readModel(bufferOf(model)), x, label };
});
const tiny = readModel(bufferOf("tiny.safetensors"));
const reader = readModel(bufferOf("reader.safetensors"));
const digits = json("digits.json").map(({ image, label }) => ({ x: Float32Array.from(image, (v) => v / 255), label }));
const largest = (numbers) => numbers.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
const answer = (numbers) => numbers.indexOf(Math.max(...numbers));

test("the terms behind a value sum to it, and each is found where it says", () => {
  let compared = 0;
  for (const { model, x, label } of cases) {
    const [all, random] = [trace(model, x, label), generator(1)];
    for (const layer of everyLayer(model.layers)) {
      const { shape, data } = all.get(`y.${layer.path}`);
      for (let k = 0; k < 12; k++) {
        const place = Math.floor(random() * data.length);
        const found = contribution(model, all, layer.path, indexOf(shape, place));
        assert.ok(Math.abs(found.sum - data[place]) <= 1e-4 * largest(data), `${layer.text}: ${found.sum}`);
        for (const term of found.terms) {
          const from = all.get(term.of);
          const inside = term.at.every((i, axis) => i >= 0 && i < from.shape[axis]);
          assert.equal(term.x, inside ? from.data[offsetOf(from.shape, term.at)] : 0);
        }
        compared++;
      }
    }
  }
  assert.ok(compared > 1000);
});

test("a value that there is not has no sum", () => {
  const all = forwardPass(tiny, digits[0].x);
  for (const [path, index] of [["9", [0]], ["1", [16]], ["1", [-1]], ["1", [0, 0]], ["1", [0.5]], ["", []]]) {
    assert.throws(() => contribution(tiny, all, path, index), EngineError);
  }
});

test("analytic and numeric gradients agree", () => {
  let compared = 0;
  for (const { model, x, label } of cases) {
    const [all, random] = [trace(model, x, label), generator(2)];
    for (const [name, { data, shape }] of all) {
      if (!name.startsWith("dp.") && name !== "dx") continue;
      const place = Math.floor(random() * data.length);
      const { analytic, numeric } = gradientCheck(model, x, label, name.slice(1), indexOf(shape, place));
      assert.ok(Math.abs(analytic - numeric) <= 1e-5 * (1 + Math.abs(analytic)), `${name}: ${analytic} ${numeric}`);
      assert.ok(Math.abs(analytic - data[place]) <= 1e-4 * (largest(data) + 1e-2), `${name}: ${analytic}`);
      compared++;
    }
  }
  assert.ok(compared > 200);
});

test("a gradient that there is not is not checked", () => {
  const { x } = digits[0];
  const places = [["p.1.running_mean", 0], ["y.1", 0], ["p.0.weight", 10 ** 6], ["p.0.weight", [9, 9, 9, 99]]];
  for (const [name, index] of places) {
    assert.throws(() => gradientCheck(reader, x, 3, name, index), EngineError);
  }
  assert.throws(() => gradientCheck(reader, x, 11, "x", 0), EngineError);
});

test("descent on the pixels ends when the answer is the label", () => {
  for (const [model, rate] of [[tiny, 0.02], [reader, 0.05]]) {
    for (const { x } of digits.slice(0, 3)) {
      const goal = (answer(forwardPass(model, x).get("logits").data) + 4) % 10;
      const steps = [...towards(model, x, goal, { rate })];
      assert.ok(steps.length > 1);
      assert.deepEqual(steps.map(({ done }) => done), steps.map((_, i) => i === steps.length - 1));
      const last = steps[steps.length - 1];
      assert.equal(answer(forwardPass(model, last.x).get("logits").data), goal);
      assert.deepEqual(last.probabilities, forwardPass(model, last.x).get("probabilities").data);
      assert.deepEqual(steps[0].x, x);
      for (let k = 1; k < steps.length; k++) {
        const changes = steps[k].x.map((pixel, i) => pixel - steps[k - 1].x[i]);
        assert.ok(largest(changes) <= rate + 1e-6 && largest(changes) > 0);
        assert.ok(steps[k].x.every((pixel) => pixel >= 0 && pixel <= 1));
      }
    }
  }
});

test("descent on the pixels ends at once where the answer is the label, and after as many steps as asked", () => {
  const { x } = digits[0];
  const now = answer(forwardPass(tiny, x).get("logits").data);
  assert.deepEqual([...towards(tiny, x, now)].map(({ done }) => done), [true]);
  const few = [...towards(tiny, x, (now + 1) % 10, { steps: 2, rate: 1e-5 })];
  assert.deepEqual(few.map(({ done }) => done), [false, false, false]);
});

test("a channel that is off is 0, and nothing behind it sees it", () => {
  const { x } = digits[1];
  const active = [...forwardPass(tiny, x).get("y.2").data].map((value, unit) => (value > 0 ? unit : -1));
  const units = active.filter((unit) => unit >= 0).slice(0, 2);
  const off = new Map([["2", new Set(units)]]);
  const all = trace(tiny, x, 4, { off });
  const row = (map, name, unit) => map.get(name).data.slice(unit * 16, unit * 16 + 16);
  const without = new Map([["p.3.weight", { shape: [16, 16], data: tiny.parameters.get("p.3.weight").data.slice() }]]);
  assert.equal(units.length, 2);
  for (const unit of units) {
    assert.equal(all.get("y.2").data[unit], 0);
    assert.equal(all.get("dy.2").data[unit], 0);
    assert.equal(largest(row(all, "dp.3.weight", unit)), 0);
    without.get("p.3.weight").data.fill(0, unit * 16, unit * 16 + 16);
  }
  assert.deepEqual(all.get("logits"), forwardPass(tiny, x, { parameters: without }).get("logits"));
  assert.notDeepEqual(all.get("logits"), forwardPass(tiny, x).get("logits"));
  const { analytic, numeric } = gradientCheck(tiny, x, 4, "p.1.bias", 0, 1e-5, { off });
  assert.ok(Math.abs(analytic - numeric) < 1e-7);
});

test("channels of images are off at all pixels, in images inside composites, too", () => {
  const off = new Map([["3", new Set([0, 63])]]);
  const y = forwardPass(reader, digits[0].x, { off }).get("y.3").data;
  assert.ok(y.every((value, i) => value === 0 || ![0, 63].includes(i % 64)));
  const inside = cases.find(({ model }) => model.layers.some((layer) => layer.inner.length > 0));
  const path = everyLayer(inside.model.layers).find((layer) => layer.path.includes(".")).path;
  const all = forwardPass(inside.model, inside.x, { off: new Map([[path, new Set([0])]]) });
  const { shape, data } = all.get(`y.${path}`);
  assert.ok(data.every((value, i) => i % shape[shape.length - 1] > 0 || value === 0));
});

test("an update is θ − rate · ∇θ, and makes the loss less", () => {
  const [{ x, label }, rate] = [digits[0], 0.001];
  for (const model of [tiny, reader]) {
    const all = trace(model, x, (label + 1) % 10);
    const parameters = updated(model, all, rate);
    assert.deepEqual([...parameters.keys()], [...model.parameters.keys()]);
    for (const [name, { data }] of parameters) {
      const [before, gradient] = [model.parameters.get(name).data, all.get(`d${name}`)?.data];
      assert.equal(gradient === undefined, name.includes("running"));
      assert.ok(data.every((value, i) => Math.abs(value - (before[i] - rate * (gradient?.[i] ?? 0))) < 1e-6));
    }
    const after = trace(model, x, (label + 1) % 10, { parameters });
    assert.ok(after.get("loss").data[0] < all.get("loss").data[0]);
    const twice = updated(model, after, rate);
    assert.ok(largest(twice.get("p.1.bias").data.map((v, i) => v - parameters.get("p.1.bias").data[i])) > 0);
  }
});

test("a pass forward gives what a trace gives", () => {
  for (const { model, x, label } of cases.slice(0, 20)) {
    const [forward, all] = [forwardPass(model, x), trace(model, x, label)];
    for (const [name, tensor] of forward) assert.deepEqual(tensor, all.get(name), name);
    const names = [...all.keys()].filter((name) => /^(x|y|logits|prob)/.test(name));
    assert.deepEqual([...forward.keys()].sort(), names.sort());
  }
});

test("float64 in, float64 out", () => {
  const all = trace(reader, Float64Array.from(digits[0].x), 3);
  assert.ok(["y.11", "dx", "dp.0.weight", "loss"].every((name) => all.get(name).data instanceof Float64Array));
});

test("images of another size and labels that are none are refused in a sentence", () => {
  assert.throws(() => forwardPass(tiny, new Float32Array(10)), { name: "EngineError", message: /28×28×1/ });
  for (const label of [-1, 10, 1.5, NaN, "3", undefined]) {
    assert.throws(() => trace(tiny, digits[0].x, label), { name: "EngineError", message: /from 0 to 9/ });
  }
});

test("an activation is linear in a unit whose inputs lie where its derivative is one number", () => {
  const cases = [
    ["ReLU()", -5, 0, "dead"], ["ReLU()", 0.001, 9, "always on"], ["ReLU()", -1, 1, null],
    ["LeakyReLU(0.01)", -5, 0, "only scaled"], ["LeakyReLU(0.01)", 0.5, 0.6, "always on"], ["LeakyReLU()", -1, 1, null],
    ["LeakyReLU(0.0)", -5, -1, "dead"],
    ["GELU()", -30, -3, "dead"], ["GELU()", 3, 30, "always on"], ["GELU()", -3, 0, null], ["GELU()", -1e-6, 0, null],
    ["GELU()", -0.76, -0.74, null], ["GELU()", 0.745, 0.76, null], ["GELU()", 0, 0, null], ["GELU()", 0.3, 0.3, null],
    ["ReLU()", -1e9, 1e-9, null], ["ReLU()", 0, 0, "dead"], ["ReLU()", 0.3, 0.3, "always on"],
    ["LeakyReLU(0.99)", -1, 0, "only scaled"], ["LeakyReLU(0.99)", -1, 1, null],
    ["LeakyReLU(0.01)", -0.5, -0.1, "only scaled"],
    ["GELU()", 0, 3, null], ["Dropout(0.2)", 1, 2, null], ["Linear(3)", 1, 2, null],
  ];
  for (const [text, least, largest, mark] of cases) {
    assert.equal(saturation(text, least, largest), mark, `${text} from ${least} to ${largest}`);
  }
});

test("every activation of Inkling is looked at", () => {
  assert.deepEqual(ACTIVATIONS.toSorted(), json("activations.json").toSorted());
});

test("records of examples hold the least and the largest output of each channel", () => {
  const found = new ExampleRecords(reader);
  const traces = digits.slice(0, 3).map(({ x }) => forwardPass(reader, x));
  traces.forEach((tensors) => found.add(new Uint8Array(784), tensors));
  for (const { path, outputShape } of everyLayer(reader.layers)) {
    const { largest: most, least, byExample } = found.records.get(path);
    const channels = outputShape[outputShape.length - 1];
    for (const channel of [0, channels - 1]) {
      const own = traces.map((each) => each.get(`y.${path}`).data.filter((_, i) => i % channels === channel));
      assert.deepEqual(byExample.map((each) => each[channel]), own.map((each) => Math.max(...each)));
      assert.equal(most[channel], Math.max(...own.flatMap((each) => [...each])));
      assert.equal(least[channel], Math.min(...own.flatMap((each) => [...each])));
    }
  }
  assert.deepEqual(found.probabilities[2], traces[2].get("probabilities").data);
});

test("a drawing that grows has the levels of one that is drawn at once, also where strokes come as copies", () => {
  const [next, growing] = [generator(5), new GrowingRaster()];
  const strokes = Array.from({ length: 3 }, () => Array.from({ length: 12 }, () => 280 * next()));
  for (let stroke = 0; stroke < strokes.length; stroke++) {
    for (let end = 2; end <= strokes[stroke].length; end += 2) {
      const so = structuredClone([...strokes.slice(0, stroke), strokes[stroke].slice(0, end)]);
      assert.deepEqual(growing.of(so, 20), rasterize(so, 20));
    }
  }
  assert.deepEqual(growing.of(strokes.slice(1), 20), rasterize(strokes.slice(1), 20));
});

test("scratch that is asked for within scratch is not the same memory", () => {
  withScratch(() => {
    const outer = zeros(Uint8Array, 100).fill(7);
    const inner = withScratch(() => zeros(Uint8Array, 100).fill(9));
    const later = zeros(Uint8Array, 100);
    assert.ok(outer.every((each) => each === 7) && inner.every((each) => each === 9), "neither has overwritten the other");
    assert.equal(outer.buffer, later.buffer, "scratch is still open after the inner call");
    assert.ok(later.every((each) => each === 0));
  });
  assert.throws(() => withScratch(() => { throw new Error("inside"); }), /inside/);
  assert.notEqual(zeros(Uint8Array, 8).buffer, zeros(Uint8Array, 8).buffer, "closed after an error");
});

test("arrays beyond the memory of scratch are fresh ones", () => {
  withScratch(() => {
    const [small, large, next] = [8, 2 ** 23, 8].map((length) => zeros(Uint8Array, length));
    assert.equal(small.buffer, next.buffer);
    assert.notEqual(large.buffer, small.buffer);
    assert.equal(large.length, 2 ** 23);
  });
});

test("a question to an engine that has failed is refused at once, with its failure", async () => {
  const worker = { postMessage() {} };
  const client = new EngineClient(worker);
  const asked = client.parameter("p.1.weight");
  worker.onerror({ message: "no such module" });
  await assert.rejects(asked, /no such module/);
  await assert.rejects(client.parameter("p.1.weight"), /no such module/);
  const run = new AbortController();
  await assert.rejects(client.examples([], run.signal), /no such module/);
  run.abort(); // an engine that has failed has nothing to cancel, and nothing is thrown
});

test("a run goes on until it is cancelled, and one that ends with an error is none any more", async () => {
  const steps = [];
  const cancelled = asRun(1, async (goesOn) => {
    while (await goesOn()) steps.push(steps.length);
    return "ended";
  });
  await new Promise((next) => setTimeout(next, 20));
  ofRuns.cancel({ run: 1 });
  assert.equal(await cancelled, "ended");
  assert.ok(steps.length > 0);
  await assert.rejects(asRun(2, async () => { throw new Error("inside"); }), /inside/);
  assert.equal(await asRun(2, (goesOn) => goesOn()), true);
});

test("a tag holds the name and the hash of a model, and at most 40 characters of the name", () => {
  const hash = "0123abcd";
  for (const name of ["reader", "mine.v2", "a\nb", "🖋".repeat(40)]) {
    assert.deepEqual(readTag(tagOf({ name, hash })), { tag: `${name}.${hash}`, name, hash });
  }
  const { name } = readTag(tagOf({ name: "🖋".repeat(41), hash }));
  assert.equal(name, `${"🖋".repeat(39)}…`);
  assert.equal(nameAndHash({ name, hash }), `${name} (${hash})`);
  for (const none of [null, "", "reader", "reader.0123ABCD", `${"x".repeat(41)}.${hash}`]) assert.equal(readTag(none), null);
});

test("models that differ in anything that decides their answers have different hashes", () => {
  const about = { network: ["Linear(2)"], inputShape: [28, 28, 1], classNames: ["a", "b"], temperature: 1 };
  const tensors = (value) => new Map([["parameters", { shape: [2], data: Float32Array.of(1, value) }]]);
  const others = [
    { network: ["Linear(2)", "ReLU()"] }, { inputShape: [14, 56, 1] }, { classNames: ["b", "a"] },
    { classNames: ["a,b"] }, { temperature: 2 },
  ];
  const hashes = others.map((other) => fingerprint({ ...about, ...other }, tensors(2)));
  const all = [...hashes, fingerprint(about, tensors(2)), fingerprint(about, tensors(3))];
  assert.equal(new Set(all).size, all.length);
  assert.equal(fingerprint(about, tensors(2)), fingerprint(structuredClone(about), tensors(2)));
  assert.match(all.join(""), /^[0-9a-f]{56}$/);
});
