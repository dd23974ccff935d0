// How the page writes, reads, compares and draws numbers; every expected text worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const {
  allows, changeSize, fill, formatNumber, formatTick, formatValue, isCounted, onStep, parseTyped, readNumber, typedText, withUnit,
} = await import(`${folder}kit/format.js`);
const { domainWithZero, linearScale, linePath, niceTicks } = await import(`${folder}kit/scales.js`);
const { createSpeaker } = await import(`${folder}kit/speaker.js`);
const { ruleKey, summarySentences, sweep } = await import(`${folder}hospital/results.js`);
const { crossing, findThresholds } = await import(`${folder}analysis/thresholds.js`);

const MINUS = "\u2212";

test("only whole names of lower-case letters are placeholders, and only own values fill them", () => {
  assert.equal(fill("{a}{b_c} {d|abs}", { a: 1, b_c: "two", "d|abs": 3 }), "1two 3");
  assert.equal(fill("{A} {a b} {} {a|x} {toString}", { A: 1, "a b": 2, "": 3, "a|x": 4 }), "{A} {a b} {} {a|x} {toString}");
});

test("a number is written with so many digits after the point, or so many in all", () => {
  assert.equal(formatNumber(1234.567, "en"), "1,235");
  assert.equal(formatNumber(1234.567, "en", { digits: 1 }), "1,234.6");
  assert.equal(formatNumber(2, "en", { digits: 2 }), "2.00");
  assert.equal(formatNumber(1234.567, "en", { significant: 2 }), "1,200");
  assert.equal(formatNumber(0.012345, "en", { significant: 3 }), "0.0123");
  assert.equal(formatNumber(2, "en", { significant: 3 }), "2");
  assert.equal(formatNumber(-1.25, "en", { digits: 2 }), `${MINUS}1.25`);
  assert.equal(formatNumber(-0.004, "en", { digits: 2 }), "0.00");
  assert.equal(formatNumber(-0.5, "de", { digits: 1 }), `${MINUS}0,5`);
  for (const none of [NaN, Infinity, -Infinity]) assert.equal(formatNumber(none, "en"), "–");
});

test("a unit stands behind its number, a percent sign close to it in Chinese", () => {
  assert.equal(withUnit("5", "share", "%", "en"), "5\u202f%");
  assert.equal(withUnit("5", "share", "%", "zh-CN"), "5%");
  assert.equal(withUnit("5", "years", "years", "zh-CN"), "5 years");
  assert.equal(withUnit("5", "index", "", "en"), "5");
  assert.equal(formatValue(0.256, { unit: "share", digits: 1 }, {}, "en"), "25.6\u202fshare");
  assert.equal(formatValue(3, { unit: "days", digits: 0 }, {}, "en"), "3 days");
  assert.equal(formatValue(3, { unit: "index", digits: 0 }, { "unit.index": "" }, "en"), "3");
  assert.equal(formatTick(0.125, "share", "en"), "12.5");
  assert.equal(formatTick(0.125, "index", "en"), "0.125");
  assert.equal(formatTick(12345.6, "money", "en"), "12,350");
});

test("how large a change is follows from the two limits, both included", () => {
  const sizes = { bit: 0.01, much: 0.1 };
  const cases = [
    [100, 100, "same"], [100.9, 100, "same"], [101, 100, "up_bit"], [109.9, 100, "up_bit"],
    [110, 100, "up_much"], [99.1, 100, "same"], [99, 100, "down_bit"], [90.1, 100, "down_bit"],
    [90, 100, "down_much"], [-99, -100, "up_bit"], [-110, -100, "down_much"], [1, 0, "up_much"],
    [0.33, 0.3, "up_much"], [0, 0, "same"],
    // The last digits never decide: a billionth of one and the limit is no difference.
    [1.1 - 1e-9, 1, "up_much"], [1.1 - 1.2e-9, 1, "up_bit"],
    // Before was nil: a billionth stands for it.
    [5e-12, 0, "same"], [5e-11, 0, "up_bit"],
  ];
  for (const [after, before, size] of cases) assert.equal(changeSize(after, before, sizes), size, `${before} to ${after}`);
});

