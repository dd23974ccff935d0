// Facts about the lab of the care economy that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { fewLevers, lines, tellingLinks } = await import(`${folder}views/causal_map.js`);
const { changedLevers, createDesk, same } = await import(`${folder}scenarios/desk.js`);
const { csvText, fileName } = await import(`${folder}kit/downloads.js`);
const { layoutFlows, moneyAmounts } = await import(`${folder}views/money_flow.js`);
const { createEngine } = await import(`${folder}analysis/model.js`);
const { judge } = await import(`${folder}views/predict.js`);
const { withOwnCases } = await import(`${folder}scenarios/own_cases.js`);
const { namedSteps, withPath } = await import(`${folder}views/reasons.js`);
const { linkHash, pythonCell, readScenario, scenarioText, textFromHash } = await import(
  `${folder}scenarios/scenario_text.js`
);
const { createLog, createShelf, safeStorage } = await import(`${folder}scenarios/shelf.js`);
const { exportFile, importFile } = await import(`${folder}scenarios/scenario_file.js`);
const { changeSize } = await import(`${folder}kit/format.js`);
const { createSpeaker } = await import(`${folder}kit/speaker.js`);
const sizes = { bit: 0.01, much: 0.1 };
const { scaleOf, shownPair } = await import(`${folder}views/results.js`);
const { certainty } = await import(`${folder}views/tiles.js`);
const { crossing } = await import(`${folder}analysis/thresholds.js`);
const { openDomain } = await import(`${folder}views/time_chart.js`);

// A model of one stock and two levers stands in for the care economy.
const economy = {
  version: "2",
  clock: ["month", "year_end"],
  inputs: ["rate", "push"],
  stocks: ["level"],
  flows: ["growth", "next_level"],
  levers: ["rate", "push"],
  years: 3,
  places: {
    here: { fixed: {}, stocks: [1], ticks: { year_end: [11, 23, 35] }, baseline: "calm" },
    there: { fixed: {}, stocks: [2], ticks: { year_end: [11, 23, 35] }, baseline: "calm" },
  },
  presets: { calm: { rate: 0, push: 0 }, brisk: { rate: 0.1, push: 1 } },
  run(inputs, stocks, ticks, periods, out) {
    let level = stocks[0];
    for (let m = 0; m < periods; m += 1) {
      const growth = inputs[0] + inputs[1] * ticks[m * 2 + 1];
      level += growth;
      out[m * 2] = growth;
      out[m * 2 + 1] = level;
    }
  },
};
const ranges = {
  rate: { name: "rate", label: "Rate", low: 0, high: 1, step: 0.05 },
  push: { name: "push", label: "Push", low: 0, high: 10, step: 0.5 },
};
const calm = { context: "here", preset: "calm", levers: { rate: 0, push: 0 } };
const desk = () => createDesk(calm, economy, ranges, (run) => run());
const read = (text) => readScenario(text, economy, ranges);

test("a year is the mean of its months, and a stock is read where the year ends", () => {
  const engine = createEngine(economy);
  const run = engine.run("here", { rate: 0.5, push: 6 }, 2);
  assert.equal(engine.yearValue(run, "growth", 0), 1);
  assert.equal(engine.yearValue(run, "next_level", 0), 13);
  assert.deepEqual([...engine.yearly(run, "next_level")], [13, 25]);
  assert.throws(() => engine.run("nowhere", {}, 1), /nowhere/);
  assert.throws(() => engine.yearValue(run, "weather", 0), /weather/);
});

test("the desk keeps levers inside their range and passes over what it does not know", () => {
  const one = desk();
  assert.equal(one.assign({ rate: 7, weather: 3, push: Number.NaN }), true);
  assert.deepEqual(one.values(), { rate: 1, push: 0 });
  assert.equal(one.assign({ rate: 1 }), false);
});

test("a drag is one step of undo, and every step can be gone back and forth", () => {
  const one = desk();
  for (const rate of [0.1, 0.2, 0.3]) one.assign({ rate });
  one.settle();
  one.assign({ push: 4 });
  one.settle();
  assert.equal(one.undo(), true);
  assert.deepEqual(one.values(), { rate: 0.3, push: 0 });
  one.undo();
  assert.deepEqual(one.values(), calm.levers);
  assert.equal(one.undo(), false);
  one.redo();
  one.redo();
  assert.deepEqual(one.values(), { rate: 0.3, push: 4 });
  assert.equal(one.redo(), false);
});

