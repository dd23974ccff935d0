// Pinned scenarios side by side: what each comes to.

import { make, say } from "../kit/dom.js";
import { buildTable } from "../kit/tables.js";
import { readScenario } from "../scenarios/scenario_text.js";

/** Build it; `refresh` takes what all is compared with, {name, run}, and the present run. */
export function buildComparison({ config, registry, speaker, shelf, engine }) {
  const { t } = speaker;
  const table = buildTable(t("lab.compared"), []);
  const element = make("div", { class: "carelab-scroll", tabindex: 0, role: "region", "aria-label": speaker.name(t("lab.compared")) }, table.element);
  const names = [...new Set([...config.charts, ...config.outcomes])];
  return {
    element,
    version: () => shelf.items(),
    refresh({ base, current, context, year, caption }) {
      const pins = shelf.items().filter(({ shown }) => shown).map(({ name, text }) => {
        const { scenario } = readScenario(text, engine.economy, registry.levers);
        return { name, run: engine.run(scenario.context, scenario.levers, config.years) };
      });
      const columns = [base, { name: t("lab.current"), run: current }, ...pins];
      table.reshape([t("lab.result"), ...columns.map(({ name }) => name)]);
      say(table.element.caption, caption);
      table.refresh(names.map((name) => {
        const quantity = registry.quantities[name];
        return [quantity.label, ...columns.map(({ run }) => speaker.show(engine.yearValue(run, name, year - 1), quantity, run.context ?? context))];
      }));
    },
  };
}
