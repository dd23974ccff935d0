// Lines along one lever, drawn once and updated in place.

import { draw, say, update } from "./dom.js";
import { fill, formatValue } from "./format.js";
import { domainWithZero, linearScale, linePath, niceTicks, spread } from "./scales.js";

const WIDTH = 560;
const HEIGHT = 330;
const MARGIN = { top: 20, right: 16, bottom: 42, left: 62 };

/** Build the chart; `refresh(rows, lever, value, flows)` redraws it. */
export function buildChart(config, prefix) {
  const { words, language } = config;
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const title = draw("title", { id: `${prefix}-title` });
  const summary = draw("desc", { id: `${prefix}-desc` });
  const grid = draw("g", { class: "carelab-grid" });
  const zero = draw("line", { class: "carelab-zero", x1: MARGIN.left, x2: right });
  const now = draw("line", { class: "carelab-now", y1: MARGIN.top - 4, y2: bottom });
  const nowLabel = draw("text", { class: "carelab-now-label", y: MARGIN.top - 8 });
  const axisLabel = draw("text", {
    class: "carelab-axis-label",
    x: (MARGIN.left + right) / 2,
    y: HEIGHT - 6,
    "text-anchor": "middle",
  });
  const gain = draw("text", { class: "carelab-side", x: MARGIN.left + 6, y: MARGIN.top + 12 });
  say(gain, `↑ ${words["lab.gain"]}`);
  const loss = draw("text", { class: "carelab-side", x: MARGIN.left + 6 });
  say(loss, `↓ ${words["lab.loss"]}`);
  const lines = config.lines.map((name, index) => {
    const quantity = config.quantities.find((each) => each.name === name);
    return {
      quantity,
      path: draw("path", { class: `carelab-line carelab-line-${index + 1}`, fill: "none" }),
      dot: draw("circle", { class: `carelab-dot carelab-dot-${index + 1}`, r: 5 }),
      label: draw("text", { class: `carelab-line-label carelab-text-${index + 1}` }),
    };
  });
  const svg = draw(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      class: "carelab-chart",
      "aria-labelledby": `${prefix}-title ${prefix}-desc`,
    },
    title,
    summary,
    grid,
    zero,
    gain,
    loss,
    now,
    nowLabel,
    ...lines.map((line) => line.path),
    ...lines.map((line) => line.dot),
    ...lines.map((line) => line.label),
    axisLabel,
  );

  function refresh(rows, lever, value, flows) {
    const all = rows.flatMap((row) => lines.map((line) => row.flows[line.quantity.name]));
    const x = linearScale([lever.low, lever.high], [MARGIN.left, right]);
    const domain = domainWithZero(all, 0.1);
    const y = linearScale(domain, [bottom, MARGIN.top]);
    drawGrid(grid, domain, lever, x, y, config);
    update(zero, { y1: y(0).toFixed(1), y2: y(0).toFixed(1) });
    update(loss, { y: bottom - 6 });
    update(now, { x1: x(value).toFixed(1), x2: x(value).toFixed(1) });
    const part = (value - lever.low) / (lever.high - lever.low);
    update(nowLabel, {
      x: x(value).toFixed(1),
      "text-anchor": part < 0.12 ? "start" : part > 0.88 ? "end" : "middle",
    });
    const shown = formatValue(value, { unit: lever.unit, digits: 0 }, words, language);
    say(nowLabel, fill(words["lab.you_are_here"], { value: shown }));
    say(axisLabel, lever.unit === "share" ? `${lever.label} (%)` : lever.label);
    placeLines(lines, rows, flows, x, y, value);
    say(title, fill(words["lab.chart_title"], { lever: lever.label }));
    say(summary, chartSummary(lines, rows, lever, config));
  }
  return { element: svg, refresh };
}

function drawGrid(grid, domain, lever, x, y, config) {
  const key = `${domain.join()}|${lever.name}`;
  if (grid.dataset.key === key) return;
  grid.dataset.key = key;
  const number = new Intl.NumberFormat(config.language);
  const parts = niceTicks(...domain, 5).flatMap((tick) => [
    draw("line", { x1: x(lever.low), x2: x(lever.high), y1: y(tick), y2: y(tick) }),
    draw("text", { x: x(lever.low) - 8, y: y(tick) + 4, "text-anchor": "end" }, number.format(tick)),
  ]);
  const scale = lever.unit === "share" ? 100 : 1;
  for (const tick of niceTicks(lever.low, lever.high, 5)) {
    const text = number.format(Number((tick * scale).toFixed(6)));
    parts.push(
      draw("text", { x: x(tick), y: y(domain[0]) + 18, "text-anchor": "middle" }, text),
    );
  }
  grid.replaceChildren(...parts);
}

function placeLines(lines, rows, flows, x, y, value) {
  // Labels sit on the side that has more room beside the present value.
  const onLeft = x(value) > (x(rows[0].at) + x(rows.at(-1).at)) / 2;
  const at = onLeft ? rows[Math.round(rows.length * 0.04)] : rows.at(-1);
  const wanted = lines.map((line) => y(at.flows[line.quantity.name]) - 9);
  const placed = spread(wanted, 17, MARGIN.top + 8, HEIGHT - MARGIN.bottom - 6);
  lines.forEach((line, index) => {
    const name = line.quantity.name;
    update(line.path, { d: linePath(rows.map((row) => [x(row.at), y(row.flows[name])])) });
    update(line.dot, { cx: x(value).toFixed(1), cy: y(flows[name]).toFixed(1) });
    update(line.label, {
      x: onLeft ? x(rows[0].at) + 52 : x(rows.at(-1).at) - 6,
      y: placed[index].toFixed(1),
      "text-anchor": onLeft ? "start" : "end",
    });
    say(line.label, line.quantity.label);
  });
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
