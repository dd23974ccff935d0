// Lines along one lever, drawn once and updated in place.

import { draw, make, say, update } from "../kit/dom.js";
import { drawGrid } from "../kit/grid.js";
import { domainWithZero, linearScale, linePath, niceTicks } from "../kit/scales.js";
import { leverValue } from "../views/lever_list.js";

const MARGIN = { top: 26, right: 14, bottom: 44, left: 58 };

/** The size of a chart in a column of this width: text keeps its size, the drawing yields. */
export function chartSize(columnWidth) {
  const width = Math.round(Math.min(720, Math.max(260, columnWidth || 480)));
  return { width, height: Math.round(Math.min(340, Math.max(210, width * 0.62))) };
}

/** Draw into a figure; `refresh({rows, lever, value, flows, before})` redraws it. */
export function buildChart({ quantities, speaker, figure, reach, context }) {
  const { t } = speaker;
  const grid = draw("g", { class: "carelab-grid" });
  const zero = draw("line", { class: "carelab-zero" });
  const now = draw("line", { class: "carelab-now", y1: MARGIN.top - 4 });
  const nowLabel = draw("text", { class: "carelab-now-label", y: MARGIN.top - 8 });
  const axisLabel = draw("text", { class: "carelab-axis-label", "text-anchor": "middle" });
  const gain = draw("text", { class: "carelab-side", y: MARGIN.top + 12, "text-anchor": "end" }, `↑ ${t("lab.gain")}`);
  const loss = draw("text", { class: "carelab-side", "text-anchor": "end" }, `↓ ${t("lab.loss")}`);
  const lines = quantities.map((quantity, index) => {
    const look = `carelab-along-${index + 1}`;
    const value = make("span", { class: "carelab-key-value" });
    return {
      quantity,
      path: draw("path", { class: `carelab-path ${look}` }),
      dot: draw("circle", { class: `carelab-point ${look}`, r: 5 }),
      value,
      key: make("li", { class: look }, make("span", { class: "carelab-swatch", "aria-hidden": "true" }), make("span", {}, quantity.label), value),
    };
  });
  figure.svg.append(grid, zero, gain, loss, now, nowLabel, ...lines.map(({ path }) => path), ...lines.map(({ dot }) => dot), axisLabel);
  figure.svg.after(make("ul", { class: "carelab-keys" }, ...lines.map(({ key }) => key)));

  function refresh({ rows, lever, value, flows, before }) {
    const { width, height } = chartSize(figure.element.clientWidth);
    const right = width - MARGIN.right;
    const bottom = height - MARGIN.bottom;
    update(figure.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const x = linearScale([lever.low, lever.high], [MARGIN.left, right]);
    // The same range whatever is set, so that a line that moves is a line that moved.
    const domain = domainWithZero(reach, 0.02);
    const y = linearScale(domain, [bottom, MARGIN.top]);
    drawGrid(grid, `${lever.name}|${width}`, {
      rows: niceTicks(...domain, 5).map((tick) => ({ y: y(tick), text: speaker.tick(tick, { unit: "" }) })),
      columns: niceTicks(lever.low, lever.high, 5).map((tick) => ({ x: x(tick), text: speaker.tick(tick, lever) })),
      left: MARGIN.left, right, floor: bottom + 18,
    });
    const at = x(value).toFixed(1);
    update(zero, { x1: MARGIN.left, x2: right, y1: y(0).toFixed(1), y2: y(0).toFixed(1) });
    update(gain, { x: right });
    update(loss, { x: right, y: bottom - 6 });
    update(now, { x1: at, x2: at, y2: bottom });
    update(axisLabel, { x: (MARGIN.left + right) / 2, y: height - 6 });
    const part = (value - lever.low) / (lever.high - lever.low);
    update(nowLabel, { x: at, "text-anchor": part < 0.12 ? "start" : part > 0.88 ? "end" : "middle" });
    const shown = (each) => leverValue(each, lever, speaker, context);
    say(nowLabel, t("lab.you_are_here", { value: shown(value) }));
    say(axisLabel, lever.unit === "share" ? `${lever.label} (%)` : lever.label);
    const told = lines.map(({ quantity, path, dot, value: text }) => {
      const { name } = quantity;
      const [first, last, here, was] = [rows[0].flows, rows.at(-1).flows, flows, before].map((each) => speaker.show(each[name], quantity));
      update(path, { d: linePath(rows.map((row) => [x(row.at), y(row.flows[name])])) });
      update(dot, { cx: at, cy: y(flows[name]).toFixed(1) });
      say(text, here === was ? here : t("lab.from_to", { from: speaker.show(before[name], { ...quantity, unit: "bare" }), to: here }));
      return t("lab.chart_line", { label: quantity.label, first, last });
    });
    figure.entitle(t("lab.chart_title", { lever: lever.label }));
    figure.describe(t("lab.chart_summary", { lever: lever.label, low: shown(lever.low), high: shown(lever.high), lines: speaker.chain(told) }));
    figure.refreshTable();
  }
  return { refresh };
}
