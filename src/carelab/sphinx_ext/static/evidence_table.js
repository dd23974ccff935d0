// Parts of the evidence browser: fields, table, pager, what is known of a source.

import { formatNumber } from "../../lab/static/kit/format.js";

/** Make an element: attributes, then children (elements or text); never markup from data. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children);
  return made;
}

/** Fill {placeholders} of a text. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

/** A labelled list of choices; the first lets everything pass. */
export function selectField(name, label, all, groups) {
  const select = element("select", { name }, element("option", { value: "" }, all));
  for (const [caption, options] of groups) {
    const made = options.map(([value, text]) => element("option", { value }, text));
    select.append(...(caption ? [element("optgroup", { label: caption }, ...made)] : made));
  }
  return element("label", { class: "carelab-field" }, element("span", {}, label), select);
}

/** The labelled field of words to search for. */
export function searchField(words) {
  const input = element("input", { type: "search", name: "search", autocomplete: "off", placeholder: words.hint });
  return element("label", { class: "carelab-field carelab-field-wide" }, element("span", {}, words.search), input);
}

/** A button that says what it does. */
export function button(name, text) {
  return element("button", { type: "button", name }, text);
}

/** Earlier page, where we are, later page; a button at its end stays focusable. */
export function createPager(words, turn) {
  const [back, on, where] = [button("previous", words.previous), button("next", words.next), element("span")];
  const step = (by) => (event) => event.currentTarget.getAttribute("aria-disabled") === "true" || turn(by);
  back.addEventListener("click", step(-1));
  on.addEventListener("click", step(1));
  const box = element("div", { class: "carelab-pager" }, back, where, on);
  const show = ({ page, pages }) => {
    where.textContent = filled(words.page, { page, pages });
    back.setAttribute("aria-disabled", String(page <= 1));
    on.setAttribute("aria-disabled", String(page >= pages));
  };
  return { box, show };
}

/** Head of the table: one button a column, the sorted one marked. */
export function tableHead(columns, sort) {
  const heads = columns.map(([name, label]) => {
    const press = element("button", { type: "button", name: `sort-${name}` }, label);
    press.addEventListener("click", () => sort(name));
    return [name, element("th", { scope: "col", role: "columnheader" }, press)];
  });
  const mark = (sorted, descending) => {
    for (const [name, cell] of heads) {
      if (name === sorted) cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
  };
  const row = element("tr", { role: "row" }, ...heads.map(([, cell]) => cell));
  return { head: element("thead", { role: "rowgroup" }, row), mark };
}

function amount(row, words) {
  const number = (value) => formatNumber(value, "en", { significant: 10 });
  const has = (value) => typeof value === "number";
  if (!has(row.value) && !has(row.low) && !has(row.high)) return "";
  const span = has(row.low) && has(row.high) ? filled(words.span, { low: number(row.low), high: number(row.high) }) : "";
  return [has(row.value) ? number(row.value) : "", span, row.unit].filter(Boolean).join(" ");
}

/** What is known of a source, and of the row, as a list of terms. */
export function sourceDetails(row, data) {
  const { words } = data;
  const source = data.sources[row.source];
  const facts = [
    [words.title, source.title], [words.title_zh, source.title_zh], [words.authors, source.authors],
    [words.published, source.published], [words.doi, source.doi], [words.read_as, source.read_as],
    [words.does, data.labels[row.does]], [words.speaker, data.labels[row.speaker]], [words.section, row.section], [words.note, row.note], [words.source_note, source.note], [words.key, row.source],
  ];
  const shown = facts.filter(([, text]) => text);
  const list = shown.map(([term, text]) => element("div", {}, element("dt", {}, term), element("dd", { lang: term === words.title_zh && "zh-CN" }, text)));
  return element("dl", { class: "carelab-source" }, ...list);
}

function badge(row, data) {
  const name = data.labels[row.class] + (row.grade ? ` ${row.grade}` : "");
  return element("span", { class: `carelab-badge carelab-${row.class}` }, name);
}

/** One row, and on demand below it what is known of its source. */
export function tableRow(row, data, columns, prefix) {
  const id = `${prefix}-${row.order}`;
  const open = element("button", { type: "button", "aria-expanded": "false", class: "carelab-source-open" }, data.sources[row.source].short);
  const number = amount(row, data.words);
  const contents = {
    text: [row.text, ...(number ? [element("strong", { class: "carelab-amount" }, number)] : [])],
    where: [data.labels[row.case || row.place] ?? row.place],
    theme: [row.theme ? data.labels[row.theme] : "–"],
    class: [badge(row, data)],
    year: [row.year],
    source: [open],
  };
  const cells = columns.slice(1).map(([name, label]) =>
    element("td", { role: "cell", "data-label": label, "data-column": name }, element("div", {}, ...contents[name])),
  );
  const made = element("tr", { role: "row" }, element("th", { scope: "row", role: "rowheader" }, row.id), ...cells);
  open.addEventListener("click", () => {
    const shown = open.getAttribute("aria-expanded") === "true";
    open.setAttribute("aria-expanded", String(!shown));
    if (shown) return made.nextElementSibling.remove();
    const cell = element("td", { role: "cell", colspan: columns.length }, sourceDetails(row, data));
    made.after(element("tr", { role: "row", id, class: "carelab-opened" }, cell));
    return open.setAttribute("aria-controls", id);
  });
  return made;
}
