/** Files and notations that are wrong: the engine answers in a sentence, soon, whatever they hold. */
import assert from "node:assert/strict";
import test from "node:test";

import { bufferOf, engine, generator, json } from "./files.mjs";

const [{ readModel }, { readSafetensors }, { forwardPass }, { parseCall }, { buildNetwork }, { EngineError }] =
  await Promise.all(
    ["model.js", "safetensors.js", "trace.js", "notation.js", "network.js", "errors.js"].map(engine),
  );
const MOST_MS = 1000;

/** What comes of a call: its result, or the message of its EngineError. Any other error fails the test. */
function outcome(call) {
  const start = performance.now();
  try {
    return { result: call() };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    assert.match(error.message, /^\S.{10,400}[^.\n]$/s);
    return { message: error.message };
  } finally {
    assert.ok(performance.now() - start < MOST_MS);
  }
}

test("networks that cannot be built, as in Python, say why", () => {
  const mistakes = json("mistakes.json");
  for (const { texts, shape } of mistakes) {
    const { message } = outcome(() => buildNetwork(texts.map(parseCall), shape));
    assert.ok(message, `${texts.join(" ").slice(0, 80)} was built`);
  }
  assert.ok(mistakes.length > 30);
});

test("every notation that Python writes or reads is read as the same", () => {
  for (const { texts, shape, shapes } of json("notations.json")) {
    const { layers, unknown } = buildNetwork(texts.map(parseCall), shape);
    assert.deepEqual(layers.map((layer) => layer.outputShape), shapes);
    assert.deepEqual(unknown, []);
  }
});

test("arguments are all there, defaults included", () => {
  const { layers } = buildNetwork(["Conv2d(4, 3, padding=1)", " MaxPool2d( 2 )"].map(parseCall), [8, 8, 1]);
  const conv = { out_channels: 4, kernel_size: 3, stride: 1, padding: 1, bias: true, init: "KaimingNormal()" };
  assert.deepEqual(layers[0].args, conv);
  assert.deepEqual(layers[1].args, { kernel_size: 2, stride: null });
  assert.equal(layers[1].text, "MaxPool2d( 2 )");
});

test("a layer that is not known is listed, and passes name it", () => {
  const model = readModel(bufferOf("unknown.safetensors"));
  assert.deepEqual(model.unknown, [{ path: "2", name: "Swish" }, { path: "3.0", name: "Swish" }]);
  assert.deepEqual(model.layers[2].args, { beta: -0.5, how: "wild" });
  assert.deepEqual(model.layers.map((layer) => layer.outputShape), [[784], [12], [], [], []]);
  assert.equal(model.layers[2].text, "Swish(beta=-0.5, how='wild')");
  const x = new Float32Array(784);
  assert.throws(() => forwardPass(model, x), { name: "UnknownLayerError", message: /Swish \(layer 2\)/ });
});

test("names of classes, input shape, temperature and metadata beyond ASCII are read", () => {
  const model = readModel(bufferOf("letters.safetensors"));
  assert.deepEqual(model.classNames, ["ä", "🖋", "c"]);
  assert.deepEqual(model.inputShape, [5, 6, 1]);
  assert.equal(model.temperature, 0.5);
  assert.equal(model.knowsNonDigits, true);
  assert.equal(model.metadata.note, "Grüße 🖋 \u007f \"crc32\": 1, ");
  assert.ok(!("crc32" in model.metadata));
});

test("files that are no models say so", () => {
  for (const name of json("foreign.json")) assert.ok(outcome(() => readModel(bufferOf(name))).message, name);
});

test("a file that was cut off is damaged", () => {
  const whole = bufferOf("tiny.safetensors");
  for (let length = 0; length < whole.byteLength; length += length < 2000 ? 97 : 5003) {
    assert.ok(outcome(() => readModel(whole.slice(0, length))).message, `${length} bytes`);
  }
});

test("a file with other bytes is damaged, or says the same", () => {
  const [random, whole] = [generator(7), bufferOf("tiny.safetensors")];
  const before = readModel(whole);
  let refused = 0;
  for (let k = 0; k < 400; k++) {
    const changed = new Uint8Array(whole.slice(0));
    const place = Math.floor(random() * (k % 2 ? changed.length : 1600)); // each second one in the header
    changed[place] ^= 1 + Math.floor(random() * 255);
    const { result, message } = outcome(() => readModel(changed.buffer));
    if (message) refused++;
    else assert.deepEqual(result.parameters, before.parameters);
  }
  assert.ok(refused > 390);
});

test("tensors of other types of numbers are read", () => {
  const { tensors, metadata } = readSafetensors(bufferOf("types.safetensors"));
  assert.deepEqual([...tensors.get("bytes").data], [1, 255]);
  assert.deepEqual([...tensors.get("whole").data], [-1, 7]);
  assert.deepEqual([...tensors.get("long").data], [-1, 7]);
  assert.deepEqual([...tensors.get("double").data], [0.1, -0.1]);
  assert.deepEqual(tensors.get("empty"), { shape: [0, 3], data: new Float32Array(0) });
  assert.deepEqual(metadata, { about: "types" });
});
