// The head of the lab: the question, a menu of what is rarer, the stories to start from.

import { make } from "../kit/dom.js";

/** Build it; `stories` and `others` are cards of presets, `tools` and `rest` buttons. */
export function buildHead({ config, registry, speaker, desk, prefix, tools, rest, stories, others, challenge }) {
  const { t } = speaker;
  const place = make("select", { id: `${prefix}-place`, "data-action": "place" });
  for (const context of registry.contexts) {
    place.append(make("option", { value: context }, t(`place.${context}.name`)));
  }
  place.addEventListener("change", () => desk.place(place.value));
  const menu = make(
    "details",
    { class: "carelab-menu" },
    make("summary", {}, t("lab.menu")),
    make(
      "div",
      { class: "carelab-menu-body" },
      make("div", { class: "carelab-row" }, ...rest),
      make("p", { class: "carelab-soft" }, t("lab.transplant_how")),
      make("p", { class: "carelab-row" }, make("label", { for: `${prefix}-place` }, t("lab.place")), " ", place),
      make("div", { class: "carelab-stories carelab-other-stories" }, ...others.elements),
    ),
  );
  const cards = make("div", { class: "carelab-stories carelab-first", role: "group", "aria-label": speaker.name(t("lab.presets")) }, ...stories.elements, challenge);
  const element = make(
    "div",
    { class: "carelab-head" },
    make("div", { class: "carelab-head-line" }, make("p", { class: "carelab-question" }, config.question), make("div", { class: "carelab-row carelab-tools" }, ...tools, menu)),
    cards,
  );
  return {
    element,
    menu,
    presets: cards,
    label: (preset) => registry.presets[preset].label,
    refresh(scenario) {
      place.value = scenario.context;
      stories.refresh(scenario);
      others.refresh(scenario);
    },
  };
}
