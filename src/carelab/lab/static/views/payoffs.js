// Who gains and who loses: five actors, this scenario against the baseline.

import { draw, update, say } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";
import { linearScale } from "../kit/scales.js";

const ROW = 30;
const LABEL = 150;
const VALUE = 92;

/** Build the panel; `refresh(values)` takes now and before by actor, in money a year. */
export function buildPayoffs({ speaker, actors }) {
  const { t } = speaker;
  let shown = { now: {}, before: {}, context: "" };
  const unit = { unit: "money a year", digits: 0 };
  const figure = buildFigure({
    speaker,
    title: t("lab.payoffs"),
    cells: () => [
      ["lab.actor", "lab.value", "lab.baseline_short", "lab.change"].map((key) => ({ text: t(key) })),
      ...actors.map((actor) => {
        const [now, before] = [shown.now[actor], shown.before[actor]];
        const money = [now, before, now - before].map((value, index) => ({
          text: index === 2 ? speaker.showChange(value, unit, shown.context) : speaker.show(value, unit, shown.context),
          value,
        }));
        return [{ text: t(`actor.${actor}`) }, ...money];
      }),
    ],
  });
  const zero = draw("line", { class: "carelab-zero" });
  const rows = actors.map((actor, index) => {
    const y = index * ROW + ROW / 2;
    return {
      actor,
      label: draw("text", { x: 0, y: y + 4, class: "carelab-bar-label" }, t(`actor.${actor}`)),
      bar: draw("rect", { y: y - 9, height: 18, rx: 2 }),
      value: draw("text", { y: y + 4, class: "carelab-bar-value", "text-anchor": "end" }),
    };
  });
  figure.svg.append(zero, ...rows.flatMap((row) => [row.bar, row.label, row.value]));

  function refresh({ now, before, context, year, width }) {
    shown = { now, before, context };
    const height = actors.length * ROW;
    update(figure.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const changes = actors.map((actor) => now[actor] - before[actor]);
    const most = Math.max(...changes.map(Math.abs), 1e-9);
    const x = linearScale([-most, most], [LABEL, width - VALUE]);
    update(zero, { x1: x(0).toFixed(1), x2: x(0).toFixed(1), y1: 0, y2: height });
    rows.forEach((row, index) => {
      const change = changes[index];
      update(row.bar, {
        x: Math.min(x(0), x(change)).toFixed(1),
        width: Math.abs(x(change) - x(0)).toFixed(1),
        class: change < 0 ? "carelab-bar carelab-bar-loss" : "carelab-bar carelab-bar-gain",
      });
      update(row.value, { x: width });
      say(row.value, speaker.showChange(change, { unit: "bare", digits: 0 }, context));
    });
    const told = actors.map(
      (actor, index) => `${t(`actor.${actor}`)} ${speaker.showChange(changes[index], unit, context)}`,
    );
    figure.describe(t("lab.payoffs_summary", { year, told: speaker.chain(told) }));
    figure.entitle(t("lab.payoffs_in", { year, unit: speaker.unitWord(unit.unit, context) }));
    figure.refreshTable();
  }
  return { element: figure.element, refresh, destroy: figure.destroy };
}

/** Who gains and who loses, as a sentence. */
export function payoffSentence({ now, before, context, year }, actors, speaker) {
  const unit = { unit: "money a year", digits: 0 };
  const part = (sign) =>
    actors
      .filter((actor) => sign * Math.round(now[actor] - before[actor]) > 0)
      .map((actor) =>
        speaker.t("lab.actor_change", {
          actor: speaker.t(`actor.${actor}`),
          change: speaker.showChange(now[actor] - before[actor], { ...unit, unit: "bare" }, context),
        }),
      );
  const [gain, lose] = [part(1), part(-1)];
  if (!gain.length && !lose.length) return speaker.t("lab.nobody", { year });
  const key = gain.length && lose.length ? "both" : gain.length ? "gain" : "lose";
  return speaker.t(`lab.who_${key}`, { year, unit: speaker.unitWord(unit.unit, context), gain: speaker.join(gain), lose: speaker.join(lose) });
}
