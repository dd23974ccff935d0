// Sliders with typed values, what low and high mean, sources, marks and thresholds.

import { make, say, update } from "./dom.js";
import { isCounted, parseTyped, typedText } from "./format.js";

// Half the width of the thumb in CSS: a value's place on the track starts and ends there.
const THUMB_REM = 0.625;

/** Where a value lies on the track, as a CSS length. */
export function trackPosition(value, lever) {
  const part = (value - lever.low) / (lever.high - lever.low);
  return `calc(${(part * 100).toFixed(2)}% + ${(THUMB_REM * (1 - 2 * part)).toFixed(4)}rem)`;
}

/**
 * Build the controls of one lever.
 *
 * `desk` is what they set; `show(value, lever)` writes a value with its unit; `notes(lever)` gives
 * the lines of its popover. Returns the element and how to refresh and remove it.
 */
export function buildLever(lever, { t, show, desk, prefix, notes }) {
  const id = `${prefix}-${lever.name}`;
  const shown = (value) => show(value, lever);
  const slider = make("input", {
    type: "range",
    id,
    name: lever.name,
    min: lever.low,
    max: lever.high,
    step: lever.step,
    value: desk.values()[lever.name],
    "aria-describedby": [...(lever.question ? [`${id}-term`] : []), `${id}-ends`, `${id}-thresholds`].join(" "),
  });
  const typed = make("input", {
    type: "text",
    inputmode: "decimal",
    class: "carelab-typed",
    "aria-label": t(lever.unit === "share" ? "lab.typed" : "lab.typed_number", { label: lever.label }),
    value: typedText(desk.values()[lever.name], lever),
  });
  const marks = make("div", { class: "carelab-marks", "aria-hidden": "true" });
  const thresholdText = make("p", { class: "carelab-thresholds", id: `${id}-thresholds` });
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const reset = make(
    "button",
    { type: "button", class: "carelab-icon", "aria-label": t("lab.reset_lever", { label: lever.label }), title: t("lab.reset_lever", { label: lever.label }) },
    "↺",
  );
  const sign = lever.unit === "share" ? "%" : t(`unit.${lever.unit}.sign`);
  const element = make(
    "div",
    { class: "carelab-lever", "data-lever": lever.name },
    make(
      "div",
      { class: "carelab-lever-head" },
      make("label", { for: id }, lever.question ?? lever.label),
      make("span", { class: "carelab-typed-box" }, typed, make("span", {}, sign), reset),
    ),
    ...(lever.question ? [make("p", { class: "carelab-lever-term" }, make("span", { id: `${id}-term` }, lever.label), classDot(lever))] : []),
    make("div", { class: "carelab-track" }, slider, marks),
    make(
      "p",
      { class: "carelab-ends", id: `${id}-ends` },
      make("span", {}, lever.low_means),
      make("span", {}, lever.high_means),
    ),
    thresholdText,
    problem,
    buildAbout(lever, t, notes),
  );

  const onSlide = () => desk.assign({ [lever.name]: Number(slider.value) });
  const onSettle = () => desk.settle();
  const onReset = () => desk.reset(lever.name);
  const onType = () => {
    // What the page writes behind a value may come back with it.
    const units = [sign, shown(lever.high).replace(/^[^\p{L}%]+/u, "")];
    const result = parseTyped(typed.value, lever, units);
    if (result.error) {
      const kept = desk.values()[lever.name];
      const values = {
        value: typed.value.slice(0, 20),
        low: typedText(lever.low, lever),
        high: typedText(lever.high, lever),
        label: lever.label,
        kept: shown(kept),
        step: lever.step,
      };
      say(problem, t(isCounted(lever) ? "lab.not_a_step" : "lab.not_a_number", values));
      typed.value = typedText(kept, lever);
    } else {
      say(problem, "");
      desk.assign({ [lever.name]: result.value });
      desk.settle();
    }
  };
  const listened = [
    [slider, "input", onSlide],
    [slider, "change", onSettle],
    [typed, "change", onType],
    [reset, "click", onReset],
  ];
  for (const [control, event, listener] of listened) control.addEventListener(event, listener);

  return {
    name: lever.name,
    element,
    /** `found` lists {kind, value, text}: marks on the track, thresholds with what they say. */
    refresh(values, found) {
      const value = values[lever.name];
      if (Number(slider.value) !== value) slider.value = value;
      if (document.activeElement !== typed || slider.value !== typed.dataset.seen) {
        typed.value = typedText(value, lever);
        typed.dataset.seen = slider.value;
        if (document.activeElement !== typed) say(problem, "");
      }
      update(slider, { "aria-valuetext": shown(value) });
      // A button that vanishes must not take the focus with it.
      if (value === found.home && document.activeElement === reset) slider.focus();
      reset.hidden = value === found.home;
      placeMarks(marks, found.marks, lever);
      say(thresholdText, found.marks.map((each) => each.text).filter(Boolean).join(" · "));
    },
    destroy() {
      for (const [control, event, listener] of listened) control.removeEventListener(event, listener);
    },
  };
}

/** The evidence class of a lever's default: a dot filled or ringed, in the colour of the class. */
function classDot(lever) {
  return make("i", { class: `carelab-class-dot carelab-class-${lever.class}`, "aria-hidden": "true" });
}

function placeMarks(holder, found, lever) {
  while (holder.childElementCount > found.length) holder.lastElementChild.remove();
  found.forEach(({ kind, value }, index) => {
    const mark = holder.children[index] ?? holder.appendChild(make("span"));
    update(mark, { class: `carelab-mark-${kind}` });
    const reached = Number.isFinite(value) && value >= lever.low && value <= lever.high;
    mark.hidden = !reached;
    if (reached) mark.style.insetInlineStart = trackPosition(value, lever);
  });
}

function buildAbout(lever, t, notes) {
  const about = make(
    "details",
    { class: "carelab-about" },
    make("summary", { "aria-label": t("lab.about", { label: lever.label }) }, t("lab.about_short")),
  );
  // Filled when it is opened: a page may hold forty of them.
  about.addEventListener("toggle", () => {
    const lines = about.open ? notes(lever) : [];
    while (about.childElementCount > 1) about.lastElementChild.remove();
    about.append(...lines.map((line) => make("p", {}, line)));
  });
  return about;
}
