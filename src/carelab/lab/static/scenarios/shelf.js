// Pinned scenarios, kept in the browser when it allows.

import { LONGEST } from "./scenario_file.js";

/**
 * Storage that never throws: `keep` says whether the browser kept it, `watch` hears what another
 * window of the browser keeps under the same name.
 */
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
    watch(key, listener) {
      // A name of null: the whole store was emptied.
      const heard = (event) => (event.key === key || event.key === null) && listener();
      globalThis.addEventListener?.("storage", heard);
      return () => globalThis.removeEventListener?.("storage", heard);
    },
  };
}

/** Entries of a list in the store, whatever another program wrote there. */
export function storedList(storage, key) {
  const stored = storage.read(key);
  return Array.isArray(stored) ? stored : [];
}

const textOf = (value, field) => (typeof value === "string" ? value.slice(0, LONGEST[field]) : "");

/** A name that no other window gives. */
function freshId() {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
}

/**
 * The pinned scenarios of one lab; `readText` checks a scenario text. The store is shared with other
 * windows: it is read before each change, and only what the reader changed here is changed in it.
 */
export function createShelf(storage, key, readText) {
  // What cannot be run here is kept for the day when it can: its case or its version may come back.
  let waiting = [];
  let items = [];
  let kept = true;
  const deleted = new Set();
  const listeners = new Set();
  take(load());

  /** What the store holds: {sound, waiting}. */
  function load() {
    const found = { sound: [], waiting: [] };
    const seen = new Set();
    for (const [index, each] of storedList(storage, key).entries()) {
      if (typeof each?.text !== "string") continue;
      const { scenario, problem } = readText(each.text);
      if (!scenario) {
        found.waiting.push({ entry: each, problem });
        continue;
      }
      // Early versions numbered the pins of each window; other programs may give no number.
      let id = String(each.id ?? `at ${index}`);
      if (seen.has(id)) id = `at ${index}`;
      seen.add(id);
      found.sound.push({ id, name: textOf(each.name, "name"), note: textOf(each.note, "note"), text: each.text, shown: each.shown !== false });
    }
    return found;
  }

  function take(stored) {
    waiting = stored.waiting;
    // What the browser did not keep lives in this window alone.
    if (kept) items = stored.sound;
    else {
      const mine = new Map(items.map((each) => [each.id, each]));
      const others = stored.sound.filter(({ id }) => !mine.has(id) && !deleted.has(id));
      items = [...others, ...items];
    }
  }

  function edit(change) {
    take(load());
    items = change(items);
    kept = storage.keep(key, [...items, ...waiting.map(({ entry }) => entry)]);
    tell();
  }

  function tell() {
    for (const listener of listeners) listener(items);
  }

  function addAll(list) {
    const added = list.map(({ name, text, note = "" }) => {
      return { id: freshId(), name: textOf(name, "name"), note: textOf(note, "note"), text, shown: true };
    });
    edit((all) => [...all, ...added]);
    return added;
  }

  const change = (id, changes) =>
    edit((all) => all.map((each) => (each.id === id ? { ...each, ...changes } : each)));
  const count = (wanted) => waiting.filter(({ problem }) => wanted(problem)).length;

  return {
    items: () => items,
    /** How many wait: for a case of one's own, for the model version of their making, or neither. */
    waiting: () => count((problem) => problem === "preset"),
    old: () => count((problem) => problem === "version"),
    unread: () => count((problem) => problem !== "preset" && problem !== "version"),
    kept: () => kept,
    add: (name, text, note = "") => addAll([{ name, text, note }])[0],
    addAll,
    rename: (id, name) => change(id, { name: textOf(name, "name") }),
    annotate: (id, note) => change(id, { note: textOf(note, "note") }),
    show: (id, shown) => change(id, { shown }),
    /** Take one away: returns what `restore` puts back where it was. */
    remove(id) {
      const lost = {};
      edit((all) => {
        // As another window may have left it.
        lost.place = all.findIndex((each) => each.id === id);
        lost.item = all[lost.place];
        return all.filter((each) => each.id !== id);
      });
      deleted.add(id);
      return lost;
    },
    restore({ item, place }) {
      if (!item) return;
      deleted.delete(item.id);
      edit((all) => [...all.slice(0, place), item, ...all.slice(place)]);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Hear of other windows, until the function returned is called. */
    follow: () =>
      storage.watch(key, () => {
        take(load());
        tell();
      }),
  };
}

/** A list to which a reader only adds, such as predictions; other windows add to it, too. */
export function createLog(storage, key) {
  let mine = [];
  const all = () => {
    const stored = storedList(storage, key);
    const known = new Set(stored.map((each) => JSON.stringify(each)));
    return [...stored, ...mine.filter((each) => !known.has(JSON.stringify(each)))];
  };
  return {
    all,
    /** Add entries: whether the browser kept them. */
    add(entries) {
      mine = [...mine, ...entries];
      const kept = storage.keep(key, all());
      if (kept) mine = [];
      return kept;
    },
  };
}
