// Facts about the analysis that need no page and no care economy: a small one, written by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { createEngine } = await import(`${folder}analysis/model.js`);
const { coalitionWeights, createAttribution, shapleyValues } = await import(
  `${folder}analysis/attribution.js`
);
const { hypercube, quantile } = await import(`${folder}analysis/draws.js`);
const { createExplanations } = await import(`${folder}analysis/explanation.js`);
const { coarseGrid, createResponses, fineGrid, onStep } = await import(`${folder}analysis/responses.js`);
const { finish } = await import(`${folder}analysis/questions.js`);
const { createAnalyst, serveAnalysis } = await import(`${folder}analysis/worker.js`);

// One stock fed by two levers that help each other; a third lever does harm.
const LEVERS = ["push", "pull", "harm"];
const small = {
  inputs: ["push", "pull", "harm", "rate"],
  stocks: ["stock"],
  flows: ["effort", "loss", "next_stock", "profit"],
  clock: ["month"],
  levers: LEVERS,
  years: 3,
  places: { here: { fixed: { rate: 0.1 }, stocks: [1], ticks: {}, baseline: "none" } },
  presets: {},
  run([push, pull, harm, rate], [first], ticks, periods, out) {
    let stock = first;
    for (let m = 0; m < periods; m += 1) {
      const effort = push + 2 * pull + push * pull;
      const loss = harm * stock;
      const next = stock + rate * (effort - loss);
      out.set([effort, loss, next, effort - effort * effort + next / 100], m * 4);
      stock = next;
    }
  },
  equations: [
    { reads: ["inputs.push", "inputs.pull"], of: ([push, pull]) => push + 2 * pull + push * pull },
    { reads: ["inputs.harm", "inputs.stock"], of: ([harm, stock]) => harm * stock },
    {
      reads: ["inputs.stock", "inputs.rate", "effort", "loss"],
      of: ([stock, rate, effort, loss]) => stock + rate * (effort - loss),
    },
    { reads: ["effort", "next_stock"], of: ([effort, next]) => effort - effort * effort + next / 100 },
  ],
};
const engine = createEngine(small);
const FROM = { push: 0, pull: 0, harm: 0.1 };
const TO = { push: 0.5, pull: 0.3, harm: 0.2 };

function permutations(list) {
  if (list.length < 2) return [list];
  return list.flatMap((each, at) =>
    permutations(list.toSpliced(at, 1)).map((rest) => [each, ...rest]),
  );
}

test("Shapley values are the mean over all orders, and add up", () => {
  let seed = 3;
  const values = Float64Array.from({ length: 16 }, () => (seed = (seed * 16807) % 2147483647) / 1e6);
  const mean = [0, 0, 0, 0];
  const orders = permutations([0, 1, 2, 3]);
  for (const order of orders) {
    let mask = 0;
    for (const player of order) {
      mean[player] += (values[mask | (1 << player)] - values[mask]) / orders.length;
      mask |= 1 << player;
    }
  }
  const found = shapleyValues(values, 4);
  mean.forEach((each, at) => assert.ok(Math.abs(each - found[at]) < 1e-9 * Math.abs(values[15])));
  assert.deepEqual(coalitionWeights(3), [1 / 3, 1 / 6, 1 / 3]);
});

test("the parts of a change add up to it, and a rest is kept together", () => {
  const { shapley } = createAttribution(engine);
  const request = { context: "here", from: FROM, to: TO, outcomes: ["next_stock"], year: 3 };
  const all = finish(shapley(request));
  const contributions = all.contributions.next_stock;
  assert.deepEqual(all.players, LEVERS.map((name) => [name]));
  const { change } = all.totals.next_stock;
  assert.ok(Math.abs(change) > 0.1);
  assert.ok(Math.abs(contributions.reduce((a, b) => a + b) - change) < 1e-9);
  assert.ok(contributions[0] > 0 && contributions[2] < 0);
  const some = finish(shapley({ ...request, names: ["harm"] }));
  assert.deepEqual(some.players, [["harm"], ["push", "pull"]]);
  const groups = finish(shapley({ ...request, groups: [["pull", "push"], ["harm"]] }));
  const [both, harm] = groups.contributions.next_stock;
  assert.deepEqual([harm, both], some.contributions.next_stock);
  const none = finish(shapley({ ...request, to: FROM }));
  assert.deepEqual(none.contributions.next_stock, []);
});

test("what an equation reads and what is joint add up to its change", () => {
  const { contributions, reader } = createExplanations(engine);
  const runs = [FROM, TO].map((levers) => engine.run("here", levers, 3));
  const [before, after] = runs.map((run) => reader(run, "here"));
  const { change, remainder, parts } = contributions({ before, after }, "effort", 7);
  assert.equal(change, 0.5 + 0.6 + 0.15);
  assert.ok(Math.abs(remainder - 0.15) < 1e-15);
  assert.ok(Math.abs(parts.reduce((sum, part) => sum + part.contribution, remainder) - change) < 1e-15);
});