test("a change after going back forgets what was ahead", () => {
  const one = desk();
  one.assign({ rate: 0.5 });
  one.settle();
  one.undo();
  one.assign({ push: 2 });
  assert.equal(one.canRedo(), false);
});

test("a preset, another place, one lever and all levers can be set in one step each", () => {
  const one = desk();
  one.preset("brisk");
  one.place("there");
  assert.deepEqual(one.current(), { context: "there", preset: "brisk", levers: economy.presets.brisk });
  one.assign({ rate: 0.9 });
  one.reset("rate");
  assert.equal(one.values().rate, 0.1);
  one.reset();
  assert.ok(same(one.current(), calm));
  assert.equal(calm.levers.rate, 0);
});

test("listeners hear once a frame, however much is set", () => {
  const frames = [];
  const one = createDesk(calm, economy, ranges, (run) => frames.push(run));
  let heard = 0;
  one.listen(() => (heard += 1));
  one.assign({ rate: 0.1 });
  one.assign({ rate: 0.2 });
  assert.equal(frames.length, 1);
  frames.forEach((run) => run());
  assert.equal(heard, 1);
});

test("a scenario's text leads back to it, and names only what differs from the preset", () => {
  const scenario = { context: "there", preset: "brisk", levers: { rate: 0.1, push: 2.5 } };
  const text = scenarioText(scenario, economy);
  assert.equal(text, "carelab/2/there/brisk/push=2.5");
  assert.deepEqual(read(text).scenario, scenario);
  const both = { ...scenario, levers: { rate: 0.2, push: 2.5 } };
  assert.equal(scenarioText(both, economy), "carelab/2/there/brisk/rate=0.2;push=2.5");
  assert.deepEqual(read(scenarioText(both, economy)).scenario, both);
  assert.deepEqual(textFromHash(linkHash(2, text), 2), text);
  assert.equal(textFromHash(linkHash(2, text), 1), null);
  assert.equal(textFromHash("#the-lab", 1), null);
});

test("a broken link says what is wrong with it", () => {
  const problems = {
    "": "form",
    "carelab/2/here": "form",
    "carelab/0/here/calm": "version",
    "carelab/2/mars/calm": "place",
    "carelab/2/constructor/calm": "place",
    "carelab/2/here/__proto__": "preset",
    "carelab/2/here/calm/weather=1": "lever",
    "carelab/2/here/calm/toString=1": "lever",
    "carelab/2/here/calm/rate=2": "value",
    "carelab/2/here/calm/rate=": "value",
    "carelab/2/here/calm/rate=NaN": "value",
    "carelab/2/here/calm/rate=0x1": "value",
    "carelab/2/here/calm/rate": "value",
  };
  for (const [text, problem] of Object.entries(problems)) {
    assert.equal(read(text).problem ?? null, problem, text);
  }
  assert.equal(textFromHash("#lab=%E0%A4%A", 1), "%E0%A4%A");
});

test("the copied cell names preset and changes", () => {
  const cell = pythonCell({ context: "here", preset: "calm", levers: { rate: 0.25, push: 0 } }, economy, ["growth"], 3);
  assert.match(cell, /Scenario\("here", "calm", \{\n {4}"rate": 0\.25,\n\}\)/);
  assert.match(cell, /yearly_outcomes\(scenario, \["growth"\], years=3\)/);
});

test("pinned scenarios are kept, and a browser that keeps nothing is noticed", () => {
  const box = new Map();
  const storage = { getItem: (key) => box.get(key) ?? null, setItem: (key, value) => box.set(key, value) };
  const shelf = createShelf(safeStorage(() => storage), "k", read);
  const item = shelf.add("First", "carelab/2/here/calm");
  shelf.rename(item.id, "Renamed");
  shelf.add("Second", "carelab/2/there/brisk");
  const again = createShelf(safeStorage(() => storage), "k", read);
  assert.deepEqual(again.items().map((each) => each.name), ["Renamed", "Second"]);
  again.remove(again.items()[0].id);
  assert.equal(again.items().length, 1);
  assert.equal(again.kept(), true);
  const blocked = createShelf(safeStorage(() => { throw new Error("denied"); }), "k", read);
  blocked.add("Kept in memory", "carelab/2/here/calm");
  assert.equal(blocked.kept(), false);
  assert.equal(blocked.items().length, 1);
});

