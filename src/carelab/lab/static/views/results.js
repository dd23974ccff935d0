// Every outcome of the year shown, for those who want all of them.

import { make, say } from "../kit/dom.js";
import { csvText, fileName, saveFile } from "../kit/downloads.js";
import { buildTable } from "../kit/tables.js";

/** Build the table of all outcomes, and its file of every year. */
export function buildResults({ config, registry, speaker, engine }) {
  const { t } = speaker;
  const heads = ["lab.result", "lab.value", "lab.reference", "lab.change"].map((key) => t(key));
  const table = buildTable(t("lab.results"), heads);
  table.element.classList.add("carelab-results");
  const file = make("button", { type: "button", class: "carelab-small" }, t("lab.all_years_csv"));
  let shown = null;
  const names = Object.keys(registry.quantities);

  const onFile = () => {
    if (!shown) return;
    const rows = names.map((name) => {
      const values = [shown.current, shown.base].flatMap((run) => Array.from(engine.yearly(run, name)));
      const { label, unit } = registry.quantities[name];
      return [name, label, speaker.unitWord(unit, shown.scenario.context), ...values];
    });
    const years = Array.from({ length: config.years }, (_, index) => index + 1);
    const head = ["outcome", "label", "unit", ...years.map((year) => `year_${year}`), ...years.map((year) => `baseline_year_${year}`)];
    saveFile(fileName(t("lab.results"), "csv"), csvText([head, ...rows]), "text/csv;charset=utf-8");
  };
  file.addEventListener("click", onFile);

  function refresh(state) {
    shown = state;
    const { context } = state.scenario;
    say(table.element.caption, t("lab.results_in", { year: state.year, against: t(`lab.against_${state.named}`) }));
    const rows = names.map((name) => {
      const quantity = registry.quantities[name];
      const [now, before] = [state.current, state.base].map((run) => engine.yearValue(run, name, state.year - 1));
      // The unit once a row: three columns of it would not fit a phone.
      const share = quantity.unit === "share";
      const unit = share ? "" : speaker.unitWord(quantity.unit, context);
      const bare = share ? quantity : { ...quantity, unit: "bare" };
      const label = unit ? t("lab.with_unit", { label: quantity.label, unit }) : quantity.label;
      return [label, speaker.show(now, bare), speaker.show(before, bare), speaker.showChange(now - before, bare)];
    });
    table.refresh(rows);
  }
  const element = make("div", {}, make("div", { class: "carelab-scroll", tabindex: 0, role: "region", "aria-label": speaker.name(t("lab.results")) }, table.element), file);
  return { element, refresh };
}
