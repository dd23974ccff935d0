// The lab of the care economy: levers on one side, ten years of consequences on the other.

import { buildClassroom } from "./classroom.js";
import { createDesk, same } from "../scenarios/desk.js";
import { arriveAt, freshLab, make, say, tellHeight, watchWidth } from "../kit/dom.js";
import { buildHead } from "./head.js";
import { createGaze, startOf } from "./gaze.js";
import { createViews } from "./consequences.js";
import { buildLeverList, leverValue } from "./lever_list.js";
import { createEngine } from "../analysis/model.js";
import { ownProblems, withOwnCases } from "../scenarios/own_cases.js";
import { buildPrediction } from "./predict.js";
import { buildDoor } from "./roles_door.js";
import { buildScenarioList } from "../scenarios/scenario_list.js";
import { readScenario, scenarioText } from "../scenarios/scenario_text.js";
import { createLog, createShelf, safeStorage } from "../scenarios/shelf.js";
import { buildSharing, followLinks } from "../scenarios/sharing.js";
import { createSpeaker } from "../kit/speaker.js";
import { buildChallenge, buildStories } from "./stories.js";
import { buildTabContents } from "./tab_contents.js";
import { findThresholds } from "../analysis/thresholds.js";
import { buildToolbar } from "../kit/toolbar.js";
import { buildTour } from "./tour.js";
import { buildYear } from "./year.js";

const SETTLE_MS = 180;

/**
 * Mount a lab of the care economy. `order` is its number among those of the page; `onChange(scenario text,
 * levers)` hears every change; `linked` says whether the page's address may set it.
 */