test("what another program wrote into the browser's store is passed over", () => {
  for (const stored of ['{"a":1}', '[{"text":"nonsense"},7,null]', "not json", "null"]) {
    const shelf = createShelf(safeStorage(() => ({ getItem: () => stored, setItem() {} })), "k", read);
    assert.deepEqual(shelf.items(), []);
  }
});

test("a pin whose case is not here waits in the store, and nothing else of it is lost", () => {
  const stored = [{ name: "Mine", text: "carelab/2/here/mine" }, { name: "Calm", text: "carelab/2/here/calm" }];
  const box = { k: JSON.stringify(stored) };
  const storage = { getItem: (key) => box[key] ?? null, setItem: (key, value) => (box[key] = value) };
  const shelf = createShelf(safeStorage(() => storage), "k", read);
  assert.deepEqual(shelf.items().map((each) => each.name), ["Calm"]);
  assert.equal(shelf.waiting(), 1);
  shelf.rename(shelf.items()[0].id, "Still");
  const own = { presets: { mine: { label: "Mine", values: { rate: 0.5, push: 2 }, why: {} } } };
  const home = withOwnCases({ economy, registry: { presets: {} } }, own);
  const readHome = (text) => readScenario(text, home.economy, ranges);
  const again = createShelf(safeStorage(() => storage), "k", readHome);
  assert.deepEqual(again.items().map((each) => each.name), ["Still", "Mine"]);
  assert.equal(again.waiting(), 0);
});

/** A store as two windows of a browser share it; `full` refuses to keep more. */
function sharedStore() {
  const box = new Map();
  const store = { full: false, getItem: (key) => box.get(key) ?? null };
  store.setItem = (key, value) => {
    if (store.full) throw new Error("full");
    box.set(key, value);
  };
  return store;
}

test("two windows that pin, rename and delete lose nothing of each other", () => {
  const store = sharedStore();
  const open = () => createShelf(safeStorage(() => store), "k", read);
  const names = (shelf) => shelf.items().map((each) => each.name);
  const [one, other] = [open(), open()];
  const first = one.add("One", "carelab/2/here/calm");
  other.add("Other", "carelab/2/here/brisk");
  assert.deepEqual(names(other), ["One", "Other"]);
  one.rename(first.id, "First");
  assert.deepEqual(names(one), ["First", "Other"]);
  const lost = other.remove(first.id);
  one.add("Third", "carelab/2/there/calm");
  assert.deepEqual(names(one), ["Other", "Third"]);
  other.restore(lost);
  assert.deepEqual(names(open()), ["First", "Other", "Third"]);
});

test("what a full store does not keep stays in its window and is kept when there is room", () => {
  const store = sharedStore();
  const open = () => createShelf(safeStorage(() => store), "k", read);
  const [one, other] = [open(), open()];
  const first = one.add("First", "carelab/2/here/calm");
  store.full = true;
  one.rename(first.id, "Renamed");
  const gone = one.add("Gone", "carelab/2/here/calm");
  one.remove(gone.id);
  one.add("Second", "carelab/2/here/brisk");
  assert.equal(one.kept(), false);
  store.full = false;
  other.add("Other", "carelab/2/there/calm");
  one.show(first.id, false);
  assert.equal(one.kept(), true);
  assert.deepEqual(open().items().map((each) => each.name), ["Other", "Renamed", "Second"]);
});

test("pins that no version here can read stay in the store, whatever is wrong with them", () => {
  const texts = ["carelab/0/here/calm", "carelab/2/here/mine", "carelab/2/here/calm/rate=7", "carelab/2/mars/calm"];
  const stored = JSON.stringify(texts.map((text) => ({ name: text, text })));
  const box = { k: stored };
  const storage = { getItem: (key) => box[key] ?? null, setItem: (key, value) => (box[key] = value) };
  const shelf = createShelf(safeStorage(() => storage), "k", read);
  assert.deepEqual([shelf.items().length, shelf.old(), shelf.waiting(), shelf.unread()], [0, 1, 1, 2]);
  shelf.add("New", "carelab/2/here/calm");
  assert.deepEqual(JSON.parse(box.k).slice(1), JSON.parse(stored));
});

