// Why a result moved, as cards from the rule that was changed to who pays for it.

import { make } from "../kit/dom.js";
import { actorIcon } from "../kit/icons.js";

const MOST = 4;

/** Of a path from the rule to the result, the steps that a reader is shown: both ends stay. */
export function tellingSteps(steps, most = MOST) {
  if (steps.length <= most) return steps;
  const inner = steps.slice(1, -1);
  const every = (inner.length - 1) / Math.max(most - 3, 1);
  const kept = Array.from({ length: most - 2 }, (_, at) => inner[Math.round(at * every)]);
  return [steps[0], ...new Set(kept), steps.at(-1)];
}

/** The cards: `steps` of {title, before, after}, rule first, and who pays {actor, text}. */
export function causeCards(steps, payer, speaker) {
  const { t } = speaker;
  const card = (number, head, body) => make("li", { class: "carelab-cause-card" }, make("p", { class: "carelab-cause-head" }, make("span", { class: "carelab-cause-number" }, String(number)), ...head), ...body);
  const cards = steps.map(({ title, before, after, rule }, at) =>
    card(at + 1, [make("span", {}, t(rule ? "lab.cause.rule" : at === steps.length - 1 ? "lab.cause.result" : "lab.cause.step"))], [
      make("p", { class: "carelab-cause-values" }, make("span", {}, t("lab.from", { from: before })), make("strong", {}, after)),
      make("p", {}, title),
    ]),
  );
  if (payer) cards.push(card(steps.length + 1, [actorIcon(payer.actor), make("span", {}, t("lab.cause.payer"))], [make("p", { class: "carelab-cause-values" }, make("strong", {}, payer.amount)), make("p", {}, payer.text)]));
  return cards;
}
