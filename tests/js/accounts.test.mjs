// What each actor has in hand, what the headline says of it, and what a reader looks at.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const {
  accountsOf, addUp, digitsFor, firmSign, fundFlows, healthyYears, hundredCases, isOpen, signedTerms, sumTerms, yearTotal,
} = await import(`${folder}analysis/accounts.js`);
const { createEngine, lastMonth, yearSum } = await import(`${folder}analysis/model.js`);
const { headline, loserOf, toldLoss, wayOf } = await import(`${folder}views/headline.js`);
const { createGaze, startOf } = await import(`${folder}views/gaze.js`);

// Two flows that count months, one input; the clock says its month and rings in some.
const economy = {
  inputs: ["price", "share", "own"],
  stocks: ["level"],
  flows: ["month", "next_level", "rung"],
  clock: ["month", "bell"],
  levers: ["share"],
  years: 3,
  places: { here: { fixed: { price: 10, own: 7 }, stocks: [100], ticks: { bell: [2, 13] } } },
  presets: { plain: { share: 0.5 } },
  run([price, share], [level], ticks, periods, out) {
    for (let m = 0; m < periods; m += 1) {
      level += price * share;
      out.set([ticks[2 * m], level, ticks[2 * m + 1]], 3 * m);
    }
  },
};
const engine = createEngine(economy);
const run = engine.run("here", { share: 0.5 }, 2);

test("a year has twelve months and the second begins with the thirteenth", () => {
  assert.deepEqual([lastMonth(0), lastMonth(1)], [11, 23]);
  assert.equal(yearSum(0, (month) => month), 66);
  assert.equal(yearSum(1, () => 1), 12);
  assert.equal(yearSum(1, (month) => month), 210);
});

test("a run reads a place, levers set by name, and a clock; unknown levers move nothing", () => {
  assert.deepEqual([...engine.inputsOf("here", { share: 0.5, weather: 9 })], [10, 0.5, 7]);
  assert.deepEqual([...engine.inputsOf("here", { share: 0.5 }, [1, 2, 3])], [1, 0.5, 3]);
  assert.deepEqual([...engine.inputsOf("here", {})], [10, 0, 7]);
  assert.equal(engine.place("here"), engine.place("here"));
  assert.equal(run.out.length, 72);
  assert.equal(engine.at(run, "month", 13), 13);
  assert.equal(engine.at(run, "next_level", 0), 105);
  assert.deepEqual([2, 3, 13].map((month) => engine.at(run, "rung", month)), [1, 0, 1]);
  assert.deepEqual([...engine.yearly(run, "month")], [5.5, 17.5]);
  assert.deepEqual([...engine.yearly(run, "next_level")], [160, 220]);
  assert.deepEqual([engine.yearValue(run, "rung", 0), engine.yearValue(run, "rung", 1)], [1 / 12, 1 / 12]);
  assert.deepEqual([engine.flowIndex("month"), engine.flowIndex("rung")], [0, 2]);
  const kept = new Float64Array(36);
  assert.equal(engine.run("here", { share: 0 }, 1, kept).out, kept);
  assert.equal(kept[34], 100);
  assert.throws(() => engine.run("nowhere", {}, 1), RangeError);
  assert.throws(() => engine.at(run, "weather", 1), { name: "RangeError", message: "weather" });
});

test("a term is a product of flows and inputs, added or taken away", () => {
  assert.deepEqual(signedTerms(["a*b", "-c", "d-e"]), [{ name: "a*b", sign: 1 }, { name: "c", sign: -1 }, { name: "d-e", sign: 1 }]);
  assert.equal(sumTerms(["a*b", "-c"], (names) => (names.length === 2 ? 5 : 3)), 2);
  const inputs = engine.inputsOf("here", run.levers);
  assert.equal(yearTotal(engine, run, inputs, ["month"], 1), 210);
  assert.equal(yearTotal(engine, run, inputs, ["month", "inputs.price"], 0), 660);
  assert.equal(yearTotal(engine, run, inputs, ["inputs.own", "inputs.share"], 0), 42);
  // In millions of two million people.
  const accounts = { insurer: ["month*inputs.price", "-month"], hospital: [] };
  assert.deepEqual(accountsOf(engine, accounts, run, 0, 2e6), { insurer: 2 * (660 - 66), hospital: 0 });
  assert.equal(healthyYears({ yearValue: (_, name, year) => (name === "life_years" ? 0.5 + year : NaN) }, run, 1, 1000), 1500);
});

