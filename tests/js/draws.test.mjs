// Draws of an uncertain place, put to rest one by one, and the range that they give: for a place
// of one stock, whose rest and runs are worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { heard } from "./tasks.mjs";

const folder = "../../src/carelab/lab/static/";
const { createDraws, createFans, firmnessOf, hypercube, quantile, uniformNumbers } = await import(`${folder}analysis/draws.js`);
const { createEngine } = await import(`${folder}analysis/model.js`);

/** The generator as its author published it. */
function mulberry32(a) {
  return () => {
    let t = (a += 0x6d2b79f5);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test("numbers are those of mulberry32", () => {
  for (const seed of [0, 1, 20261130, 4294967295]) {
    const [ours, theirs] = [uniformNumbers(seed), mulberry32(seed)];
    for (let at = 0; at < 1000; at += 1) assert.equal(ours(), theirs(), `${seed} ${at}`);
  }
});

test("a column of a hypercube is a shuffle from the end, then a place within each step", () => {
  const next = mulberry32(5);
  for (const column of hypercube(7, 3, 5)) {
    const steps = [0, 1, 2, 3, 4, 5, 6];
    for (let last = 6; last > 0; last -= 1) {
      const other = Math.floor(next() * (last + 1));
      [steps[last], steps[other]] = [steps[other], steps[last]];
    }
    assert.deepEqual([...column], steps.map((step) => (step + next()) / 7));
  }
  assert.equal(hypercube(7, 3, 5).length, 3);
});

test("a quantile lies between its neighbours by its share of the way", () => {
  const sorted = [1, 2, 4, 8];
  assert.deepEqual([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share)), [1, 1.75, 3, 5, 8]);
  assert.equal(quantile([3], 0.3), 3);
});

test("a statement is as firm as the first word that it reaches", () => {
  const scale = { firm: 0.9, likely: 0.7, open: 0 };
  assert.deepEqual([10, 9, 8, 7, 6, 0].map((holds) => firmnessOf(holds, 10, scale)), ["firm", "firm", "likely", "likely", "open", "open"]);
});

// Each month the level moves half of the way to its goal, is held, pushed, shocked, and drifts.
function world({ count = 4, drift = () => 0, spare = { least: 2, of: 2 } } = {}) {
  const seen = { runs: 0, rests: [] };
  const economy = {
    inputs: ["push", "goal", "held", "shock", "drift", "tilt"],
    stocks: ["level", "balance"],
    flows: ["pull", "next_level", "next_balance", "gain", "way"],
    clock: ["month"],
    levers: ["push"],
    years: 3,
    places: { here: { fixed: { shock: 5, goal: 1 }, stocks: [1, 0], ticks: {}, baseline: "before" } },
    presets: { before: { push: 0 } },
    run([push, goal, held, shock, drifts, tilt], [level, balance], ticks, periods, out) {
      seen.runs += 1;
      for (let m = 0; m < periods; m += 1) {
        const pull = goal - level;
        level += 0.5 * (pull + held) + shock + drifts * level;
        balance += 1;
        out.set([pull, level, balance, push * goal, push * tilt], m * 5);
      }
    },
  };
  const uncertainty = {
    count, seed: 7, spare, still: ["month"], months: 3,
    drawn: { here: ["a", "b"] },
    draw: { here: ({ a, b }) => ({ goal: 10 + a, drift: drift(b), tilt: b < 0.2 ? -1 : b < 0.5 ? 0 : 1 }) },
    unread: { here: { unread: 3 } },
    first: ({ goal }) => ({ level: goal / 10, peak: 0 }),
    inputs: ["goal", "held", "push", "month", "unread"],
    carried: ["level", "peak"],
    rest(inputs, [level, peak], ticks, months, found) {
      const [goal] = inputs;
      seen.rests.push([...inputs.slice(1), ticks]);
      for (let m = 0; m < months; m += 1) {
        level += 0.5 * (goal - level);
        peak = 2 * goal;
      }
      found.set([level, peak]);
    },
    read: { held: "pull" },
    begins: { balance: 100 },
    constants: ["peak"],
    steady: { months: 12, still: { shock: 0 }, stocks: ["level"], most: 0.1 },
    equal: { share: 0.01, noise: 0.001 },
    firmness: { firm: 0.9, likely: 0.7, open: 0.4, against: 0 },
  };
  return { economy, engine: createEngine(economy), uncertainty, seen };
}

function put(draws) {
  for (let turn = 0; turn < 999 && !draws.advance(); turn += 1);
  return draws.places;
}

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-12 * Math.max(1, Math.abs(expected)), `${found} ${expected}`);

