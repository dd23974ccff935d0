// The levers of the care economy: a chapter's few, and all others folded in groups.

import { make } from "../kit/dom.js";
import { formatValue } from "../kit/format.js";
import { buildLever } from "../kit/lever.js";

/** Write a lever's value with its unit. */
export function leverValue(value, lever, speaker, context) {
  const fine = lever.step < 0.01;
  // A percent sign close to its number: a lever has no room for the word.
  if (lever.unit === "share") return formatValue(value, { unit: "share", digits: fine ? 1 : 0 }, { "unit.share": "%" }, speaker.language);
  const digits = fine || lever.unit === "ratio" || lever.unit.startsWith("money") ? 2 : 0;
  return speaker.show(value, { unit: lever.unit, digits }, context);
}

/** Where a value comes from: its class, why, source and evidence. */
export function originLines(origin, key, values, t) {
  const lines = [t(key, { class: t(`class.${origin.class}`), ...values })];
  if (origin.note) lines.push(origin.note);
  lines.push(t("lab.source", { source: origin.source }));
  if (origin.evidence) lines.push(t("lab.evidence", { evidence: origin.evidence }));
  return lines;
}

/** The lines of a lever's popover: what it means, where default and preset come from. */
export function leverNotes(lever, { speaker, registry, desk, economy }) {
  const { t } = speaker;
  const { preset, context } = desk.current();
  const show = (value) => leverValue(value, lever, speaker, context);
  const of = (origin, key, value, extra = {}) => originLines(origin, key, { value: show(value), ...extra }, t);
  const lines = [lever.meaning, ...of(lever, "lab.default", lever.default)];
  const why = registry.presets[preset].why[lever.name];
  if (why) {
    const extra = { preset: registry.presets[preset].label };
    lines.push(...of(why, "lab.preset_value", economy.presets[preset][lever.name], extra));
  }
  return lines;
}

/** What the marks on the tracks are. */
function buildMarkKey(t) {
  const entry = ([mark, word]) => make("span", {}, make("i", { class: `carelab-mark-${mark}` }), t(word));
  const marks = [["opening", "lab.mark_default"], ["preset", "lab.mark_preset"], ["threshold", "lab.mark_threshold"]];
  return make("p", { class: "carelab-mark-key", "aria-hidden": "true" }, ...marks.map(entry));
}

/** Build the list; groups are filled when they are first opened. */
export function buildLeverList(parts) {
  const { config, registry, speaker, desk, economy, prefix, suppress } = parts;
  const { t } = speaker;
  const built = [];
  const make_ = (name) => {
    const lever = registry.levers[name];
    const control = buildLever(lever, {
      t,
      desk,
      prefix,
      show: (value, each) => leverValue(value, each, speaker, desk.current().context),
      notes: (each) => leverNotes(each, parts),
    });
    built.push(control);
    suppress?.(control.element);
    return control;
  };
  const open = config.levers.map(make_);
  let last = null;
  const groups = Object.entries(registry.groups).map(([group, names]) => {
    const rest = names.filter((name) => !config.levers.includes(name));
    const holder = make("div", { class: "carelab-group" });
    const fold = make("details", { class: "carelab-fold" }, make("summary", {}, t(`group.${group}`)), holder);
    const onToggle = () => {
      if (!fold.open || holder.childElementCount) return;
      holder.append(...rest.map((name) => make_(name).element));
      if (last) refresh(last);
    };
    fold.addEventListener("toggle", onToggle);
    fold.hidden = !rest.length;
    return fold;
  });
  const more = make(
    "details",
    { class: "carelab-fold carelab-more-levers" },
    make("summary", {}, t("lab.more_levers", { count: String(economy.levers.length - config.levers.length) })),
    ...groups,
  );
  const element = make(
    "div",
    { class: "carelab-levers", role: "group", "aria-label": speaker.name(t("lab.levers")) },
    buildMarkKey(t),
    ...open.map((each) => each.element),
    more,
  );

  /** `state` is {values, thresholds by lever, presetValues}. */
  function refresh(state) {
    last = state;
    for (const control of built) {
      const lever = registry.levers[control.name];
      const marks = [
        { kind: "opening", value: lever.default },
        { kind: "preset", value: state.presetValues[control.name] },
        ...(state.thresholds[control.name] ?? []),
      ];
      control.refresh(state.values, { home: state.presetValues[control.name], marks });
    }
  }

  return {
    element,
    refresh,
    visible: () => built.filter((each) => each.element.offsetParent !== null).map((each) => each.name),
    destroy: () => built.forEach((each) => each.destroy()),
  };
}
