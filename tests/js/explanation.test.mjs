// Why a line moved: every part worked out by hand for a model of four equations.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { createExplanations } = await import(`${folder}analysis/explanation.js`);
const { createEngine } = await import(`${folder}analysis/model.js`);
const { finish } = await import(`${folder}analysis/questions.js`);

// `share` is the lever as phased in; `both` needs two levers at once; the level keeps nine tenths.
const economy = {
  inputs: ["share", "push", "pull", "rate", "level", "month"],
  stocks: ["level"],
  flows: ["share", "both", "next_level", "seen"],
  clock: ["bell", "month"],
  levers: ["share", "push", "pull"],
  years: 2,
  places: { here: { fixed: { rate: 0.5 }, stocks: [10], ticks: { bell: [1, 14] } } },
  presets: {},
  equations: [
    { reads: ["inputs.share", "inputs.month"], of: ([share, month]) => share * Math.min(1, (month + 1) / 4) },
    { reads: ["inputs.push", "inputs.pull"], of: ([push, pull]) => push * pull },
    { reads: ["inputs.level", "share", "inputs.rate"], of: ([level, share, rate]) => 0.9 * level + rate * share },
    { reads: ["inputs.level", "both", "inputs.bell"], of: ([level, both, bell]) => level + 3 * both + 100 * bell },
  ],
  run([share, push, pull, rate], [first], ticks, periods, out) {
    let level = first;
    for (let m = 0; m < periods; m += 1) {
      const phased = share * Math.min(1, (ticks[2 * m + 1] + 1) / 4);
      const next = 0.9 * level + rate * phased;
      out.set([phased, push * pull, next, level + 3 * push * pull + 100 * ticks[2 * m]], 4 * m);
      level = next;
    }
  },
};
const engine = createEngine(economy);
const { explain, contributions, history, reader } = createExplanations(engine);
const FROM = { share: 0, push: 0, pull: 0 };
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-12, `${found} ${expected}`);
const views = (from, to, years = 2) => {
  const [before, after] = [from, to].map((levers) => reader(engine.run("here", { ...FROM, ...levers }, years), "here"));
  return { before, after };
};
const told = (parts) => parts.map(({ name, month, before, after }) => [name, month, before, after]);

test("every kind of quantity can be read in every month", () => {
  const { after: read } = views({}, { share: 0.8, push: 2, pull: 3 });
  near(read("share", 0), 0.2);
  near(read("share", 5), 0.8);
  assert.equal(read("both", 7), 6);
  assert.equal(read("inputs.level", 0), 10);
  near(read("inputs.level", 1), 9.1);
  near(read("inputs.level", 2), 0.9 * 9.1 + 0.2);
  assert.equal(read("inputs.share", 3), 0.8);
  assert.equal(read("inputs.rate", 3), 0.5);
  assert.deepEqual([0, 1, 14].map((month) => read("inputs.bell", month)), [0, 1, 1]);
  assert.deepEqual([0, 1, 14].map((month) => read("inputs.month", month)), [0, 1, 14]);
});

test("an equation owes to each quantity what it moves alone, and the rest is joint", () => {
  const view = views({ push: 2, pull: 3 }, { push: 5, pull: 7 });
  const { change, remainder, parts } = contributions(view, "both", 4);
  assert.deepEqual([change, remainder], [29, 12]);
  assert.deepEqual(parts, [
    { name: "inputs.push", month: 4, before: 2, after: 5, contribution: 9, missing: 9 },
    { name: "inputs.pull", month: 4, before: 3, after: 7, contribution: 8, missing: 8 },
  ]);
  const more = contributions(views({ push: 2, pull: 3 }, { push: 3, pull: 7 }), "both", 4).parts;
  assert.deepEqual(more.map(({ name, contribution }) => [name, contribution]), [["inputs.pull", 8], ["inputs.push", 3]]);
  assert.deepEqual(contributions(views({ push: 2 }, { push: 2 }), "both", 4), { change: 0, remainder: 0, parts: [] });
});

