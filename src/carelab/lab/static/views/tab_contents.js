// What stands behind the first view: why, which lever, compare, data and export, what is missed.

import { buildComparison } from "./comparison.js";
import { make, say } from "../kit/dom.js";
import { csvText, fileName, saveFile } from "../kit/downloads.js";
import { buildTable } from "../kit/tables.js";
import { buildTabs } from "../kit/tabs.js";
import { loserOf } from "./headline.js";
import { buildMoneyFlow } from "./money_flow.js";
import { buildReasons } from "./reasons.js";
import { buildResults } from "./results.js";

/** Build the tabs; `refresh(scenario)` works the open one anew when anything changed. */
export function buildTabContents(parts) {
  const { speaker, registry, prefix, views, list, python, gaze } = parts;
  const { t } = speaker;
  const loser = () => loserOf(views.facts().changes, views.facts().firmness);
  const reasons = buildReasons({ ...parts, state: views.state, loser });
  const results = buildResults(parts);
  const money = buildMoneyFlow({ speaker });
  const compare = buildComparison(parts);
  const compareAll = () => {
    const { now, current, base, year, named } = views.state();
    compare.refresh({ base: { name: t(`lab.reference_${named}`), run: base }, current, context: now.context, year, caption: t("lab.compared_in", { year }) });
  };
  const misses = buildMisses(parts);
  const tiles = buildTileTable(parts);
  const flow = make("details", { class: "carelab-fold" }, make("summary", {}, t("lab.money_flow")), money.element);
  const drawFlow = () => {
    if (!flow.open) return;
    const { now, current, base, year } = views.state();
    const [here, before] = [current, base].map(views.payments);
    money.refresh({ now: here, before, context: now.context, year, width: Math.max(260, Math.min(720, flow.clientWidth - 16)) });
  };
  flow.addEventListener("toggle", drawFlow);
  const tables = make("div", { class: "carelab-tables" }, tiles.element, ...views.tables, flow);
  const tabs = buildTabs({
    label: speaker.name(t("lab.tabs")),
    prefix,
    tabs: [
      { key: "why", title: t("lab.tab.why"), content: reasons.why, work: () => reasons.refreshWhy() },
      { key: "levers", title: t("lab.tab.levers"), content: reasons.attribution, work: () => reasons.refreshAttribution() },
      { key: "compare", title: t("lab.tab.compare"), content: [compare.element, list.element], work: compareAll },
      {
        key: "data",
        title: t("lab.tab.data"),
        content: [views.log, make("div", { class: "carelab-row" }, python), tables, make("details", { class: "carelab-fold" }, make("summary", {}, t("lab.results")), results.element)],
        work() {
          const { now, current, base, year, named } = views.state();
          results.refresh({ current, base, scenario: now, year, named });
          tiles.refresh();
          drawFlow();
        },
      },
      { key: "misses", title: t("lab.tab.misses"), content: misses.element },
    ],
  });
  return {
    element: tabs.element,
    show: tabs.show,
    /** Open the causes of an outcome. */
    why(outcome) {
      reasons.ask(outcome);
      tabs.show("why");
      reasons.refreshWhy();
    },
    refresh(scenario) {
      const { year, reference } = gaze.current();
      misses.refresh(scenario.preset, tabs.heads.at(-1));
      tabs.refresh(scenario, year, reference, compare.version());
    },
    destroy() {
      flow.removeEventListener("toggle", drawFlow);
      [tabs, reasons, money].forEach((each) => each.destroy());
    },
  };

  function buildTileTable() {
    const table = buildTable(t("lab.tiles"), []);
    const file = make("button", { type: "button", class: "carelab-small", "data-download": "csv" }, "CSV");
    const rows = (value) => views.tileCells().map((row) => row.map(value));
    file.addEventListener("click", () => saveFile(fileName(t("lab.tiles"), "csv"), csvText(rows((cell) => cell.value ?? cell.text)), "text/csv;charset=utf-8"));
    const element = make("details", { class: "carelab-fold carelab-tile-table" }, make("summary", {}, t("lab.tiles")), make("div", { class: "carelab-scroll" }, table.element), file);
    return {
      element,
      refresh() {
        const [heads, ...body] = rows((cell) => cell.text);
        table.reshape(heads);
        table.refresh(body);
      },
    };
  }
}

/** What the model misses of a preset, or nobody published. */
function buildMisses({ registry, speaker }) {
  const { t } = speaker;
  const given = make("p");
  const none = make("p", {}, t("lab.misses_none"));
  const missed = make("ul", { class: "carelab-misses" });
  const limits = make("p", { class: "carelab-soft" }, t("lab.misses_always"));
  let told = null;
  return {
    element: make("div", {}, given, missed, none, limits),
    refresh(preset, head) {
      if (told === preset) return;
      told = preset;
      const { misses, label, known } = registry.presets[preset];
      say(given, t("lab.known", { preset: label, ...known }));
      none.hidden = misses.length > 0;
      missed.replaceChildren(...misses.map((text) => make("li", {}, text)));
      head.replaceChildren(t("lab.tab.misses"), ...(misses.length ? [" ", make("span", { class: "carelab-count" }, String(misses.length))] : []));
    },
  };
}
