// Facts about the role game that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { analystRequest, createGame, discussion, gains, gameRows, lastRound, measurePayoffs, movedLevers, readAnswer, total } =
  await import(`${folder}roles/game.js`);
const { openDomain } = await import(`${folder}views/time_chart.js`);

const held = { insurer: ["share", "charge"], patients: ["voice"], primary: [] };
const opening = { context: "here", preset: "calm", levers: { share: 0, charge: 0, voice: 0.5 } };
const ranges = {
  share: { low: 0, high: 1, step: 0.05 },
  charge: { low: 0, high: 1, step: 0.05 },
  voice: { low: 0, high: 2, step: 0.5 },
};
const start = (rounds = 2) => createGame(opening, held, rounds);

test("a role moves its own levers only, and nobody's choice takes effect before the round ends", () => {
  const game = start();
  assert.deepEqual(game.roles, ["insurer", "patients"]);
  assert.equal(game.role(), "insurer");
  game.confirm({ share: 1, charge: 0.5, voice: 2 });
  assert.deepEqual(game.standing(), opening.levers);
  assert.equal(game.role(), "patients");
  assert.deepEqual(game.alone({ share: 0.3, charge: 0.3, voice: 1 }), { share: 0, charge: 0, voice: 1 });
  game.confirm({ share: 0.2, voice: 1 });
  assert.deepEqual(game.standing(), { share: 1, charge: 0.5, voice: 1 });
  assert.deepEqual(opening.levers, { share: 0, charge: 0, voice: 0.5 });
});

test("after its rounds a game is over and takes no more choices", () => {
  const game = start(1);
  assert.equal(game.round(), 1);
  game.confirm({ share: 1 });
  assert.equal(game.over(), false);
  game.confirm({ voice: 1 });
  assert.equal(game.over(), true);
  assert.equal(game.role(), null);
  game.confirm({ share: 0 });
  assert.equal(game.stands().length, 2);
  assert.equal(game.standing().share, 1);
});

test("what was moved is told with its value after every round, and what was not is left out", () => {
  const game = start();
  for (const choice of [{ share: 1 }, {}, { share: 0 }, {}]) game.confirm(choice);
  assert.deepEqual(movedLevers(game), [{ role: "insurer", lever: "share", values: [0, 1, 0] }]);
});

test("pay-offs are a year's money, their mean is over the years, and gains are against no reform", () => {
  const engine = {
    run: (context, levers, years) => ({ levers, years }),
    yearly: ({ levers, years }, name) =>
      Float64Array.from({ length: years }, (_, year) => (name === "payoff_insurer" ? levers.share : year)),
  };
  const found = measurePayoffs(engine, "here", { share: 2 }, 3, ["insurer", "patients"]);
  assert.deepEqual(found.patients, { years: [0, 12, 24], mean: 12 });
  const base = measurePayoffs(engine, "here", { share: 0.5 }, 3, ["insurer", "patients"]);
  assert.deepEqual(gains(found, base), { insurer: 18, patients: 0 });
  assert.equal(total(gains(found, base)), 18);
});

test("a round's end tells what it changed, and what has changed since there was no reform", () => {
  const game = start();
  const measure = ({ share, voice }) => ({ insurer: { mean: 10 * share }, patients: { mean: voice } });
  const base = { insurer: { mean: -1 }, patients: { mean: 0 } };
  for (const choice of [{ share: 1 }, {}]) game.confirm(choice);
  assert.deepEqual(lastRound(game, measure, base)[0], { role: "insurer", step: 10, gain: 11 });
  for (const choice of [{ share: 0.5 }, { voice: 2 }]) game.confirm(choice);
  assert.deepEqual(lastRound(game, measure, base), [{ role: "insurer", step: -5, gain: 6 }, { role: "patients", step: 1.5, gain: 2 }]);
});

test("the analyst is asked about the last round with every lever's range", () => {
  const game = start(1);
  game.confirm({ share: 1 });
  game.confirm({ voice: 1 });
  const request = analystRequest(game, 10, ranges);
  assert.deepEqual(request.levers, { share: 1, charge: 0, voice: 1 });
  assert.deepEqual(request.holder, { insurer: ["share", "charge"], patients: ["voice"] });
  assert.deepEqual(request.payoffs, { insurer: "payoff_insurer", patients: "payoff_patients" });
  assert.deepEqual(request.ranges.voice, [0, 2, 0.5]);
});

test("an answer is read as yearly money against no reform, with only the levers that would move", () => {
  const game = start(1);
  game.confirm({ share: 1 });
  game.confirm({ voice: 1 });
  const base = { insurer: { mean: 12 }, patients: { mean: 0 } };
  const answer = {
    responses: {
      insurer: { levers: { share: 1, charge: 0.5 }, now: 2, best: 3, regret: 1 },
      patients: { levers: { voice: 1 }, now: 1, best: 1, regret: 0 },
    },
    equilibrium: { levers: {}, rounds: 2, settled: true, circles: false, payoffs: { insurer: 3, patients: 0 } },
    optimum: { levers: { share: 0 }, payoffs: { insurer: 1, patients: 5 }, sum: 6 },
  };
  const read = readAnswer(answer, game, base);
  assert.deepEqual(read.responses[0], { role: "insurer", changes: [["charge", 0.5]], regret: 12, gain: 24 });
  assert.deepEqual(read.responses[1].changes, []);
  assert.deepEqual(read.settled.gains, { insurer: 24, patients: 0 });
  assert.deepEqual(read.together.gains, { insurer: 0, patients: 60 });
});

test("the question follows from who would lose by what is best for all together", () => {
  assert.deepEqual(discussion({ a: 5, b: 0 }, { a: 2, b: 9 }), { key: "loser", role: "a", loss: 3 });
  assert.equal(discussion({ a: 1, b: 0 }, { a: 2, b: 9 }).key, "nobody");
  assert.equal(discussion({ a: 1, b: 1 }, { a: 1.01, b: 1 }).key, "near");
});

test("the file of a game holds every lever after every round and every gain", () => {
  const game = start(1);
  game.confirm({ share: 1 });
  game.confirm({});
  const rows = gameRows(game, [{ key: "round_1", gains: { insurer: 3, patients: -1 } }]);
  assert.equal(rows.length, 1 + 2 * 3 + 2);
  assert.deepEqual(rows[4], ["lever", "round_1", "insurer", "share", 1]);
  assert.deepEqual(rows.at(-1), ["gain_a_year_against_no_reform", "round_1", "patients", "", -1]);
});

test("a flat line gets an axis of the least width asked for", () => {
  assert.deepEqual(openDomain([0, 0], "money a year", 4).map(Math.round), [0, 2]);
});