test("money of the insurer is told by whom it reaches", () => {
  const money = [
    ["insurer", "primary", ["month"]], ["insurer", "hospital", ["month*inputs.price"]],
    ["insurer", "hospital", ["-month"]], ["households", "outside", ["month"]],
  ];
  assert.deepEqual(fundFlows(engine, money, run, 0, 1e6), { primary: 66, hospital: 594, outside: 0 });
});

test("amounts below two have a digit, if there is any amount at all", () => {
  assert.deepEqual([[1.99], [2], [-1.5, 0], [0, 0], [1e-9], [2e-9], [-7]].map(digitsFor), [1, 0, 1, 0, 0, 1, 0]);
});

test("what rounding leaves over goes to the amounts that lost most by it", () => {
  assert.deepEqual(addUp([1.4, 1.3, 1.3], 0), { parts: [2, 1, 1], total: 4 });
  assert.deepEqual(addUp([1.3, 1.4, 1.3], 0), { parts: [1, 2, 1], total: 4 });
  assert.deepEqual(addUp([1.6, 1.7, 1.7], 0), { parts: [1, 2, 2], total: 5 });
  assert.deepEqual(addUp([1.3, 1.35, 1.35, 1.4], 0), { parts: [1, 1, 1, 2], total: 5 });
  assert.deepEqual(addUp([0.14, 0.13, 0.13], 1), { parts: [0.2, 0.1, 0.1], total: 0.4 });
  assert.deepEqual(addUp([-1.4, -1.3, -1.3], 0), { parts: [-2, -1, -1], total: -4 });
  assert.deepEqual(addUp([0.4, 0.4, 0.4, 0.4, 0.4], 0), { parts: [1, 1, 0, 0, 0], total: 2 });
  assert.deepEqual(addUp([], 0), { parts: [], total: 0 });
  for (const each of addUp([-0.2, 0.1], 0).parts) assert.ok(Object.is(each, 0));
  assert.ok(Object.is(addUp([-0.2], 0).total, 0));
});

test("hundred cases are divided by where they are treated", () => {
  const cases = { mild_primary: 30, mild_hospital: 20, serious_hospital: 10, mild_outside: 25, serious_outside: 15 };
  const at = (year) => hundredCases({ yearValue: (_, name, when) => cases[name] * (when === year ? 1 : NaN) }, run, year);
  assert.deepEqual(at(3), { primary: 30, hospital: 30, outside: 40 });
});

const scale = { firm: 0.9, likely: 0.7, open: 0.3, against: 0 };
const word = (holds, runs) => Object.keys(scale).find((name) => holds >= scale[name] * runs);

test("a sign is as firm as the runs that share it", () => {
  const count = { above: 15, near: 5, below: 80 };
  assert.equal(firmSign(2, { count }, word), "against");
  assert.equal(firmSign(-2, { count }, word), "likely");
  assert.equal(firmSign(-2, { count: { above: 0, near: 0, below: 4 } }, word), "firm");
  assert.equal(firmSign(-2, { count: { above: 5, near: 30, below: 65 } }, word), "open");
  assert.equal(firmSign(9e-10, { count }, word), null);
  assert.equal(firmSign(1e-9, { count }, word), "against");
  assert.equal(firmSign(-2, null, word), null);
  assert.deepEqual(["firm", "likely", "open", "against", null].map(isOpen), [false, false, true, true, false]);
});

test("where a part is the same in every run, quantiles of the rest say how firm the sum is", () => {
  const effect = { q05: -4, q25: -2, q75: 3, q95: 6 };
  const told = (change, known) => firmSign(change, { count: null, effect, known }, word);
  assert.deepEqual([5, 3, 1].map((known) => told(known, known)), ["firm", "likely", "open"]);
  assert.deepEqual([-7, -5, -1].map((known) => told(known, known)), ["firm", "likely", "open"]);
  // Of one sign throughout, and that not the sign asked about.
  assert.equal(told(-1, 20), "open");
  assert.equal(told(1, 4), "likely");
});

const speaker = {
  t: (key, values = {}) => [key, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)].join(" "),
  show: (value, { unit }, context) => `${value.toFixed(1)} ${unit} ${context}`,
  fixed: (value, digits) => value.toFixed(digits),
};