test("what a stock owes to every earlier month adds up to its change", () => {
  const { history, reader } = createExplanations(engine);
  const runs = [FROM, TO].map((levers) => engine.run("here", levers, 3));
  const [before, after] = runs.map((run) => reader(run, "here"));
  const { change, remainder, parts } = history({ before, after }, "stock", 30);
  assert.ok(Math.abs(change - (runs[1].out[29 * 4 + 2] - runs[0].out[29 * 4 + 2])) < 1e-15);
  assert.ok(parts.length === 2 && Math.abs(change) > 0.1);
  const sum = parts.reduce((total, part) => total + part.contribution, remainder);
  assert.ok(Math.abs(sum - change) < 1e-12);
});

test("the way back from a line ends at a lever that was changed", () => {
  const { explain } = createExplanations(engine);
  const found = finish(
    explain({ context: "here", from: FROM, to: TO, outcome: "next_stock", year: 3,
      nodes: ["pull", "effort", "stock", "harm"] }),
  );
  assert.equal(found.target.name, "next_stock");
  assert.deepEqual(found.path.map(({ name, of }) => [name, of]), [
    ["effort", "next_stock"], ["inputs.pull", "effort"],
  ]);
  assert.ok(found.complete);
  const signs = Object.fromEntries(found.map.links.map((each) => [`${each.from} ${each.to}`, each.sign]));
  assert.deepEqual(signs, {
    "pull effort": 1, "effort stock": 1, "harm stock": -1,
  });
  const same = finish(explain({ context: "here", from: TO, to: TO, outcome: "effort", year: 1 }));
  assert.equal(same.path.length, 0);
  assert.equal(same.complete, false);
});

