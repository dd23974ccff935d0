// The outcomes beside the chosen one, each a small line; press one to draw it large.

import { draw, make, say, update } from "../kit/dom.js";
import { linearScale, linePath } from "../kit/scales.js";
import { openDomain } from "./time_chart.js";

const LINE = { width: 120, height: 28 };

export function buildChooser({ charts, speaker, gaze }) {
  const { t } = speaker;
  const cards = new Map(charts.map(({ name, quantity }) => {
    const told = make("span", { class: "carelab-small-values" });
    const paths = ["carelab-path carelab-baseline", "carelab-path carelab-current"].map((look) => draw("path", { class: look, fill: "none" }));
    const svg = draw("svg", { viewBox: `0 0 ${LINE.width} ${LINE.height}`, height: LINE.height, preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths);
    const button = make("button", { type: "button", class: "carelab-small-line", "data-outcome": name }, make("span", { class: "carelab-small-name" }, quantity.label), told, svg);
    button.addEventListener("click", () => gaze.look({ outcome: name }));
    return [name, { quantity, told, paths, button }];
  }));
  const element = make("div", { class: "carelab-chooser", role: "group", "aria-label": speaker.name(t("lab.other_outcomes")) }, ...[...cards.values()].map((each) => each.button));
  element.hidden = charts.length < 2;
  return {
    element,
    choose(outcome) {
      for (const [name, { button }] of cards) {
        const gone = name === outcome;
        // Its line is drawn large now: the keyboard goes on among the others.
        if (gone && document.activeElement === button) [...cards.values()].find((each) => each.button !== button)?.button.focus();
        button.hidden = gone;
      }
    },
    refresh(name, [now, before], context, year) {
      const { quantity, told, paths } = cards.get(name);
      const bare = quantity.unit === "share" ? quantity : { ...quantity, unit: "bare" };
      const [from, to] = [before, now].map((values) => speaker.show(values[year - 1], bare, context));
      say(told, from === to ? to : t("lab.from_to", { from, to }));
      const domain = openDomain([...now, ...before], quantity.unit, quantity.least);
      const x = linearScale([0, now.length - 1], [2, LINE.width - 2]);
      const y = linearScale(domain, [LINE.height - 3, 3]);
      [before, now].forEach((values, at) => update(paths[at], { d: linePath(Array.from(values, (each, index) => [x(index), y(each)])) }));
    },
  };
}
