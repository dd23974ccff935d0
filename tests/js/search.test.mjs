// The helpers of the search that need no page.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";

const require = createRequire(import.meta.url);
const { excerpt, fold, prepare, search, wordsOf } = require("../../src/carelab/sphinx_ext/static/search.js");

const page = (address, title, ...sections) => ({ address, title, sections: [["", title, "", ""], ...sections] });
const found = (pages, query) => search(prepare(pages), query).map((each) => each.address);

test("a text is folded sign for sign, so that an excerpt is cut where the word stands", () => {
  for (const text of ["Ａnhui’s “Zürich” – İ ß ﬁ ½ 각 😀 医保", "", "a\u202fb\u00a0c"]) {
    assert.equal(fold(text).length, text.length, text);
  }
  assert.equal(fold("ＡＮＨＵＩ Zürich’s 5–6\u202f%"), "anhui zurich's 5-6 %");
});

test("a query is parted into words, without the punctuation around them", () => {
  assert.deepEqual(wordsOf(" “Leakage charge”?  医保，"), ["leakage", "charge", "医保"]);
  assert.deepEqual(wordsOf("pay-for-performance (P4P)"), ["pay-for-performance", "p4p"]);
  assert.deepEqual(wordsOf("   "), []);
  assert.deepEqual(wordsOf("%"), ["%"]);
});

test("a whole word counts more than a part of one, and a plural finds its singular", () => {
  const pages = [
    page("part.html", "One", ["a", "Part", "payment payment", ""]),
    page("whole.html", "Two", ["b", "Whole", "pay and pay", ""]),
  ];
  assert.deepEqual(found(pages, "pay"), ["whole.html", "part.html"]);
  assert.deepEqual(found(pages, "payments"), ["part.html"]);
  assert.deepEqual(found([page("p.html", "P", ["a", "A", "one policy", ""])], "policies"), ["p.html"]);
});

test("words that stand in different sections of a page find it, after a page that holds them together", () => {
  const pages = [
    page("apart.html", "One", ["a", "A", "surplus here", ""], ["b", "B", "deficit there", ""]),
    page("together.html", "Two", ["c", "C", "surplus and deficit", ""]),
    page("neither.html", "Three", ["d", "D", "surplus alone", ""]),
  ];
  assert.deepEqual(found(pages, "surplus deficit"), ["together.html", "apart.html"]);
});

test("a term of the glossary stands by itself, before pages that only use it", () => {
  const glossary = page("g.html", "Glossary", ["term-a", "capitation 按人头付费", "A sum a head.", "term"]);
  const use = page("u.html", "Use", ["x", "X", "capitation capitation 按人头付费", ""]);
  for (const query of ["capitation", "按人头付费", "付费"]) {
    assert.deepEqual(found([use, glossary], query), ["g.html#term-a", "u.html"], query);
  }
});

test("markup in a text or a query is text", () => {
  const pages = [page("m.html", "M", ["a", "A", "write <b>bold</b> so", ""])];
  const [{ sections }] = search(prepare(pages), "<b>bold");
  const pieces = excerpt(sections[0], wordsOf("<b>bold"));
  assert.ok(pieces.some(([text, marked]) => marked && text === "<b>bold"));
});
