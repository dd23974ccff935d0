// Lines along one lever, drawn once and updated in place.

import { draw, make, say, update } from "../kit/dom.js";
import { fill, formatTick, formatValue } from "../kit/format.js";
import { domainWithZero, linearScale, linePath, niceTicks } from "../kit/scales.js";

const MARGIN = { top: 26, right: 14, bottom: 44, left: 58 };

/** The size of a chart in a column of this width: text keeps its size, the drawing yields. */
export function chartSize(columnWidth) {
  const width = Math.round(Math.min(720, Math.max(260, columnWidth || 480)));
  return { width, height: Math.round(Math.min(340, Math.max(210, width * 0.62))) };
}

/** Draw into a figure; `refresh(rows, lever, value, flows)` redraws it. */
export function buildChart(config, figure) {
  const { words, language } = config;
  const grid = draw("g", { class: "carelab-grid" });
  const zero = draw("line", { class: "carelab-zero" });
  const now = draw("line", { class: "carelab-now", y1: MARGIN.top - 4 });
  const nowLabel = draw("text", { class: "carelab-now-label", y: MARGIN.top - 8 });
  const axisLabel = draw("text", { class: "carelab-axis-label", "text-anchor": "middle" });
  const gain = draw("text", { class: "carelab-side", y: MARGIN.top + 12, "text-anchor": "end" });
  say(gain, `↑ ${words["lab.gain"]}`);
  const loss = draw("text", { class: "carelab-side", "text-anchor": "end" });
  say(loss, `↓ ${words["lab.loss"]}`);
  const lines = config.lines.map((name, index) => {
    const quantity = config.quantities.find((each) => each.name === name);
    return {
      quantity,
      path: draw("path", { class: `carelab-line carelab-line-${index + 1}`, fill: "none" }),
      dot: draw("circle", { class: `carelab-point carelab-dot-${index + 1}`, r: 5 }),
      key: buildKey(quantity, index),
    };
  });
  const { svg } = figure;
  svg.append(
    grid,
    zero,
    gain,
    loss,
    now,
    nowLabel,
    ...lines.map((line) => line.path),
    ...lines.map((line) => line.dot),
    axisLabel,
  );
  const keys = make("ul", { class: "carelab-keys" }, ...lines.map((line) => line.key.element));
  svg.after(keys);
  const { element } = figure;
  element.classList.add("carelab-plot");

  function refresh(rows, lever, value, flows) {
    const { width, height } = chartSize(element.clientWidth);
    const right = width - MARGIN.right;
    const bottom = height - MARGIN.bottom;
    update(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const all = rows.flatMap((row) => lines.map((line) => row.flows[line.quantity.name]));
    const x = linearScale([lever.low, lever.high], [MARGIN.left, right]);
    const domain = domainWithZero(all, 0.1);
    const y = linearScale(domain, [bottom, MARGIN.top]);
    drawGrid(grid, domain, lever, x, y, config, width);
    update(zero, { x1: MARGIN.left, x2: right, y1: y(0).toFixed(1), y2: y(0).toFixed(1) });
    update(gain, { x: right });
    update(loss, { x: right, y: bottom - 6 });
    update(now, { x1: x(value).toFixed(1), x2: x(value).toFixed(1), y2: bottom });
    update(axisLabel, { x: (MARGIN.left + right) / 2, y: height - 6 });
    const part = (value - lever.low) / (lever.high - lever.low);
    update(nowLabel, {
      x: x(value).toFixed(1),
      "text-anchor": part < 0.12 ? "start" : part > 0.88 ? "end" : "middle",
    });
    const shown = formatValue(value, { unit: lever.unit, digits: 0 }, words, language);
    say(nowLabel, fill(words["lab.you_are_here"], { value: shown }));
    say(axisLabel, lever.unit === "share" ? `${lever.label} (%)` : lever.label);
    placeLines(lines, rows, flows, x, y, value, config);
    figure.entitle(fill(words["lab.chart_title"], { lever: lever.label }));
    figure.describe(chartSummary(lines, rows, lever, config));
  }
  return { refresh };
}

/** One entry of the key: the stroke, the name and the present value. */
function buildKey(quantity, index) {
  const stroke = draw("line", {
    class: `carelab-line carelab-line-${index + 1}`,
    x1: 2,
    x2: 34,
    y1: 7,
    y2: 7,
  });
  const swatch = draw("svg", { width: 36, height: 14, "aria-hidden": "true" }, stroke);
  const value = make("span", { class: "carelab-key-value" });
  const element = make("li", {}, swatch, make("span", {}, quantity.label), value);
  return { element, value };
}

function drawGrid(grid, domain, lever, x, y, config, width) {
  const key = `${domain.join()}|${lever.name}|${width}`;
  if (grid.dataset.key === key) return;
  grid.dataset.key = key;
  const parts = niceTicks(...domain, 5).flatMap((tick) => [
    draw("line", { x1: x(lever.low), x2: x(lever.high), y1: y(tick), y2: y(tick) }),
    draw("text", { x: x(lever.low) - 8, y: y(tick) + 4, "text-anchor": "end" }, formatTick(tick, "", config.language)),
  ]);
  for (const tick of niceTicks(lever.low, lever.high, 5)) {
    const text = formatTick(tick, lever.unit, config.language);
    parts.push(
      draw("text", { x: x(tick), y: y(domain[0]) + 18, "text-anchor": "middle" }, text),
    );
  }
  grid.replaceChildren(...parts);
}

function placeLines(lines, rows, flows, x, y, value, config) {
  for (const line of lines) {
    const name = line.quantity.name;
    update(line.path, { d: linePath(rows.map((row) => [x(row.at), y(row.flows[name])])) });
    update(line.dot, { cx: x(value).toFixed(1), cy: y(flows[name]).toFixed(1) });
    say(line.key.value, formatValue(flows[name], line.quantity, config.words, config.language));
  }
}

/** The chart in one sentence. */
export function chartSummary(lines, rows, lever, config) {
  const { words, language } = config;
  const at = (value) => formatValue(value, { unit: lever.unit, digits: 0 }, words, language);
  const parts = lines.map(({ quantity }) =>
    fill(words["lab.chart_line"], {
      label: quantity.label,
      first: formatValue(rows[0].flows[quantity.name], quantity, words, language),
      last: formatValue(rows.at(-1).flows[quantity.name], quantity, words, language),
    }),
  );
  return fill(words["lab.chart_summary"], {
    lever: lever.label,
    low: at(lever.low),
    high: at(lever.high),
    lines: `${parts.join("; ")}.`,
  });
}