test("predictions of two windows stand side by side, and a full store loses none of a window", () => {
  const store = sharedStore();
  const open = () => createLog(safeStorage(() => store), "k");
  const [one, other] = [open(), open()];
  assert.equal(one.add([{ outcome: "a" }]), true);
  other.add([{ outcome: "b" }]);
  store.full = true;
  assert.equal(one.add([{ outcome: "c" }]), false);
  assert.deepEqual(one.all().map((each) => each.outcome), ["a", "b", "c"]);
  store.full = false;
  one.add([{ outcome: "d" }]);
  assert.deepEqual(open().all().map((each) => each.outcome), ["a", "b", "c", "d"]);
});

test("own cases stand beside the presets of the course and never in their place", () => {
  const why = { rate: { class: "assumed", source: "your own case" } };
  const known = { known: 0, count: 1 };
  const own = { presets: { mine: { label: "Mine", values: { rate: 0.5, push: 2 }, why, known }, calm: { label: "Taken", values: { rate: 1, push: 1 }, why } } };
  const registry = { presets: { calm: { label: "Calm" }, brisk: { label: "Brisk" } } };
  const world = withOwnCases({ economy, registry }, own);
  assert.deepEqual(Object.keys(world.economy.presets), ["calm", "brisk", "mine"]);
  assert.equal(world.registry.presets.calm.label, "Calm");
  assert.deepEqual(world.registry.presets.mine, { label: "Mine", why, known, misses: [] });
  assert.deepEqual(Object.keys(economy.presets), ["calm", "brisk"]);
  assert.equal(withOwnCases({ economy, registry }, undefined).economy, economy);
});

test("an exported file can be imported; sound scenarios are kept and others counted", () => {
  const content = exportFile("2", [{ name: "One", note: "why", text: "carelab/2/here/brisk" }], [], [], "Li");
  const reading = { name: "a.json", model: "2", readText: read, t: (key) => key };
  const found = importFile(new TextEncoder().encode(content), reading);
  assert.deepEqual(found.scenarios, [{ name: "One", note: "why", text: "carelab/2/here/brisk" }]);
  assert.equal(found.refused, 0);
  const broken = JSON.parse(content);
  broken.scenarios.push({ name: "Old", text: "carelab/0/here/calm" }, "x");
  const partly = importFile(new TextEncoder().encode(JSON.stringify(broken)), reading);
  assert.deepEqual([partly.scenarios.length, partly.refused, partly.told.length], [1, 2, 2]);
});

test("a cell that a spreadsheet would run is made harmless", () => {
  const text = csvText([["=1+1", "+x", "-2.5", "-cmd", "@a", 'say "hi", you', "\ttab"]]);
  assert.equal(text, `\ufeff'=1+1,'+x,-2.5,'-cmd,'@a,"say ""hi"", you",'\ttab\r\n`);
  assert.equal(fileName("../../Reach of: prevention/覆盖", "csv"), "Reach-of-prevention-覆盖.csv");
  assert.equal(fileName("***", "png"), "carelab.png");
});

test("a prediction is right, right in direction, or wrong", () => {
  assert.equal(changeSize(0.5, 0.2, sizes), "up_much");
  assert.equal(changeSize(0.205, 0.2, sizes), "up_bit");
  assert.equal(changeSize(0.2001, 0.2, sizes), "same");
  assert.equal(changeSize(-5, -1, sizes), "down_much");
  assert.equal(judge("up_much", "up_much"), "right");
  assert.equal(judge("up_bit", "up_much"), "direction");
  assert.equal(judge("down_bit", "up_bit"), "wrong");
  assert.equal(judge("same", "same"), "right");
  assert.equal(judge("same", "up_bit"), "wrong");
});

test("a threshold is found where a gain changes its sign, and nowhere else", () => {
  assert.ok(Math.abs(crossing((x) => x - 0.37, { low: 0, high: 1 }) - 0.37) < 1e-4);
  assert.ok(Math.abs(crossing((x) => 0.8 - x, { low: 0, high: 1 }) - 0.8) < 1e-4);
  assert.equal(crossing(() => 1, { low: 0, high: 1 }), null);
});

test("an axis has room, and a trifle does not look like a leap", () => {
  const [low, high] = openDomain([0.5, 0.501], "share");
  assert.ok(high - low >= 0.08);
  assert.equal(openDomain([0.01, 0.02], "share")[0], 0);
  const [below] = openDomain([-10, 10], "money");
  assert.ok(below < -10);
  assert.deepEqual(openDomain([Number.NaN], "money"), [0, 1]);
});

