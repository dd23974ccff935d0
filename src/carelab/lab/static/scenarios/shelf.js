// Pinned scenarios and given answers, kept in the browser when it allows, and in files.

const FORMAT = "carelab-scenarios";
const MOST_CHARACTERS = 2_000_000;

/** Storage that never throws: `keep` says whether the browser kept it. */
export function safeStorage(find = () => window.localStorage) {
  return {
    read(key) {
      try {
        return JSON.parse(find().getItem(key) ?? "null");
      } catch {
        return null;
      }
    },
    keep(key, value) {
      try {
        find().setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** The pinned scenarios of one lab; `readText` checks a scenario text. */
export function createShelf(storage, key, readText) {
  // What cannot be run here is kept for the day when it can: its case may come back.
  const [sound, waiting, old] = sorted(storage.read(key));
  let items = clean(sound);
  let kept = true;
  let next = items.reduce((most, each) => Math.max(most, each.id), 0) + 1;
  const listeners = new Set();

  function sorted(stored) {
    const texts = (Array.isArray(stored) ? stored : []).filter((each) => typeof each?.text === "string");
    const found = texts.map((each) => readText(each.text));
    const pick = (wanted) => texts.filter((_, index) => wanted(found[index]));
    const later = ({ problem }) => problem === "preset" || problem === "version";
    return [pick((each) => each.scenario), pick(later), found.filter(({ problem }) => problem === "version").length];
  }

  function clean(stored) {
    return stored.map((each, index) => ({
      id: index + 1,
      name: String(each.name ?? "").slice(0, 80),
      note: String(each.note ?? "").slice(0, 500),
      text: each.text,
      shown: each.shown !== false,
    }));
  }

  function replace(list) {
    items = list;
    kept = storage.keep(key, [...items, ...waiting]);
    for (const listener of listeners) listener(items);
  }

  function addAll(list) {
    const added = list.map(({ name, text, note = "" }, index) => {
      return { id: next + index, name: name.slice(0, 80), note, text, shown: true };
    });
    next += added.length;
    replace([...items, ...added]);
    return added;
  }

  const change = (id, changes) =>
    replace(items.map((each) => (each.id === id ? { ...each, ...changes } : each)));

  return {
    items: () => items,
    /** How many wait for a case of one's own, and for the model version that they were made with. */
    waiting: () => waiting.length - old,
    old: () => old,
    kept: () => kept,
    add: (name, text, note = "") => addAll([{ name, text, note }])[0],
    addAll,
    rename: (id, name) => change(id, { name: name.slice(0, 80) }),
    annotate: (id, note) => change(id, { note: note.slice(0, 500) }),
    show: (id, shown) => change(id, { shown }),
    remove: (id) => replace(items.filter((each) => each.id !== id)),
    /** Put back a list as it was. */
    restore: replace,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What is written to a file that a student keeps or hands in. */
export function exportFile(version, scenarios, predictions = [], answers = [], author = "") {
  return JSON.stringify(
    {
      format: FORMAT,
      version: 1,
      model_version: version,
      scenarios: scenarios.map(({ name, note, text }) => ({ name, note, author, text })),
      predictions,
      answers,
    },
    null,
    2,
  );
}

/** Read such a file: the scenarios that are sound, how many were refused, or a problem. */
export function importFile(content, readText) {
  if (content.length > MOST_CHARACTERS) return { problem: "large" };
  let data;
  try {
    data = JSON.parse(content);
  } catch {
    return { problem: "form" };
  }
  if (data?.format !== FORMAT || !Array.isArray(data.scenarios)) return { problem: "form" };
  const sound = data.scenarios.filter(
    (each) => typeof each?.text === "string" && readText(each.text).scenario,
  );
  return {
    scenarios: sound.map((each) => ({
      name: String(each.name ?? "").slice(0, 80),
      note: String(each.note ?? "").slice(0, 500),
      text: each.text,
    })),
    refused: data.scenarios.length - sound.length,
  };
}