test("a lever allows its ends and, if it counts, whole steps from its low end", () => {
  const share = { low: 0.25, high: 0.75, step: 0.05 };
  assert.deepEqual([0.25, 0.333, 0.75].map((each) => allows(share, each)), [true, true, true]);
  assert.deepEqual([0.2499, 0.7501, NaN].map((each) => allows(share, each)), [false, false, false]);
  const bodies = { low: 1, high: 9, step: 2 };
  assert.deepEqual([1, 3, 9].map((each) => allows(bodies, each)), [true, true, true]);
  assert.deepEqual([0, 2, 3.5, 11].map((each) => allows(bodies, each)), [false, false, false, false]);
  assert.deepEqual([0.5, 1, 6].map((step) => isCounted({ step })), [false, true, true]);
  assert.deepEqual([-4, 0.3, 4].map((each) => onStep(share, each)), [0.25, 0.3, 0.75]);
  assert.deepEqual([-4, 1.9, 2.1, 5, 8.4, 99].map((each) => onStep(bodies, each)), [1, 1, 3, 5, 9, 9]);
});

test("a typed number is read as people and the page write it, and nothing else is a number", () => {
  const read = {
    "12": 12, "-12": -12, "+ 3": 3, "- 3": -3, "1.5": 1.5, "1,5": 1.5, ",5": 0.5, ".5": 0.5, "5.": 5, "1,234": 1234,
    "1 234 567": 1234567, "1,234,567.25": 1234567.25, "12,345": 12345, "0,123": 0.123, "\uff11\uff12": 12,
    "\u22125": -5, "\u20105": -5, "\u00a07\t": 7, "123 456": 123456, "1\u202f234": 1234,
  };
  for (const [text, number] of Object.entries(read)) assert.equal(readNumber(text), number, text);
  const none = ["", "x", "1e3", "1 2", "12 34", "1,234 567", "1.2.3", "--1", "1-", "0x1", "1,23,456", "1234 567", ".", ",", "+", "1,2,3"];
  for (const text of none) assert.ok(Number.isNaN(readNumber(text)), text);
});

test("a typed value may end with its unit, and is a share when its lever is one", () => {
  const share = { low: 0, high: 1, step: 0.05, unit: "share" };
  const money = { low: -200, high: 200, step: 0.5, unit: "money" };
  assert.deepEqual(parseTyped("25 %", share), { value: 0.25 });
  assert.deepEqual(parseTyped("25", share), { value: 0.25 });
  assert.deepEqual(parseTyped("25 percent", share, ["percent"]), { value: 0.25 });
  assert.deepEqual(parseTyped("25 %", money), { error: true });
  assert.deepEqual(parseTyped("25 CNY a year", money, ["CNY", "CNY a year", "year"]), { value: 25 });
  assert.deepEqual(parseTyped("25 CNY", money, ["CNY", "", "CNY a year"]), { value: 25 });
  assert.deepEqual(parseTyped("25 GBP", money, ["CNY"]), { error: true });
  assert.deepEqual(parseTyped("CNY 25", money, ["CNY"]), { error: true });
  assert.ok(Object.is(parseTyped("-0", money).value, 0));
  assert.equal(typedText(0.125, share), "12.5");
  assert.equal(typedText(1 / 3, share), "33.33");
  assert.equal(typedText(2.5, money), "2.5");
});

test("a scale maps ends to ends, also backwards, and a domain of one point to its start", () => {
  const down = linearScale([2, 6], [100, 0]);
  assert.deepEqual([2, 3, 6, 8].map(down), [100, 75, 0, -50]);
  assert.equal(linearScale([3, 3], [10, 20])(3), 10);
  assert.equal(linearScale([3, 3], [10, 20])(4), 20);
});

