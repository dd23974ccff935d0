// The lab of one hospital: rules on one side, gains along one of them on the other, in closed form.

import { buildChart } from "./chart.js";
import { reachOf, summarySentences, sweep } from "./results.js";
import { freshLab, make, say, watchWidth } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";
import { createSpeaker } from "../kit/speaker.js";
import { buildTable } from "../kit/tables.js";
import { buildTabs } from "../kit/tabs.js";
import { buildToolbar } from "../kit/toolbar.js";
import { createDesk } from "../scenarios/desk.js";
import { ownProblems } from "../scenarios/own_cases.js";
import { buildScenarioList } from "../scenarios/scenario_list.js";
import { readScenario, scenarioText } from "../scenarios/scenario_text.js";
import { createShelf, safeStorage } from "../scenarios/shelf.js";
import { buildComparison } from "../views/comparison.js";
import { buildLeverList, leverValue } from "../views/lever_list.js";
import { buildStories } from "../views/stories.js";

/** Mount a lab; `onLevers(values)` hears every change. Returns how to steer and remove it. */
export function mountHospital(root, config, world, onLevers = () => {}) {
  const { number, prefix } = freshLab();
  const { context, presets } = config;
  const registry = { ...world.registry, ...config.registry, words: { ...world.registry.words, ...config.registry.words } };
  const economy = { version: world.economy.version, levers: config.levers, presets, places: { [context]: {} } };
  const run = (levers) => world.models[config.model]({ ...config.parameters, ...levers });
  const engine = { economy, run: (place, levers) => run(levers), yearValue: (flows, name) => flows[name] };
  const speaker = createSpeaker(registry, number);
  const { t } = speaker;
  const opening = { context, preset: config.opening, levers: presets[config.opening] };
  const desk = createDesk(opening, economy, registry.levers);
  const readText = (text) => readScenario(text, economy, registry.levers);
  const shelf = createShelf(safeStorage(), `carelab/${location.pathname.split("/").slice(-2).join("/")}/hospital${number}/pins`, readText);
  const title = t("lab.rules_few");
  const parts = { config: { ...config, charts: config.results, outcomes: [] }, registry, speaker, desk, economy, shelf, engine, prefix, readText, title };
  const spoken = make("p", { class: "carelab-spoken", "aria-live": "polite" });
  const toolbar = buildToolbar({ speaker, desk, spoken, apart: true });
  const levers = buildLeverList({ ...parts, sight: config.levers.length });
  const stories = buildStories({ ...parts, presets: Object.keys(presets) });
  const list = buildScenarioList({ ...parts, currentText: () => scenarioText(desk.current(), economy), presetLabel: (preset) => registry.presets[preset].label, predictions: () => [] });
  const comparison = buildComparison(parts);
  const reference = { name: registry.presets[config.reference].label, run: run(presets[config.reference]) };
  const drawn = config.lines.map((name) => registry.quantities[name]);
  let rows = [];
  const along = buildAlong();
  const figure = buildFigure({
    speaker,
    title: t("lab.chart_short"),
    aside: true,
    cells: () => [
      [along.lever().label, ...drawn.map(({ label }) => label)].map((text) => ({ text })),
      ...rows.filter((_, index) => index % 6 === 0).map(({ at, flows }) => [
        { text: leverValue(at, along.lever(), speaker, context), value: at },
        ...drawn.map((quantity) => ({ text: speaker.show(flows[quantity.name], quantity), value: flows[quantity.name] })),
      ]),
    ],
  });
  const chart = buildChart({ quantities: drawn, speaker, figure, context, reach: reachOf(run, Object.values(registry.levers), config.lines) });
  const [headline, ...others] = config.summary.map((_, index) => make("p", { class: index ? null : "carelab-headline" }));
  const said = make("div", { role: "status", class: "carelab-said" }, headline, make("div", { class: "carelab-summary" }, ...others));
  const tabs = buildTabs({
    label: speaker.name(t("lab.tabs")),
    prefix,
    tabs: [
      { key: "compare", title: t("lab.tab.compare"), content: [comparison.element, list.element], work: () => comparison.refresh({ base: reference, current: run(desk.values()), context, caption: t("lab.compared") }) },
      { key: "data", title: t("lab.tab.data"), content: make("div", { class: "carelab-tables" }, figure.more) },
      { key: "assumptions", title: t("lab.assumptions"), content: make("div", { class: "carelab-scroll" }, assumptions(config, t)) },
    ],
  });

  function redraw() {
    const scenario = desk.current();
    const flows = run(scenario.levers);
    const lever = along.lever();
    rows = sweep(run, scenario.levers, lever);
    const thresholds = Object.fromEntries(config.levers.map((name) => [name, marksOf(name, flows)]));
    levers.refresh({ values: scenario.levers, thresholds, context, homes: presets[scenario.preset], starts: opening.levers });
    chart.refresh({ rows, lever, value: scenario.levers[lever.name], flows, before: run(opening.levers) });
    summarySentences(flows, config.summary, registry.quantities, speaker).forEach((text, index) => say([headline, ...others][index], text));
    stories.refresh(scenario);
    toolbar.refresh();
    tabs.refresh(scenario, shelf.items());
  }

  /** Where the model puts the thresholds of a lever; what lies off its track is only told. */
  function marksOf(name, flows) {
    const lever = registry.levers[name];
    return (registry.thresholds[name] ?? []).map((output) => {
      const value = flows[output];
      const reached = value >= lever.low && value <= lever.high;
      const text = t(reached ? "lab.threshold" : "lab.threshold_beyond", { label: registry.quantities[output].label, value: leverValue(value, lever, speaker, context) });
      return { kind: "threshold", value: reached ? value : NaN, text };
    });
  }

  /** Which lever the lines are drawn along. */
  function buildAlong() {
    const select = make("select", { id: `${prefix}-along` }, ...config.levers.map((name) => make("option", { value: name, selected: name === config.over }, registry.levers[name].label)));
    return { select, lever: () => registry.levers[select.value], element: make("p", { class: "carelab-row" }, make("label", { for: select.id }, t("lab.along")), select) };
  }

  const pin = make("button", { type: "button", "data-action": "pin-here" }, t("lab.pin_short"));
  pin.addEventListener("click", () => say(spoken, list.pin()));
  along.select.addEventListener("change", redraw);
  const controls = make(
    "div",
    { class: "carelab-controls" },
    make("div", { class: "carelab-controls-head" }, make("h3", {}, title), toolbar.element),
    levers.element,
    make("div", { class: "carelab-row" }, ...toolbar.rest, pin),
    spoken,
  );
  const panel = make(
    "div",
    { class: "carelab-panel carelab-instrument carelab-one-hospital" },
    make("p", { class: "carelab-question" }, config.question),
    make("div", { class: "carelab-stories carelab-first", role: "group", "aria-label": speaker.name(t("lab.presets")) }, ...stories.elements),
    ...ownProblems(config.problems),
    make("div", { class: "carelab-body" }, controls, make("div", { class: "carelab-right" }, make("div", { class: "carelab-view" }, said, along.element, figure.element))),
    tabs.element,
  );
  root.append(panel);
  const cleanups = [desk.listen(redraw), desk.listen((scenario) => onLevers({ ...scenario.levers })), shelf.listen(redraw), watchWidth(figure.element, redraw)];
  redraw();
  return {
    assign: desk.assign,
    destroy() {
      [levers, toolbar, figure, list, tabs].forEach((each) => each.destroy());
      cleanups.forEach((cleanup) => cleanup());
      panel.remove();
    },
  };
}

function assumptions({ assumptions: all }, t) {
  const table = buildTable(t("lab.assumptions"), ["lab.assumption", "lab.value", "lab.class", "lab.why_note"].map((key) => t(key)));
  table.refresh(all.map((each) => [each.label, each.value, t(`class.${each.class}`), each.note]));
  return table.element;
}
