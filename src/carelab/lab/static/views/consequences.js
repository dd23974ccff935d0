// What follows from the levers: runs once, and hands what they say to every view.

import { accountsOf, firmSign, fundFlows, healthyYears, hundredCases, signedTerms, yearTotal } from "../analysis/accounts.js";
import { firmnessOf } from "../analysis/draws.js";
import { MONTHS } from "../analysis/model.js";
import { make, say } from "../kit/dom.js";
import { buildChooser } from "./chooser.js";
import { buildFan } from "./fan.js";
import { startOf } from "./gaze.js";
import { headline } from "./headline.js";
import { moneyAmounts } from "./money_flow.js";
import { buildPlace } from "./place.js";
import { lookOf } from "../scenarios/scenario_list.js";
import { readScenario } from "../scenarios/scenario_text.js";
import { buildTiles } from "./tiles.js";
import { buildTimeChart } from "./time_chart.js";

const MOST_PINS_DRAWN = 12;
const HEALTH = "life_years";

/** Build the views of one lab; `refresh(scenario, settled)` redraws what is in sight. */
export function createViews(parts) {
  const { config, registry, speaker, engine, shelf, gaze, opening, challenge } = parts;
  const { t } = speaker;
  const { economy } = engine;
  const charts = config.charts.map((name) =>
    buildTimeChart({ speaker, name, quantity: registry.quantities[name], years: config.years, aside: true }),
  );
  const said = make("p", { class: "carelab-headline" });
  const status = make("div", { role: "status", class: "carelab-said" }, said);
  const log = make("div", { class: "carelab-summary" }, make("p"), make("p"), make("p"));
  const key = make("ul", { class: "carelab-keys carelab-scenario-keys" });
  const tiles = buildTiles(parts);
  const place = buildPlace(parts);
  const grid = make("div", { class: "carelab-charts" }, ...charts.map((each) => each.element));
  // Of an account the draws are asked for its first flow; the others are the same in every run.
  const drawn = Object.fromEntries(registry.actors.map((actor) => [actor, signedTerms(registry.accounts[actor])]));
  const outcomes = [...new Set([...config.charts, ...Object.values(drawn).map(([first]) => first.name), HEALTH])];
  const fan = buildFan({ ...parts, charts, outcomes, watched: grid, redraw: () => refresh(now, calm) });
  const chooser = buildChooser({ charts, speaker, gaze });
  const against = buildAgainst(parts);
  const element = make(
    "div",
    { class: "carelab-view" },
    status,
    make("div", { class: "carelab-chart-head" }, against.element, fan.element),
    grid,
    key,
    chooser.element,
  );
  let now = null;
  let current = null;
  let room = null;
  let calm = true;
  let known = null;
  let out = null;
  const runs = new Map();
  const pinned = new Map();

  /** The place without any reform. */
  const baselines = new Map();
  function baselineOf({ context }) {
    if (!baselines.has(context)) {
      const preset = config.baseline ?? economy.places[context].baseline;
      baselines.set(context, { context, preset, levers: economy.presets[preset] });
    }
    return baselines.get(context);
  }

  /** What all is compared with: one object for one scenario, so that it can be told apart. */
  const starts = new Map();
  function referenceOf(scenario) {
    if (gaze.current().reference === "none") return baselineOf(scenario);
    const start = startOf(scenario, opening, economy);
    const name = `${start.context}/${start.preset}`;
    if (!starts.has(name)) starts.set(name, start);
    return starts.get(name);
  }

  function runOf(scenario) {
    if (!runs.has(scenario)) runs.set(scenario, engine.run(scenario.context, scenario.levers, config.years));
    return runs.get(scenario);
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

  function refresh(scenario, settled) {
    if (!scenario) return;
    calm = settled;
    // Who listens hears the sentences when the lever rests, not at every step of a drag.
    for (const each of [status, log]) each.setAttribute("aria-busy", String(!settled));
    now = scenario;
    out ??= new Float64Array(config.years * MONTHS * economy.flows.length);
    current = engine.run(scenario.context, scenario.levers, config.years, out);
    const reference = referenceOf(scenario);
    const base = runOf(reference);
    const { year, reference: named, outcome } = gaze.current();
    fan.ask(scenario, reference, year);
    // Measuring makes the browser lay out the page: only at rest, and before anything is written.
    if (settled || !room) room = { chart: Math.max(280, grid.clientWidth || 480), place: place.room() };
    const here = accounts(current);
    const facts = factsOf(here, base, scenario, { year, named, reference });
    known = facts;
    drawCharts(base, scenario, { year, settled, named, outcome, changed: facts.moved });
    tiles.refresh(facts);
    place.refresh({ ...facts, now: caseAndFund(current), before: caseAndFund(base), width: room.place, year });
    const plain = runOf(baselineOf(scenario));
    challenge.refresh(scenario.context, engine.yearValue(current, registry.challenges[scenario.context]?.outcome ?? outcome, year - 1), changesOf(registry.actors, here, accounts(plain)));
    tell(facts, base, outcome);
    against.refresh(named);
  }

  const index = () => gaze.current().year - 1;
  const residents = (run) => registry.residents[run.context];
  const accounts = (run) => accountsOf(engine, registry.accounts, run, index(), residents(run));
  const changesOf = (actors, here, before) => Object.fromEntries(actors.map((actor) => [actor, here[actor] - before[actor]]));
  const caseAndFund = (run) => ({ cases: hundredCases(engine, run, index()), fund: fundFlows(engine, registry.money, run, index(), residents(run)) });

  function factsOf(here, base, scenario, { year, named, reference }) {
    const changes = changesOf(Object.keys(registry.accounts), here, accounts(base));
    const health = healthyYears(engine, current, year - 1, residents(current)) - healthyYears(engine, base, year - 1, residents(base));
    const worth = (health * engine.yearValue(current, "life_value", year - 1)) / 1e6;
    const moved = economy.levers.some((name) => scenario.levers[name] !== reference.levers[name]);
    return { changes, health, healthWorth: worth, firmness: firmnessAll(base, scenario, changes, health), context: scenario.context, reference: named, moved };
  }

  function firmnessAll(base, scenario, changes, health) {
    const { year } = gaze.current();
    const judge = (holds, all) => firmnessOf(holds, all, registry.firmness);
    const signed = ({ name, sign }, known = 0) => {
      const found = fan.found(name, scenario, year);
      if (!found) return null;
      const { count, effect } = found;
      if (sign > 0) return { count, effect, known };
      const turned = { q05: -effect.q95, q25: -effect.q75, q75: -effect.q25, q95: -effect.q05 };
      return { count: { ...count, above: count.below, below: count.above }, effect: turned, known };
    };
    const scale = (MONTHS * residents(current)) / 1e6;
    const change = ({ name, sign }) => sign * (engine.yearValue(current, name, year - 1) - engine.yearValue(base, name, year - 1));
    const firm = {};
    for (const [actor, [first, ...others]] of Object.entries(drawn)) {
      const rest = others.reduce((sum, term) => sum + change(term), 0);
      firm[actor] = firmSign(changes[actor] / scale, signed(first, Math.abs(rest) > 1e-9 ? rest : 0), judge);
    }
    firm.health = firmSign(health, signed({ name: HEALTH, sign: 1 }), judge);
    return firm;
  }

  function drawCharts(base, scenario, { year, settled, named, outcome, changed }) {
    const pins = pinLines(scenario.context);
    for (const chart of charts) {
      const chosen = chart.name === outcome;
      chart.element.hidden = !chosen;
      const lines = [
        { key: "baseline", kind: "baseline", look: `carelab-baseline carelab-from-${named}`, label: t(`lab.reference_${named}`), short: t(`lab.reference_${named}_short`), values: engine.yearly(base, chart.name) },
        ...pins
          .filter(({ foreign }) => !foreign || !chart.quantity.unit.startsWith("money"))
          .map(({ item, look, stored }) => ({ key: `pin-${item.id}`, kind: "pin", look, label: item.name, values: stored.values[chart.name] })),
        { key: "current", kind: "current", look: "carelab-current", label: t("lab.current"), short: t("lab.now"), values: engine.yearly(current, chart.name) },
      ];
      const values = [lines.at(-1).values, lines[0].values];
      if (!chosen) chooser.refresh(chart.name, values, scenario.context, year);
      // What is out of sight is drawn when the lever rests: its table is there for all.
      if (chosen || settled) {
        chart.refresh({ lines, band: changed ? fan.band(chart.name, scenario, lines[0].values) : null, context: scenario.context, year, settled, width: room.chart, guess: parts.guess?.(chart.name, year) ?? null });
      }
    }
    chooser.choose(outcome);
    refreshKey(pins, named);
  }

  function tell(facts, base, outcome) {
    const { year } = gaze.current();
    const at = year - 1;
    const both = (name) => [base, current].map((run) => engine.yearValue(run, name, at));
    const [before, after] = both(outcome);
    const certain = fan.found(outcome, now, year)?.count;
    const firm = certain ? firmnessOf(after > before ? certain.above : certain.below, certain.above + certain.near + certain.below, registry.firmness) : null;
    say(said, headline({ ...facts, quantity: registry.quantities[outcome], before, after, certain: firm }, speaker));
    const against_ = t(`lab.against_${facts.reference}`);
    const told = charts.map(({ name, quantity }) => {
      const [was, is] = both(name);
      return t("lab.told", { label: quantity.label, value: speaker.show(is, quantity, facts.context), before: speaker.show(was, quantity, facts.context) });
    });
    const sentences = [...log.children];
    say(sentences[0], t("lab.summary", { year, told: speaker.chain(told), against: against_ }));
    say(sentences[1], moneySentence(facts, year, speaker));
    // A count still being worked out keeps its room, so that nothing below it jumps.
    const counted = fan.sentence(now, year, facts.reference);
    sentences[2].classList.toggle("carelab-awaited", counted === null);
    if (counted !== null) say(sentences[2], counted);
  }

  function refreshKey(pins, named) {
    const wanted = pins.map(({ item, look, foreign }) => [look, foreign ? t("lab.other_money", { name: item.name }) : item.name]);
    const state = JSON.stringify([wanted, shelf.items().length, named]);
    if (key.dataset.state === state) return;
    key.dataset.state = state;
    key.replaceChildren(...wanted.map(([look, text]) => make("li", { class: look }, make("span", { class: "carelab-swatch", "aria-hidden": "true" }), make("span", {}, text))));
    const count = shelf.items().filter(({ shown }) => shown).length;
    if (count > MOST_PINS_DRAWN) key.append(make("li", {}, t("lab.pins_drawn", { count, most: MOST_PINS_DRAWN })));
  }

  /** Both scenarios' values of some outcomes in a year. */
  function compare(from, to, names, when) {
    const [before, after] = [from, to].map((each) => engine.run(each.context, each.levers, config.years));
    const at = (run, name) => engine.yearValue(run, name, when - 1);
    return Object.fromEntries(names.map((name) => [name, { before: at(before, name), after: at(after, name) }]));
  }

  return {
    element,
    tiles: make("div", { class: "carelab-board" }, tiles.element),
    foot: tiles.key,
    tileCells: tiles.cells,
    place: place.element,
    log,
    tables: [...charts.map((each) => each.more), place.more],
    charts: grid,
    facts: () => known,
    refresh,
    compare,
    /** What the tabs need to know: the scenario, what it is compared with, both runs, the year. */
    state: () => {
      const reference = referenceOf(now);
      return { now, reference, named: gaze.current().reference, current, base: runOf(reference), year: gaze.current().year };
    },
    payments(run) {
      const inputs = engine.inputsOf(run.context, run.levers);
      return moneyAmounts(registry.money, (names) => yearTotal(engine, run, inputs, names, index()));
    },
    destroy() {
      [...charts, place, fan, against].forEach((each) => each.destroy());
    },
  };
}

/** Who has more and who has less money, as a sentence. */
export function moneySentence({ changes, context, reference }, year, speaker) {
  const { t } = speaker;
  const part = (sign) =>
    Object.entries(changes)
      .filter(([, change]) => sign * Math.round(change) > 0)
      .map(([actor, change]) => t("lab.actor_change", { actor: t(`actor.${actor}`), change: speaker.signed(change, 0) }));
  const [gain, lose] = [part(1), part(-1)];
  const against = t(`lab.against_${reference}`);
  if (!gain.length && !lose.length) return t("lab.nobody", { year, against });
  const key = gain.length && lose.length ? "both" : gain.length ? "gain" : "lose";
  return t(`lab.who_${key}`, { year, against, unit: t("lab.million_year", { money: t(`place.${context}.money`) }), gain: speaker.join(gain), lose: speaker.join(lose) });
}

/** What all is compared with: where one started, or no reform. */
function buildAgainst({ speaker, gaze, prefix }) {
  const { t } = speaker;
  const id = `${prefix}-against`;
  const select = make("select", { id, "data-action": "against" }, ...["start", "none"].map((name) => make("option", { value: name }, t(`lab.reference_${name}`))));
  const onSelect = () => gaze.look({ reference: select.value });
  select.addEventListener("change", onSelect);
  return {
    element: make("p", { class: "carelab-against" }, make("label", { for: id }, t("lab.against")), " ", select),
    refresh(named) {
      if (select.value !== named) select.value = named;
    },
    destroy: () => select.removeEventListener("change", onSelect),
  };
}
