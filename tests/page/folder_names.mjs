// Prints the folders that names of classes become: node folder_names.mjs ENGINE '["a", "b"]'

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [engine, names] = process.argv.slice(2);
const { folderNames } = await import(pathToFileURL(join(engine, "../app/collect/collected_files.js")).href);
console.log(JSON.stringify(folderNames(JSON.parse(names))));