test("what moves nothing alone is weighed by what would be missing without it", () => {
  const { change, remainder, parts } = contributions(views({}, { push: 5, pull: -7 }), "both", 0);
  assert.deepEqual([change, remainder], [-35, -35]);
  assert.deepEqual(parts.map(({ name, contribution, missing }) => [name, contribution + 0, missing]), [["inputs.push", 0, -35], ["inputs.pull", 0, -35]]);
  const half = contributions(views({ pull: 2 }, { push: 5, pull: 3 }), "both", 0);
  // Push moves ten alone; pull moves nothing alone, and without its rise five would be missing.
  assert.deepEqual(half.parts.map(({ name, contribution, missing }) => [name, contribution, missing]), [["inputs.push", 10, 10], ["inputs.pull", 0, 5]]);
  assert.equal(half.remainder, 5);
});

test("a stock owes to each earlier month what it still keeps of it", () => {
  const view = views({}, { share: 0.8 });
  const { change, remainder, parts } = history(view, "level", 3);
  // Half of the share each month, of which nine tenths are kept from month to month.
  const paid = [0.1 * 0.81, 0.2 * 0.9, 0.3];
  near(change, 0.561);
  near(change, paid[0] + paid[1] + paid[2]);
  near(remainder, 0);
  assert.equal(parts.length, 1);
  near(parts[0].contribution, 0.561);
  near(parts[0].missing, 0.561);
  // Told by the month that gave most.
  assert.deepEqual([parts[0].name, parts[0].month], ["share", 2]);
  near(parts[0].largest, 0.3);
  near(parts[0].after, 0.6);
  assert.deepEqual(history(view, "level", 0), { change: 0, remainder: 0, parts: [] });
});

test("a stock that fell owes it to what was taken away, most by the month that took most", () => {
  const { change, parts } = history(views({ share: 0.8 }, { share: 0 }), "level", 8);
  assert.ok(change < 0);
  near(parts[0].contribution, change);
  assert.equal(parts[0].month, 7);
  near(parts[0].largest, 0.4);
  assert.ok(parts[0].missing < 0);
});

const ask = (more) => finish(explain({ context: "here", from: FROM, to: { ...FROM, share: 0.8 }, outcome: "next_level", year: 1, ...more }));

test("the way back goes to a lever, which is one step with its phased self", () => {
  const found = ask({});
  assert.deepEqual([found.context, found.outcome, found.year, found.month, found.complete], ["here", "next_level", 1, 11, true]);
  assert.deepEqual([found.target.name, found.target.kind, found.target.month], ["next_level", "stock", 12]);
  near(found.after - found.before, found.target.after - found.target.before);
  assert.equal(found.path.length, 1);
  const [lever] = found.path;
  assert.deepEqual([lever.name, lever.kind, lever.quantity, lever.of, lever.sign, lever.joint], ["inputs.share", "lever", "share", "next_level", 1, false]);
  assert.deepEqual([lever.before, lever.after], [0, 0.8]);
  near(lever.contribution, found.after - found.before);
  assert.deepEqual(found.map, { nodes: [], links: [] });
  const fell = ask({ from: { ...FROM, share: 0.8 }, to: FROM });
  assert.deepEqual([fell.path[0].sign, fell.path[0].contribution < 0], [-1, true]);
});

test("a flow is followed through the stock it reads, the largest part first", () => {
  const found = ask({ outcome: "seen", year: 2 });
  assert.deepEqual([found.target.name, found.target.kind, found.target.quantity], ["seen", "flow", "seen"]);
  assert.deepEqual(found.path.map(({ name, kind, of }) => [name, kind, of]), [["next_level", "stock", "seen"], ["inputs.share", "lever", "next_level"]]);
  const other = ask({ outcome: "seen", year: 2, to: { share: 0.8, push: 2, pull: 1 } });
  // Six by both against less than four by the level.
  assert.deepEqual(other.path.map(({ name, of, joint }) => [name, of, joint]), [["both", "seen", false], ["inputs.push", "both", true]]);
  assert.equal(other.path[0].contribution, 6);
  assert.equal(other.path[1].contribution, 2);
  assert.deepEqual(other.target.parts.map(({ name }) => name), ["both", "inputs.level"]);
});

