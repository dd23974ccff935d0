// Put every mutant that Stryker knows into some files, each asleep until an environment variable
// names it; print what they are. Called by tests/page_mutants.py, in a copy of the project.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [tools, ...names] = process.argv.slice(2);
const found = createRequire(`${tools}/`).resolve("@stryker-mutator/instrumenter");
const { Instrumenter } = await import(pathToFileURL(found));
const silent = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
const files = names.map((name) => ({ name, mutate: true, content: readFileSync(name, "utf8") }));
const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };
const result = await new Instrumenter(silent).instrument(files, options);
for (const { name, content } of result.files) writeFileSync(name, content);
process.stdout.write(JSON.stringify(result.mutants));
