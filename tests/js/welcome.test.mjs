// Facts about the sentence of the welcome page that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { ofHundred, welcomeSentences } = await import(`${folder}welcome/sentence.js`);

// A speaker that tells the key and what fills it.
const speaker = {
  t: (key, values = {}) => [key.replace("lab.welcome.", ""), ...Object.values(values)].join(" "),
  fixed: (value, digits) => value.toFixed(digits),
};
const firm = { reach: "firm", outside: "firm", hospital: "firm" };
const state = (more) => ({
  moved: true, before: 0.2, now: 0.3, changes: { outside: -51, hospital: -8 }, firmness: firm, money: "CNY", ...more,
});
const told = (more) => welcomeSentences(state(more), speaker);

test("the sentence says the direction that the two numbers have", () => {
  assert.equal(told({ now: 0.3 })[0], "reach_up 30 20");
  assert.equal(told({ now: 0.1 })[0], "reach_down 10 20");
  assert.equal(told({ now: 0.204 })[0], "reach_same 20 20");
});

test("a direction that too few runs share is told with may, and one that is not there is not", () => {
  for (const word of ["open", "against"]) {
    assert.equal(told({ firmness: { ...firm, reach: word } })[0], "reach_may_up 30 20");
    assert.equal(told({ now: 0.1, firmness: { ...firm, reach: word } })[0], "reach_may_down 10 20");
    assert.equal(told({ now: 0.2, firmness: { ...firm, reach: word } })[0], "reach_same 20 20");
  }
  assert.equal(told({ firmness: { ...firm, reach: "likely" } })[0], "reach_up 30 20");
});

test("who gains and who loses is told by the sign, and without an amount where the sign is open", () => {
  assert.deepEqual(told({}).slice(1), ["outside_loses 51 CNY", "hospital_loses 8 CNY"]);
  assert.deepEqual(told({ changes: { outside: 3, hospital: 1.25 } }).slice(1), ["outside_gains 3 CNY", "hospital_gains 1.3 CNY"]);
  assert.deepEqual(told({ firmness: { ...firm, hospital: "open", outside: "against" } }).slice(1), ["outside_open", "hospital_open"]);
  assert.deepEqual(told({ changes: { outside: 0.4, hospital: -0.4 } }).slice(1), []);
});

test("where nothing is moved nothing is said of anybody", () => {
  assert.deepEqual(told({ moved: false }), ["nothing"]);
});

test("a share is told as people of a hundred", () => {
  assert.deepEqual([0, 0.174, 0.3, 1].map(ofHundred), [0, 17, 30, 100]);
});
