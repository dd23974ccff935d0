// Play roles: five players share the levers of a place, one screen goes round.

import { make, say } from "../kit/dom.js";
import { buildCards } from "./cards.js";
import { createGame, lastRound, measurePayoffs } from "./game.js";
import { buildReveal } from "./reveal.js";
import { scrolled } from "./chart.js";
import { buildTurn, holderText, PAYOFF, roleName } from "./turn.js";
import { buildTable } from "../kit/tables.js";

const ROUNDS = [1, 2, 3];
const OPENING_ROUNDS = 2;
const PLAYING = "carelab-playing";

/**
 * Build the game into `element`, opened by `button`. While it is played the panel hides everything
 * else, so that nobody sees the levers of others; the lab's desk moves only when the game is over.
 */
export function buildRoles(parts) {
  const { registry, speaker, engine, desk, economy, config, analyst, prefix, panel, suppress, button, element } = parts;
  const { t } = speaker;
  // A place of its own among the requests: the fan of the lab never puts the game's aside.
  const thinker = analyst?.share ? analyst.share() : analyst;
  const stage = make("div");
  // The menu that the button stands in would cover the game; it comes back with the lab.
  const menu = button.closest("details");
  const spoken = make("p", { class: "carelab-spoken", "aria-live": "polite" });
  element.append(stage, spoken);
  let screen = null;
  let game = null;
  let base = null;

  function show(next, playing = true) {
    screen?.destroy();
    screen = next;
    element.hidden = false;
    if (!panel.classList.contains(PLAYING) && menu) menu.open = false;
    panel.classList.toggle(PLAYING, playing);
    stage.replaceChildren(next.element);
    suppress?.(element);
    next.ready?.();
    next.focus.focus();
    element.scrollIntoView?.({ block: "start", behavior: "instant" });
  }

  function close() {
    screen?.destroy();
    screen = null;
    stage.replaceChildren();
    say(spoken, "");
    element.hidden = true;
    panel.classList.remove(PLAYING);
    if (menu) menu.open = true;
    button.focus();
  }

  function baselineLevers(context) {
    return economy.presets[config.baseline ?? economy.places[context].baseline];
  }

  function begin({ rounds, reform }) {
    const { context, preset, levers } = desk.current();
    const none = config.baseline ?? economy.places[context].baseline;
    const opening = reform ? { context, preset, levers } : { context, preset: none, levers: baselineLevers(context) };
    const held = Object.fromEntries(
      Object.entries(registry.roles[context]).map(([role, entries]) => [role, entries.map(({ lever }) => lever)]),
    );
    game = createGame(opening, held, rounds);
    base = measurePayoffs(engine, context, baselineLevers(context), config.years, game.roles);
    handOver();
  }

  function handOver() {
    say(spoken, "");
    const leave = () => close();
    show(buildHandOver({ speaker, game, go: takeTurn, leave }));
  }

  function takeTurn() {
    say(spoken, "");
    const role = roleName(game.role(), game.context, speaker);
    const done = (levers) => {
      const round = game.round();
      game.confirm(levers);
      if (game.over()) return reveal();
      if (game.round() > round) return summarize(round);
      handOver();
      return say(spoken, t("lab.roles.confirmed", { role }));
    };
    show(buildTurn({ registry, speaker, engine, economy, config, prefix }, game, base, { done, leave: close }));
  }

  /** Between two rounds: what each role gained. What anybody set stays hidden. */
  function summarize(round) {
    const measure = (levers) => measurePayoffs(engine, game.context, levers, config.years, game.roles);
    show(buildRoundEnd({ speaker, game, round, years: config.years, found: lastRound(game, measure, base), go: handOver, leave: close }));
  }

  function reveal() {
    const ended = game;
    const take = (levers) => {
      desk.take({ context: ended.context, preset: ended.preset, levers });
      say(spoken, t("lab.roles.taken"));
    };
    take(ended.standing());
    const actions = { take, again: () => setUp(), close };
    show(buildReveal({ registry, speaker, engine, config, analyst: thinker }, ended, base, actions), false);
    game = null;
  }

  function setUp() {
    const { context } = desk.current();
    show(buildSetUp({ registry, speaker, prefix, context, start: begin, leave: close }));
  }

  // A game that was left goes on where it was, behind the screen that hides it.
  return { open: () => (game ? handOver() : setUp()), destroy: () => screen?.destroy() };
}

function listening(pairs) {
  pairs.forEach(([target, event, listener]) => target.addEventListener(event, listener));
  return () => pairs.forEach(([target, event, listener]) => target.removeEventListener(event, listener));
}

