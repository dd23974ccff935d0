// The lab: levers on one side, what follows on the other.

import { buildChart } from "./chart.js";
import { freshPrefix, make, say } from "./dom.js";
import { buildLever } from "./levers.js";
import { createState, sweep } from "./state.js";
import { summarySentences } from "./summary.js";
import { buildTable, chartRows, resultRows } from "./tables.js";

/** Mount a lab; `onLevers(values)` hears every change. Returns how to steer and remove it. */
export function mountLab(root, config, model, onLevers = () => {}) {
  const prefix = freshPrefix();
  const { words } = config;
  const state = createState(config.levers);
  const run = (values) => model({ ...config.parameters, ...values });
  const reference = run(config.reference);
  const levers = config.levers.map((lever) => buildLever(lever, config, state, prefix));
  const chart = buildChart(config, prefix);
  const results = buildTable(words["lab.results"], [
    words["lab.result"],
    words["lab.value"],
    words["lab.baseline"],
  ]);
  const lineLabels = config.lines.map(
    (name) => config.quantities.find((each) => each.name === name).label,
  );
  const twin = buildTable(words["lab.chart_table"], ["", ...lineLabels]);
  const summary = make("div", { role: "status", class: "carelab-summary" });
  const sentences = config.summary.map(() => make("p"));
  summary.append(...sentences);
  const along = buildAlong(config, prefix);
  const cleanups = [];
  const on = (element, event, listener) => {
    element.addEventListener(event, listener);
    cleanups.push(() => element.removeEventListener(event, listener));
  };

  function refresh(values) {
    const flows = run(values);
    const lever = config.levers.find((each) => each.name === along.select.value);
    const rows = sweep(model, { ...config.parameters, ...values }, lever);
    levers.forEach((each) => each.refresh(values, flows));
    chart.refresh(rows, lever, values[lever.name], flows);
    results.refresh(resultRows(flows, reference, config));
    twin.refresh(chartRows(rows, lever, config), [lever.label, ...lineLabels]);
    summarySentences(flows, config).forEach((text, index) => say(sentences[index], text));
    markPreset(presets, values);
  }

  const presets = buildPresets(config, (preset) => state.assign(preset.values), on);
  const resetAll = make("button", { type: "button", class: "carelab-reset" }, words["lab.reset_all"]);
  on(resetAll, "click", () => state.reset());
  on(along.select, "change", () => refresh(state.values()));
  const panel = make(
    "div",
    { class: "carelab-panel" },
    make("p", { class: "carelab-question" }, config.question),
    presets.element,
    make(
      "div",
      { class: "carelab-body" },
      make(
        "div",
        { class: "carelab-levers", role: "group", "aria-label": words["lab.levers"] },
        ...levers.map((each) => each.element),
        resetAll,
      ),
      make("div", { class: "carelab-view" }, summary, chart.element, along.element),
    ),
    folded(words["lab.results"], results.element),
    folded(words["lab.chart_table"], twin.element),
    folded(words["lab.assumptions"], assumptions(config)),
  );
  root.append(panel);
  cleanups.push(state.listen(refresh), state.listen(onLevers));
  cleanups.push(watchWidth(chart.element, () => refresh(state.values())));
  refresh(state.values());
  return {
    assign: state.assign,
    destroy() {
      levers.forEach((each) => each.destroy());
      cleanups.forEach((cleanup) => cleanup());
      panel.remove();
    },
  };
}

/** Redraw when the column changes its width, as on turning a phone. */
function watchWidth(element, redraw) {
  let width = element.clientWidth;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    redraw();
  });
  observer.observe(element);
  return () => observer.disconnect();
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

function buildPresets(config, choose, on) {
  const buttons = config.presets.map((preset) => {
    const button = make("button", { type: "button", "aria-pressed": "false" }, preset.label);
    on(button, "click", () => choose(preset));
    return { preset, button };
  });
  const element = make(
    "div",
    { class: "carelab-presets", role: "group", "aria-label": config.words["lab.presets"] },
    make("span", { "aria-hidden": "true" }, config.words["lab.presets"]),
    ...buttons.map((each) => each.button),
  );
  return { element, buttons };
}

function markPreset({ buttons }, values) {
  for (const { preset, button } of buttons) {
    const same = Object.entries(preset.values).every(([name, value]) => values[name] === value);
    button.setAttribute("aria-pressed", String(same));
  }
}

function folded(title, content) {
  const scroller = make("div", { class: "carelab-scroll" }, content);
  return make("details", { class: "carelab-fold" }, make("summary", {}, title), scroller);
}

function assumptions(config) {
  const { words } = config;
  const table = buildTable(words["lab.assumptions"], [
    words["lab.assumption"],
    words["lab.value"],
    words["lab.class"],
    words["lab.why"],
  ]);
  table.refresh(
    config.assumptions.map((each) => [
      each.label,
      each.value,
      words[`class.${each.class}`],
      each.note,
    ]),
  );
  return table.element;
}
