// The levers of a lab: its rules as questions, and a drawer with all others.

import { make, say } from "../kit/dom.js";
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

// How many rules stand in sight; all others are in the drawer.
export const RULES = 3;

/** Build the rules in sight and the drawer: by who decides, filled when it is first opened. */
export function buildLeverList(parts) {
  const { config, registry, speaker, desk, economy, prefix, suppress, title, sight = RULES } = parts;
  const { t } = speaker;
  const built = new Map();
  const make_ = (name) => {
    if (!built.has(name)) {
      const control = buildLever(registry.levers[name], {
        t,
        desk,
        prefix,
        show: (value, each) => leverValue(value, each, speaker, desk.current().context),
        notes: (each) => leverNotes(each, parts),
      });
      built.set(name, control);
      suppress?.(control.element);
    }
    return built.get(name);
  };
  const rules = config.levers.slice(0, sight);
  const open = rules.map(make_);
  const pager = buildPager(open, economy.levers.length - rules.length, speaker);
  let last = null;
  const drawer = buildDrawer({ ...parts, rules, build: (name) => make_(name).element, filled: () => last && refresh(last) });
  const element = make(
    "div",
    { class: "carelab-levers", role: "group", "aria-label": speaker.name(title) },
    pager.element,
    ...open.map((each) => each.element),
  );

  /** `state` is {values, thresholds by lever, homes: the preset's, starts: what all began with}. */
  function refresh(state) {
    last = state;
    drawer.refresh(state.context);
    for (const control of built.values()) {
      const marks = [{ kind: "start", value: state.starts[control.name] }, ...(state.thresholds[control.name] ?? [])];
      control.refresh(state.values, { home: state.homes[control.name], marks });
    }
  }

  return {
    element,
    drawer: drawer.element,
    refresh,
    visible: () => [...built.values()].filter((each) => each.element.offsetParent !== null).map((each) => each.name),
    destroy() {
      drawer.destroy();
      pager.destroy();
      built.forEach((each) => each.destroy());
    },
  };
}

/** On a narrow page one rule stands in the sheet at its foot: back and next go through the three. */
function buildPager(open, more, speaker) {
  const { t } = speaker;
  let at = 0;
  const told = make("span");
  const [back, next] = ["back", "next"].map((way) => make("button", { type: "button", class: "carelab-small" }, t(`lab.tour.${way}`)));
  const show = (index) => {
    at = (index + open.length) % open.length;
    open.forEach((each, place) => each.element.classList.toggle("carelab-on", place === at));
    say(told, t(more ? "lab.rule_of" : "lab.rule_of_all", { rule: at + 1, of: open.length, more }));
  };
  const onBack = () => show(at - 1);
  const onNext = () => show(at + 1);
  back.addEventListener("click", onBack);
  next.addEventListener("click", onNext);
  show(0);
  return {
    element: make("div", { class: "carelab-rule-pager" }, back, told, next),
    destroy() {
      back.removeEventListener("click", onBack);
      next.removeEventListener("click", onNext);
    },
  };
}

/** Every other lever under the actor who decides on it in this place; nobody's come last. */
export function byActor(levers, held, first, rules) {
  const left = new Set(levers.filter((name) => !rules.includes(name)));
  const take = (names) => names.filter((name) => left.delete(name));
  const groups = [["chapter", take(first)]];
  for (const [actor, entries] of Object.entries(held)) groups.push([actor, take(entries.map(({ lever }) => lever))]);
  groups.push(["nobody", take(levers)]);
  return groups.filter(([, names]) => names.length);
}

function buildDrawer({ config, registry, speaker, economy, prefix, rules, build, filled }) {
  const { t } = speaker;
  const search = make("input", { type: "search", id: `${prefix}-find`, class: "carelab-text", "aria-label": t("lab.find_rule"), placeholder: t("lab.find_rule") });
  const none = make("p", { class: "carelab-soft", role: "status" });
  const holder = make("div");
  const element = make(
    "details",
    { class: "carelab-more-levers" },
    make("summary", {}, t("lab.more_levers", { count: String(economy.levers.length - rules.length) })),
    make("div", { class: "carelab-drawer" }, search, none, holder),
  );
  let context = null;
  let folds = [];

  function fill() {
    if (!element.open || holder.dataset.context === context) return;
    holder.dataset.context = context;
    folds = byActor(economy.levers, registry.roles[context] ?? {}, config.levers, rules).map(([actor, names]) => {
      const group = make("div", { class: "carelab-group" });
      const title = t(actor === "chapter" ? "lab.chapter_rules" : actor === "nobody" ? "lab.nobodys_rules" : "lab.rules_of", { actor: actor in registry.accounts ? t(`actor.${actor}`) : "" });
      const fold = make("details", { class: "carelab-fold" }, make("summary", {}, title), group);
      const grow = () => {
        if (!fold.open || group.childElementCount) return;
        group.append(...names.map(build));
        filled();
      };
      fold.addEventListener("toggle", grow);
      fold.open = actor === "chapter";
      return { fold, names, group, grow };
    });
    holder.replaceChildren(...folds.map((each) => each.fold));
    folds.forEach((each) => each.grow());
    onSearch();
  }
  const textOf = (name) => ["question", "label", "meaning"].map((part) => registry.levers[name][part] ?? "").join(" ").toLowerCase();
  function onSearch() {
    const wanted = search.value.trim().toLowerCase();
    let found = 0;
    for (const { fold, names, group, grow } of folds) {
      const hits = names.filter((name) => textOf(name).includes(wanted));
      found += hits.length;
      if (wanted && hits.length) {
        fold.open = true;
        grow();
      }
      fold.hidden = !hits.length;
      for (const lever of group.children) lever.hidden = !hits.includes(lever.dataset.lever);
    }
    say(none, wanted && !found ? t("lab.no_rule", { text: search.value.trim().slice(0, 40) }) : "");
  }
  element.addEventListener("toggle", fill);
  search.addEventListener("input", onSearch);
  return {
    element,
    refresh(place) {
      context = place;
      fill();
    },
    destroy() {
      element.removeEventListener("toggle", fill);
      search.removeEventListener("input", onSearch);
    },
  };
}
