// Presets as stories, and the one challenge of the place.

import { changedLevers } from "../scenarios/desk.js";
import { make, say } from "../kit/dom.js";
import { actorIcon } from "../kit/icons.js";
import { LEAST_LOSS } from "./headline.js";

/** Build a card for each preset; the pressed one may have changed rules. */
export function buildStories({ presets, registry, speaker, desk, economy }) {
  const { t } = speaker;
  const cards = presets.map((preset) => {
    const { title, label, story } = registry.presets[preset];
    const chip = make("span", { class: "carelab-chip" });
    const button = make(
      "button",
      { type: "button", class: "carelab-story", "aria-pressed": "false", "data-preset": preset },
      make("span", { class: "carelab-story-head" }, make("strong", {}, title ?? label), chip),
      ...(story ? [make("span", { class: "carelab-story-text" }, story)] : []),
    );
    button.addEventListener("click", () => desk.preset(preset));
    return { preset, button, chip };
  });
  return {
    elements: cards.map((each) => each.button),
    refresh(scenario) {
      for (const { preset, button, chip } of cards) {
        const here = preset === scenario.preset;
        const changed = here ? changedLevers(economy.presets[preset], scenario.levers, economy.levers).length : 0;
        button.setAttribute("aria-pressed", String(here));
        chip.hidden = !changed;
        say(chip, changed ? t(changed === 1 ? "lab.rule_changed" : "lab.rules_changed", { count: changed }) : "");
      }
    },
  };
}

/** Who may say yes: the outcome is reached, and nobody has less money than without reform. */
export function challengeMet(challenge, value, changes) {
  const reached = value >= challenge.atLeast;
  const satisfied = Object.entries(changes).filter(([, change]) => change >= -LEAST_LOSS).map(([actor]) => actor);
  return { reached, satisfied, met: reached && satisfied.length === Object.keys(changes).length };
}

/** Build the card of the challenge: five actors, grey or lit, and in words. */
export function buildChallenge({ registry, speaker }) {
  const { t } = speaker;
  const text = make("span", { class: "carelab-story-text" });
  const icons = registry.actors.map((actor) => {
    const icon = actorIcon(actor);
    return { actor, icon };
  });
  const state = make("span", { class: "carelab-unseen" });
  const element = make(
    "div",
    { class: "carelab-story carelab-challenge" },
    make("strong", {}, t("lab.challenge")),
    make("span", { class: "carelab-challenge-icons" }, ...icons.map((each) => each.icon)),
    text,
    state,
  );
  return {
    element,
    refresh(context, value, changes) {
      const challenge = registry.challenges[context];
      element.hidden = !challenge;
      if (!challenge) return;
      const { reached, satisfied, met } = challengeMet(challenge, value, changes);
      say(text, challenge.text);
      element.classList.toggle("carelab-met", met);
      for (const { actor, icon } of icons) icon.classList.toggle("carelab-lit", reached && satisfied.includes(actor));
      const names = speaker.join(satisfied.map((actor) => t(`actor.${actor}`)));
      say(state, met ? t("lab.challenge_met") : t(reached ? "lab.challenge_money" : "lab.challenge_short", { names: names || t("lab.challenge_none") }));
    },
  };
}