test("grids lie on the step and meet both ends", () => {
  assert.deepEqual(coarseGrid([0, 1, 0.05]), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(coarseGrid([0, 2, 1]), [0, 1, 2]);
  assert.deepEqual(coarseGrid([1, 1, 1]), [1]);
  assert.equal(onStep(0.34, [0, 1, 0.05]), 0.35);
  assert.ok(fineGrid(0.4, [0, 1, 0.05]).includes(0.55));
  assert.ok(fineGrid(1, [0, 1, 0.05]).every((value) => value <= 1));
});

test("a best response is the best of a small grid, and its regret what was missed", () => {
  const ranges = { push: [0, 1, 0.2], pull: [0, 1, 0.2], harm: [0, 0.5, 0.1] };
  const levers = { push: 1, pull: 1, harm: 0.1 };
  const holder = { first: ["push", "pull"], second: ["harm"] };
  const payoffs = { first: "profit", second: { next_stock: 1, loss: -1 } };
  const { respond } = createResponses(engine);
  const found = finish(respond({ context: "here", levers, holder, ranges, payoffs, years: 2 }));
  const mean = (changed, name) => {
    const run = engine.run("here", { ...levers, ...changed }, 2);
    return (engine.yearValue(run, name, 0) + engine.yearValue(run, name, 1)) / 2;
  };
  let best = -Infinity;
  for (const push of coarseGrid(ranges.push)) {
    for (const pull of coarseGrid(ranges.pull)) best = Math.max(best, mean({ push, pull }, "profit"));
  }
  const { first, second } = found.responses;
  assert.ok(Math.abs(first.best - best) < 1e-12);
  assert.ok(Math.abs(first.regret - (best - mean({}, "profit"))) < 1e-12 && first.regret > 1);
  assert.equal(second.levers.harm, 0);
  assert.ok(found.equilibrium.settled && found.equilibrium.rounds <= 3);
  assert.equal(found.equilibrium.levers.harm, 0);
  assert.ok(found.optimum.sum >= found.sum);
  const total = Object.values(found.equilibrium.payoffs).reduce((a, b) => a + b);
  assert.ok(found.optimum.sum >= total - 1e-12);
});

test("each column of a hypercube meets every step once; quantiles lie between neighbours", () => {
  for (const column of hypercube(50, 3, 8)) {
    const steps = Array.from(column, (value) => Math.floor(value * 50)).sort((a, b) => a - b);
    assert.deepEqual(steps, Array.from({ length: 50 }, (_, at) => at));
  }
  assert.equal(quantile([0, 1, 2, 4], 0.5), 1.5);
  assert.equal(quantile([7], 0.95), 7);
});

function listening() {
  const said = [];
  const scope = { postMessage: (data) => said.push(data) };
  return { said, scope };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("only the newest request of a channel is computed, the quickest kind first", async () => {
  const begun = [];
  const analysis = {
    start(kind, request) {
      begun.push(`${kind} ${request}`);
      return (function* () {
        yield { stage: "x", done: 1, of: 2 };
        if (request === "bad") throw Object.assign(new Error("no"), { code: "bad" });
        return request;
      })();
    },
  };
  const { said, scope } = listening();
  serveAnalysis(scope, analysis);
  const ask = (id, kind, request) =>
    scope.onmessage({ data: { type: "ask", id, kind, channel: `${kind}/`, request } });
  ask(1, "fan", "old");
  ask(2, "respond", "bad");
  ask(3, "fan", "new");
  ask(4, "explain", "line");
  // How far a task has come is told only where a machine is slow.
  const answered = () => said.filter(({ type }) => type !== "ready" && type !== "progress");
  for (let turn = 0; turn < 10_000 && answered().length < 4; turn += 1) await pause(1);
  assert.deepEqual(begun, ["explain line", "fan new", "respond bad"]);
  assert.deepEqual(answered().map(({ id, type }) => [id, type]), [
    [1, "stale"], [4, "result"], [3, "result"], [2, "error"],
  ]);
  assert.equal(said.at(-1).value.code, "bad");
});

test("where a worker is refused, the page answers by itself and says so", async () => {
  const refuse = () => {
    throw new Error("SecurityError");
  };
  const request = { context: "here", from: FROM, to: TO, outcomes: ["next_stock"], year: 3 };
  const silent = () => {
    const port = { postMessage() {}, terminate() {} };
    setTimeout(() => port.onerror({}), 5);
    return port;
  };
  const uncertainty = { count: 1 };
  for (const start of [refuse, silent]) {
    const analyst = createAnalyst("", small, uncertainty, { start });
    const [old, found] = await Promise.all([
      analyst.shapley(request), analyst.shapley(request),
    ]);
    assert.equal(analyst.mode(), "page");
    assert.equal(old, null);
    assert.equal(found.contributions.next_stock.length, 3);
    await assert.rejects(analyst.shapley({ ...request, context: "x" }), {
      code: "unknown_place",
    });
    analyst.close();
    assert.equal(await analyst.shapley(request), null);
  }
});

test("stored places are loaded with the first range that needs them, once, also where a try failed", async () => {
  const sent = [];
  const start = () => {
    const port = { terminate() {} };
    port.postMessage = (data) => {
      sent.push(data);
      if (data.type === "ask") setTimeout(() => port.onmessage({ data: { id: data.id, type: "result", value: data.id } }), 0);
    };
    setTimeout(() => port.onmessage?.({ data: { type: "ready" } }), 0);
    return port;
  };
  let tries = 0;
  const loadPlaces = async () => {
    tries += 1;
    if (tries === 1) throw new Error("carelab-places.js");
    return { here: "stored" };
  };
  const analyst = createAnalyst("", small, { count: 1, stored: ["here"] }, { start, loadPlaces });
  await analyst.fan({ context: "elsewhere" });
  assert.equal(tries, 0);
  await assert.rejects(analyst.fan({ context: "here" }), { message: "carelab-places.js" });
  const [old, found] = await Promise.all([analyst.fan({ context: "here" }), analyst.fan({ context: "here" })]);
  assert.equal(old, null);
  assert.ok(found);
  await analyst.fan({ context: "here" });
  assert.equal(tries, 2);
  assert.deepEqual(sent.map(({ type }) => type), ["ask", "places", "ask", "ask"]);
  analyst.close();
});

test("of more than ten levers the nine that move most are named, and the weakest stand together", () => {
  // The outcome is a weighted sum: each lever brings exactly its weight, whichever way it moves it.
  const weights = [3, -12, 1, 7, 0.5, -9, 4, 11, -2, 6, 10, -5];
  const levers = weights.map((_, at) => `lever_${at}`);
  const plain = {
    economy: { levers, years: 1, flows: ["outcome"] },
    run: (_, set) => levers.reduce((sum, name, at) => sum + weights[at] * set[name], 100),
    yearValue: (run) => run,
  };
  const from = Object.fromEntries(levers.map((name) => [name, 0]));
  const to = Object.fromEntries(levers.map((name) => [name, 1]));
  const request = { context: "here", from, to, outcomes: ["outcome"], year: 1 };
  const found = finish(createAttribution(plain).shapley(request));
  const byStrength = [1, 7, 10, 5, 3, 9, 11, 6, 0].map((at) => [`lever_${at}`]);
  assert.deepEqual(found.players.slice(0, 9), byStrength);
  assert.deepEqual(found.players[9], ["lever_2", "lever_4", "lever_8"]);
  const brought = [-12, 11, 10, -9, 7, 6, -5, 4, 3, 1 + 0.5 - 2];
  found.contributions.outcome.forEach((each, at) => assert.ok(Math.abs(each - brought[at]) < 1e-9));
  assert.deepEqual(found.totals.outcome, { before: 100, after: 114.5, change: 14.5 });
});

test("exactly ten changed levers are all named", () => {
  const levers = Array.from({ length: 10 }, (_, at) => `lever_${at}`);
  const plain = {
    economy: { levers, years: 1, flows: ["outcome"] },
    run: (_, set) => levers.reduce((sum, name) => sum + set[name], 0),
    yearValue: (run) => run,
  };
  const all = (value) => Object.fromEntries(levers.map((name) => [name, value]));
  const request = { context: "here", from: all(0), to: all(1), outcomes: ["outcome"], year: 1 };
  const found = finish(createAttribution(plain).shapley(request));
  assert.deepEqual(found.players, levers.map((name) => [name]));
});