test("a draw is put to rest by its own parameters and held there by what its first month shows", () => {
  const { engine, uncertainty, seen } = world();
  const draws = createDraws(engine, uncertainty, "here");
  const [a] = hypercube(6, 2, 7);
  assert.deepEqual(draws.parameters(2), { shock: 5, goal: 10 + a[2], unread: 3, drift: 0, tilt: draws.parameters(2).tilt });
  assert.equal(draws.count, 4);
  assert.equal(draws.done(), false);
  assert.deepEqual([1, 2, 3, 4, 5].map(() => draws.advance()), [false, false, false, true, true]);
  assert.equal(draws.done(), true);
  assert.deepEqual(draws.places.map(({ row }) => row), [0, 1, 2, 3]);
  draws.places.forEach(({ fixed, stocks, row }) => {
    const goal = 10 + a[row];
    // From a tenth, three times half of the way: a ninth part of an eighth is still missing.
    const level = goal * (1 - 0.9 / 8);
    near(stocks[0], level);
    assert.equal(stocks[1], 100);
    // Nothing is set in the lever's place, the constant holds, and what is not drawn stays.
    [0, goal, -(goal - level), 5, 0].forEach((each, at) => near(fixed[at], each));
  });
  // Searched without a clock, without what holds it, and with the levers before the reform.
  for (const rest of seen.rests) assert.deepEqual(rest, [0, 0, 0, 3, null]);
});

test("a draw that does not stay at rest is passed over, whichever way it moves", () => {
  const drift = (b) => (b < 0.25 ? -0.15 : b > 0.75 ? 0.15 : b < 0.5 ? 0.005 : -0.005);
  const { engine, uncertainty } = world({ count: 8, drift });
  const [, b] = hypercube(12, 2, 7);
  const kept = [...b.keys()].filter((row) => b[row] >= 0.25 && b[row] <= 0.75);
  assert.equal(kept.length, 6);
  assert.deepEqual(put(createDraws(engine, uncertainty, "here")).map(({ row }) => row), kept);
  // Of twelve rows six stay: no more than the wanted five are kept.
  const few = createDraws(engine, { ...uncertainty, spare: { least: 7, of: 2 } }, "here", 5);
  assert.deepEqual(put(few).map(({ row }) => row), kept.slice(0, 5));
  assert.equal(few.count, 5);
});

test("spare rows are at least so many, or a part of the wanted ones", () => {
  for (const [spare, rows] of [[{ least: 3, of: 2 }, 8], [{ least: 1, of: 2 }, 7], [{ least: 1, of: 9 }, 6]]) {
    const { engine, uncertainty, seen } = world({ count: 5, drift: () => 0.1, spare });
    assert.deepEqual(put(createDraws(engine, uncertainty, "here")), []);
    assert.equal(seen.rests.length, rows);
  }
});

test("where places are stored a draw has one of them in turn, and without their file none", () => {
  const { engine, uncertainty } = world();
  const stored = { names: ["goal", "tilt"], rows: [[20, 1], [30, 2], [40, 3]] };
  const with_ = { ...uncertainty, stored: ["here"], places: { here: stored } };
  const draws = createDraws(engine, with_, "here");
  assert.deepEqual([0, 1, 2, 3, 5].map((row) => [draws.parameters(row).goal, draws.parameters(row).tilt]), [[20, 1], [30, 2], [40, 3], [20, 1], [40, 3]]);
  const missing = { code: "places_missing", details: { context: "here" } };
  assert.throws(() => createDraws(engine, { ...with_, places: undefined }, "here"), missing);
  assert.throws(() => createDraws(engine, { ...with_, places: { there: stored } }, "here"), missing);
  const elsewhere = createDraws(engine, { ...with_, stored: ["there"] }, "here");
  assert.ok(elsewhere.parameters(0).goal < 11);
});

