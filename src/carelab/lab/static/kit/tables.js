// Every picture has a table twin.

import { make, say } from "./dom.js";

/** A table with a caption and row headers, filled by `refresh(rows)` of texts. */
export function buildTable(caption, heads) {
  const body = make("tbody");
  const captionElement = make("caption", {}, caption);
  const headCells = heads.map((head) => make("th", { scope: "col" }, head));
  const table = make(
    "table",
    { class: "carelab-table" },
    captionElement,
    make("thead", {}, make("tr", {}, ...headCells)),
    body,
  );
  function refresh(rows, newHeads) {
    newHeads?.forEach((head, index) => say(headCells[index], head));
    while (body.rows.length > rows.length) body.deleteRow(-1);
    rows.forEach((row, index) => {
      const line = body.rows[index] ?? body.appendChild(emptyRow(row.length));
      row.forEach((text, cell) => say(line.cells[cell], text));
    });
  }
  /** Give the table other columns; its rows are made anew. */
  function reshape(texts) {
    const row = table.tHead.rows[0];
    if (row.cells.length !== texts.length) {
      row.replaceChildren(...texts.map(() => make("th", { scope: "col" })));
      body.replaceChildren();
    }
    texts.forEach((text, index) => say(row.cells[index], text));
  }
  return { element: table, refresh, reshape };
}

function emptyRow(cells) {
  const heads = make("th", { scope: "row" });
  return make("tr", {}, heads, ...Array.from({ length: cells - 1 }, () => make("td")));
}
