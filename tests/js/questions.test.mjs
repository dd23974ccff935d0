// What may be asked of the analysis, who answers, and in which order; best answers of roles.

import assert from "node:assert/strict";
import { test } from "node:test";

import { heard } from "./tasks.mjs";

const folder = "../../src/carelab/lab/static/";
const { KINDS, createAnalysis, finish } = await import(`${folder}analysis/questions.js`);
const { changedLevers, coalitionWeights, createAttribution, refusal, shapleyValues } = await import(`${folder}analysis/attribution.js`);
const { coarseGrid, createResponses, fineGrid, onStep } = await import(`${folder}analysis/responses.js`);
const { createEngine } = await import(`${folder}analysis/model.js`);
const { blobWorker, createAnalyst, serveAnalysis, startWorker } = await import(`${folder}analysis/worker.js`);

/** An economy whose flows are functions of its levers, the same in every month. */
function economyOf(levers, flows, years = 3) {
  return {
    inputs: levers, stocks: [], flows: Object.keys(flows), clock: [], levers, years, equations: Object.keys(flows).map(() => ({ reads: [], of: () => 0 })),
    places: { here: { fixed: {}, stocks: [], ticks: {}, baseline: "before" } }, presets: {},
    run(inputs, stocks, ticks, periods, out) {
      const set = Object.fromEntries(levers.map((name, at) => [name, inputs[at]]));
      const values = Object.values(flows).map((of) => of(set));
      for (let m = 0; m < periods; m += 1) out.set(values, m * values.length);
    },
  };
}

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found} ${expected}`);

// --- what may be asked --------------------------------------------------------------------------

const small = () => economyOf(["a", "b"], { gain: ({ a, b }) => a * b + a, cost: ({ b }) => b });
const set = { a: 0, b: 0 };
const GOOD = {
  explain: { context: "here", from: set, to: set, outcome: "gain", year: 1 },
  shapley: { context: "here", from: set, to: set, outcomes: ["gain"], year: 3 },
  fan: { context: "here", levers: set, outcomes: ["gain"], years: 3 },
  respond: { context: "here", levers: set, years: 1, holder: {}, ranges: {}, payoffs: { one: "gain", two: { cost: -1 } } },
};

test("the quickest kind of question stands first, and another kind is refused", () => {
  assert.deepEqual(KINDS, ["explain", "shapley", "fan", "respond"]);
  const analysis = createAnalysis(small(), { count: 1 });
  assert.throws(() => analysis.start("guess", {}), { code: "unknown_kind", details: { kind: "guess" } });
  for (const kind of KINDS) assert.equal(typeof analysis.start(kind, GOOD[kind]).next, "function", kind);
  assert.equal(analysis.engine.place("here").ticks.length, 0);
});

test("a question is checked whole before it is begun", () => {
  const analysis = createAnalysis(small(), { count: 1 });
  const refused = (kind, more, code, details) =>
    assert.throws(() => analysis.start(kind, { ...GOOD[kind], ...more }), { name: "RangeError", message: code, code, details }, `${kind} ${JSON.stringify(more)}`);
  for (const kind of KINDS) {
    refused(kind, { context: "mars" }, "unknown_place", { context: "mars" });
    refused(kind, { context: "toString" }, "unknown_place", { context: "toString" });
    const field = kind === "fan" || kind === "respond" ? "years" : "year";
    for (const years of [0, 4, 1.5, "2", undefined, NaN]) refused(kind, { [field]: years }, "years_out_of_range", { years, most: 3 });
    for (const years of [1, 3]) assert.ok(analysis.start(kind, { ...GOOD[kind], [field]: years }));
  }
  for (const year of [0, 3, 1.5, null]) refused("fan", { years: 2, year }, "years_out_of_range", { years: year, most: 2 });
  for (const year of [1, 2, undefined]) assert.ok(analysis.start("fan", { ...GOOD.fan, years: 2, year }));
  refused("explain", { outcome: "love" }, "unknown_outcome", { name: "love" });
  refused("shapley", { outcomes: ["gain", "love"] }, "unknown_outcome", { name: "love" });
  refused("fan", { outcomes: ["love"] }, "unknown_outcome", { name: "love" });
  refused("respond", { payoffs: { one: "gain", two: "love" } }, "unknown_outcome", { name: "love" });
  refused("respond", { payoffs: { one: { gain: 1, love: 2 } } }, "unknown_outcome", { name: "love" });
  for (const kind of ["fan", "respond"]) {
    refused(kind, { levers: { a: 0 } }, "lever_missing", { field: "levers", name: "b" });
    refused(kind, { levers: { a: NaN, b: 1 } }, "lever_missing", { field: "levers", name: "a" });
    refused(kind, { levers: undefined }, "lever_missing", { field: "levers", name: "a" });
  }
  for (const kind of ["explain", "shapley"]) {
    refused(kind, { from: { b: 1 } }, "lever_missing", { field: "from", name: "a" });
    refused(kind, { to: { a: 1, b: "1" } }, "lever_missing", { field: "to", name: "b" });
  }
});

test("places that are learnt are those of the draws", () => {
  const uncertainty = { count: 1 };
  createAnalysis(small(), uncertainty).learn({ here: "stored" });
  assert.deepEqual(uncertainty.places, { here: "stored" });
});

// --- which lever brought what -------------------------------------------------------------------

test("a coalition weighs as many orders as it begins", () => {
  assert.deepEqual(coalitionWeights(1), [1]);
  assert.deepEqual(coalitionWeights(2), [1 / 2, 1 / 2]);
  coalitionWeights(4).forEach((each, at) => near(each, [1 / 4, 1 / 12, 1 / 12, 1 / 4][at]));
  // Glove market: one left glove (the first), two right ones; a pair is worth one.
  const pairs = [0, 0, 0, 1, 0, 1, 0, 1];
  [...shapleyValues(pairs, 3)].forEach((each, at) => near(each, [2 / 3, 1 / 6, 1 / 6][at]));
  assert.deepEqual(changedLevers({ levers: ["c", "b", "a"] }, { a: 1, b: 1, c: 1 }, { a: 2, b: 1, c: 0 }), ["c", "a"]);
  const error = refusal("too_many", { most: 1 });
  assert.ok(error instanceof RangeError && error.code === "too_many" && error.message === "too_many" && error.details.most === 1);
});

test("what levers bring together is shared out evenly, outcome by outcome", () => {
  const { shapley } = createAttribution(createEngine(small()));
  const { said, found } = heard(shapley({ context: "here", from: { a: 1, b: 0 }, to: { a: 3, b: 4 }, outcomes: ["gain", "cost"], year: 2 }));
  assert.deepEqual(said, []);
  // Gain goes from 1 to 15: a alone brings 2, b alone 4, and 8 both; cost is b alone.
  assert.deepEqual(found, {
    context: "here", year: 2, players: [["a"], ["b"]], runs: 4,
    contributions: { gain: [6, 8], cost: [0, 4] },
    totals: { gain: { before: 1, after: 15, change: 14 }, cost: { before: 0, after: 4, change: 4 } },
  });
});

const many = (count) => Array.from({ length: count }, (_, at) => `l${at}`);
const all = (names, value) => Object.fromEntries(names.map((name) => [name, value]));

test("levers of a group move together; more groups than ten are refused", () => {
  const names = many(12);
  const { shapley } = createAttribution(createEngine(economyOf(names, { gain: (of) => names.reduce((sum, name, at) => sum + (at + 1) * of[name], 0) })));
  const request = { context: "here", from: all(names, 0), to: all(names, 1), outcomes: ["gain"], year: 1 };
  const two = finish(shapley({ ...request, groups: [["l0", "l1"], ["l11"]] }));
  assert.deepEqual(two.players, [["l0", "l1"], ["l11"], names.slice(2, 11)]);
  two.contributions.gain.forEach((each, at) => near(each, [3, 12, 63][at]));
  assert.deepEqual(finish(shapley({ ...request, names: ["l3"] })).players, [["l3"], names.filter((each) => each !== "l3")]);
  const ten = heard(shapley({ ...request, names: names.slice(0, 9) }));
  assert.equal(ten.found.players.length, 10);
  // A sign of life every sixteen runs.
  assert.deepEqual(ten.said.length, 64);
  assert.deepEqual([ten.said[0], ten.said.at(-1)], [{ stage: "runs", done: 16, of: 1024 }, { stage: "runs", done: 1024, of: 1024 }]);
  assert.throws(() => finish(shapley({ ...request, names: names.slice(0, 10) })), { code: "too_many_levers", details: { most: 10, given: 11 } });
  const strongest = heard(shapley(request));
  assert.deepEqual(strongest.found.players, [...names.slice(3).reverse().map((name) => [name]), names.slice(0, 3)]);
  assert.deepEqual(strongest.said.slice(0, 12), Array(12).fill(null));
});

test("strength is relative to the change of each outcome, so that no unit outweighs another", () => {
  const names = many(11);
  const flows = {
    small: (of) => of.l0 * 1e-3 + 10,
    large: (of) => names.slice(1).reduce((sum, name, at) => sum + of[name] * (100 + at), 0),
  };
  const { shapley } = createAttribution(createEngine(economyOf(names, flows)));
  const found = finish(shapley({ context: "here", from: all(names, 0), to: all(names, 1), outcomes: ["small", "large"], year: 1 }));
  // All of the small change is by the first lever; the others share the large one.
  assert.deepEqual(found.players[0], ["l0"]);
  assert.deepEqual(found.players.slice(1, 9), names.slice(3).reverse().map((name) => [name]));
});

// --- best answers -------------------------------------------------------------------------------

test("a value is put on its step, between its ends", () => {
  assert.deepEqual([0.34, 0.32, -1, 7].map((each) => onStep(each, [0, 1, 0.05])), [0.35, 0.3, 0, 1]);
  assert.deepEqual([0, 2.4, 2.6, 9].map((each) => onStep(each, [1, 4, 1])), [1, 2, 3, 4]);
  assert.equal(onStep(0.3, [0, 1, 0.1]), 0.3);
  assert.equal(onStep(1.02, [0.5, 2, 0.25]), 1);
});

test("a coarse grid has at most six points, both ends among them", () => {
  assert.deepEqual(coarseGrid([0, 10, 1]), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(coarseGrid([1, 3, 1]), [1, 2, 3]);
  assert.deepEqual(coarseGrid([0, 0.5, 0.1]), [0, 0.1, 0.2, 0.3, 0.4, 0.5]);
  assert.deepEqual(coarseGrid([2, 3, 5]), [2]);
  assert.deepEqual(coarseGrid([0, 7, 1]), [0, 1, 3, 4, 6, 7]);
  assert.deepEqual(coarseGrid([0, 1, 0.3]), [0, 0.3, 0.6, 1]);
});

test("a fine grid reaches to the next coarse points, on the step", () => {
  assert.deepEqual(fineGrid(5, [0, 10, 1]), [3, 4, 5, 6, 7]);
  assert.deepEqual(fineGrid(0, [0, 10, 1]), [0, 1, 2]);
  assert.deepEqual(fineGrid(10, [0, 10, 1]), [8, 9, 10]);
  assert.deepEqual(fineGrid(2, [1, 3, 1]), [1, 2, 3]);
  assert.deepEqual(fineGrid(15, [10, 20, 1]), [13, 14, 15, 16, 17]);
  assert.deepEqual(fineGrid(0.5, [0, 1, 0.05]), [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7]);
  assert.deepEqual([fineGrid(20, [0, 50, 1])[0], fineGrid(20, [0, 50, 1]).at(-1)], [10, 30]);
  // Of many small steps twelve on each side.
  assert.equal(fineGrid(0.5, [0, 1, 0.001]).length, 25);
  assert.deepEqual([fineGrid(0.5, [0, 1, 0.001])[0], fineGrid(0.5, [0, 1, 0.001]).at(-1)], [0.488, 0.512]);
});

const respond = (flows, levers, more) => {
  const economy = economyOf(Object.keys(levers), flows);
  return heard(createResponses(createEngine(economy)).respond({ context: "here", levers, years: 2, ...more }));
};

test("two who help each other settle where neither gains, and together gain more", () => {
  // Each pays for its own effort and has half of what both make: a prisoners' dilemma.
  const flows = { one: ({ a, b }) => 3 * (a + b) - 4 * a, two: ({ a, b }) => 3 * (a + b) - 4 * b };
  const { said, found } = respond(flows, { a: 4, b: 10 }, {
    holder: { first: ["a"], second: ["b"] }, ranges: { a: [0, 10, 1], b: [0, 10, 1] }, payoffs: { first: "one", second: "two" },
  });
  assert.deepEqual(found.payoffs, { first: 26, second: 2 });
  assert.equal(found.sum, 28);
  assert.deepEqual(found.responses, {
    first: { levers: { a: 0 }, now: 26, best: 30, regret: 4 },
    second: { levers: { b: 0 }, now: 2, best: 12, regret: 10 },
  });
  assert.deepEqual(found.equilibrium, { levers: { a: 0, b: 0 }, rounds: 2, settled: true, circles: false, payoffs: { first: 0, second: 0 } });
  assert.deepEqual(found.optimum, { levers: { a: 10, b: 10 }, payoffs: { first: 20, second: 20 }, sum: 40 });
  assert.deepEqual(said.filter((each) => each), [
    { stage: "responses", done: 1, of: 2 }, { stage: "responses", done: 2, of: 2 },
    { stage: "rounds", done: 1, of: 20 }, { stage: "rounds", done: 2, of: 20 },
    { stage: "together", done: 1, of: 2 }, { stage: "together", done: 2, of: 2 },
  ]);
});

test("where one wants what the other flees, they go round in circles", () => {
  const flows = { same: ({ a, b }) => (a === b ? 1 : 0), other: ({ a, b }) => (a === b ? 0 : 1) };
  const { found } = respond(flows, { a: 0, b: 0 }, {
    holder: { first: ["a"], second: ["b"] }, ranges: { a: [0, 1, 1], b: [0, 1, 1] }, payoffs: { first: "same", second: "other" },
  });
  // From 0 0 to 0 1, to 1 0 and to 0 1 again.
  const { levers, rounds, settled, circles } = found.equilibrium;
  assert.deepEqual([settled, circles, rounds], [false, true, 3]);
  assert.deepEqual(levers, { a: 0, b: 1 });
});

test("who creeps away from each other for twenty rounds has not settled", () => {
  // Each wants to be one step above the other.
  const flows = { one: ({ a, b }) => -Math.abs(a - b - 1), two: ({ a, b }) => -Math.abs(b - a - 1) };
  const { found } = respond(flows, { a: 0, b: 0 }, {
    holder: { first: ["a"], second: ["b"] }, ranges: { a: [0, 1000, 1], b: [0, 1000, 1] }, payoffs: { first: "one", second: "two" },
  });
  const { rounds, settled, circles } = found.equilibrium;
  assert.deepEqual([rounds, settled, circles], [20, false, false]);
});

test("a pay-off may weigh outcomes, and years count evenly", () => {
  const economy = economyOf(["a"], { gain: ({ a }) => a, next_cost: ({ a }) => a * a });
  const plain = economy.run;
  economy.run = (...given) => {
    plain(...given);
    // In the second year the gain is threefold.
    for (let m = 12; m < given[3]; m += 1) given[4][2 * m] *= 3;
  };
  const found = finish(createResponses(createEngine(economy)).respond({
    context: "here", levers: { a: 1 }, years: 2, holder: { only: ["a"] }, ranges: { a: [0, 4, 1] }, payoffs: { only: { gain: 3, next_cost: -1 } },
  }));
  // Three times the mean of one and three, less the square: best at three.
  assert.deepEqual(found.responses.only, { levers: { a: 3 }, now: 5, best: 9, regret: 4 });
});

test("of many levers each is searched in turn, twice, and then finely", () => {
  const names = ["a", "b", "c", "d"];
  const best = { a: 3, b: 9, c: 0, d: 5 };
  const flows = { gain: (of) => -names.reduce((sum, name) => sum + (of[name] - best[name]) ** 2, 0) };
  const { said, found } = respond(flows, all(names, 2), {
    holder: { only: names }, ranges: all(names, [0, 10, 1]), payoffs: { only: "gain" },
  });
  assert.deepEqual(found.responses.only.levers, best);
  assert.equal(found.responses.only.best, 0);
  const search = 2 * 4 + 4;
  assert.equal(said.indexOf(said.find((each) => each)), search);
  // Two levers are searched as a whole: thirty-six points in slices of six, then finely.
  const two = { gain: ({ a, b }) => (a === 8 && b === 4 ? 9 : -a - b) };
  const whole = respond(two, { a: 0, b: 0 }, { holder: { only: ["a", "b"] }, ranges: { a: [0, 10, 1], b: [0, 10, 1] }, payoffs: { only: "gain" } });
  assert.deepEqual(whole.found.responses.only.levers, { a: 8, b: 4 });
  assert.equal(whole.said.indexOf(whole.said.find((each) => each)), 6 + 2);
});

test("a gain that is rounding moves nobody", () => {
  const move = (size) => respond({ gain: ({ a }) => 100 + a * size }, { a: 0 }, { holder: { only: ["a"] }, ranges: { a: [0, 1, 1] }, payoffs: { only: "gain" } }).found.responses.only.levers.a;
  assert.deepEqual([0.9e-7, 1.1e-7].map(move), [0, 1]);
  const tiny = (size) => respond({ gain: ({ a }) => a * size }, { a: 0 }, { holder: { only: ["a"] }, ranges: { a: [0, 1, 1] }, payoffs: { only: "gain" } }).found.responses.only.levers.a;
  assert.deepEqual([0.9e-9, 1.1e-9].map(tiny), [0, 1]);
});

// --- who answers --------------------------------------------------------------------------------

const told = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 0));

/** A stand-in for a worker that keeps what it is told and answers when asked to. */
function standIn() {
  const port = { sent: [], ended: 0, postMessage: (data) => port.sent.push(data), terminate: () => (port.ended += 1) };
  return port;
}

test("a client hands on what the worker says, by the number of the request", async () => {
  const port = standIn();
  const starts = [];
  const analyst = createAnalyst("text", small(), { count: 1 }, { start: (text) => { starts.push(text); return port; } });
  assert.equal(analyst.mode(), "idle");
  analyst.cancel("fan");
  assert.deepEqual(starts, []);
  const way = [];
  const on = { progress: (value) => way.push(["progress", value]), partial: (value) => way.push(["partial", value]) };
  const [first, second, third] = [analyst.explain("E", on), analyst.share().explain("S", on), analyst.respond("R")];
  assert.equal(analyst.mode(), "starting");
  port.onmessage({ data: { type: "ready" } });
  assert.equal(analyst.mode(), "worker");
  assert.deepEqual(starts, ["text"]);
  assert.deepEqual(port.sent, [
    { type: "ask", id: 1, kind: "explain", channel: "explain/0", request: "E" },
    { type: "ask", id: 2, kind: "explain", channel: "explain/1", request: "S" },
    { type: "ask", id: 3, kind: "respond", channel: "respond/0", request: "R" },
  ]);
  const say = (id, type, value) => port.onmessage({ data: { id, type, value } });
  say(1, "progress", 5);
  say(1, "partial", 7);
  say(9, "result", 8);
  say(2, "result", "two");
  // What was answered is over.
  say(2, "partial", 10);
  say(1, "stale");
  say(3, "error", { message: "no", code: "bad", details: { a: 1 } });
  assert.equal(await second, "two");
  assert.equal(await first, null);
  await assert.rejects(third, { name: "Error", message: "no", code: "bad", details: { a: 1 } });
  assert.deepEqual(way, [["progress", 5], ["partial", 7]]);
  analyst.cancel("respond");
  analyst.share().cancel("fan");
  assert.deepEqual(port.sent.slice(3), [{ type: "cancel", channel: "respond/0" }, { type: "cancel", channel: "fan/2" }]);
  const open = analyst.shapley("X");
  analyst.close();
  assert.equal(await open, null);
  assert.deepEqual([analyst.mode(), port.ended, await analyst.explain("later")], ["closed", 1, null]);
});

test("a range that was put aside while its places were loaded is never asked", async () => {
  const port = standIn();
  let give;
  const loadPlaces = () => new Promise((resolve) => (give = resolve));
  const analyst = createAnalyst("", small(), { count: 1, stored: ["here"] }, { start: () => port, loadPlaces });
  const range = analyst.fan({ context: "here" });
  analyst.cancel("fan");
  give({ here: 1 });
  assert.equal(await range, null);
  assert.deepEqual(port.sent, []);
  const again = analyst.fan({ context: "here" });
  assert.deepEqual(port.sent.map(({ type }) => type), ["places", "ask"]);
  assert.deepEqual(port.sent[0].places, { here: 1 });
  port.onmessage({ data: { type: "ready" } });
  port.onmessage({ data: { id: port.sent[1].id, type: "result", value: "range" } });
  assert.equal(await again, "range");
  analyst.close();
  assert.equal(await analyst.fan({ context: "here" }), null);
});

test("of a range put aside and one asked for after it, while places are loaded, the later is asked", async () => {
  const port = standIn();
  let give;
  const loadPlaces = () => new Promise((resolve) => (give = resolve));
  const analyst = createAnalyst("", small(), { count: 1, stored: ["here"] }, { start: () => port, loadPlaces });
  const first = analyst.fan({ context: "here", first: true });
  analyst.cancel("fan");
  const second = analyst.fan({ context: "here" });
  give({ here: 1 });
  assert.equal(await first, null);
  await told();
  assert.deepEqual(port.sent.filter(({ type }) => type === "ask").map(({ request }) => request), [{ context: "here" }]);
  analyst.close();
  assert.equal(await second, null);
  // A worker that breaks when all is over is not replaced.
  port.onerror({});
  assert.equal(analyst.mode(), "closed");
});

test("where a worker breaks, the page answers what is open, and with the places it has", async () => {
  const port = standIn();
  const analyst = createAnalyst("", small(), { count: 1 }, { start: () => port });
  const answer = analyst.shapley({ context: "here", from: { a: 0, b: 0 }, to: { a: 1, b: 1 }, outcomes: ["gain"], year: 1 });
  let prevented = 0;
  port.onerror({ preventDefault: () => (prevented += 1) });
  assert.deepEqual([analyst.mode(), port.ended, prevented], ["page", 1, 1]);
  assert.deepEqual((await answer).contributions.gain, [1.5, 0.5]);
  analyst.close();
});

function served(analysis, options) {
  const said = [];
  const scope = { postMessage: (data) => said.push(data) };
  const drop = serveAnalysis(scope, analysis, options);
  const ask = (id, kind, request, share = 0) => scope.onmessage({ data: { type: "ask", id, kind, channel: `${kind}/${share}`, request } });
  return { said, scope, drop, ask };
}

test("a task says how far it is once a slice, hands on what is partial, and ends in its result", async () => {
  const analysis = {
    *start(kind, request) {
      yield { stage: "one", done: 1, of: 2 };
      yield null;
      yield { partial: "rough" };
      return `${kind} ${request}`;
    },
  };
  const { said, ask } = served(analysis, { slice: -1 });
  ask(4, "fan", "R");
  // A slice that is over at once makes one step.
  for (let at = 0; at < 8; at += 1) await told();
  assert.deepEqual(said, [
    { type: "ready" },
    { id: 4, type: "progress", value: { stage: "one", done: 1, of: 2 } },
    { id: 4, type: "partial", value: "rough" },
    { id: 4, type: "result", value: "fan R" },
  ]);
});

test("a failed task tells its code, or that it failed, and the next one is answered", async () => {
  const analysis = {
    start(kind, request) {
      if (request === "bad") throw refusal("unknown_place", { context: "mars" });
      if (request === "worse") throw new Error("boom");
      return (function* () { return request; })();
    },
  };
  const { said, ask } = served(analysis);
  ask(1, "explain", "bad");
  ask(2, "shapley", "worse");
  ask(3, "respond", "good");
  for (let at = 0; at < 8; at += 1) await told();
  assert.deepEqual(said.slice(1), [
    { id: 1, type: "error", value: { message: "unknown_place", code: "unknown_place", details: { context: "mars" } } },
    { id: 2, type: "error", value: { message: "boom", code: "failed", details: undefined } },
    { id: 3, type: "result", value: "good" },
  ]);
});

test("a request that is cancelled, replaced or dropped is not begun; places are learnt", async () => {
  const begun = [];
  const analysis = {
    learn: (places) => begun.push(places),
    start(kind, request) {
      begun.push(request);
      return (function* () { return request; })();
    },
  };
  const { said, scope, drop, ask } = served(analysis);
  ask(1, "fan", "old");
  ask(2, "fan", "new");
  ask(3, "fan", "other share", 1);
  ask(4, "respond", "cancelled");
  scope.onmessage({ data: { type: "cancel", channel: "respond/0" } });
  scope.onmessage({ data: { type: "cancel", channel: "shapley/0" } });
  scope.onmessage({ data: { type: "places", places: "P" } });
  for (let at = 0; at < 8; at += 1) await told();
  assert.deepEqual(begun, ["P", "new", "other share"]);
  assert.deepEqual(said.slice(1), [
    { id: 1, type: "stale" }, { id: 4, type: "stale" }, { id: 2, type: "result", value: "new" }, { id: 3, type: "result", value: "other share" },
  ]);
  ask(5, "explain", "dropped");
  drop();
  for (let at = 0; at < 4; at += 1) await told();
  assert.equal(begun.length, 3);
});

test("a worker serves the analysis of the economy it came with", () => {
  const made = [];
  const analysis = { start: 1 };
  globalThis.self = { here: true };
  startWorker({
    carelabEconomy: "economy", carelabUncertainty: "uncertainty",
    module_analysis_questions: { createAnalysis: (...given) => { made.push(given); return analysis; } },
    module_analysis_worker: { serveAnalysis: (...given) => made.push(given) },
  });
  delete globalThis.self;
  assert.deepEqual(made, [["economy", "uncertainty"], [{ here: true }, analysis]]);
});

test("a worker is started from a text of JavaScript, and is refused where there are none", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const revoked = context.mock.method(URL, "revokeObjectURL");
  const blobs = context.mock.method(URL, "createObjectURL");
  const had = globalThis.Worker;
  globalThis.Worker = class { constructor(address) { this.address = address; } };
  const worker = blobWorker("1 + 1");
  globalThis.Worker = class { constructor() { throw new Error("SecurityError"); } };
  assert.throws(() => blobWorker("2"), { message: "SecurityError" });
  globalThis.Worker = had;
  assert.equal(blobs.mock.calls[0].arguments[0].type, "text/javascript");
  assert.equal(blobs.mock.calls[0].arguments[0].size, 5);
  assert.equal(worker.address, blobs.mock.calls[0].result);
  // The address is kept until the worker has surely read it.
  context.mock.timers.tick(29_999);
  assert.equal(revoked.mock.callCount(), 0);
  context.mock.timers.tick(1);
  assert.deepEqual(revoked.mock.calls.map((each) => each.arguments[0]), blobs.mock.calls.map((each) => each.result));
});

test("a worker that says nothing for three seconds is given up, one that said it is ready is not", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const modes = [];
  for (const ready of [false, true]) {
    const port = standIn();
    const analyst = createAnalyst("", small(), { count: 1 }, { start: () => port });
    analyst.explain(GOOD.explain).catch(() => {});
    if (ready) port.onmessage({ data: { type: "ready" } });
    context.mock.timers.tick(2_999);
    modes.push(analyst.mode());
    context.mock.timers.tick(1);
    modes.push(analyst.mode());
    analyst.close();
  }
  assert.deepEqual(modes, ["starting", "page", "worker", "worker"]);
});
