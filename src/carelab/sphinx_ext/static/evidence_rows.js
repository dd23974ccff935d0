// Rows of the evidence browser: read, filter, sort, page, write as CSV. No page is needed here.

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const COLUMNS = [
  "id", "kind", "text", "value", "unit", "low", "high", "case", "place", "theme", "class", "grade",
  "does", "speaker", "year", "section", "note", "source",
];

/** One spelling of a text for searching: full-width as half-width, capitals as small letters. */
export function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Turn the compact table of the page into rows that can be searched in both languages. */
export function readRows(data) {
  return data.rows.map((cells, order) => {
    const row = Object.fromEntries(data.columns.map((name, index) => [name, cells[index]]));
    const source = data.sources[row.source];
    const named = [row.case, row.place, row.theme, row.class, row.does].map((name) => data.names[name] ?? []);
    const found = [
      row.id, row.text, row.section, row.note, row.year, row.case, row.place, row.source,
      ...Object.values(source), ...named.flat(), ...row.terms.flatMap((term) => data.terms[term]),
    ];
    return { ...row, order, search: plain(found.join("\n")) };
  });
}

function within(span, from, to) {
  if (!from && !to) return true;
  return span !== null && span[1] >= (from || -Infinity) && span[0] <= (to || Infinity);
}

/** Rows that meet every filter; an empty filter lets all pass, every word searched must occur. */
export function filterRows(rows, filters) {
  const wanted = plain(filters.search ?? "").split(" ").filter(Boolean);
  const exact = ["kind", "theme", "class", "grade"].filter((name) => filters[name]);
  return rows.filter(
    (row) =>
      exact.every((name) => row[name] === filters[name]) &&
      (!filters.where || filters.where === `case:${row.case}` || filters.where === `place:${row.place}`) &&
      within(row.span, Number(filters.from ?? 0), Number(filters.to ?? 0)) &&
      wanted.every((word) => row.search.includes(word)),
  );
}

const KEYS = {
  id: (row) => row.id,
  text: (row) => row.text,
  where: (row) => row.case || row.place,
  theme: (row) => row.theme,
  class: (row) => `${row.class} ${row.grade}`,
  year: (row) => (row.span ? String(row.span[0]) : ""),
  source: (row) => row.source,
};

/** Rank every row by a column, once: later sorts compare whole numbers. */
function ranks(rows, column) {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const keys = rows.map(KEYS[column]);
  const known = [...new Set(keys)].sort(compare);
  const rank = new Map(known.map((key, index) => [key, key === "" ? Infinity : index]));
  return keys.map((key) => rank.get(key));
}

/** A sorter that remembers its ranks; what has no value stands last either way. */
export function createSorter(rows) {
  const kept = new Map();
  return (chosen, column, descending) => {
    if (!column) return chosen;
    if (!kept.has(column)) kept.set(column, ranks(rows, column));
    const rank = kept.get(column);
    const sign = descending ? -1 : 1;
    return [...chosen].sort((one, other) => {
      const [a, b] = [rank[one.order], rank[other.order]];
      if (a === b) return one.order - other.order;
      if (a === Infinity || b === Infinity) return a === Infinity ? 1 : -1;
      return sign * (a - b);
    });
  };
}

/** The part of the rows that one page shows, and which page that is. */
export function pageOf(rows, page, size) {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const current = Math.min(Math.max(1, page), pages);
  const first = (current - 1) * size;
  return { rows: rows.slice(first, first + size), page: current, pages, first };
}

/** One cell of a CSV file: quoted where needed, and never run as a formula by a spreadsheet. */
export function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The rows with the reference of each source and the citation of this collection. */
export function csvText(rows, data) {
  const lines = rows.map((row) => {
    const source = data.sources[row.source];
    const cells = COLUMNS.map((name) => row[name]);
    return [...cells, source.reference, source.doi, source.read_as, data.citation];
  });
  const head = [...COLUMNS, "reference", "doi", "read_as", "collection"];
  return [head, ...lines].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}
