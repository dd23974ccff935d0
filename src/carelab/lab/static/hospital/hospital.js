// The lab of one hospital: levers on one side, gains along one of them on the other.

import { buildChart } from "./chart.js";
import { createDesk } from "../scenarios/desk.js";
import { fold, freshLab, make, say, watchWidth } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";
import { formatValue } from "../kit/format.js";
import { originLines } from "../views/lever_list.js";
import { buildLever } from "../kit/lever.js";
import { ownProblems } from "../scenarios/own_cases.js";
import { createSpeaker } from "../kit/speaker.js";
import { chartRows, resultRows, summarySentences, sweep } from "./results.js";
import { buildTable } from "../kit/tables.js";
import { buildToolbar } from "../kit/toolbar.js";

/** Mount a lab; `onLevers(values)` hears every change. Returns how to steer and remove it. */
export function mountHospital(root, config, model, onLevers = () => {}) {
  const { number, prefix } = freshLab();
  const { words, language } = config;
  const speaker = createSpeaker({ words, language }, number);
  const { t } = speaker;
  const presets = Object.fromEntries(config.presets.map((each) => [each.id, each.values]));
  const ranges = Object.fromEntries(config.levers.map((lever) => [lever.name, lever]));
  const opening = Object.fromEntries(config.levers.map((lever) => [lever.name, lever.opening]));
  const desk = createDesk({ context: config.model, preset: config.opening, levers: opening }, { presets }, ranges);
  const run = (values) => model({ ...config.parameters, ...values });
  const reference = run(config.reference);
  const spoken = make("p", { class: "carelab-spoken", "aria-live": "polite" });
  const toolbar = buildToolbar({ speaker, desk, spoken });
  const show = (value, lever) => formatValue(value, { unit: lever.unit, digits: 0 }, words, language);
  const levers = config.levers.map((lever) => buildLever(lever, { t, show, desk, prefix, notes: (each) => notesOf(each, t, show, chosen()) }));
  const chosen = () => config.presets.find((each) => each.id === desk.current().preset);
  const lineLabels = config.lines.map((name) => config.quantities.find((each) => each.name === name).label);
  let seen = { rows: [], lever: config.levers[0] };
  const figure = buildFigure({
    speaker,
    title: t("lab.chart_short"),
    cells: () => [
      [seen.lever.label, ...lineLabels].map((text) => ({ text })),
      ...chartRows(seen.rows, seen.lever, config).map((row) => row.map((text) => ({ text }))),
    ],
  });
  const chart = buildChart(config, figure);
  const results = buildTable(t("lab.results"), [t("lab.result"), t("lab.value"), t("lab.baseline")]);
  const summary = make("div", { role: "status", class: "carelab-summary" });
  const sentences = config.summary.map(() => make("p"));
  summary.append(...sentences);
  const along = buildAlong(config, prefix);
  const first = buildPresets(config, speaker, (preset) => desk.preset(preset.id));

  function redraw() {
    const values = desk.values();
    const flows = run(values);
    const lever = ranges[along.select.value];
    const rows = sweep(model, { ...config.parameters, ...values }, lever);
    seen = { rows, lever };
    levers.forEach((each) => {
      const home = presets[desk.current().preset][each.name];
      each.refresh(values, { home, marks: marksOf(ranges[each.name], home, flows, config, t, show) });
    });
    chart.refresh(rows, lever, values[lever.name], flows);
    figure.refreshTable();
    results.refresh(resultRows(flows, reference, config));
    summarySentences(flows, config).forEach((text, index) => say(sentences[index], text));
    first.refresh(values);
    toolbar.refresh();
  }

  along.select.addEventListener("change", redraw);
  const panel = make(
    "div",
    { class: "carelab-panel" },
    make("p", { class: "carelab-question" }, config.question),
    first.element,
    ...ownProblems(config.problems),
    make(
      "div",
      { class: "carelab-body" },
      make("div", { class: "carelab-levers", role: "group", "aria-label": speaker.name(t("lab.levers")) }, ...levers.map((each) => each.element)),
      make("div", { class: "carelab-view" }, summary, figure.element, along.element),
    ),
    toolbar.element,
    spoken,
    fold(t("lab.results"), make("div", { class: "carelab-scroll" }, results.element)),
    fold(t("lab.assumptions"), make("div", { class: "carelab-scroll" }, assumptions(config))),
  );
  root.append(panel);
  const cleanups = [desk.listen(redraw), desk.listen((scenario) => onLevers({ ...scenario.levers })), watchWidth(figure.element, redraw)];
  redraw();
  return {
    assign: desk.assign,
    destroy() {
      along.select.removeEventListener("change", redraw);
      [...levers, toolbar, figure].forEach((each) => each.destroy());
      cleanups.forEach((cleanup) => cleanup());
      panel.remove();
    },
  };
}

function marksOf(lever, home, flows, config, t, show) {
  const thresholds = lever.thresholds.map((name, index) => {
    const { label } = config.quantities.find((each) => each.name === name);
    const value = flows[name];
    const reached = value >= lever.low && value <= lever.high;
    const text = t(reached ? "lab.threshold" : "lab.threshold_beyond", { label, value: show(value, lever) });
    return { kind: `threshold carelab-threshold-${index + 1}`, value: reached ? value : NaN, text };
  });
  return [{ kind: "opening", value: lever.opening }, { kind: "preset", value: home }, ...thresholds];
}

function notesOf(lever, t, show, preset) {
  const origin = { class: lever.class, note: lever.note, source: lever.source_title, evidence: lever.evidence };
  const lines = [lever.meaning, ...originLines(origin, "lab.default", { value: show(lever.default, lever) }, t)];
  const why = preset?.why?.[lever.name];
  if (why) {
    const values = { value: show(preset.values[lever.name], lever), preset: preset.label };
    lines.push(...originLines(why, "lab.preset_value", values, t));
  }
  return lines.filter(Boolean);
}

function buildAlong(config, prefix) {
  const select = make("select", { id: `${prefix}-along` });
  for (const lever of config.levers) {
    const option = make("option", { value: lever.name }, lever.label);
    option.selected = lever.name === config.over;
    select.append(option);
  }
  const label = make("label", { for: `${prefix}-along` }, config.words["lab.along"]);
  return { select, element: make("p", { class: "carelab-along" }, label, " ", select) };
}

function buildPresets(config, speaker, choose) {
  const buttons = config.presets.map((preset) => {
    const button = make("button", { type: "button", "aria-pressed": "false" }, preset.label);
    button.addEventListener("click", () => choose(preset));
    return { preset, button };
  });
  const element = make(
    "div",
    { class: "carelab-presets", role: "group", "aria-label": speaker.name(config.words["lab.presets"]) },
    make("span", { "aria-hidden": "true" }, config.words["lab.presets"]),
    ...buttons.map((each) => each.button),
  );
  function refresh(values) {
    for (const { preset, button } of buttons) {
      const same = Object.entries(preset.values).every(([name, value]) => values[name] === value);
      button.setAttribute("aria-pressed", String(same));
    }
  }
  return { element, refresh };
}

function assumptions(config) {
  const { words } = config;
  const heads = ["lab.assumption", "lab.value", "lab.class", "lab.why_note"].map((key) => words[key]);
  const table = buildTable(words["lab.assumptions"], heads);
  table.refresh(config.assumptions.map((each) => [each.label, each.value, words[`class.${each.class}`], each.note]));
  return table.element;
}
