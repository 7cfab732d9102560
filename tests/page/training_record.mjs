// Prints what a page keeps of a training: node training_record.mjs ENGINE '[{"kind": "state", "data": {}}, …]'

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [engine, events] = process.argv.slice(2);
const { TrainingRecord } = await import(pathToFileURL(join(engine, "../app/training/record.js")).href);
const record = new TrainingRecord();
for (const event of JSON.parse(events)) record.hear({ id: "", ...event });
const { state, sentence, run, epochs, rates } = record;
console.log(JSON.stringify({ state, sentence, run, epochs, rates, insides: record.shownEpochs() }));
