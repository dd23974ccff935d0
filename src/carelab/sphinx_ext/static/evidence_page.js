// Start every evidence browser of a page; the data lie in the page itself.

import { createSorter, csvText, filterRows, pageOf, readRows } from "./evidence_rows.js";
import { button, createPager, element, filled, searchField, selectField, tableHead, tableRow } from "./evidence_table.js";

const SIZES = [25, 50, 100];

function choices(rows, data, name) {
  const found = [...new Set(rows.map((row) => row[name]))].filter(Boolean);
  return found.map((value) => [value, data.labels[value] ?? value]).sort((a, b) => a[1].localeCompare(b[1]));
}

function yearChoices(rows) {
  const years = rows.flatMap((row) => row.span ?? []);
  const list = [...new Set(years)].sort((a, b) => a - b);
  return [["", list.map((year) => [year, String(year)])]];
}

function fieldsOf(rows, data) {
  const { words } = data;
  const tagged = (name) => choices(rows, data, name).map(([value, text]) => [`${name}:${value}`, text]);
  const field = (name) => selectField(name, words[name], words.all, [["", choices(rows, data, name)]]);
  const where = selectField("where", words.where, words.all, [[words.cases, tagged("case")], [words.places, tagged("place")]]);
  return [
    searchField(words), field("kind"), where, field("theme"), field("class"), field("grade"),
    selectField("from", words.from, words.any_year, yearChoices(rows)),
    selectField("to", words.to, words.any_year, yearChoices(rows)),
  ];
}

function download(text, name) {
  // The mark at the front tells a spreadsheet that the text is UTF-8.
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function browserColumns(words) {
  const names = ["id", "text", "where", "theme", "class", "year", "source"];
  return names.map((name) => [name, words[`column_${name}`]]);
}

function createView(data, prefix) {
  const { words } = data;
  const columns = browserColumns(words);
  const [body, status] = [element("tbody", { role: "rowgroup" }), element("p", { role: "status" })];
  const caption = element("caption", {}, words.caption);
  return { columns, body, status, caption, fill: (shown) => {
    body.replaceChildren(...shown.map((row) => tableRow(row, data, columns, prefix)));
  } };
}

/** Build one browser inside its box. */
function startBrowser(box, number) {
  const data = JSON.parse(box.querySelector("script").textContent);
  const { words } = data;
  const rows = readRows(data);
  const sort = createSorter(rows);
  const state = { column: "", descending: false, page: 1, size: 50, chosen: rows };
  const view = createView(data, `carelab-evidence-${number}`);
  const [search, ...fields] = fieldsOf(rows, data);
  const [clear, save] = [button("clear", words.clear), button("download", words.download)];
  // On a phone the filters fold away: rows are what a reader came for.
  const open = matchMedia("(min-width: 48rem)").matches;
  const filters = element("details", { class: "carelab-filters-fold", open }, element("summary", {}, words.filters),
    element("div", { class: "carelab-filters" }, ...fields, clear));
  const form = element("form", { "aria-label": words.filters }, search, filters);
  const sizes = selectField("size", words.size, "", []);
  sizes.lastChild.replaceChildren(...SIZES.map((size) => element("option", { value: size, selected: size === state.size }, String(size))));

  const show = () => {
    const part = pageOf(sort(state.chosen, state.column, state.descending), state.page, state.size);
    state.page = part.page;
    view.fill(part.rows);
    const counts = { found: state.chosen.length, all: rows.length, first: part.first + 1, last: part.first + part.rows.length };
    view.status.textContent = filled(part.rows.length ? words.count : words.none, counts);
    for (const pager of pagers) pager.show(part);
    head.mark(state.column, state.descending);
    save.setAttribute("aria-disabled", String(!state.chosen.length));
  };
  const choose = () => {
    state.chosen = filterRows(rows, Object.fromEntries(new FormData(form)));
    state.page = 1;
    show();
  };
  const head = tableHead(view.columns, (column) => {
    state.descending = column === state.column && !state.descending;
    state.column = column;
    state.page = 1;
    show();
  });
  const table = element("table", { class: "carelab-table", role: "table" }, view.caption, head.head, view.body);
  const region = element("div", { class: "carelab-rows", role: "region", tabindex: "0", "aria-label": words.caption }, table);
  const turn = (back) => (by) => {
    state.page += by;
    show();
    if (back) {
      region.focus({ preventScroll: true });
      region.scrollIntoView({ block: "start" });
    }
  };
  const pagers = [createPager(words, turn(false)), createPager(words, turn(true))];

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", choose);
  sizes.addEventListener("change", (event) => {
    state.size = Number(event.target.value);
    show();
  });
  clear.addEventListener("click", () => {
    form.reset();
    choose();
  });
  save.addEventListener("click", () => {
    if (state.chosen.length) download(csvText(sort(state.chosen, state.column, state.descending), data), data.file);
  });
  const above = element("div", { class: "carelab-list-bar" }, view.status, pagers[0].box);
  const below = element("div", { class: "carelab-list-bar" }, save, sizes, pagers[1].box);
  box.append(form, above, region, below);
  show();
  box.classList.add("carelab-started");
}

export function startPage() {
  document.querySelectorAll("[data-carelab-evidence]").forEach(startBrowser);
}
