// The helpers of the self-check that need no page.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";

const require = createRequire(import.meta.url);
const { choose, fill, merge, openStorage, readAnswers, score } = require(
  "../../src/carelab/sphinx_ext/static/selfcheck.js",
);

test("the first try stays when another answer is chosen", () => {
  const once = choose([null, null], 1, 2);
  assert.deepEqual(once, [null, { first: 2, now: 2 }]);
  assert.deepEqual(choose(once, 1, 0), [null, { first: 2, now: 0 }]);
});

test("the score counts what was right at the first try", () => {
  const answers = [{ first: 0, now: 0 }, { first: 1, now: 2 }, null];
  assert.deepEqual(score(answers, [0, 2, 1]), { answered: 2, first: 1, total: 3 });
});

test("stored answers that do not fit the questions are forgotten", () => {
  const sizes = [3, 4];
  const empty = [null, null];
  for (const stored of [null, "x", [], [null], { length: 2 }]) {
    assert.deepEqual(readAnswers(stored, sizes), empty);
  }
  assert.deepEqual(readAnswers([{ first: 3, now: 0 }, { first: 3, now: 0 }], sizes), [
    null,
    { first: 3, now: 0 },
  ]);
  assert.deepEqual(readAnswers([{ first: "1", now: 0 }, 7], sizes), empty);
});

test("a storage that is forbidden, full or broken never throws", () => {
  const forbidden = openStorage(() => {
    throw new Error("forbidden");
  });
  assert.equal(forbidden.read("a"), null);
  assert.equal(forbidden.keep("a", [1]), false);
  const broken = openStorage(() => ({ getItem: () => "{", setItem() {}, removeItem() {} }));
  assert.equal(broken.read("a"), null);
  assert.equal(broken.keep("a", null), true);
});

test("placeholders are filled and unknown ones stay", () => {
  assert.equal(fill("{a} of {b} {c}", { a: 0, b: 5 }), "0 of 5 {c}");
});

test("two windows that answer keep both, and the first try of either", () => {
  const here = [{ first: 1, now: 1 }, null];
  const other = [{ first: 0, now: 2 }, { first: 3, now: 3 }];
  assert.deepEqual(choose(merge(here, other, true), 0, 1), [{ first: 0, now: 1 }, other[1]]);
  // A full store kept nothing since: what stands in it is older than what this window knows.
  assert.deepEqual(merge(here, [{ first: 1, now: 0 }, null], false), here);
});