export function mountEconomy(root, config, world, options = {}) {
  const { economy, registry, analyst, loadRoles } = withOwnCases(world, config.own);
  const { order = 1, linked = true, onChange = () => {}, suppress = () => {} } = options;
  const { number, prefix } = freshLab();
  const speaker = createSpeaker(registry, number);
  const { t } = speaker;
  const engine = createEngine(economy);
  const readText = (text) => readScenario(text, economy, registry.levers);
  const opening = readText(config.scenario).scenario;
  const desk = createDesk(opening, economy, registry.levers);
  // Who predicts compares with the start; who only looks sees what the reform does.
  const gaze = createGaze({ year: config.year, outcome: config.charts[0], reference: config.predict ? "start" : "none" });
  const storage = safeStorage();
  const key = `carelab/${location.pathname.split("/").slice(-2).join("/")}/${order}`;
  const shelf = createShelf(storage, `${key}/pins`, readText);
  const spoken = make("p", { class: "carelab-spoken", "aria-live": "polite" });
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const toolbar = buildToolbar({ speaker, desk, spoken, apart: true });
  const sharing = buildSharing({ speaker, desk, economy, config, order, spoken });
  const [link, python] = sharing.buttons;
  const panel = make("div", { class: "carelab-panel carelab-instrument" });
  const classroom = buildClassroom({ speaker, panel, redraw: () => redraw() });
  const tour = buildTour({ speaker, targets: () => [head.presets, levers.element, views.element, tabs.element] });
  const roles = config.roles
    ? buildDoor({ config, registry, speaker, engine, desk, economy, analyst, prefix, panel, suppress }, loadRoles)
    : null;
  const parts = { config, registry, speaker, engine, desk, economy, shelf, analyst, prefix, suppress, gaze, opening };
  const storiesOf = (presets) => buildStories({ ...parts, presets });
  const challenge = buildChallenge(parts);
  const head = buildHead({
    ...parts,
    tools: [link],
    rest: [...(roles ? [roles.button] : []), tour.button, classroom.button, ...toolbar.rest],
    stories: storiesOf(config.presets),
    others: storiesOf(Object.keys(economy.presets).filter((preset) => !config.presets.includes(preset))),
    challenge: challenge.element,
  });
  const title = t("lab.rules_title");
  const levers = buildLeverList({ ...parts, title });
  const predictions = buildPredictions();
  const year = buildYear(parts);
  const views = createViews({ ...parts, challenge, guess: predictions?.guess });
  const list = buildScenarioList({
    speaker, shelf, desk, economy, readText,
    currentText: () => scenarioText(desk.current(), economy),
    presetLabel: head.label,
    predictions: () => predictions?.given() ?? [],
  });
  const tabs = buildTabContents({ ...parts, views, list, python });
  let settling = 0;

  function buildPredictions() {
    if (!config.predict) return null;
    const target = readText(config.predict.to).scenario;
    return buildPrediction({
      speaker, sizes: registry.sizes, ask: config.predict, quantities: registry.quantities, prefix,
      log: createLog(storage, `${key}/predictions`),
      model: economy.version,
      context: target.context,
      measure: () => views.compare(opening, target, config.predict.outcomes, config.predict.year),
      reveal() {
        const [first] = config.predict.outcomes;
        gaze.look({ year: config.predict.year, reference: "start", ...(config.charts.includes(first) ? { outcome: first } : {}) });
        if (!desk.take(target)) redraw();
      },
      why: (outcome) => tabs.why(outcome),
      leave: () => levers.element.querySelector("input[type=range]")?.focus({ preventScroll: true }),
    });
  }

  function redraw(settled = true) {
    const scenario = desk.current();
    views.refresh(scenario, settled);
    head.refresh(scenario);
    toolbar.refresh();
    refreshLevers(scenario, settled ? findAll(scenario) : null);
    if (settled) tabs.refresh(scenario);
  }

  let thresholds = {};
  function findAll(scenario) {
    const show = (value, lever) => leverValue(value, lever, speaker, scenario.context);
    return findThresholds(levers.visible(), { registry, engine, speaker, scenario, year: gaze.current().year, show });
  }

  function refreshLevers(scenario, found) {
    if (found) thresholds = found;
    levers.refresh({
      values: scenario.levers, thresholds, context: scenario.context,
      homes: economy.presets[scenario.preset],
      starts: startOf(scenario, opening, economy).levers,
    });
  }

  /** Draw at once, and what takes longer when the hand rests. */
  function moving() {
    redraw(false);
    clearTimeout(settling);
    settling = setTimeout(() => redraw(true), SETTLE_MS);
  }
  function moved(scenario) {
    moving();
    onChange(scenarioText(scenario, economy), scenario.levers);
  }

  const pin = make("button", { type: "button", "data-action": "pin-here" }, t("lab.pin_short"));
  pin.addEventListener("click", () => say(spoken, list.pin()));
  const controls = make(
    "div",
    { class: "carelab-controls" },
    make("div", { class: "carelab-controls-head" }, make("h3", {}, title), toolbar.element),
    levers.element,
    make("div", { class: "carelab-row" }, levers.drawer, pin),
    sharing.shown,
    spoken,
  );
  const switcher = buildSwitch();
  const right = make("div", { class: "carelab-right" }, ...(predictions ? [predictions.element] : []), switcher.element, views.element);
  panel.append(
    head.element,
    ...ownProblems(config.own?.problems),
    problem,
    ...(roles ? [roles.element] : []),
    make("div", { class: "carelab-scoreboard" }, views.tiles, year.element),
    views.foot,
    make(
      "div",
      { class: "carelab-body" },
      controls,
      views.place,
      right,
    ),
    tabs.element,
  );

  /** On a narrow page: the chart, or the place. */
  function buildSwitch() {
    const buttons = ["chart", "place"].map((name) => make("button", { type: "button", "data-show": name, "aria-pressed": "false" }, t(`lab.show_${name}`)));
    const show = (name) => {
      panel.dataset.shows = name;
      buttons.forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.show === name)));
      redraw();
    };
    buttons.forEach((each) => each.addEventListener("click", () => show(each.dataset.show)));
    panel.dataset.shows = "chart";
    buttons[0].setAttribute("aria-pressed", "true");
    return { element: make("div", { class: "carelab-switch", role: "group", "aria-label": speaker.name(t("lab.show")) }, ...buttons) };
  }
  root.append(panel);
  const cleanups = [desk.listen(moved), shelf.listen(() => redraw()), gaze.listen(moving)];
  if (linked) cleanups.push(followLinks({ speaker, desk, readText, order, problem, arrive: () => arriveAt(panel) }));
  cleanups.push(watchWidth(panel, () => redraw()), tellHeight(right));
  redraw();
  suppress(panel);
  return {
    desk,
    /** Take the place and preset of a text, and all levers; what cannot be read moves nothing. */
    follow(text, values) {
      const { scenario } = readText(text);
      const wanted = scenario && { ...scenario, levers: { ...scenario.levers, ...values } };
      // What the page itself has said comes back: that must not end a drag.
      if (wanted && !same(wanted, desk.current())) desk.take(wanted);
    },
    destroy() {
      clearTimeout(settling);
      cleanups.forEach((cleanup) => cleanup());
      [levers, views, tabs, year, list, toolbar, classroom, ...(predictions ? [predictions] : []), ...(roles ? [roles] : [])].forEach((each) => each.destroy());
      panel.remove();
    },
  };
}
