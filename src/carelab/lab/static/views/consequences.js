// What follows from the levers: sentence, charts, pay-offs, money; the rest when asked for.

import { MONTHS, yearSum } from "../analysis/model.js";
import { make, say } from "../kit/dom.js";
import { buildFan } from "./fan.js";
import { buildMoneyFlow, moneyAmounts } from "./money_flow.js";
import { buildPayoffs, payoffSentence } from "./payoffs.js";
import { buildReasons } from "./reasons.js";
import { buildResults } from "./results.js";
import { lookOf } from "../scenarios/scenario_list.js";
import { readScenario } from "../scenarios/scenario_text.js";
import { buildTimeChart } from "./time_chart.js";

const MOST_PINS_DRAWN = 12;

/** Build every view of one lab; `refresh(scenario, settled)` redraws what is in sight. */
export function createViews(parts) {
  const { config, registry, speaker, engine, shelf, prefix } = parts;
  const { t } = speaker;
  const { economy } = engine;
  const actors = registry.actors;
  const status = make("div", { role: "status", class: "carelab-summary" });
  const sentences = [make("p"), make("p"), make("p")];
  status.append(...sentences);
  const year = buildYear(config, t, prefix);
  const charts = config.charts.map((name) =>
    buildTimeChart({ speaker, name, quantity: registry.quantities[name], years: config.years }),
  );
  const grid = make("div", { class: "carelab-charts" }, ...charts.map((each) => each.element));
  const key = make("ul", { class: "carelab-keys carelab-scenario-keys" });
  const strip = buildStrip(charts, speaker);
  const payoffs = buildPayoffs({ speaker, actors });
  const money = buildMoneyFlow({ speaker });
  const fan = buildFan({ ...parts, charts, redraw: () => refresh(now, calm) });
  const reasons = buildReasons({ ...parts, state: () => ({ now, baseline: baselineOf(now), year: year.value() }) });
  const results = buildResults(parts);
  const folds = [
    lazy(t("lab.money_flow"), money.element, () => refreshMoney()),
    lazy(t("lab.attribution"), reasons.attribution, () => reasons.refreshAttribution()),
    lazy(t("lab.why"), reasons.why, () => reasons.refreshWhy()),
    lazy(t("lab.results"), results.element, () => refreshResults()),
  ];
  const element = make(
    "div",
    { class: "carelab-view" },
    status,
    year.element,
    key,
    grid,
    strip.element,
    fan.element,
    payoffs.element,
  );
  let now = null;
  const baselines = new Map();
  const pinned = new Map();
  let out = null;

  /** The place without any reform. */
  function baselineOf({ context }) {
    const preset = config.baseline ?? economy.places[context].baseline;
    return { context, preset, levers: economy.presets[preset] };
  }

  function baselineRun(scenario) {
    const { context } = scenario;
    if (!baselines.has(context)) {
      const base = baselineOf(scenario);
      baselines.set(context, engine.run(context, base.levers, config.years));
    }
    return baselines.get(context);
  }

  function pinLines(context) {
    const shown = shelf.items().map((item, index) => ({ item, look: lookOf(index) })).filter(({ item }) => item.shown);
    return shown.slice(-MOST_PINS_DRAWN).map(({ item, look }) => {
      if (!pinned.has(item.text)) {
        const { scenario } = readScenario(item.text, economy, registry.levers);
        const run = engine.run(scenario.context, scenario.levers, config.years);
        const values = Object.fromEntries(config.charts.map((name) => [name, engine.yearly(run, name)]));
        pinned.set(item.text, { context: scenario.context, values });
      }
      const stored = pinned.get(item.text);
      const foreign = t(`place.${stored.context}.money`) !== t(`place.${context}.money`);
      return { item, look, stored, foreign };
    });
  }

  let current = null;
  let room = null;
  let calm = true;
  function refresh(scenario, settled) {
    if (!scenario) return;
    calm = settled;
    // Who listens hears the sentences when the lever rests, not at every step of a drag.
    status.setAttribute("aria-busy", String(!settled));
    now = scenario;
    out ??= new Float64Array(config.years * MONTHS * economy.flows.length);
    current = engine.run(scenario.context, scenario.levers, config.years, out);
    const base = baselineRun(scenario);
    const pins = pinLines(scenario.context);
    // Measuring makes the browser lay out the page: only at rest, and before anything is written.
    if (settled || !room) room = { chart: chartWidth(grid, charts.length), whole: Math.max(260, grid.clientWidth || 480) };
    const width = room.chart;
    const shared = { context: scenario.context, year: year.value(), settled, width };
    for (const chart of charts) {
      const lines = [
        { key: "baseline", kind: "baseline", look: "carelab-baseline", label: t("lab.baseline_short"), values: engine.yearly(base, chart.name) },
        ...pins
          .filter(({ foreign }) => !foreign || !chart.quantity.unit.startsWith("money"))
          .map(({ item, look, stored }) => ({ key: `pin-${item.id}`, kind: "pin", look, label: item.name, values: stored.values[chart.name] })),
        { key: "current", kind: "current", look: "carelab-current", label: t("lab.current"), values: engine.yearly(current, chart.name) },
      ];
      chart.refresh({ lines, band: fan.band(chart.name, scenario, lines[0].values), ...shared });
    }
    refreshKey(pins);
    strip.refresh(charts.map(({ name }) => [current, base].map((run) => engine.yearValue(run, name, year.value() - 1))), scenario.context);
    const gains = payoffValues(base, scenario);
    payoffs.refresh({ ...gains, width: room.whole });
    tell(gains, base);
    fan.ask(scenario, baselineOf(scenario), year.value());
    if (settled) folds.forEach((each) => each.refresh(now, year.value()));
  }

  function payoffValues(base, { context }) {
    const at = (run) =>
      Object.fromEntries(actors.map((actor) => [actor, MONTHS * engine.yearValue(run, `payoff_${actor}`, year.value() - 1)]));
    return { now: at(current), before: at(base), context, year: year.value() };
  }

  function tell(gains, base) {
    const index = year.value() - 1;
    const parts_ = charts.map(({ name, quantity }) => {
      const [here, before] = [current, base].map((run) => engine.yearValue(run, name, index));
      return t("lab.told", {
        label: quantity.label,
        value: speaker.show(here, quantity, gains.context),
        before: speaker.show(before, quantity, gains.context),
      });
    });
    say(sentences[0], t("lab.summary", { year: index + 1, told: speaker.chain(parts_) }));
    say(sentences[1], payoffSentence(gains, actors, speaker));
    // A count still being worked out keeps its room, so that nothing below it jumps.
    const told = fan.sentence(now, year.value());
    sentences[2].classList.toggle("carelab-awaited", told === null);
    if (told !== null) say(sentences[2], told);
  }

  function refreshMoney() {
    const base = baselineRun(now);
    const index = year.value() - 1;
    const amounts = (run) => {
      const inputs = engine.inputsOf(run.context, run.levers);
      return moneyAmounts(registry.money, (names) => yearTotal(run, inputs, names, index, engine));
    };
    const width = Math.max(260, Math.min(720, (element.closest(".carelab-panel")?.clientWidth ?? 560) - 48));
    money.refresh({ now: amounts(current), before: amounts(base), context: now.context, year: index + 1, width });
  }

  function refreshResults() {
    results.refresh({ current, base: baselineRun(now), scenario: now, year: year.value() });
  }

  function refreshKey(pins) {
    const entry = (look, text) =>
      make("li", { class: look }, make("span", { class: "carelab-swatch", "aria-hidden": "true" }), make("span", {}, text));
    const wanted = [
      ["carelab-current", t("lab.current")],
      ["carelab-baseline", t("lab.baseline_short")],
      ...pins.map(({ item, look, foreign }) => [look, foreign ? t("lab.other_money", { name: item.name }) : item.name]),
    ];
    const state = JSON.stringify([wanted, shelf.items().length]);
    if (key.dataset.state === state) return;
    key.dataset.state = state;
    key.replaceChildren(...wanted.map(([look, text]) => entry(look, text)));
    const count = shelf.items().filter(({ shown }) => shown).length;
    const values = { count, most: MOST_PINS_DRAWN };
    if (count > MOST_PINS_DRAWN) key.append(make("li", {}, t("lab.pins_drawn", values)));
  }

  /** Both scenarios' values of some outcomes in a year. */
  function compare(from, to, outcomes, when) {
    const [before, after] = [from, to].map((each) => engine.run(each.context, each.levers, config.years));
    const at = (run, name) => engine.yearValue(run, name, when - 1);
    return Object.fromEntries(outcomes.map((name) => [name, { before: at(before, name), after: at(after, name) }]));
  }

  return {
    element,
    charts: grid,
    folds: folds.map((each) => each.element),
    refresh,
    compare,
    year: () => year.value(),
    onYear: (listener) => year.listen(listener),
    destroy() {
      [...charts, payoffs, money, fan, reasons, year].forEach((each) => each.destroy());
      folds.forEach((each) => each.destroy());
    },
  };
}

