// The end of the role game: what each chose, what came of it, and what else could have.

import { make, watchWidth } from "../kit/dom.js";
import { csvText, fileName, saveFile } from "../kit/downloads.js";
import { leverValue } from "../views/lever_list.js";
import { buildRolesChart, paragraph, scrolled } from "./chart.js";
import { analystRequest, discussion, gains, gameRows, measurePayoffs, movedLevers, readAnswer, total } from "./game.js";
import { PAYOFF, roleName } from "./turn.js";
import { buildTable } from "../kit/tables.js";

/**
 * Build the screen. `take(levers)` sets the lab's levers, `again()` and `close()` go on. Without an
 * analyst it says what is missing.
 */
export function buildReveal(parts, game, base, { take, again, close }) {
  const { registry, speaker, engine, config, analyst } = parts;
  const { t } = speaker;
  const { context } = game;
  const money = (value) => speaker.showChange(value, PAYOFF, context);
  const named = (role) => roleName(role, context, speaker);
  const gainsOf = (levers) => gains(measurePayoffs(engine, context, levers, config.years, game.roles), base);
  const series = game.stands().map((levers, round) => ({
    key: round ? `round_${round}` : "start",
    label: round ? t("lab.roles.round", { round }) : t("lab.roles.start"),
    gains: gainsOf(levers),
  }));
  const played = series.at(-1).gains;
  // A start without reform has nothing to show.
  const telling = ({ key, gains: found_ }) => key !== "start" || Object.values(found_).some((value) => Math.abs(value) > 1e-9);
  const chart = buildRolesChart({ speaker, game });
  const title = make("h3", { tabindex: -1 }, t("lab.roles.reveal"));
  const progress = paragraph("", { role: "status", class: "carelab-roles-progress" });
  const found = make("div", { class: "carelab-roles-found" });
  const view = make("div", { class: "carelab-view" });
  const listened = [];
  const button = (key, action, look = "") => {
    const each = make("button", { type: "button", class: look, "data-action": key }, t(`lab.roles.${key}`));
    each.addEventListener("click", action);
    listened.push([each, action]);
    return each;
  };
  const row = make(
    "p",
    { class: "carelab-row" },
    button("close", close, "carelab-main"),
    button("again", again),
    button("file", () => saveFile(fileName(t("lab.roles.title"), "csv"), csvText(gameRows(game, shown)), "text/csv;charset=utf-8")),
  );
  let shown = series;
  let alive = true;
  view.append(
    make("p", {}, t("lab.roles.played", { sum: money(total(played)), years: config.years })),
    make("p", { class: "carelab-soft" }, `${t("lab.roles.honest")} ${t("lab.roles.twice")}`),
    chart.element,
    make("h4", {}, t("lab.roles.choices")),
    buildChoices(),
    progress.element,
    found,
  );
  const element = make("div", { class: "carelab-roles-reveal" }, title, view, row);

  function buildChoices() {
    const moved = movedLevers(game);
    const idle = game.roles.filter((role) => !moved.some((each) => each.role === role));
    const heads = ["lab.roles.role", "lab.roles.lever"].map((key) => t(key));
    const table = buildTable(t("lab.roles.choices_caption"), [...heads, ...series.map(({ label }) => label)]);
    table.element.classList.add("carelab-roles-text-second");
    table.refresh(
      moved.map(({ role, lever, values }) => {
        const written = values.map((value) => leverValue(value, registry.levers[lever], speaker, context));
        return [named(role), registry.levers[lever].label, ...written];
      }),
    );
    const still = idle.length ? [make("p", { class: "carelab-soft" }, t("lab.roles.idle", { roles: speaker.join(idle.map(named)) }))] : [];
    if (!moved.length) return make("div", {}, ...still);
    return make("div", {}, scrolled(table.element, t("lab.roles.choices"), speaker), ...still);
  }

  function changesText(changes) {
    if (!changes.length) return t("lab.roles.stay");
    const parts_ = changes.map(([lever, value]) => `${registry.levers[lever].label}: ${leverValue(value, registry.levers[lever], speaker, context)}`);
    return speaker.chain(parts_);
  }

  function buildResponses(responses) {
    const heads = ["role", "as_played", "at_best", "left", "best"].map((key) => t(`lab.roles.${key}`));
    const bare = (value) => speaker.showChange(value, { ...PAYOFF, unit: "bare" }, context);
    const table = buildTable(t("lab.roles.responses_unit", { unit: speaker.unitWord(PAYOFF.unit, context) }), heads);
    table.refresh(
      responses.map(({ role, changes, regret, gain }) => [named(role), bare(played[role]), bare(gain), bare(regret), changesText(changes)]),
    );
    table.element.classList.add("carelab-roles-text-last");
    return scrolled(table.element, t("lab.roles.responses"), speaker);
  }

  function settledText({ settled, circles, rounds }) {
    if (settled) return t("lab.roles.settles", { rounds });
    return t(circles ? "lab.roles.circles" : "lab.roles.unsettled", { rounds });
  }

  function buildTogether({ together }) {
    const question = discussion(played, together.gains);
    const values = { sum: money(total(together.gains)), played: money(total(played)), more: money(total(together.gains) - total(played)) };
    const asked = question.role ? { role: named(question.role), loss: speaker.show(question.loss, PAYOFF, context) } : {};
    const standing = game.standing();
    const changes = Object.entries(together.levers).filter(([name, value]) => value !== standing[name]);
    return [
      make("h4", {}, t("lab.roles.together")),
      make("p", {}, t("lab.roles.together_sum", values)),
      make("details", { class: "carelab-more" }, make("summary", {}, t("lab.roles.together_levers")), make("p", {}, changesText(changes))),
      make("p", { class: "carelab-row" }, button("take_together", () => take(together.levers))),
      make("p", { class: "carelab-ask" }, `${t("lab.roles.discuss")} ${t(`lab.roles.discuss_${question.key}`, asked)}`),
    ];
  }

  function answered(answer) {
    if (!alive || !answer) return;
    const read = readAnswer(answer, game, base);
    progress.say(t("lab.roles.answered"));
    shown = [
      ...series,
      { key: "settled", label: t(read.settled.settled ? "lab.roles.settled_short" : "lab.roles.turns_short"), gains: read.settled.gains },
      { key: "together", label: t("lab.roles.together_short"), gains: read.together.gains },
    ];
    found.replaceChildren(
      make("h4", {}, t("lab.roles.responses")),
      make("p", { class: "carelab-soft" }, t("lab.roles.responses_how")),
      buildResponses(read.responses),
      make("h4", {}, t("lab.roles.turns")),
      make("p", {}, settledText(read.settled)),
      ...buildTogether(read),
    );
    redraw();
  }

  function ask() {
    if (!analyst) {
      progress.say(t("lab.roles.no_analyst"));
      found.append(make("p", { class: "carelab-ask" }, `${t("lab.roles.discuss")} ${t("lab.roles.discuss_alone")}`));
      return;
    }
    progress.say(t("lab.roles.thinking"));
    const onProgress = ({ stage, done, of }) => alive && progress.say(t(`lab.roles.stage_${stage}`, { done, of }));
    analyst
      .respond(analystRequest(game, config.years, registry.levers), { progress: onProgress })
      .then(answered)
      .catch((error) => alive && progress.say(t("lab.roles.analyst_failed", { reason: error.message })));
  }

  function redraw() {
    chart.refresh(shown.filter(telling), Math.max(260, Math.min(720, view.clientWidth || 480)));
  }
  const unwatch = watchWidth(view, redraw);
  return {
    element,
    focus: title,
    ready() {
      redraw();
      ask();
    },
    destroy() {
      alive = false;
      analyst?.cancel?.("respond");
      unwatch();
      listened.forEach(([each, action]) => each.removeEventListener("click", action));
      chart.destroy();
    },
  };
}