test("money is summed with its sign, and what leaves a box fits into it", () => {
  const known = { a: 5, b: 2, "inputs.c": 3 };
  const monthly = (names) => names.reduce((product, name) => product * known[name], 1);
  const [first, second] = moneyAmounts(
    [["insurer", "hospital", ["a", "-b*inputs.c"]], ["insurer", "primary", ["b"]]], monthly);
  assert.equal(first.amount, -1);
  assert.equal(second.amount, 2);
  const { boxes, ribbons } = layoutFlows([{ ...first, amount: 8 }, second], 600, 300);
  const insurer = boxes.find((box) => box.id === "insurer");
  assert.ok(ribbons.reduce((sum, each) => sum + each.thick, 0) <= insurer.height + 1e-9);
  assert.ok(boxes.every((box) => box.y >= 0 && box.y + box.height <= 300));
});

test("the path of causes passes through what has no name, and keeps its direction", () => {
  const registry = { quantities: { reach: {}, support: {} }, levers: { share: {} } };
  const path = [
    { of: "reach", name: "hidden", contribution: -2, before: 0, after: 1 },
    { of: "hidden", name: "support", contribution: -1 },
    { of: "support", name: "inputs.share", contribution: 3 },
  ];
  const steps = namedSteps(path, registry);
  assert.deepEqual(steps.map(({ of, name, contribution }) => [of, name, contribution]), [
    ["reach", "support", 1],
    ["support", "inputs.share", 1],
  ]);
  const fell = [{ ...path[0], after: -1 }, ...path.slice(1)];
  assert.equal(namedSteps(fell, registry)[0].contribution, -1);
  assert.deepEqual(changedLevers({ a: 1, b: 2 }, { a: 1, b: 3 }, ["a", "b"]), ["b"]);
});

test("the path stands on the map even where its lever has no link of its own", () => {
  const node = (name) => ({ name, before: 0, after: 1 });
  const map = { nodes: [node("share"), node("felt"), node("reach")] };
  const path = [{ of: "felt", name: "inputs.share", contribution: 2 }];
  const links = [{ from: "felt", to: "reach", contribution: 1, sign: 1 }];
  const told = withPath({ nodes: [node("felt"), node("reach")], links }, { map, path });
  assert.deepEqual(told.links.map(({ from, to }) => [from, to]), [["felt", "reach"], ["share", "felt"]]);
  assert.equal(told.nodes.length, 3);
});

test("the map keeps what moved and what carried a fair part of it", () => {
  const node = (name, before, after) => ({ name, before, after });
  const nodes = [node("a", 0, 1), node("b", 1, 2), node("still", 5, 5.001), node("lone", 1, 3)];
  const links = [
    { from: "a", to: "b", contribution: 1, sign: 1 },
    { from: "still", to: "b", contribution: 3, sign: 1 },
    { from: "lone", to: "b", contribution: 0.01, sign: 1 },
  ];
  const told = tellingLinks({ nodes, links });
  assert.deepEqual(told.nodes.map(({ name }) => name), ["a", "b"]);
  assert.deepEqual(told.links.map(({ from }) => from), ["a"]);
  const many = { nodes: "abcdefgh".split("").map((name) => node(name, 0, 1)), links: [] };
  const few = fewLevers(many, "abcdefgh".split(""), new Set(["h"]));
  assert.equal(few.nodes.length, 6);
  assert.ok(few.nodes.some(({ name }) => name === "h"));
  assert.deepEqual(lines("Primary prevention effort now"), ["Primary", "prevention", "effort now"]);
});

test("money takes the currency of the place, and shares differ in points", () => {
  const words = { "place.here.money": "CNY", "unit.money": "{money} per resident", "unit.share": "%", "unit.points": "points" };
  const speaker = createSpeaker({ words, language: "en" });
  assert.equal(speaker.show(12.4, { unit: "money", digits: 0 }, "here"), "12 CNY per resident");
  assert.equal(speaker.showChange(0.021, { unit: "share", digits: 0 }, "here"), "+2.1 points");
  assert.equal(speaker.showChange(-0.25, { unit: "share", digits: 0 }, "here"), "\u221225 points");
});

