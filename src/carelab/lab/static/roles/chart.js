// What each role gained, round by round, where turn-taking ends and what all together could reach.

import { draw, make, say, update } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";
import { PAYOFF, roleName } from "./turn.js";
import { total } from "./game.js";
import { linearScale } from "../kit/scales.js";

const LANE = 19;
const HEAD = 22;
const GAP = 12;
const LABEL = 104;
const VALUE = 66;

/** Build the chart; `refresh(series, width)` takes [{key, label, gains by role}] in their order. */
export function buildRolesChart({ speaker, game }) {
  const { t } = speaker;
  const { context, roles } = game;
  let shown = [];
  const title = t("lab.roles.chart", { unit: speaker.unitWord(PAYOFF.unit, context) });
  const figure = buildFigure({ speaker, title, cells });
  const drawing = draw("g");
  figure.svg.append(drawing);

  function cells() {
    const money = (value) => ({ text: speaker.showChange(value, PAYOFF, context), value });
    return [
      [{ text: t("lab.roles.role") }, ...shown.map(({ label }) => ({ text: label }))],
      ...roles.map((role) => [
        { text: roleName(role, context, speaker) },
        ...shown.map(({ gains }) => money(gains[role])),
      ]),
      [{ text: t("lab.roles.sum") }, ...shown.map(({ gains }) => money(total(gains)))],
    ];
  }

  function refresh(series, width) {
    shown = series;
    const block = HEAD + series.length * LANE + GAP;
    const height = roles.length * block;
    update(figure.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const values = series.flatMap(({ gains }) => roles.map((role) => gains[role]));
    const x = linearScale([Math.min(0, ...values), Math.max(1e-6, ...values)], [LABEL, width - VALUE]);
    drawing.replaceChildren(...roles.flatMap((role, at) => drawRole(role, at * block, x, width)));
    const told = roles.map((role) => {
      const each = series.map(({ label, gains }) => `${label} ${speaker.showChange(gains[role], PAYOFF, context)}`);
      return `${roleName(role, context, speaker)}: ${each.join(", ")}`;
    });
    figure.describe(t("lab.roles.chart_summary", { told: speaker.chain(told) }));
    figure.refreshTable();
  }

  function drawRole(role, top, x, width) {
    const zero = x(0).toFixed(1);
    const parts = [
      draw("text", { x: 0, y: top + 15, class: "carelab-role-label" }, roleName(role, context, speaker)),
      draw("line", { class: "carelab-zero", x1: zero, x2: zero, y1: top + HEAD, y2: top + HEAD + shown.length * LANE }),
    ];
    shown.forEach(({ key, label, gains }, lane) => {
      const y = top + HEAD + lane * LANE + LANE / 2;
      const value = gains[role];
      const look = `carelab-lane carelab-lane-${key.replace(/_.*/, "")}`;
      parts.push(
        draw("text", { x: 8, y: y + 4, class: "carelab-lane-label" }, label),
        draw("line", { class: look, x1: zero, x2: x(value).toFixed(1), y1: y, y2: y }),
        markOf(key, x(value), y, look),
        draw("text", { x: width, y: y + 4, "text-anchor": "end" }, speaker.showChange(value, { unit: "bare", digits: 1 }, context)),
      );
    });
    return parts;
  }
  return { element: figure.element, refresh, destroy: figure.destroy };
}

/** Shapes tell the kinds apart without colour. */
function markOf(key, x, y, look) {
  const at = (points) => points.map(([dx, dy]) => `${(x + dx).toFixed(1)},${y + dy}`).join(" ");
  if (key === "settled") return draw("polygon", { class: look, points: at([[0, -6], [6, 0], [0, 6], [-6, 0]]) });
  if (key === "together") return draw("polygon", { class: look, points: at([[-5, -5], [5, -5], [5, 5], [-5, 5]]) });
  return draw("circle", { class: look, cx: x.toFixed(1), cy: y, r: 5 });
}

/** A table of texts in a box that scrolls by itself on a phone. */
export function scrolled(table, title, speaker) {
  const box = make("div", { class: "carelab-scroll", tabindex: 0, role: "region", "aria-label": speaker.name(title) });
  box.append(table);
  return box;
}

/** A paragraph that speaks only of news. */
export function paragraph(text = "", attributes = {}) {
  const element = make("p", attributes, text);
  return { element, say: (words) => say(element, words) };
}
