// Every picture: title, drawing, a sentence, and below it the table and the files.

import { draw, make, say, update } from "./dom.js";
import { csvText, fileName, pngOf, saveFile, standaloneSvg } from "./downloads.js";
import { buildTable } from "./tables.js";

let figures = 0;

/**
 * A frame for a drawing. `cells()` gives the table as rows of {text, value}, heads first; it is
 * asked only when somebody looks or downloads. With `aside`, table and files stand elsewhere: in `more`.
 */
export function buildFigure({ speaker, title, cells, level = "h3", extra = [], aside = false }) {
  const { t } = speaker;
  figures += 1;
  const id = `carelab-figure-${figures}-${Math.random().toString(36).slice(2, 7)}`;
  const description = draw("desc", { id: `${id}-desc` });
  const svg = draw(
    "svg",
    { role: "img", class: "carelab-chart", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-desc` },
    description,
  );
  const heading = make(level, { class: "carelab-figure-title", id: `${id}-title` }, title);
  const table = buildTable(title, []);
  const scroller = make("div", { class: "carelab-scroll", tabindex: 0, role: "region", "aria-label": speaker.name(title) }, table.element);
  const buttons = ["csv", "svg", "png"].map((kind) =>
    make("button", { type: "button", class: "carelab-small", "data-download": kind }, kind.toUpperCase()),
  );
  const files = make("p", { class: "carelab-files" }, make("span", {}, t("lab.download")), ...buttons);
  const more = make(
    "details",
    { class: "carelab-more" },
    make("summary", { "aria-label": t("lab.table_of", { title }) }, aside ? title : t("lab.table_and_files")),
    scroller,
    files,
  );
  const element = make("figure", { class: "carelab-picture" }, heading, svg, ...extra, ...(aside ? [] : [more]));

  const rowsOf = () => cells().map((row) => row.map((cell) => cell.text));
  const fillTable = () => {
    if (!more.open) return;
    const [heads, ...rows] = rowsOf();
    table.reshape(heads);
    table.refresh(rows);
  };
  const onToggle = () => fillTable();
  const caption = () => heading.textContent + (svg.dataset.unit ? ` (${svg.dataset.unit})` : "");
  const onFile = async (event) => {
    const kind = event.currentTarget.dataset.download;
    const name = fileName(heading.textContent, kind);
    if (kind === "csv") {
      const rows = cells().map((row) => row.map((cell) => cell.value ?? cell.text));
      saveFile(name, csvText(rows), "text/csv;charset=utf-8");
    } else if (kind === "svg") {
      saveFile(name, standaloneSvg(svg, caption()), "image/svg+xml");
    } else {
      saveFile(name, await pngOf(svg, caption()));
    }
  };
  more.addEventListener("toggle", onToggle);
  buttons.forEach((button) => button.addEventListener("click", onFile));
  return {
    element,
    svg,
    more,
    describe: (text) => say(description, text),
    entitle(text) {
      say(heading, text);
      update(scroller, { "aria-label": speaker.name(text) });
    },
    refreshTable: fillTable,
    destroy() {
      more.removeEventListener("toggle", onToggle);
      buttons.forEach((button) => button.removeEventListener("click", onFile));
    },
  };
}