function buildSetUp({ registry, speaker, prefix, context, start, leave }) {
  const { t } = speaker;
  const title = make("h3", { tabindex: -1 }, t("lab.roles.title"));
  const choice = (name, value, text, checked) =>
    make("label", { class: "carelab-choice" }, make("input", { type: "radio", name: `${prefix}-${name}`, value, checked }), make("span", {}, text));
  const group = (legend, choices) =>
    make("fieldset", {}, make("legend", {}, legend), make("div", { class: "carelab-choices" }, ...choices));
  const cancel = make("button", { type: "button" }, t("lab.roles.close"));
  const form = make(
    "form",
    {},
    group(t("lab.roles.rounds"), ROUNDS.map((each) => choice("rounds", each, String(each), each === OPENING_ROUNDS))),
    group(t("lab.roles.from"), [
      choice("from", "none", t("lab.roles.from_none"), true),
      choice("from", "present", t("lab.roles.from_present"), false),
    ]),
    make("p", { class: "carelab-row" }, make("button", { type: "submit", class: "carelab-main", "data-action": "start" }, t("lab.roles.begin")), cancel),
  );
  const element = make(
    "div",
    {},
    title,
    make("p", {}, t("lab.roles.how", { place: t(`place.${context}.name`) })),
    buildCards(Object.keys(registry.roles[context]), context, speaker),
    form,
    make("details", { class: "carelab-fold" }, make("summary", {}, t("lab.roles.who")), buildHolders({ registry, speaker, context })),
  );
  const onStart = (event) => {
    event.preventDefault();
    const data = new FormData(form);
    start({ rounds: Number(data.get(`${prefix}-rounds`)), reform: data.get(`${prefix}-from`) === "present" });
  };
  const destroy = listening([[form, "submit", onStart], [cancel, "click", leave]]);
  return { element, focus: title, destroy };
}

function buildHolders({ registry, speaker, context }) {
  const { t } = speaker;
  const heads = ["role", "lever", "why"].map((key) => t(`lab.roles.${key}`));
  const table = buildTable(t("lab.roles.who"), heads);
  table.element.classList.add("carelab-texts");
  table.refresh(
    Object.entries(registry.roles[context]).flatMap(([role, entries]) =>
      entries.map((each) => [roleName(role, context, speaker), registry.levers[each.lever].label, holderText(each, speaker)]),
    ),
  );
  return make(
    "div",
    {},
    make("p", { class: "carelab-soft" }, t("lab.roles.who_note")),
    make("p", { class: "carelab-soft" }, t("lab.roles.honest")),
    scrolled(table.element, t("lab.roles.who"), speaker),
  );
}

function buildHandOver({ speaker, game, go, leave }) {
  const { t } = speaker;
  const role = roleName(game.role(), game.context, speaker);
  const title = make("h3", { tabindex: -1 }, t("lab.roles.pass", { role }));
  const ready = make("button", { type: "button", class: "carelab-main", "data-action": "ready" }, t("lab.roles.ready", { role }));
  const away = make("button", { type: "button", class: "carelab-quiet" }, t("lab.roles.leave"));
  const element = make(
    "div",
    { class: "carelab-handover" },
    make("p", { class: "carelab-soft" }, t("lab.roles.round_of", { round: game.round(), rounds: game.rounds })),
    title,
    make("p", {}, t(`lab.roles.card_${game.role()}`)),
    make("p", {}, t("lab.roles.private")),
    make("p", { class: "carelab-row" }, ready, away),
  );
  return { element, focus: title, destroy: listening([[ready, "click", go], [away, "click", leave]]) };
}

function buildRoundEnd({ speaker, game, round, years, found, go, leave }) {
  const { t } = speaker;
  const { context } = game;
  const bare = (value) => speaker.showChange(value, { ...PAYOFF, unit: "bare" }, context);
  const title = make("h3", { tabindex: -1 }, t("lab.roles.round_end", { round, rounds: game.rounds }));
  const next = make("button", { type: "button", class: "carelab-main", "data-action": "next" }, t("lab.roles.next"));
  const away = make("button", { type: "button", class: "carelab-quiet" }, t("lab.roles.leave"));
  const told = (role) => {
    const { step, gain } = found.find((each) => each.role === role);
    return [make("span", { class: "carelab-tile-amount" }, bare(step)), make("p", {}, t("lab.roles.since", { gain: bare(gain) }))];
  };
  const element = make(
    "div",
    {},
    title,
    make("p", {}, t("lab.roles.round_gains", { unit: speaker.unitWord(PAYOFF.unit, context), years })),
    buildCards(game.roles, context, speaker, told),
    make("p", { class: "carelab-soft" }, t("lab.roles.honest")),
    make("p", { class: "carelab-row" }, next, away),
  );
  return { element, focus: title, destroy: listening([[next, "click", go], [away, "click", leave]]) };
}
