// Facts about the helpers of the lab that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { fill, formatValue, parseTyped, typedText } = await import(`${folder}kit/format.js`);
const { domainWithZero, linearScale, linePath, niceTicks } = await import(`${folder}kit/scales.js`);
const { reachOf, ruleKey, summarySentences, sweep } = await import(`${folder}hospital/results.js`);
const { createSpeaker } = await import(`${folder}kit/speaker.js`);
const { trackPosition } = await import(`${folder}kit/lever.js`);
const { chartSize } = await import(`${folder}hospital/chart.js`);

const words = { "unit.share": "%", "unit.CNY per case": "CNY per case" };
const lever = { name: "a", low: 0, high: 1, unit: "share", opening: 0.25 };

test("a share is written as a percentage and money with its unit", () => {
  assert.equal(formatValue(0.54, { unit: "share", digits: 0 }, words, "en"), "54\u202f%");
  assert.equal(formatValue(0.54, { unit: "share", digits: 0 }, words, "zh-CN"), "54%");
  assert.equal(
    formatValue(-2622.6, { unit: "CNY per case", digits: 0 }, words, "en"),
    "\u22122,623 CNY per case",
  );
});

test("a small negative number is not written as minus zero", () => {
  assert.equal(formatValue(-0.2, { unit: "CNY per case" }, words, "en"), "0 CNY per case");
});

test("what is no number is shown as a dash", () => {
  assert.equal(formatValue(Number.NaN, { unit: "share" }, words, "en"), "–");
  assert.equal(formatValue(Infinity, { unit: "share" }, words, "en"), "–");
});

test("typed values are read with per cent sign, comma or full-width digits", () => {
  for (const text of ["55", " 55 %", "55,0", "５５", "55.0％"]) {
    assert.deepEqual(parseTyped(text, lever), { value: 0.55 });
  }
});

test("pasted nonsense is refused", () => {
  const nonsense = ["", "abc", "1e9", "--5", "101", "-1", "NaN", "Infinity", "5 5 x", "<b>", "0x10"];
  for (const text of nonsense) assert.deepEqual(parseTyped(text, lever), { error: true }, text);
});

test("the number field shows what was typed", () => {
  assert.equal(typedText(parseTyped("12.5", lever).value, lever), "12.5");
});

test("placeholders without a value stay visible instead of vanishing", () => {
  assert.equal(fill("{a} and {b|abs}", { a: "1" }), "1 and {b|abs}");
});

test("scales are linear and ticks lie inside the domain", () => {
  const scale = linearScale([0, 10], [100, 200]);
  assert.equal(scale(5), 150);
  for (const [low, high] of [[0, 1], [-3000, 7000], [0.002, 0.003]]) {
    const ticks = niceTicks(low, high);
    assert.ok(ticks.length >= 2);
    assert.ok(ticks.every((tick) => tick >= low - 1e-12 && tick <= high + 1e-12));
  }
  assert.deepEqual(niceTicks(5, 5), [5]);
});

test("a domain always holds zero, and ignores what is not finite", () => {
  const [low, high] = domainWithZero([3, 5, Number.NaN]);
  assert.equal(low, 0);
  assert.ok(high > 5);
});

test("a path breaks where a value is missing", () => {
  assert.equal(linePath([[0, 0], [1, Number.NaN], [2, 1], [3, 1]]), "M0.0,0.0M2.0,1.0L3.0,1.0");
});

test("a sweep covers the lever from end to end and leaves the inputs alone", () => {
  const inputs = { a: 0.25 };
  const rows = sweep(({ a }) => ({ twice: 2 * a }), inputs, lever, 4);
  assert.deepEqual(rows.map((row) => row.at), [0, 0.25, 0.5, 0.75, 1]);
  assert.equal(rows[4].flows.twice, 2);
  assert.equal(inputs.a, 0.25);
});

test("the reach of a quantity holds what it is at every corner of the levers", () => {
  const run = ({ a, b }) => ({ gain: a * b - a, other: b });
  const levers = [{ name: "a", low: 0, high: 2 }, { name: "b", low: -1, high: 3 }];
  assert.deepEqual(reachOf(run, levers, ["gain"]).map((each) => each + 0).sort((x, y) => x - y), [-4, 0, 0, 4]);
});

test("the sentence follows the sign of the result", () => {
  const rule = { output: "gain", above: "up", below: "down", zero: "same" };
  assert.equal(ruleKey(rule, { gain: 2 }), "up");
  assert.equal(ruleKey(rule, { gain: -2 }), "down");
  assert.equal(ruleKey(rule, { gain: 0 }), "same");
  const speaker = createSpeaker({ language: "en", words: { ...words, up: "It earns {gain|abs}.", down: "It loses {gain|abs}, {gain}." } });
  const quantities = { gain: { name: "gain", unit: "CNY per case", digits: 0 } };
  assert.deepEqual(summarySentences({ gain: -1200 }, [rule], quantities, speaker), ["It loses 1,200, \u22121,200 CNY per case."]);
});

test("a mark on the track starts and ends where the thumb does", () => {
  assert.equal(trackPosition(0, lever), "calc(0.00% + 0.6250rem)");
  assert.equal(trackPosition(1, lever), "calc(100.00% + -0.6250rem)");
});

test("a chart fits a phone and does not grow without end", () => {
  assert.ok(chartSize(320).width <= 320);
  assert.ok(chartSize(5000).width <= 720);
  assert.ok(chartSize(0).height > 0);
});