const { accountsOf, addUp, digitsFor, firmSign, hundredCases } = await import(`${folder}analysis/accounts.js`);
const { fixedDomain, spreadLabels } = await import(`${folder}views/time_chart.js`);
const { headline, loserOf, wayOf } = await import(`${folder}views/headline.js`);
const { guessZone } = await import(`${folder}views/predict.js`);
const { byActor } = await import(`${folder}views/lever_list.js`);
const { challengeMet } = await import(`${folder}views/stories.js`);
const { createGaze, startOf } = await import(`${folder}views/gaze.js`);
const { tellingSteps } = await import(`${folder}views/why.js`);

test("rounded amounts add up to their rounded sum", () => {
  for (const amounts of [[0.4, 0.4, 0.4], [-56.4, 3.3, 0.2, -38.3, 1.4, 147.3], [0, 0], [1.5, -1.5, 0.5]]) {
    const { parts, total } = addUp(amounts, 0);
    assert.equal(parts.reduce((sum, each) => sum + each, 0), total);
    assert.equal(total, Math.round(amounts.reduce((sum, each) => sum + each, 0)) + 0);
    parts.forEach((part, at) => assert.ok(Math.abs(part - amounts[at]) <= 1.0001, String(amounts)));
  }
  assert.equal(digitsFor([0.2, -1.9]), 1);
  assert.equal(digitsFor([0.2, -2.1]), 0);
  assert.equal(digitsFor([0, 0]), 0);
});

test("accounts take sums of flows with their sign, in millions of the place", () => {
  const engine = createEngine(economy);
  const run = engine.run("here", { rate: 0.5, push: 0 }, 1);
  const found = accountsOf(engine, { one: ["growth"], other: ["-growth", "-growth"] }, run, 0, 1e6);
  assert.ok(Math.abs(found.one - 6) < 1e-12);
  assert.ok(Math.abs(found.other + 12) < 1e-12);
  const cases = { economy: { inputs: [] }, yearValue: (_, name) => ({ mild_primary: 1, mild_hospital: 1, serious_hospital: 0 })[name] ?? 0.5 };
  assert.deepEqual(hundredCases(cases, run, 0), { primary: 34, hospital: 33, outside: 33 });
});

test("a sign is as firm as the runs that share it, also where a part is the same in all", () => {
  const word = (holds, runs) => (holds >= 0.9 * runs ? "firm" : holds >= 0.7 * runs ? "likely" : holds >= 0.3 * runs ? "open" : "against");
  const count = { above: 80, near: 0, below: 20 };
  assert.equal(firmSign(1, { count }, word), "likely");
  assert.equal(firmSign(-1, { count }, word), "against");
  assert.equal(firmSign(0, { count }, word), null);
  assert.equal(firmSign(1, null, word), null);
  const effect = { q05: -3, q25: -1, q75: 1, q95: 3 };
  assert.equal(firmSign(5, { count, effect, known: 5 }, word), "firm");
  assert.equal(firmSign(2, { count, effect, known: 2 }, word), "likely");
  assert.equal(firmSign(0.5, { count, effect, known: 0.5 }, word), "open");
});

test("an outcome is told on the scale of the place, and its change is that of what is shown", () => {
  assert.deepEqual(scaleOf("per month", 500000), { group: "people", factor: 6e6 });
  assert.deepEqual(scaleOf("share", 500000), { group: "hundred", factor: 100 });
  assert.deepEqual(scaleOf("money per month", 500000), { group: "money", factor: 6 });
  assert.deepEqual(scaleOf("money", 500000), { group: "gathered", factor: 0.5 });
  assert.deepEqual(scaleOf("units of effort", 500000), { group: "other", factor: 1 });
  // 80.04 to 68.96 is 11.1 apart, and 11.0 of what is shown.
  const { digits, values } = shownPair(68.96, 80.04);
  assert.deepEqual([digits, ...values.map((each) => each.toFixed(digits))], [1, "69.0", "80.0", "-11.0"]);
  assert.equal(shownPair(1234.5, 3).digits, 0);
  assert.equal(shownPair(0.123, 0.3).digits, 2);
});

test("a sign that most draws contradict is told so, and never by a word that names no side", () => {
  const t = (key) => key;
  assert.equal(certainty("against", t), "lab.most_disagree");
  assert.equal(certainty("open", t), "firmness.open");
  assert.equal(certainty(null, t), "");
});