const REQUEST = { context: "here", levers: { push: 2 }, reference: { push: 1 }, years: 2, outcomes: ["gain", "next_level"] };

function quantiles(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return Object.fromEntries(Object.entries({ q05: 0.05, q25: 0.25, q50: 0.5, q75: 0.75, q95: 0.95 }).map(([name, share]) => {
    const at = share * (sorted.length - 1);
    const low = Math.floor(at);
    return [name, sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low])];
  }));
}

test("a range has quantiles of the outcome and of its difference, year by year", () => {
  const { engine, uncertainty } = world({ count: 10 });
  const { said, found } = heard(createFans(engine, uncertainty).fan(REQUEST));
  const goals = [...hypercube(15, 2, 7)[0]].slice(0, 10).map((each) => 10 + each);
  assert.deepEqual(said.slice(0, 10), goals.map((_, at) => ({ stage: "rest", done: at + 1, of: 10 })));
  assert.deepEqual(said.slice(10), [null]);
  const { context, years, year, draws, of } = found;
  assert.deepEqual({ context, years, year, draws, of }, { context: "here", years: 2, year: 2, draws: 10, of: 10 });
  for (const [name, value] of Object.entries(quantiles(goals))) {
    assert.deepEqual(found.bands.gain[name].length, 2);
    for (const at of [0, 1]) {
      near(found.bands.gain[name][at], 2 * value);
      near(found.effects.gain[name][at], value);
      // Of a stock where the year ends; the same with and without a reform. It is shocked by five.
      near(found.bands.next_level[name][at], value * (1 - 0.9 / 8) + 10 * (1 - 0.5 ** (12 * at + 12)));
      assert.equal(found.effects.next_level[name][at], 0);
    }
  }
  assert.deepEqual(found.counts.gain, { above: 10, near: 0, below: 0, way: "up", count: 10, firmness: "firm" });
  assert.deepEqual(found.counts.next_level, { above: 0, near: 10, below: 0, way: "same", count: 10, firmness: "firm" });
  const alone = heard(createFans(engine, uncertainty).fan({ ...REQUEST, reference: undefined })).found;
  assert.deepEqual([alone.effects, alone.counts], [null, null]);
  assert.deepEqual(alone.bands, found.bands);
});

test("draws are counted above, near and below, in the year asked about", () => {
  const { engine, uncertainty } = world({ count: 20 });
  const fans = createFans(engine, uncertainty);
  const tilts = fans.drawsFor("here");
  put(tilts);
  const of = (tilt) => tilts.places.filter(({ row }) => tilts.parameters(row).tilt === tilt).length;
  const [down, none, up] = [-1, 0, 1].map(of);
  assert.ok(down > 0 && none > 0 && up > down && up > none);
  const ask = (push, before, more = {}) =>
    heard(fans.fan({ ...REQUEST, levers: { push }, reference: { push: before }, outcomes: ["way"], ...more })).found;
  const word = (count) => (count >= 18 ? "firm" : count >= 14 ? "likely" : count >= 8 ? "open" : "against");
  assert.deepEqual(ask(2, 1).counts.way, { above: up, near: none, below: down, way: "up", count: up, firmness: word(up) });
  assert.deepEqual(ask(1, 2).counts.way, { above: down, near: none, below: up, way: "down", count: up, firmness: word(up) });
  // A hundredth of the larger one and a thousandth are no difference.
  assert.equal(ask(1.01105, 1).counts.way.near, 20);
  assert.equal(ask(1.0115, 1).counts.way.near, none);
  assert.equal(ask(1, 1.01105).counts.way.near, 20);
  assert.equal(ask(1, 1.0115).counts.way.near, none);
  assert.deepEqual(ask(1, 1).counts.way, { above: 0, near: 20, below: 0, way: "same", count: 20, firmness: "firm" });
  assert.equal(ask(2, 1, { year: 1 }).year, 1);
  assert.equal(fans.drawsFor("here"), tilts);
});

