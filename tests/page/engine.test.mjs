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
