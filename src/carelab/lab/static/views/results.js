// Every outcome of the year shown, for those who want all of them: what is measured alike stands
// together, on the scale of the place and its people.

import { make, say } from "../kit/dom.js";
import { csvText, fileName, saveFile } from "../kit/downloads.js";
import { buildTable } from "../kit/tables.js";
import { MONTHS } from "../analysis/model.js";

const SHARE = 100;
const MILLION = 1e6;
// Units of the model, and what makes of a resident's value one of the place in a year.
const GROUPS = {
  people: {
    "life years per resident": (people) => people,
    "per month": (people) => MONTHS * people,
    "cases per resident and month": (people) => MONTHS * people,
    "visits per resident and month": (people) => MONTHS * people,
  },
  hundred: { share: () => SHARE },
  money: { "money per month": (people) => (MONTHS * people) / MILLION },
  gathered: { money: (people) => people / MILLION },
};

/** The group of a unit and its scale for so many people; what has no larger scale is told as it is. */
export function scaleOf(unit, people) {
  const found = Object.entries(GROUPS).find(([, units]) => Object.hasOwn(units, unit));
  return found ? { group: found[0], factor: found[1][unit](people) } : { group: "other", factor: 1 };
}

/** Both values with as many digits as they need, and the difference of what is shown. */
export function shownPair(now, before) {
  const most = Math.max(Math.abs(now), Math.abs(before));
  const digits = most >= 1000 ? 0 : most >= 1 ? 1 : 2;
  const rounded = (value) => Math.round(value * 10 ** digits) / 10 ** digits;
  return { digits, values: [rounded(now), rounded(before), rounded(now) - rounded(before)] };
}

/** Build the tables of all outcomes, and their file of every year. */
export function buildResults({ config, registry, speaker, engine }) {
  const { t } = speaker;
  const heads = ["lab.result", "lab.value", "lab.reference", "lab.change"].map((key) => t(key));
  const names = Object.keys(registry.quantities);
  const groups = [...Object.keys(GROUPS), "other"].map((group) => {
    const table = buildTable("", heads);
    table.element.classList.add("carelab-results");
    return { group, table, names: names.filter((name) => scaleOf(registry.quantities[name].unit, 1).group === group) };
  });
  const intro = make("p");
  const file = make("button", { type: "button", class: "carelab-small" }, t("lab.all_years_csv"));
  let shown = null;

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
    const people = registry.residents[context];
    const told = { people: speaker.fixed(people, 0), money: t(`place.${context}.money`) };
    say(intro, t("lab.results_in", { year: state.year, against: t(`lab.against_${state.named}`) }));
    for (const { group, table, names: members } of groups) {
      say(table.element.caption, t(`lab.results_${group}`, told));
      table.refresh(members.map((name) => {
        const { label, unit } = registry.quantities[name];
        const { factor } = scaleOf(unit, people);
        const { digits, values } = shownPair(...[state.current, state.base].map((run) => factor * engine.yearValue(run, name, state.year - 1)));
        const [now, before, change] = values;
        const own = group === "other" ? speaker.unitWord(unit, context) : "";
        return [own ? t("lab.with_unit", { label, unit: own }) : label, speaker.fixed(now, digits), speaker.fixed(before, digits), speaker.signed(change, digits)];
      }));
    }
  }
  const tables = make("div", { class: "carelab-scroll", tabindex: 0, role: "region", "aria-label": speaker.name(t("lab.results")) }, ...groups.map(({ table }) => table.element));
  return { element: make("div", {}, intro, tables, file), refresh };
}
