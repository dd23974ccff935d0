// One turn of the role game: a role's own levers, its own pay-off, and what it cannot see.

import { createDesk } from "../scenarios/desk.js";
import { make, say, watchWidth } from "../kit/dom.js";
import { leverNotes, leverValue } from "../views/lever_list.js";
import { buildLever } from "../kit/lever.js";
import { measurePayoffs, NOTHING } from "./game.js";
import { buildTimeChart } from "../views/time_chart.js";

const MOST_LEVERS = 6;
const SETTLE_MS = 180;

/** Pay-offs are written as changes against no reform, in money a year. */
export const PAYOFF = { unit: "money a year", digits: 1, least: 4 };

/** A role's name in a place. */
export function roleName(role, context, { t }) {
  return t(`lab.role.${context}.${role}`);
}

/** Where it is known from who holds a lever. */
export function holderText(held, speaker) {
  const { t } = speaker;
  const cited = held.evidence ? ` ${t("lab.evidence", { evidence: held.evidence })}` : "";
  return `${t(`class.${held.class}`)}. ${held.note}${cited}`;
}

/** Build the screen of the role whose turn it is; `done(levers)` confirms, `leave()` goes. */
export function buildTurn(parts, game, base, { done, leave }) {
  const { registry, speaker, engine, economy, config, prefix } = parts;
  const { t } = speaker;
  const { context } = game;
  const role = game.role();
  const name = roleName(role, context, speaker);
  const held = registry.roles[context][role];
  const standing = game.standing();
  // Putting a lever back means: to where it stood when the turn began.
  const home = { ...economy, presets: { ...economy.presets, [game.preset]: standing } };
  const desk = createDesk({ context, preset: game.preset, levers: standing }, home, registry.levers);
  const before = measurePayoffs(engine, context, standing, config.years, [role])[role];
  const controls = held.map(buildControl);
  const chart = buildTimeChart({
    speaker,
    name: role,
    quantity: { ...PAYOFF, label: t("lab.roles.own_payoff", { role: name }) },
    years: config.years,
  });
  const now = make("p", { role: "status", class: "carelab-roles-now" });
  // On a phone the levers push the sentence out of sight; these two numbers stay.
  const strip = make("div", { class: "carelab-strip", "aria-hidden": "true" });
  const title = make("h3", { tabindex: -1 }, t("lab.roles.turn", { role: name, round: game.round(), rounds: game.rounds }));
  const confirm = make("button", { type: "button", class: "carelab-main", "data-action": "confirm" }, t("lab.roles.confirm"));
  const back = make("button", { type: "button" }, t("lab.roles.put_back"));
  const away = make("button", { type: "button", class: "carelab-quiet" }, t("lab.roles.leave"));
  const view = make("div", { class: "carelab-view" }, now, buildKey(t), chart.element);
  const listened = [
    [confirm, () => done(desk.values())],
    [back, () => desk.reset()],
    [away, leave],
  ];
  listened.forEach(([button, listener]) => button.addEventListener("click", listener));
  const [seen, rest] = [controls.slice(0, MOST_LEVERS), controls.slice(MOST_LEVERS)];
  const levers = make(
    "div",
    { class: "carelab-levers", role: "group", "aria-label": speaker.name(t("lab.roles.levers_of", { role: name })) },
    ...seen.map((each) => each.element),
  );
  if (rest.length) levers.append(foldOf(t("lab.roles.more", { count: rest.length }), rest));
  const element = make(
    "div",
    { class: "carelab-roles-turn" },
    title,
    buildBrief(),
    make("div", { class: "carelab-body" }, make("div", { class: "carelab-controls" }, levers), strip, view),
    make("p", { class: "carelab-row" }, confirm, back, away),
  );

  function buildControl(entry) {
    const lever = registry.levers[entry.lever];
    return buildLever(lever, {
      t,
      desk,
      prefix: `${prefix}-role`,
      show: (value, each) => leverValue(value, each, speaker, context),
      notes: (each) => [
        t("lab.roles.held_by", { role: name, why: holderText(entry, speaker) }),
        ...leverNotes(each, { speaker, registry, desk, economy }),
      ],
    });
  }

  function buildBrief() {
    const kinds = ["stated", "coded", "assumed"].map((kind) => [kind, held.filter((each) => each.class === kind).length]);
    const known = kinds.filter(([, count]) => count).map(([kind, count]) => t(`lab.roles.known_${kind}`, { count }));
    const counted = registry.quantities[`payoff_${role}`].meaning;
    const lines = [
      ["hold", t("lab.roles.holding", { count: held.length, known: speaker.join(known) })],
      ["want", t("lab.roles.counted", { counted })],
      ["blind", t("lab.roles.cannot_see")],
    ];
    return make(
      "dl",
      { class: "carelab-brief" },
      ...lines.flatMap(([key, text]) => [make("dt", {}, t(`lab.roles.${key}`)), make("dd", {}, text)]),
    );
  }

  function refresh(settled) {
    const values = desk.values();
    const found = measurePayoffs(engine, context, game.alone(values), config.years, [role])[role];
    for (const control of controls) {
      const lever = registry.levers[control.name];
      const marks = [{ kind: "opening", value: lever.default }, { kind: "preset", value: standing[control.name] }];
      control.refresh(values, { home: standing[control.name], marks });
    }
    const less = (payoff) => payoff.years.map((value, year) => value - base[role].years[year]);
    const lines = [
      { key: "baseline", kind: "baseline", look: "carelab-baseline", label: t("lab.baseline_short"), values: base[role].years.map(() => 0) },
      { key: "before", kind: "pin", look: "carelab-pin", label: t("lab.roles.last_round"), values: less(before) },
      { key: "current", kind: "current", look: "carelab-current", label: t("lab.roles.your_choice"), values: less(found) },
    ];
    const width = Math.max(240, Math.min(560, view.clientWidth || 480));
    chart.refresh({ lines, band: null, context, year: config.years, settled, width });
    const bare = (payoff) => speaker.showChange(payoff.mean - base[role].mean, { ...PAYOFF, unit: "bare" }, context);
    strip.replaceChildren(
      make("span", {}, `${t("lab.roles.your_choice")} `, make("strong", {}, bare(found))),
      make("span", {}, `${t("lab.roles.last_round")} `, make("strong", {}, bare(before))),
    );
    if (settled) tell(found);
  }

  function tell(found) {
    const change = (value) => speaker.showChange(value, PAYOFF, context);
    const values = {
      years: config.years,
      gain: change(found.mean - base[role].mean),
      step: change(found.mean - before.mean),
    };
    const moved = held.some(({ lever }) => desk.values()[lever] !== standing[lever]);
    const idle = moved && Math.abs(found.mean - before.mean) < NOTHING;
    say(now, `${t("lab.roles.now", values)}${idle ? ` ${t("lab.roles.nothing")}` : ""}`);
  }

  let settling = 0;
  const unlisten = desk.listen(() => {
    refresh(false);
    clearTimeout(settling);
    settling = setTimeout(() => refresh(true), SETTLE_MS);
  });
  const unwatch = watchWidth(view, () => refresh(true));
  return {
    element,
    focus: title,
    ready: () => refresh(true),
    destroy() {
      clearTimeout(settling);
      unlisten();
      unwatch();
      listened.forEach(([button, listener]) => button.removeEventListener("click", listener));
      [...controls, chart].forEach((each) => each.destroy());
    },
  };
}

function foldOf(title, controls) {
  const holder = make("div", { class: "carelab-group" }, ...controls.map((each) => each.element));
  return make("details", { class: "carelab-fold" }, make("summary", {}, title), holder);
}

function buildKey(t) {
  const entries = [
    ["carelab-current", "lab.roles.your_choice"],
    ["carelab-pin", "lab.roles.last_round"],
    ["carelab-baseline", "lab.baseline_short"],
  ];
  const item = ([look, key]) =>
    make("li", { class: look }, make("span", { class: "carelab-swatch", "aria-hidden": "true" }), make("span", {}, t(key)));
  return make("ul", { class: "carelab-keys carelab-scenario-keys" }, ...entries.map(item));
}
