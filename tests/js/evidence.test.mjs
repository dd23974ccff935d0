// Facts about the helpers of the evidence browser that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/sphinx_ext/static/";
const { createSorter, csvCell, csvText, filterRows, pageOf, plain, readRows } = await import(
  `${folder}evidence_rows.js`
);
const { filled } = await import(`${folder}evidence_table.js`);

const source = { title: "On pay", title_zh: "论支付", reference: "A (2020). On pay.", doi: "10.1/x", read_as: "abstract" };
const columns = [
  "id", "kind", "text", "unit", "case", "place", "theme", "class", "grade", "year", "section",
  "note", "source", "value", "low", "high", "span", "terms", "does",
];
const data = {
  columns,
  citation: "carelab, version 9",
  sources: { one: source, two: { ...source, title: "Second", title_zh: "" } },
  terms: [["capitation", "按人头付费"]],
  names: { anhui: ["Anhui", "安徽"], payment: ["payment", "支付"], stated: ["stated", "陈述"], prescription: ["prescription", "规范性要求"], observed: ["observed", "实测"] },
  rows: [
    ["S1-02", "claim", "Money per head", "", "anhui", "", "payment", "stated", "", "2020", "p. 1", "", "one", null, null, null, [2020, 2020], [0], "mechanism"],
    ["S1-10", "claim", "Ｂｕｄｇｅｔ kept", "", "anhui", "", "governance", "coded", "", "unknown", "", "", "two", null, null, null, null, [], "prescription"],
    ["CN1", "figure", "Share", "%", "", "China", "", "observed", "A", "2011-15", "", "rose", "two", -3.5, null, null, [2011, 2015], [], ""],
  ],
};
const rows = readRows(data);
const ids = (filters) => filterRows(rows, filters).map((row) => row.id);

test("a Chinese term finds the row that names it in English, and the other way round", () => {
  assert.deepEqual(ids({ search: "按人头付费" }), ["S1-02"]);
  assert.deepEqual(ids({ search: "CAPITATION" }), ["S1-02"]);
  assert.deepEqual(ids({ search: "论支付" }), ["S1-02"]);
  assert.deepEqual(ids({ search: "规范性要求" }), ["S1-10"]);
  assert.deepEqual(ids({ search: "安徽" }), ["S1-02", "S1-10"]);
});

test("full-width letters are found by half-width ones, and every word must occur", () => {
  assert.equal(plain(" Ｂｕｄｇｅｔ\t KEPT "), "budget kept");
  assert.deepEqual(ids({ search: "budget" }), ["S1-10"]);
  assert.deepEqual(ids({ search: "budget share" }), []);
  assert.deepEqual(ids({ search: "  " }), ["S1-02", "S1-10", "CN1"]);
});

test("filters narrow by kind, case, place, theme, class and grade", () => {
  assert.deepEqual(ids({ kind: "figure" }), ["CN1"]);
  assert.deepEqual(ids({ where: "case:anhui", theme: "payment" }), ["S1-02"]);
  assert.deepEqual(ids({ where: "place:China" }), ["CN1"]);
  assert.deepEqual(ids({ where: "case:", class: "coded" }), []);
  assert.deepEqual(ids({ class: "coded" }), ["S1-10"]);
  assert.deepEqual(ids({ grade: "A", class: "observed" }), ["CN1"]);
});

test("a period counts in every year of it; what names no year drops out", () => {
  assert.deepEqual(ids({ from: "2013", to: "2013" }), ["CN1"]);
  assert.deepEqual(ids({ from: "2016" }), ["S1-02"]);
  assert.deepEqual(ids({ to: "2011" }), ["CN1"]);
});

test("sorting counts numbers in ids, keeps what has no value last and can be turned round", () => {
  const sort = createSorter(rows);
  const sorted = (column, descending) => sort(rows, column, descending).map((row) => row.id);
  assert.deepEqual(sorted("id", false), ["CN1", "S1-02", "S1-10"]);
  assert.deepEqual(sorted("id", true), ["S1-10", "S1-02", "CN1"]);
  assert.deepEqual(sorted("year", false), ["CN1", "S1-02", "S1-10"]);
  assert.deepEqual(sorted("year", true), ["S1-02", "CN1", "S1-10"]);
  assert.deepEqual(sorted("", false), ["S1-02", "S1-10", "CN1"]);
});

test("a page beyond the last is the last, and nothing found is one empty page", () => {
  assert.deepEqual(pageOf([1, 2, 3, 4, 5], 9, 2), { rows: [5], page: 3, pages: 3, first: 4 });
  assert.deepEqual(pageOf([], 1, 2), { rows: [], page: 1, pages: 1, first: 0 });
});

test("a text that a spreadsheet would run begins with an apostrophe; a number stays a number", () => {
  for (const start of ["=", "+", "-", "@", "\t", "＝", "＠"]) {
    assert.equal(csvCell(`${start}1+1`), `'${start}1+1`);
  }
  assert.equal(csvCell("\r=1"), '"\'\r=1"');
  assert.equal(csvCell('=HYPERLINK("a","b")'), '"\'=HYPERLINK(""a"",""b"")"');
  assert.equal(csvCell(-3.5), "-3.5");
  assert.equal(csvCell(null), "");
  assert.equal(csvCell("a\nb"), '"a\nb"');
});

test("every line of the file carries the reference of its source and our citation", () => {
  const lines = csvText(filterRows(rows, { kind: "figure" }), data).trimEnd().split("\r\n");
  assert.equal(lines.length, 2);
  assert.ok(lines[0].startsWith("id,kind,text,value,unit"));
  assert.ok(lines[1].startsWith("CN1,figure,Share,-3.5,%"));
  assert.ok(lines[1].endsWith('A (2020). On pay.,10.1/x,abstract,"carelab, version 9"'));
});

test("a placeholder without a value stays", () => {
  assert.equal(filled("{found} of {all}", { found: 3 }), "3 of {all}");
});