test("ticks are round, ascend, and both ends count", () => {
  assert.deepEqual(niceTicks(0, 10), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(niceTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(niceTicks(0, 12), [0, 2.5, 5, 7.5, 10]);
  assert.deepEqual(niceTicks(-3, 4), [-2, 0, 2, 4]);
  assert.deepEqual(niceTicks(0, 20), [0, 5, 10, 15, 20]);
  assert.deepEqual(niceTicks(0, 5), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(niceTicks(0, 45, 5), [0, 10, 20, 30, 40]);
  assert.deepEqual(niceTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(niceTicks(100, 300, 2), [100, 200, 300]);
  assert.deepEqual(niceTicks(4, 4), [4]);
  assert.deepEqual(niceTicks(5, 4), [5]);
  assert.deepEqual(niceTicks(NaN, 4), [NaN]);
});

test("a domain holds nil and every value, with room on the sides that are not nil", () => {
  const near = (found, expected) => found.forEach((each, at) => assert.ok(Math.abs(each - expected[at]) < 1e-12, `${found}`));
  near(domainWithZero([10, 5]), [0, 10.6]);
  near(domainWithZero([-10, -5]), [-10.6, 0]);
  near(domainWithZero([-10, 10]), [-11.2, 11.2]);
  near(domainWithZero([10], 0.5), [0, 15]);
  near(domainWithZero([]), [0, 0]);
  near(domainWithZero([NaN, Infinity, 1]), [0, 1.06]);
});

test("a path moves to its first point and after every gap, and draws between neighbours", () => {
  assert.equal(linePath([]), "");
  assert.equal(linePath([[0, 0.04], [1.26, 2]]), "M0.0,0.0L1.3,2.0");
  assert.equal(linePath([[NaN, 1], [1, 1], [2, Infinity], [3, 3]]), "M1.0,1.0M3.0,3.0");
});

const words = {
  hello: "Hello {who}", "unit.money": "{money} each", "unit.share": "%", "unit.points": "points", "place.here.money": "CNY",
  "lab.numbered": "{name} ({number})", "lab.between": " → ",
};
const speaker = createSpeaker({ words, language: "en", sizes: { bit: 0.01, much: 0.1 } });

test("the speaker fills its words, and a missing word shows its key", () => {
  assert.equal(speaker.t("hello", { who: "you" }), "Hello you");
  assert.equal(speaker.t("hello"), "Hello {who}");
  assert.equal(speaker.t("nothing", { who: "you" }), "nothing");
  assert.equal(speaker.language, "en");
  assert.equal(speaker.chain(["a", "b", "c"]), "a → b → c");
  assert.equal(speaker.join(["a", "b", "c"]), "a, b, and c");
  assert.equal(speaker.name("Chart"), "Chart");
  assert.equal(createSpeaker({ words, language: "en" }, 2).name("Chart"), "Chart (2)");
});

test("the speaker writes values, changes and bare numbers", () => {
  const money = { unit: "money", digits: 1 };
  const share = { unit: "share", digits: 0 };
  assert.equal(speaker.unitWord("money", "here"), "CNY each");
  assert.equal(speaker.unitWord("money"), " each");
  assert.equal(speaker.unitWord("days", "here"), "days");
  assert.equal(speaker.show(-3, money, "here"), `${MINUS}3.0 CNY each`);
  assert.equal(speaker.show(0.5, share, "here"), "50\u202f%");
  assert.equal(speaker.showChange(3, money, "here"), "+3.0 CNY each");
  assert.equal(speaker.showChange(-3, money, "here"), `${MINUS}3.0 CNY each`);
  assert.equal(speaker.showChange(0, money, "here"), "0.0 CNY each");
  // Points get a digit as long as they are fewer than ten as written.
  assert.equal(speaker.showChange(0.0994, share, "here"), "+9.9 points");
  assert.equal(speaker.showChange(0.0995, share, "here"), "+10 points");
  assert.equal(speaker.showChange(-0.0994, share, "here"), `${MINUS}9.9 points`);
  assert.equal(speaker.showChange(-0.2, share, "here"), `${MINUS}20 points`);
  assert.equal(speaker.showChange(0, share, "here"), "0.0 points");
  assert.equal(speaker.number(1234.5), "1,230");
  assert.equal(speaker.number(0.12345, 2), "0.12");
  assert.equal(speaker.number(9e-10), "0");
  assert.equal(speaker.number(-9e-10), "0");
  assert.equal(speaker.number(2e-9, 1), "0.000000002");
  assert.equal(speaker.fixed(1.25, 1), "1.3");
  assert.deepEqual([1.2, -1.2, 0].map((each) => speaker.signed(each, 1)), ["+1.2", `${MINUS}1.2`, "0.0"]);
  assert.equal(speaker.tick(0.5, share), "50");
  assert.equal(speaker.tick(0.5, money), "0.5");
  assert.deepEqual([110, 101, 100].map((after) => speaker.size(after, 100)), ["up_much", "up_bit", "same"]);
});

const small = {
  quantities: [{ name: "gain", unit: "days", digits: 1 }, { name: "beds", unit: "days", digits: 0 }],
  rules: [{ output: "gain", above: "up", below: "down", zero: "same" }, { text: "always" }, { text: "unknown" }],
  speaker: createSpeaker({
    language: "en",
    words: { "unit.days": "days", up: "{gain} more", down: "{gain|abs} less", same: "no change", always: "There are {beds}." },
  }),
};

test("a sentence of the small model is chosen by the sign of its quantity, or always said", () => {
  const said = (flows) => summarySentences(flows, small.rules, small.quantities, small.speaker);
  assert.deepEqual(said({ gain: 2, beds: 3 }), ["2.0 days more", "There are 3 days.", "unknown"]);
  assert.equal(said({ gain: -2, beds: 3 })[0], "2.0 less");
  const rule = small.rules[0];
  assert.deepEqual([1e-9, -1e-9, 9e-10, -9e-10].map((gain) => ruleKey(rule, { gain })), ["up", "down", "same", "same"]);
  assert.deepEqual([0.5, 0.4, -0.5].map((gain) => ruleKey({ ...rule, nothing: 0.5 }, { gain })), ["up", "same", "down"]);
});

test("the small model is run along a lever at both ends and sixty steps apart", () => {
  const lever = { name: "a", low: 10, high: 20, unit: "days" };
  const rows = sweep(({ a, b }) => ({ gain: a + b }), { a: 0, b: 1 }, lever);
  assert.equal(rows.length, 61);
  assert.deepEqual([rows[0], rows[30], rows[60]].map(({ at, flows }) => [at, flows.gain]), [[10, 11], [15, 16], [20, 21]]);
});

test("the first crossing of nil is found to a hundred-thousandth of the range", () => {
  const range = { low: -2, high: 6 };
  const near = (found, expected) => assert.ok(Math.abs(found - expected) < 2e-4, `${found}`);
  near(crossing((x) => x - 1.3, range), 1.3);
  near(crossing((x) => 1.3 - x, range), 1.3);
  near(crossing((x) => (x + 1.7) * (x - 4.2), range), -1.7);
  near(crossing((x) => (x < 5.9 ? -1 : 1), range), 5.9);
  // What touches nil from above does not cross it; what starts at nil and falls does, at once.
  assert.equal(crossing((x) => (x - 1.3) ** 2, range), null);
  assert.equal(crossing(() => 0, range), null);
  assert.equal(crossing(() => -1, range), null);
  near(crossing((x) => -2 - x, range), -2);
});

test("thresholds are told in words, or that there is none in the range", () => {
  const engine = {
    run: (context, levers, year) => ({ context, levers, year }),
    yearValue: ({ levers, year }, name, at) => (name === "gain" ? levers.share * year - levers.other : at + 1 - 2),
  };
  const registry = {
    thresholds: { share: [["pays", "gain", ""], ["beats", "gain", "rest"], ["never", "rest", ""]], other: undefined },
    levers: { share: { low: 0, high: 1 } },
  };
  const says = { t: (key, values = {}) => [key, ...Object.values(values)].join("|") };
  const scenario = { context: "here", levers: { share: 0.9, other: 1 } };
  const found = findThresholds(["share", "other", "none"], {
    registry, engine, speaker: says, scenario, year: 4, show: (value, { high }) => `${value.toFixed(2)} of ${high}`,
  });
  assert.deepEqual(Object.keys(found), ["share"]);
  const [pays, beats, never] = found.share;
  // Four times the share less one is nil at a quarter; it is the other's two at three quarters.
  assert.equal(pays.text, "lab.threshold|lab.threshold.pays|0.25 of 1");
  assert.equal(beats.text, "lab.threshold|lab.threshold.beats|0.75 of 1");
  assert.equal(never.text, "lab.threshold_beyond|lab.threshold.never");
  assert.ok(Math.abs(pays.value - 0.25) < 1e-4 && Math.abs(beats.value - 0.75) < 1e-4);
  assert.ok(Number.isNaN(never.value));
  assert.deepEqual(found.share.map(({ kind }) => kind), [1, 2, 3].map((each) => `threshold carelab-threshold-${each}`));
  assert.equal(scenario.levers.share, 0.9);
});