test("which way a result goes is told by what is shown", () => {
  assert.equal(wayOf(1, 1.01, "1.0", "1.0"), "same");
  assert.equal(wayOf(1, 2, "1", "2"), "up");
  assert.equal(wayOf(2, 1, "2", "1"), "down");
});

test("who loses most is named from half a million on, if most runs share the sign", () => {
  const changes = { patients: -9, insurer: -0.5, hospital: -3, primary: 4 };
  assert.deepEqual(loserOf(changes, {}), { actor: "patients", change: -9 });
  assert.deepEqual(loserOf(changes, { patients: "open" }), { actor: "hospital", change: -3 });
  assert.deepEqual(loserOf(changes, { patients: "against", hospital: "open" }), { actor: "insurer", change: -0.5 });
  assert.deepEqual(loserOf(changes, { patients: "firm", hospital: "likely" }), { actor: "patients", change: -9 });
  assert.equal(loserOf({ insurer: -0.49, primary: 8 }, {}), null);
  assert.deepEqual(toldLoss({ actor: "hospital", change: -3.4 }, speaker), { amount: "3", text: "lab.headline.loser_hospital amount=3" });
  assert.equal(toldLoss({ actor: "hospital", change: -1.44 }, speaker).amount, "1.4");
});

test("the headline says what moved, from what to what, and who pays", () => {
  const facts = {
    moved: true, quantity: { label: "Reach", unit: "u" }, before: 1, after: 2, certain: "firm", changes: {}, firmness: {},
    context: "here", reference: "none",
  };
  const values = "label=Reach before=1.0 u here after=2.0 u here";
  assert.equal(headline(facts, speaker), `lab.headline.up ${values}`);
  assert.equal(headline({ ...facts, certain: null }, speaker), `lab.headline.up ${values}`);
  assert.equal(headline({ ...facts, certain: "open" }, speaker), `lab.headline.may_up ${values}`);
  assert.equal(headline({ ...facts, certain: "against" }, speaker), `lab.headline.may_up ${values}`);
  assert.match(headline({ ...facts, after: 0 }, speaker), /^lab\.headline\.down /);
  assert.match(headline({ ...facts, after: 1.01, certain: "open" }, speaker), /^lab\.headline\.same /);
  assert.equal(headline({ ...facts, moved: false }, speaker), "lab.headline.none_none");
  const two = headline({ ...facts, changes: { insurer: -2.5 } }, speaker);
  assert.equal(two, `lab.headline.two first=lab.headline.up ${values} second=lab.headline.loser_insurer amount=3`);
  assert.equal(headline({ ...facts, changes: { insurer: -2.5 }, firmness: { insurer: "open" } }, speaker), `lab.headline.up ${values}`);
});

test("a look that changes something is told to all who listen, once, with all that is looked at", () => {
  const opening = { year: 5, outcome: "reach" };
  const gaze = createGaze(opening);
  const heard = [];
  const deaf = gaze.listen((now) => heard.push(["one", now]));
  gaze.listen((now) => heard.push(["two", now]));
  gaze.look({ year: 5 });
  gaze.look({ year: 5, outcome: "reach" });
  assert.deepEqual(heard, []);
  gaze.look({ year: 6, outcome: "reach" });
  assert.deepEqual(heard, [["one", { year: 6, outcome: "reach" }], ["two", { year: 6, outcome: "reach" }]]);
  deaf();
  gaze.look({ outcome: "cost" });
  assert.equal(heard.length, 3);
  assert.deepEqual(gaze.current(), { year: 6, outcome: "cost" });
  assert.deepEqual(opening, { year: 5, outcome: "reach" });
});

test("a reader started from the opening while place and preset are its own", () => {
  const opening = { context: "here", preset: "plain", levers: { share: 0.9 } };
  assert.equal(startOf({ context: "here", preset: "plain" }, opening, economy), opening);
  const elsewhere = { context: "there", preset: "plain", levers: { share: 0.5 } };
  assert.deepEqual(startOf({ context: "there", preset: "plain", levers: { share: 7 } }, opening, economy), elsewhere);
  const other = { presets: { other: { share: 1 } } };
  assert.deepEqual(startOf({ context: "here", preset: "other" }, opening, other), { context: "here", preset: "other", levers: { share: 1 } });
});