test("a headline says up when more, down when less, and may when runs disagree", () => {
  const speaker = { t: (key, values = {}) => [key, ...Object.values(values)].join("|"), show: (value) => `${Math.round(value)}`, fixed: (value) => String(Math.round(value)) };
  const facts = { moved: true, quantity: { label: "Reach" }, before: 80, after: 70, certain: "firm", changes: { insurer: -38, patients: -56, hospital: 90 }, firmness: { insurer: "firm", patients: "open" }, context: "here", reference: "start" };
  assert.equal(headline(facts, speaker), "lab.headline.two|lab.headline.down|Reach|80|70|lab.headline.loser_insurer|38");
  assert.match(headline({ ...facts, after: 90 }, speaker), /lab.headline.up\|Reach\|80\|90/);
  assert.match(headline({ ...facts, certain: "open" }, speaker), /lab.headline.may_down/);
  assert.match(headline({ ...facts, after: 80.2, certain: "open" }, speaker), /lab.headline.same\|/);
  assert.equal(headline({ ...facts, changes: {} }, speaker), "lab.headline.down|Reach|80|70");
  assert.equal(headline({ ...facts, moved: false }, speaker), "lab.headline.none_start");
  assert.equal(wayOf(1, 2, "1", "2"), "up");
  assert.deepEqual(loserOf({ patients: -0.4 }, {}), null);
});

test("an axis stands still until a value would leave it, and labels keep apart", () => {
  assert.deepEqual(fixedDomain([0.5, 1], [0.6, 0.9]), [0.5, 1]);
  assert.deepEqual(fixedDomain([0.5, 1], [0.4, NaN]), [0.25, 1]);
  assert.deepEqual(fixedDomain([-10, 10], [31]), [-10, 40]);
  const places = spreadLabels([50, 51, 49], [0, 100], 15);
  assert.deepEqual([...places].sort((a, b) => a - b), [49, 64, 79]);
  assert.ok(Math.max(...spreadLabels([99, 98, 97], [0, 100], 15)) <= 100);
});

test("a guess is drawn where it would have been right", () => {
  const inside = { bit: 0.01, much: 0.1 };
  assert.deepEqual(guessZone("down_bit", 100, inside), { low: 90, high: 99 });
  const up = guessZone("up_much", -100, inside);
  assert.ok(up.low > -100 && up.high > up.low);
  assert.equal(guessZone("same", 0, inside), null);
});

test("every rule stands once in the drawer, under who decides", () => {
  const held = { insurer: [{ lever: "b" }, { lever: "a" }], hospital: [{ lever: "c" }] };
  assert.deepEqual(byActor(["a", "b", "c", "d", "e"], held, ["a", "d"], ["a"]), [["chapter", ["d"]], ["insurer", ["b"]], ["hospital", ["c"]], ["nobody", ["e"]]]);
});

test("a challenge is met when it is reached and nobody has less money", () => {
  const challenge = { atLeast: 0.85 };
  assert.deepEqual(challengeMet(challenge, 0.9, { patients: 1, insurer: -0.2 }), { reached: true, satisfied: ["patients", "insurer"], met: true });
  assert.equal(challengeMet(challenge, 0.9, { patients: 1, insurer: -2 }).met, false);
  assert.equal(challengeMet(challenge, 0.8, { patients: 1 }).met, false);
});

test("who starts elsewhere is compared with that story, and a look changes once", () => {
  const opening = { context: "here", preset: "calm", levers: { rate: 0.3, push: 0 } };
  assert.equal(startOf(opening, opening, economy), opening);
  assert.deepEqual(startOf({ context: "here", preset: "brisk" }, opening, economy).levers, economy.presets.brisk);
  const gaze = createGaze({ year: 5 });
  let heard = 0;
  const still = gaze.listen(() => (heard += 1));
  gaze.look({ year: 5 });
  gaze.look({ year: 6 });
  still();
  gaze.look({ year: 7 });
  assert.equal(heard, 1);
  assert.equal(gaze.current().year, 7);
});

test("of a long path of causes both ends are shown", () => {
  const steps = [1, 2, 3, 4, 5, 6, 7];
  const shown = tellingSteps(steps);
  assert.equal(shown[0], 1);
  assert.equal(shown.at(-1), 7);
  assert.ok(shown.length <= 4);
  assert.deepEqual(tellingSteps([1, 2]), [1, 2]);
});
