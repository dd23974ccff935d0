// Sliders with typed values, what low and high mean, sources and thresholds.

import { make, say, update } from "./dom.js";
import { fill, formatValue, parseTyped, typedText } from "./format.js";

// Half the width of the thumb in CSS: a value's place on the track starts and ends there.
const THUMB_REM = 0.625;

/** Where a value lies on the track, as a CSS length. */
export function trackPosition(value, lever) {
  const part = (value - lever.low) / (lever.high - lever.low);
  return `calc(${(part * 100).toFixed(2)}% + ${(THUMB_REM * (1 - 2 * part)).toFixed(4)}rem)`;
}

/** Build the controls of one lever; returns its element and how to refresh and remove it. */
export function buildLever(lever, config, state, prefix) {
  const id = `${prefix}-${lever.name}`;
  const { words, language } = config;
  const show = (value) => formatValue(value, { unit: lever.unit, digits: 0 }, words, language);
  const slider = make("input", {
    type: "range",
    id,
    name: lever.name,
    min: lever.low,
    max: lever.high,
    step: lever.step,
    value: lever.opening,
    "aria-describedby": `${id}-ends`,
  });
  const typed = make("input", {
    type: "text",
    inputmode: "decimal",
    class: "carelab-typed",
    "aria-label": fill(words["lab.typed"], { label: lever.label }),
    value: typedText(lever.opening, lever),
  });
  const marks = make("div", { class: "carelab-marks", "aria-hidden": "true" });
  const opening = make("span", { class: "carelab-mark-opening" });
  opening.style.insetInlineStart = trackPosition(lever.opening, lever);
  marks.append(opening);
  const thresholds = lever.thresholds.map((name) => buildThreshold(name, config));
  thresholds.forEach((each) => marks.append(each.mark));
  const thresholdText = make("p", { class: "carelab-thresholds", id: `${id}-thresholds` });
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const element = make(
    "div",
    { class: "carelab-lever" },
    make(
      "div",
      { class: "carelab-lever-head" },
      make("label", { for: id }, lever.label),
      make("span", { class: "carelab-typed-box" }, typed, make("span", {}, unitSign(lever, words))),
    ),
    make("div", { class: "carelab-track" }, slider, marks),
    make(
      "p",
      { class: "carelab-ends", id: `${id}-ends` },
      make("span", {}, lever.low_means),
      make("span", {}, lever.high_means),
    ),
    thresholdText,
    problem,
    about(lever, config, show),
  );

  const onSlide = () => state.assign({ [lever.name]: Number(slider.value) });
  const onType = () => {
    const result = parseTyped(typed.value, lever);
    if (result.error) {
      const kept = state.values()[lever.name];
      say(
        problem,
        fill(words["lab.not_a_number"], {
          value: typed.value.slice(0, 20),
          low: typedText(lever.low, lever),
          high: typedText(lever.high, lever),
          label: lever.label,
          kept: show(kept),
        }),
      );
      typed.value = typedText(kept, lever);
    } else {
      say(problem, "");
      state.assign({ [lever.name]: result.value });
    }
  };
  slider.addEventListener("input", onSlide);
  typed.addEventListener("change", onType);

  return {
    element,
    refresh(values, flows) {
      const value = values[lever.name];
      if (Number(slider.value) !== value) slider.value = value;
      if (document.activeElement !== typed || slider.value !== typed.dataset.seen) {
        typed.value = typedText(value, lever);
        typed.dataset.seen = slider.value;
        if (document.activeElement !== typed) say(problem, "");
      }
      update(slider, { "aria-valuetext": show(value) });
      say(thresholdText, thresholds.map((each) => each.refresh(flows, lever, show)).join(" · "));
    },
    destroy() {
      slider.removeEventListener("input", onSlide);
      typed.removeEventListener("change", onType);
    },
  };
}

function unitSign(lever, words) {
  return lever.unit === "share" ? "%" : (words[`unit.${lever.unit}`] ?? lever.unit);
}

function buildThreshold(name, config) {
  const quantity = config.quantities.find((each) => each.name === name);
  const mark = make("span", { class: "carelab-mark-threshold" });
  return {
    mark,
    refresh(flows, lever, show) {
      const value = flows[name];
      const reached = value >= lever.low && value <= lever.high;
      mark.hidden = !reached;
      if (reached) mark.style.insetInlineStart = trackPosition(value, lever);
      const key = reached ? "lab.threshold" : "lab.threshold_beyond";
      return fill(config.words[key], { label: quantity.label, value: show(value) });
    },
  };
}

function about(lever, config, show) {
  const { words } = config;
  const lines = [
    lever.meaning,
    fill(words["lab.default"], {
      value: show(lever.default),
      class: words[`class.${lever.class}`],
    }),
    lever.note,
    fill(words["lab.source"], { source: lever.source_title }),
  ];
  if (lever.evidence) lines.push(fill(words["lab.evidence"], { evidence: lever.evidence }));
  return make(
    "details",
    { class: "carelab-about" },
    make("summary", {}, fill(words["lab.about"], { label: lever.label })),
    ...lines.filter(Boolean).map((line) => make("p", {}, line)),
  );
}
