// The head of the lab: the question, whose incentives, in which place.

import { make, say } from "../kit/dom.js";

/** Build place, presets and what else starts a scenario. */
export function buildHead({ config, registry, speaker, desk, economy, prefix, tools }) {
  const { t } = speaker;
  const label = (preset) => registry.presets[preset].label;
  const place = make("select", { id: `${prefix}-place`, "data-action": "place" });
  for (const context of registry.contexts) {
    place.append(make("option", { value: context }, t(`place.${context}.name`)));
  }
  const onPlace = () => desk.place(place.value);
  place.addEventListener("change", onPlace);

  const buttonFor = (preset) => {
    const button = make("button", { type: "button", "aria-pressed": "false", "data-preset": preset }, label(preset));
    button.addEventListener("click", () => desk.preset(preset));
    return button;
  };
  const few = config.presets.map(buttonFor);
  const others = Object.keys(economy.presets).filter((preset) => !config.presets.includes(preset));
  const rest = others.map(buttonFor);
  const fold = make(
    "details",
    { class: "carelab-others" },
    make("summary", {}, t("lab.transplant")),
    make("p", { class: "carelab-soft" }, t("lab.transplant_how")),
    make("p", { class: "carelab-row" }, make("label", { for: `${prefix}-place` }, t("lab.place")), " ", place),
    make("div", { class: "carelab-presets" }, ...rest),
  );
  const missed = make("ul");
  const missing = make("summary");
  const given = make("p", { class: "carelab-soft" });
  const misses = make("details", { class: "carelab-others carelab-misses" }, missing, given, missed);
  let told = null;
  function tellMisses(preset) {
    if (told === preset) return;
    told = preset;
    const { misses: texts, label: name, known } = registry.presets[preset];
    misses.hidden = !texts.length;
    say(missing, t("lab.misses", { preset: name, count: texts.length }));
    say(given, t("lab.known", { preset: name, ...known }));
    missed.replaceChildren(...texts.map((text) => make("li", {}, text)));
  }

  const element = make(
    "div",
    { class: "carelab-head" },
    make("p", { class: "carelab-question" }, config.question),
    make(
      "div",
      { class: "carelab-presets carelab-first", role: "group", "aria-label": speaker.name(t("lab.presets")) },
      make("span", { "aria-hidden": "true" }, t("lab.presets")),
      ...few,
    ),
    fold,
    misses,
    make("div", { class: "carelab-row carelab-tools" }, ...tools),
  );

  return {
    element,
    presets: element.querySelector(".carelab-first"),
    label,
    refresh({ context, preset, levers }) {
      place.value = context;
      tellMisses(preset);
      for (const button of [...few, ...rest]) {
        const values = economy.presets[button.dataset.preset];
        const pressed =
          button.dataset.preset === preset &&
          economy.levers.every((name) => values[name] === levers[name]);
        button.setAttribute("aria-pressed", String(pressed));
      }
    },
  };
}