function yearTotal(run, inputs, names, year, engine) {
  return yearSum(year, (month) =>
    names.reduce((product, name) => {
      if (!name.startsWith("inputs.")) return product * engine.at(run, name, month);
      return product * inputs[engine.economy.inputs.indexOf(name.slice(7))];
    }, 1),
  );
}

function chartWidth(grid, count) {
  const whole = grid.clientWidth || 480;
  const columns = count > 1 && whole >= 320 ? 2 : 1;
  grid.style.setProperty("--carelab-columns", columns);
  return Math.max(150, Math.floor((whole - (columns - 1) * 12) / columns));
}

/** The numbers alone, which stay in sight on a phone while a lever moves. */
function buildStrip(charts, speaker) {
  const cells = charts.map(({ quantity }) => {
    const value = make("strong");
    return { value, element: make("span", {}, `${quantity.label} `, value) };
  });
  return {
    element: make("div", { class: "carelab-strip", "aria-hidden": "true" }, ...cells.map((each) => each.element)),
    refresh(values, context) {
      cells.forEach(({ value }, index) => {
        const [now, before] = values[index];
        const way = Math.abs(now - before) < 1e-9 ? "" : now > before ? "▲" : "▼";
        const quantity = charts[index].quantity;
        say(value, `${speaker.show(now, { ...quantity, unit: quantity.unit === "share" ? "share" : "bare" }, context)} ${way}`);
      });
    },
  };
}

function buildYear(config, t, prefix) {
  const id = `${prefix}-year`;
  const input = make("input", { type: "range", id, min: 1, max: config.years, step: 1, value: config.year });
  const output = make("output", { for: id }, String(config.year));
  const listeners = new Set();
  const onInput = () => {
    say(output, input.value);
    listeners.forEach((listener) => listener());
  };
  input.addEventListener("input", onInput);
  return {
    element: make("p", { class: "carelab-year" }, make("label", { for: id }, t("lab.year_shown")), input, output),
    value: () => Number(input.value),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy: () => input.removeEventListener("input", onInput),
  };
}

/** A fold that works only while it is open, once for each scenario at rest and year. */
function lazy(title, content, work) {
  const element = make("details", { class: "carelab-fold" }, make("summary", {}, title), content);
  let latest = [];
  let done = [];
  const go = () => {
    if (!element.open || (done[0] === latest[0] && done[1] === latest[1])) return;
    done = latest;
    work();
  };
  element.addEventListener("toggle", go);
  return {
    element,
    refresh(scenario, year) {
      latest = [scenario, year];
      go();
    },
    destroy: () => element.removeEventListener("toggle", go),
  };
}
