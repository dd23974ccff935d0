// The lab of the care economy: levers on one side, ten years of consequences on the other.

import { buildClassroom } from "./classroom.js";
import { createDesk, same } from "../scenarios/desk.js";
import { arriveAt, fold, freshLab, make, tellHeight, watchWidth } from "../kit/dom.js";
import { buildHead } from "./head.js";
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
import { findThresholds } from "../analysis/thresholds.js";
import { buildToolbar } from "../kit/toolbar.js";
import { buildTour } from "./tour.js";

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
  const storage = safeStorage();
  const key = `carelab/${location.pathname.split("/").slice(-2).join("/")}/${order}`;
  const shelf = createShelf(storage, `${key}/pins`, readText);
  const spoken = make("p", { class: "carelab-spoken", "aria-live": "polite" });
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const toolbar = buildToolbar({ speaker, desk, spoken });
  const sharing = buildSharing({ speaker, desk, economy, config, order, spoken });
  const panel = make("div", { class: "carelab-panel carelab-economy" });
  const classroom = buildClassroom({ speaker, panel, redraw: () => redraw() });
  const tour = buildTour({ speaker, targets: () => [head.presets, levers.element, views.charts, list.element.closest("details")] });
  const roles = config.roles
    ? buildDoor({ config, registry, speaker, engine, desk, economy, analyst, prefix, panel, suppress }, loadRoles)
    : null;
  const tools = [...(roles ? [roles.button] : []), tour.button, classroom.button];
  const head = buildHead({ config, registry, speaker, desk, economy, prefix, tools });
  const levers = buildLeverList({ config, registry, speaker, desk, economy, prefix, suppress });
  const views = createViews({ config, registry, speaker, engine, desk, shelf, analyst, prefix, presetLabel: head.label });
  const predictions = buildPredictions();
  const list = buildScenarioList({
    speaker, shelf, desk, economy, readText,
    currentText: () => scenarioText(desk.current(), economy),
    presetLabel: head.label,
    predictions: () => predictions?.given() ?? [],
  });
  let settling = 0;

  function buildPredictions() {
    if (!config.predict) return null;
    const target = readText(config.predict.to).scenario;
    return buildPrediction({
      speaker, ask: config.predict, quantities: registry.quantities, prefix,
      log: createLog(storage, `${key}/predictions`),
      model: economy.version,
      context: target.context,
      measure: () => views.compare(opening, target, config.predict.outcomes, config.predict.year),
      reveal: () => desk.take(target),
      leave: () => levers.element.querySelector("input[type=range]")?.focus({ preventScroll: true }),
    });
  }

  function redraw(settled = true) {
    const scenario = desk.current();
    views.refresh(scenario, settled);
    head.refresh(scenario);
    toolbar.refresh();
    refreshLevers(scenario, settled ? findAll(scenario) : null);
  }

  let thresholds = {};
  function findAll(scenario) {
    const show = (value, lever) => leverValue(value, lever, speaker, scenario.context);
    return findThresholds(levers.visible(), { registry, engine, speaker, scenario, year: views.year(), show });
  }

  function refreshLevers(scenario, found) {
    if (found) thresholds = found;
    levers.refresh({ values: scenario.levers, thresholds, presetValues: economy.presets[scenario.preset] });
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

  const controls = make(
    "div",
    { class: "carelab-controls" },
    levers.element,
    toolbar.element,
    make("div", { class: "carelab-row" }, ...sharing.buttons),
    sharing.shown,
    spoken,
  );
  panel.append(
    head.element,
    ...ownProblems(config.own?.problems),
    problem,
    ...(roles ? [roles.element] : []),
    ...(predictions ? [predictions.element] : []),
    make("div", { class: "carelab-body" }, controls, views.element),
    ...views.folds,
    fold(t("lab.scenarios"), list.element, "carelab-scenarios"),
  );
  root.append(panel);
  const cleanups = [desk.listen(moved), shelf.listen(() => redraw()), views.onYear(moving)];
  if (linked) cleanups.push(followLinks({ speaker, desk, readText, order, problem, arrive: () => arriveAt(panel) }));
  cleanups.push(watchWidth(views.element, () => redraw()), tellHeight(views.element));
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
      [levers, views, list, toolbar, classroom, ...(predictions ? [predictions] : []), ...(roles ? [roles] : [])].forEach((each) => each.destroy());
      panel.remove();
    },
  };
}
