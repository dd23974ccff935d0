// The file in which scenarios travel: read by the rules, and refused in the words, of Python's
// carelab.study.many.scenario_files.

import { stripped } from "./scenario_text.js";

const FORMAT = "carelab-scenarios";
const VERSION = 1;
const MOST_BYTES = 1_000_000;
const MOST_ENTRIES = 2000;
/** How many characters a text of a scenario may have. */
export const LONGEST = { name: 200, note: 4000, author: 200, text: 4000 };

/** What is written to a file that a student keeps or hands in. */
export function exportFile(version, scenarios, predictions = [], answers = [], author = "") {
  return JSON.stringify(
    {
      format: FORMAT,
      version: VERSION,
      model_version: version,
      scenarios: scenarios.map(({ name, note, text }) => ({ name, note, author, text })),
      predictions,
      answers,
    },
    null,
    2,
  );
}

function shown(value, most) {
  if (value === undefined || value === null) return "none";
  return [...(typeof value === "string" ? value : JSON.stringify(value))].slice(0, most).join("");
}

const thousands = (number) => number.toLocaleString("en");

/** What is wrong with the file as a whole: [key of a word, its values]; else {data}. */
function contentOf(bytes, name, model) {
  const refuse = (key, values = {}) => ({ problem: [`lab.file_${key}`, { name, ...values }] });
  if (bytes.length > MOST_BYTES) return refuse("large", { most: thousands(MOST_BYTES) });
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("encoding");
  }
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return refuse("json");
  }
  if (data?.format !== FORMAT) return refuse("foreign");
  if (data.version !== VERSION) return refuse("version", { version: shown(data.version, 20), ours: VERSION });
  if (data.model_version !== model) return refuse("model", { version: shown(data.model_version, 20), ours: model });
  return { data };
}

/** A text of an entry, or why it is none: [key of a word, its values]. */
function textOf(entry, field) {
  const value = Object.hasOwn(entry, field) ? (entry[field] ?? "") : "";
  if (typeof value !== "string") return { why: ["lab.file_text", { field, shown: shown(value, 40) }] };
  const count = [...value].length;
  if (count > LONGEST[field]) {
    return { why: ["lab.file_long", { field, count: thousands(count), most: thousands(LONGEST[field]) }] };
  }
  // Signs that no text has, and halves of signs.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/u.test(value)) return { why: ["lab.file_character", { field }] };
  return { text: stripped(value) };
}

function entryOf(entry, readText) {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return { why: ["lab.file_object", { names: "name, note, author and text" }] };
  }
  const parts = {};
  for (const field of ["name", "author", "note", "text"]) {
    const { why, text } = textOf(entry, field);
    if (why) return { why };
    parts[field] = text;
  }
  if (!readText(parts.text).scenario) return { why: ["lab.file_cannot_run", { text: shown(parts.text, 60) }] };
  return { scenario: { name: parts.name, note: parts.note, text: parts.text } };
}

/**
 * Read the bytes of such a file. Returns {problem}, a sentence why nothing was read, or the
 * {scenarios} that can be used, how many were {refused}, and {told}, a sentence for each of these.
 */
export function importFile(bytes, { name, model, readText, t }) {
  const { problem, data } = contentOf(bytes, name, model);
  if (problem) return { problem: t(...problem) };
  const part = "scenarios";
  const given = data[part] === undefined ? [] : data[part];
  if (!Array.isArray(given)) return { scenarios: [], refused: 0, told: [t("lab.file_list", { part })] };
  const told = [];
  if (given.length > MOST_ENTRIES) {
    told.push(t("lab.file_many", { part, count: thousands(given.length), most: thousands(MOST_ENTRIES) }));
  }
  const scenarios = [];
  given.slice(0, MOST_ENTRIES).forEach((entry, index) => {
    const { why, scenario } = entryOf(entry, readText);
    if (scenario) scenarios.push(scenario);
    else told.push(t("lab.file_entry", { number: index + 1, part, why: t(...why) }));
  });
  return { scenarios, refused: given.length - scenarios.length, told };
}
