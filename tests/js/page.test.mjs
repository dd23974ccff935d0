// The helpers of every page that need no page.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";

const require = createRequire(import.meta.url);
const { hiddenBy, placeInMargin, readSettings } = require(
  "../../src/carelab/sphinx_ext/static/page.js",
);

test("settings that are not sound give way to quiet marks and no code", () => {
  const first = { marks: "quiet", code: "off" };
  for (const stored of [null, "", "null", "5", "[]", '{"marks":"loud"}', "{"]) {
    assert.deepEqual(readSettings(stored), first);
  }
  assert.deepEqual(readSettings('{"marks":"full","code":"on"}'), { marks: "full", code: "on" });
});

test("a note stands beside the text where the margin has room, within the window", () => {
  const text = { right: 900 };
  const view = { width: 1280, height: 800 };
  const note = { height: 200 };
  assert.deepEqual(placeInMargin({ top: 300 }, text, note, view), {
    left: 924,
    width: 290,
    top: 290,
  });
  assert.equal(placeInMargin({ top: 790 }, text, note, view).top, 588);
  assert.equal(placeInMargin({ top: 300 }, { right: 380 }, note, { width: 390, height: 844 }), null);
});

test("a page moves by what a sheet would hide of its mark", () => {
  assert.equal(hiddenBy({ bottom: 100 }, { top: 500 }), 0);
  assert.equal(hiddenBy({ bottom: 520 }, { top: 500 }), 32);
});
