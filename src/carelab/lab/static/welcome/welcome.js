// The lab of the welcome page: one rule, a hundred people, and what each actor has in hand.

import { accountsOf, healthyYears } from "../analysis/accounts.js";
import { createEngine } from "../analysis/model.js";
import { draw, fold, freshLab, make, say, update } from "../kit/dom.js";
import { createSpeaker } from "../kit/speaker.js";
import { buildTable } from "../kit/tables.js";
import { PERSON } from "../views/place.js";
import { buildTiles } from "../views/tiles.js";
import { ofHundred, welcomeSentences } from "./sentence.js";

const PEOPLE = 100;
const A_ROW = 20;
const BOX = { width: 16, height: 17 };
const STEP_MS = 90;
// What a reader does before whom the slider no longer moves by itself.
const DEEDS = ["pointerdown", "keydown", "input"];

/** Mount the lab in its holder; `config` is made in carelab.lab.welcome_lab. */
export function mountWelcome(root, config, { economy, registry }) {
  const { number, prefix } = freshLab();
  const speaker = createSpeaker(registry, number);
  const { t } = speaker;
  const lever = registry.levers[config.lever];
  const measure = measurer(config, economy, registry);
  const money = t(`place.${config.context}.money`);

  const value = make("output", { class: "carelab-welcome-value", for: `${prefix}-rule` });
  const slider = make("input", { type: "range", id: `${prefix}-rule`, name: lever.name, min: lever.low, max: lever.high, step: config.step });
  const ends = make("p", { class: "carelab-ends carelab-welcome-ends" }, make("span", {}, lever.low_means), make("span", {}, lever.high_means));
  const people = buildPeople();
  const count = make("strong", { class: "carelab-welcome-count" });
  const counted = make("span", {});
  const told = make("p", { class: "carelab-welcome-told", "aria-live": "polite" });
  const tiles = buildTiles({ registry, speaker, prefix });
  const table = buildTable("", []);
  const panel = make(
    "div",
    { class: "carelab-panel carelab-welcome-panel" },
    make("p", { class: "carelab-welcome-rule" }, make("label", { for: slider.id }, lever.question), value),
    slider,
    ends,
    make("p", { class: "carelab-welcome-reached" }, count, counted),
    people.element,
    told,
    tiles.element,
    tiles.key,
    make("p", { class: "carelab-welcome-note" }, config.note),
    fold(t("lab.welcome.table"), make("div", { class: "carelab-scroll" }, table.element)),
  );

  function refresh() {
    const state = measure(Number(slider.value));
    const shown = speaker.show(state.value, lever, config.context);
    say(value, shown);
    update(slider, { "aria-valuetext": shown });
    say(count, String(ofHundred(state.now)));
    say(counted, t("lab.welcome.reached", { before: ofHundred(state.before) }));
    people.refresh(ofHundred(state.now), ofHundred(state.before));
    say(told, welcomeSentences({ ...state, money }, speaker).join(config.space));
    tiles.refresh(state);
    const [heads, ...rows] = tiles.cells();
    table.reshape(heads.map(({ text }) => text));
    table.refresh(rows.map((row) => row.map(({ text }) => text)));
    say(table.element.caption, t("lab.welcome.table_of", { value: shown }));
  }
  slider.addEventListener("input", refresh);
  root.append(panel);
  walk(slider, told, config, refresh);
  return { destroy: () => panel.remove() };
}

/** What a setting of the rule comes to, beside its lowest; each is computed once. */
function measurer(config, economy, registry) {
  const { context, lever, year, years } = config;
  const engine = createEngine(economy);
  const residents = registry.residents[context];
  const { low } = registry.levers[lever];
  const runs = new Map();
  const runAt = (value) => {
    if (!runs.has(value)) {
      const run = engine.run(context, { ...economy.presets[config.preset], [lever]: value }, years);
      runs.set(value, {
        reach: engine.yearValue(run, "reach", year - 1),
        accounts: accountsOf(engine, registry.accounts, run, year - 1, residents),
        health: healthyYears(engine, run, year - 1, residents),
      });
    }
    return runs.get(value);
  };
  return (value) => {
    const [here, before] = [runAt(value), runAt(low)];
    const health = here.health - before.health;
    const changes = Object.entries(here.accounts).map(([actor, amount]) => [actor, amount - before.accounts[actor]]);
    return {
      value,
      moved: value !== low,
      now: here.reach,
      before: before.reach,
      changes: Object.fromEntries(changes),
      health,
      healthWorth: (health * config.worth) / 1e6,
      firmness: config.firmness[Math.round((value - low) / config.step)],
      context,
      reference: "lowest",
    };
  };
}

/** A hundred people: whom prevention reached already, whom it reaches now, whom it does not. */
function buildPeople() {
  const rows = PEOPLE / A_ROW;
  const element = draw("svg", { class: "carelab-people carelab-welcome-people", viewBox: `0 0 ${A_ROW * BOX.width} ${rows * BOX.height}`, "aria-hidden": "true" });
  const all = Array.from({ length: PEOPLE }, (_, at) => {
    const [x, y] = [(at % A_ROW) * BOX.width + 2, Math.floor(at / A_ROW) * BOX.height + 2];
    return element.appendChild(draw("path", { d: PERSON, transform: `translate(${x} ${y}) scale(1.15)` }));
  });
  return {
    element,
    refresh(now, before) {
      all.forEach((each, at) => {
        const kind = at < now ? (at < before ? "stayed" : "came") : at < before ? "left" : "missed";
        update(each, { class: `carelab-resident carelab-${kind}` });
      });
    },
  };
}

/** Go once from the lowest setting to the place of the slider, unless the reader goes first. */
function walk(slider, told, config, refresh) {
  const stop = () => {
    clearTimeout(waiting);
    told.setAttribute("aria-live", "polite");
    for (const deed of DEEDS) slider.removeEventListener(deed, stop);
  };
  const set = (value) => {
    slider.value = String(value);
    refresh();
  };
  let waiting = 0;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    set(config.opening);
    return;
  }
  // A voice reads where it ends, not every step.
  told.setAttribute("aria-live", "off");
  set(slider.min);
  const go = () => {
    if (Number(slider.value) >= config.opening) return stop();
    set(Number(slider.value) + config.step);
    waiting = setTimeout(go, STEP_MS);
  };
  for (const deed of DEEDS) slider.addEventListener(deed, stop);
  waiting = setTimeout(go, 4 * STEP_MS);
}