test("where nothing moved there is no path, and a shorter path may end before a lever", () => {
  const still = ask({ to: FROM });
  assert.deepEqual([still.path, still.complete], [[], false]);
  const unmoved = ask({ outcome: "both" });
  assert.deepEqual([unmoved.path, unmoved.complete, unmoved.before, unmoved.after], [[], false, 0, 0]);
  const direct = ask({ outcome: "both", from: { ...FROM, pull: 1 }, to: { ...FROM, push: 2, pull: 1 } });
  assert.deepEqual(direct.path.map(({ name, of, contribution }) => [name, of, contribution]), [["inputs.push", "both", 2]]);
  const short = ask({ outcome: "seen", year: 2, depth: 0 });
  assert.deepEqual([short.path.map(({ name }) => name), short.complete], [["next_level"], false]);
});

test("a task of its kind stops twice on its way", () => {
  const task = explain({ context: "here", from: FROM, to: { ...FROM, share: 0.8 }, outcome: "next_level", year: 1 });
  assert.deepEqual([task.next(), task.next()], [{ value: null, done: false }, { value: null, done: false }]);
  assert.equal(task.next().done, true);
});

test("where the largest part leads back to what was met, the next largest is followed", () => {
  // Two flows that read each other's level of last month; only the small part comes from a lever.
  const circle = {
    ...economy,
    inputs: ["share", "one", "other"],
    stocks: ["one", "other"],
    flows: ["next_one", "next_other"],
    clock: [],
    levers: ["share"],
    places: { here: { fixed: {}, stocks: [0, 0], ticks: {} } },
    equations: [
      { reads: ["inputs.other"], of: ([other]) => 2 * other },
      { reads: ["inputs.one", "inputs.share"], of: ([one, share]) => one + share / 1000 },
    ],
    run([share], [one, other], ticks, periods, out) {
      for (let m = 0; m < periods; m += 1) {
        [one, other] = [2 * other, one + share / 1000];
        out.set([one, other], 2 * m);
      }
    },
  };
  const found = finish(createExplanations(createEngine(circle)).explain({
    context: "here", from: { share: 0 }, to: { share: 1 }, outcome: "next_one", year: 1,
  }));
  assert.equal(found.complete, true);
  assert.deepEqual(found.path.map(({ name, of }) => [name, of]), [["next_other", "next_one"], ["inputs.share", "next_other"]]);
});

test("the map links what moves what within a month, with the sign of it", () => {
  const nodes = ["share", "level", "seen", "push"];
  const { map } = ask({ nodes, to: { share: 0.8, push: 0, pull: 0 }, year: 2 });
  const level = (month) => engine.at(engine.run("here", { ...FROM, share: 0.8 }, 2), "next_level", month);
  const old = (month) => 10 * 0.9 ** (month + 1);
  assert.deepEqual(map.nodes.map(({ name, sign }) => [name, sign]), [["share", 1], ["level", 1], ["seen", 1], ["push", 0]]);
  assert.deepEqual([map.nodes[0].before, map.nodes[0].after, map.nodes[0].change], [0, 0.8, 0.8]);
  near(map.nodes[1].change, level(22) - old(22));
  assert.deepEqual(map.links.map(({ from, to, sign }) => [from, to, sign]), [["share", "level", 1], ["level", "seen", 1]]);
  // The share stands for itself phased in: half of what it is.
  near(map.links[0].contribution, 0.4);
  near(map.links[1].contribution, level(22) - old(22));
  const fell = ask({ nodes, from: { share: 0.8, push: 0, pull: 0 }, to: FROM, year: 2 }).map;
  assert.deepEqual(fell.links.map(({ from, to, sign }) => [from, to, sign]), [["share", "level", -1], ["level", "seen", -1]]);
  assert.deepEqual(ask({ nodes, to: FROM }).map.links, []);
});