test("the year asked about decides what is counted", () => {
  const { economy, uncertainty } = world({ count: 3 });
  const plain = economy.run;
  // The push works in the first year alone.
  economy.run = (inputs, stocks, ticks, periods, out) => {
    plain(inputs, stocks, ticks, periods, out);
    for (let m = 12; m < periods; m += 1) out[m * 5 + 3] = 0;
  };
  const { fan } = createFans(createEngine(economy), uncertainty);
  const way = (year) => heard(fan({ ...REQUEST, outcomes: ["gain"], year })).found.counts.gain.way;
  assert.deepEqual([way(1), way(2), way(undefined)], ["up", "same", "same"]);
});

test("a rough range comes after the first hundred draws, once, and never when all are ready", () => {
  const { engine, uncertainty } = world({ count: 120 });
  const fans = createFans(engine, uncertainty);
  const first = heard(fans.fan(REQUEST));
  const partial = first.said.filter((each) => each?.partial);
  assert.equal(partial.length, 1);
  assert.deepEqual([partial[0].partial.draws, partial[0].partial.of, first.found.draws], [100, 120, 120]);
  const before = first.said.slice(0, first.said.indexOf(partial[0]));
  assert.deepEqual(before.filter((each) => each?.stage).at(-1), { stage: "rest", done: 100, of: 120 });
  assert.equal(first.said.filter((each) => each === null).length, 10 + 12);
  const second = heard(fans.fan(REQUEST));
  assert.deepEqual(second.said, Array(12).fill(null));
  assert.deepEqual(second.found, first.found);
  for (const count of [100, 99]) {
    const few = world({ count });
    assert.equal(heard(createFans(few.engine, few.uncertainty).fan(REQUEST)).said.filter((each) => each?.partial).length, 0);
  }
});

test("who asks again after a hundred draws waits for all of them, and gets no rough range", () => {
  const { engine, uncertainty } = world({ count: 120 });
  const fans = createFans(engine, uncertainty);
  const draws = fans.drawsFor("here");
  for (let at = 0; at < 110; at += 1) draws.advance();
  const { said, found } = heard(fans.fan(REQUEST));
  assert.deepEqual(said.filter((each) => each).map((each) => each.stage), Array(10).fill("rest"));
  assert.equal(found.draws, 120);
});

test("a reference is run once and kept, the four asked for last", () => {
  const { engine, uncertainty, seen } = world({ count: 3 });
  const fans = createFans(engine, uncertainty);
  put(fans.drawsFor("here"));
  const runs = (push, more = {}) => {
    const before = seen.runs;
    const { found } = heard(fans.fan({ ...REQUEST, reference: { push }, ...more }));
    near(found.effects.gain.q50[0], (2 - push) * found.bands.gain.q50[0] / 2);
    return seen.runs - before;
  };
  assert.deepEqual([1, 1, 3, 4, 5].map((push) => runs(push)), [6, 3, 6, 6, 6]);
  // The first was asked for again and stays; the second goes when a fifth comes.
  assert.deepEqual([1, 6, 1, 3].map((push) => runs(push)), [3, 6, 3, 6]);
  assert.equal(runs(3, { years: 1 }), 6);
  assert.equal(runs(3, { outcomes: ["gain"] }), 6);
});

test("fans of a place that stays nowhere have no draws, and those of fewer draws say of how many", () => {
  const { engine, uncertainty } = world({ count: 9, drift: (b) => (b > 0.5 ? 0.1 : 0), spare: { least: 3, of: 9 } });
  const { found } = heard(createFans(engine, uncertainty).fan(REQUEST));
  assert.deepEqual([found.draws, found.of], [6, 9]);
  const fewer = heard(createFans(engine, uncertainty, 2).fan(REQUEST)).found;
  assert.deepEqual([fewer.draws, fewer.of], [2, 2]);
});
