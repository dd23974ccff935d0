// Predict, then see: direction and size of each outcome, answered in words.

import { make, say } from "../kit/dom.js";

const CHOICES = ["down_much", "down_bit", "same", "up_bit", "up_much"];

/** Judge a prediction: right, right direction with another size, or wrong. */
export function judge(predicted, found) {
  if (predicted === found) return "right";
  const way = (choice) => choice.split("_")[0];
  return way(predicted) === way(found) && predicted !== "same" ? "direction" : "wrong";
}

// A large change has no other end: it is drawn three times as far as it begins.
const FAR = 3;

/** The values that a guess means, from `low` to `high`; null where nothing was before. */
export function guessZone(choice, before, { bit, much }) {
  if (!(Math.abs(before) > 1e-9)) return null;
  const parts = { same: [-bit, bit], up_bit: [bit, much], up_much: [much, FAR * much], down_bit: [-much, -bit], down_much: [-FAR * much, -much] }[choice];
  const ends = parts.map((part) => before + part * Math.abs(before));
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/**
 * Build the card. `ask` is {question, outcomes}; `measure()` runs both scenarios and gives for each
 * outcome {before, after}; `reveal()` moves the levers, `leave()` takes the focus to them. `log` keeps what
 * was predicted, `model` is the version of the model that answers; `why(outcome)` leads to the causes.
 */
export function buildPrediction({ speaker, sizes, ask, quantities, prefix, log, model, measure, reveal, leave, why, context }) {
  const { t } = speaker;
  const groups = ask.outcomes.map((outcome) => {
    const legend = make("legend", {}, quantities[outcome].label);
    const options = CHOICES.map((choice) => {
      const input = make("input", { type: "radio", name: `${prefix}-${outcome}`, value: choice });
      return make("label", { class: "carelab-choice" }, input, make("span", {}, t(`lab.predict.${choice}`)));
    });
    return { outcome, element: make("fieldset", {}, legend, make("div", { class: "carelab-choices" }, ...options)) };
  });
  const show = make("button", { type: "submit", class: "carelab-main" }, t("lab.reveal"));
  const skip = make("button", { type: "button" }, t("lab.skip"));
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const form = make(
    "form",
    {},
    ...groups.map((each) => each.element),
    problem,
    make("p", { class: "carelab-row" }, show, skip),
    make("details", { class: "carelab-others" }, make("summary", {}, t("lab.predict.sizes")), make("p", { class: "carelab-soft" }, t("lab.predict.how"))),
  );
  const answer = make("div", { class: "carelab-answer", tabindex: -1 });
  const about = make("div", {}, make("h3", {}, t("lab.predict.title")), make("p", { class: "carelab-ask" }, ask.question));
  let guessed = null;
  let measured = null;
  // One question after the other: the next comes when this one is answered.
  const unfold = () => {
    const open = groups.findIndex(({ element: each }) => !each.querySelector(":checked"));
    groups.forEach((each, at) => (each.element.hidden = open >= 0 && at > open));
  };
  const element = make(
    "div",
    // A group and no landmark: a page may ask twice.
    { class: "carelab-predict-card", role: "group", "aria-label": speaker.name(t("lab.predict.title")) },
    about,
    form,
    answer,
  );
  unfold();
  form.addEventListener("change", unfold);
  // What another version of the model answered stays kept; here it would mean something else.
  const given = () => log.all().filter((each) => (each?.model_version ?? model) === model);
  recall();

  /** What was said before: a page that is opened again has forgotten nothing. */
  function recall() {
    const earlier = given();
    const before = groups.map(({ outcome }) => earlier.findLast((each) => each?.question === ask.question && each.outcome === outcome));
    if (!before.every(Boolean)) return;
    const told = before.map(({ outcome, direction, size }) => {
      const guess = t(`lab.predict.${size === "none" ? direction : `${direction}_${size}`}`);
      return t("lab.predict.one", { label: quantities[outcome].label, guess });
    });
    answer.append(make("p", { class: "carelab-soft" }, t("lab.predict.last", { told: speaker.chain(told) })));
  }

  function answerWords(choices) {
    const found = measure();
    const lines = groups.map(({ outcome }) => {
      const { before, after } = found[outcome];
      const quantity = quantities[outcome];
      const happened = speaker.size(after, before);
      const values = {
        label: quantity.label,
        guess: t(`lab.predict.${choices[outcome]}`),
        before: speaker.show(before, quantity, context),
        after: speaker.show(after, quantity, context),
        happened: t(`lab.predict.${happened}`),
      };
      return t(`lab.predict.${judge(choices[outcome], happened)}`, values);
    });
    return { lines, found };
  }

  const onSubmit = (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const choices = Object.fromEntries(groups.map(({ outcome }) => [outcome, data.get(`${prefix}-${outcome}`)]));
    const missing = groups.filter(({ outcome }) => !choices[outcome]);
    if (missing.length) {
      say(problem, t("lab.predict.missing", { label: quantities[missing[0].outcome].label }));
      form.elements[`${prefix}-${missing[0].outcome}`][0].focus();
      return;
    }
    say(problem, "");
    const { lines, found } = answerWords(choices);
    const made_at = new Date().toISOString();
    const kept = log.add(
      groups.map(({ outcome }) => ({
        question: ask.question,
        outcome,
        direction: choices[outcome].split("_")[0],
        size: choices[outcome].split("_")[1] ?? "none",
        made_at,
        model_version: model,
        revealed: found[outcome],
      })),
    );
    guessed = choices;
    measured = found;
    reveal();
    form.hidden = true;
    about.hidden = true;
    element.classList.add("carelab-answered");
    const causes = make("button", { type: "button", class: "carelab-main", "data-action": "why" }, t("lab.show_why"));
    causes.addEventListener("click", () => why(groups[0].outcome));
    answer.replaceChildren(...lines.map((line) => make("p", {}, line)), causes);
    if (!kept) answer.append(make("p", { class: "carelab-soft" }, t("lab.not_kept")));
    answer.focus();
  };
  // Who does not want to guess has not asked for the change either: the levers stay.
  const onSkip = () => {
    element.hidden = true;
    leave();
  };
  form.addEventListener("submit", onSubmit);
  skip.addEventListener("click", onSkip);
  return {
    element,
    given,
    /** Between which values the guess would have been right, or null: before an answer, in other years. */
    guess(outcome, year) {
      if (!guessed?.[outcome] || year !== ask.year) return null;
      return guessZone(guessed[outcome], measured[outcome].before, sizes);
    },
    destroy() {
      form.removeEventListener("change", unfold);
      form.removeEventListener("submit", onSubmit);
      skip.removeEventListener("click", onSkip);
    },
  };
}
