// One outcome over the years: the baseline, the present scenario, what is pinned, the fan.

import { draw, make, say, update } from "../kit/dom.js";
import { withUnit } from "../kit/format.js";
import { buildFigure } from "../kit/figures.js";
import { drawGrid } from "../kit/grid.js";
import { linearScale, linePath, niceTicks } from "../kit/scales.js";

const MARGIN = { top: 10, right: 92, bottom: 26, left: 46 };
const LABEL_GAP = 15;
const LEAST_SPAN = 0.08;

/** A domain with room, never so narrow that a trifle looks like a leap. */
export function openDomain(values, unit, smallest = 0) {
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  const size = Math.max(Math.abs(low), Math.abs(high), 1e-12);
  const least = Math.max(smallest, unit === "share" ? LEAST_SPAN : LEAST_SPAN * size);
  if (high - low < least) {
    const middle = (high + low) / 2;
    [low, high] = [middle - least / 2, middle + least / 2];
  }
  const pad = (high - low) * 0.08;
  const floor = Math.min(...finite) >= 0 ? 0 : -Infinity;
  return [Math.max(floor, low - pad), high + pad];
}

/** The range of an outcome, the same in every lab; what would leave it widens it by whole parts. */
export function fixedDomain([low, high], values) {
  const part = (high - low) / 2;
  const finite = values.filter(Number.isFinite);
  const below = Math.max(0, Math.ceil((low - Math.min(...finite, low)) / part - 1e-9));
  const above = Math.max(0, Math.ceil((Math.max(...finite, high) - high) / part - 1e-9));
  return [low - below * part, high + above * part];
}

/** Heights of labels that do not cover each other, in the order given, inside `[top, bottom]`. */
export function spreadLabels(heights, [top, bottom], gap = LABEL_GAP) {
  const order = heights.map((each, at) => at).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  order.forEach((at, index) => {
    const above = index ? placed[order[index - 1]] + gap : top;
    placed[at] = Math.max(heights[at], above);
  });
  const over = order.length ? placed[order.at(-1)] - bottom : 0;
  if (over > 0) for (let index = order.length - 1, most = bottom; index >= 0; index -= 1, most -= gap) placed[order[index]] = Math.min(placed[order[index]], most);
  return placed;
}

/** Build the chart of one outcome; `refresh(lines, band)` redraws it. */
export function buildTimeChart({ speaker, name, quantity, years, aside = false }) {
  let shown = { lines: [], band: null, context: "" };
  let domain = null;
  const value = make("p", { class: "carelab-now-value" });
  const figure = buildFigure({
    speaker,
    title: quantity.label,
    cells: () => cellsOf(shown, quantity, speaker, years),
    extra: [value],
    aside,
  });
  const grid = draw("g", { class: "carelab-grid" });
  const bands = [0, 1].map((index) => draw("path", { class: `carelab-band carelab-band-${index}` }));
  const paths = draw("g");
  const middle = draw("path", { class: "carelab-middle", fill: "none" });
  const zone = draw("rect", { class: "carelab-guess", rx: 3 });
  const zoneLabel = draw("text", { class: "carelab-guess-label", "text-anchor": "middle" }, speaker.t("lab.your_guess"));
  const mark = draw("line", { class: "carelab-year-mark" });
  const labels = draw("g", { class: "carelab-ends-labels" });
  const dot = draw("circle", { r: 5, class: "carelab-point" });
  const dotLabel = draw("text", { class: "carelab-dot-label" });
  figure.svg.append(grid, ...bands, middle, mark, paths, zone, zoneLabel, dot, dotLabel, labels);
  const drawn = new Map();

  function refresh({ lines, band, context, year, settled, width, guess = null }) {
    shown = { lines, band, context };
    figure.svg.dataset.unit = quantity.unit === "share" ? "" : speaker.unitWord(quantity.unit, context);
    const height = Math.round(Math.min(236, Math.max(170, width * 0.52)));
    update(figure.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const right = width - MARGIN.right;
    const bottom = height - MARGIN.bottom;
    const values = lines.flatMap((line) => Array.from(line.values));
    if (band) values.push(...band.low, ...band.high);
    const fresh = quantity.range ? fixedDomain(quantity.range, values) : openDomain(values, quantity.unit, quantity.least);
    // While a lever moves, the axis only grows: a shrinking one would hide the move.
    domain = settled || !domain ? fresh : [Math.min(domain[0], fresh[0]), Math.max(domain[1], fresh[1])];
    const x = linearScale([1, years], [MARGIN.left, right]);
    const y = linearScale(domain, [bottom, MARGIN.top]);
    drawGrid(grid, `${domain.join()}|${width}`, gridOf(domain, x, y, { years, width, height, quantity, speaker }));
    update(mark, { x1: x(year).toFixed(1), x2: x(year).toFixed(1), y1: MARGIN.top, y2: bottom });
    drawBands(bands, band, x, y);
    const through = band?.middle ? Array.from(band.middle, (each, index) => [x(index + 1), y(each)]) : [];
    update(middle, { d: linePath(through) });
    drawLines(lines, x, y);
    drawGuess(guess, x(year), y);
    drawEnds(lines, band, x, y, [MARGIN.top + 4, bottom], context);
    const here = lines.find((line) => line.kind === "current").values[year - 1];
    update(dot, { cx: x(year).toFixed(1), cy: y(here).toFixed(1) });
    update(dotLabel, { x: (x(year) + 8).toFixed(1), y: (y(here) > bottom - 22 ? y(here) - 9 : y(here) + 18).toFixed(1) });
    say(dotLabel, bare(here, context));
    tell(lines, year, context);
    figure.refreshTable();
  }

  const bare = (each, context) => speaker.show(each, quantity.unit === "share" ? quantity : { ...quantity, unit: "bare" }, context);

  /** What was guessed, as a frame around the values that would have been right. */
  function drawGuess(guess, at, y) {
    for (const each of [zone, zoneLabel]) each.style.display = guess ? "" : "none";
    if (!guess) return;
    const [high, low] = [guess.high, guess.low].map((each) => Math.min(Math.max(y(each), MARGIN.top), y(domain[0])));
    update(zone, { x: (at - 34).toFixed(1), width: 68, y: high.toFixed(1), height: Math.max(6, low - high).toFixed(1) });
    update(zoneLabel, { x: at.toFixed(1), y: Math.max(high - 5, 12).toFixed(1) });
  }

  function drawEnds(lines, band, x, y, room, context) {
    const ends = lines.filter((line) => line.kind !== "pin").map((line) => ({ text: `${line.short ?? line.label} ${bare(line.values.at(-1), context)}`, look: line.kind, at: y(line.values.at(-1)) }));
    if (band?.middle) ends.push({ text: speaker.t("lab.middle_run"), look: "middle", at: y(band.middle.at(-1)) });
    const places = spreadLabels(ends.map((each) => each.at), room);
    while (labels.childElementCount > ends.length) labels.lastElementChild.remove();
    ends.forEach((end, index) => {
      const label = labels.children[index] ?? labels.appendChild(draw("text"));
      update(label, { x: (x(years) + 7).toFixed(1), y: (places[index] + 4).toFixed(1), class: `carelab-end carelab-end-${end.look}` });
      say(label, end.text);
    });
  }

  function drawLines(lines, x, y) {
    const wanted = new Set(lines.map((line) => line.key));
    for (const [key, path] of drawn) {
      if (!wanted.has(key)) {
        path.remove();
        drawn.delete(key);
      }
    }
    for (const line of lines) {
      let path = drawn.get(line.key);
      if (!path) {
        path = draw("path", { fill: "none" });
        drawn.set(line.key, path);
        if (line.kind === "current") paths.append(path);
        else paths.prepend(path);
      }
      const points = Array.from(line.values, (each, index) => [x(index + 1), y(each)]);
      update(path, { d: linePath(points), class: `carelab-path ${line.look}`, "data-label": line.label });
    }
  }

  function tell(lines, year, context) {
    const here = lines.find((line) => line.kind === "current").values[year - 1];
    const before = lines.find((line) => line.kind === "baseline").values[year - 1];
    const now = speaker.show(here, quantity, context);
    const values = {
      label: quantity.label,
      year,
      value: now,
      change: speaker.showChange(here - before, quantity, context),
    };
    say(value, speaker.t("lab.chart_now", values));
    const told = lines.map((line) =>
      speaker.t("lab.chart_line", {
        label: line.label,
        first: speaker.show(line.values[0], quantity, context),
        last: speaker.show(line.values.at(-1), quantity, context),
      }),
    );
    figure.describe(
      speaker.t("lab.time_summary", { label: quantity.label, years, lines: speaker.chain(told) }),
    );
  }

  return { element: figure.element, more: figure.more, name, quantity, refresh, destroy: figure.destroy };
}

function drawBands(bands, band, x, y) {
  const pairs = band ? [[band.low, band.high], [band.lower, band.upper]] : [];
  bands.forEach((path, index) => {
    if (!pairs[index]) return update(path, { d: "" });
    const [low, high] = pairs[index].map((values) =>
      Array.from(values, (each, year) => [x(year + 1), y(each)]),
    );
    return update(path, { d: `${linePath(low)}${linePath(high.reverse()).replace("M", "L")}Z` });
  });
}

function gridOf(domain, x, y, { years, width, height, quantity, speaker }) {
  const rows = niceTicks(...domain, 4).map((tick) => {
    const number = speaker.tick(tick, quantity);
    return { y: y(tick), text: quantity.unit === "share" ? withUnit(number, "share", "%", speaker.language) : number };
  });
  const every = years > 10 ? 5 : years > 5 ? 3 : 1;
  const told = Array.from({ length: years }, (_, index) => index + 1).filter(
    (year) => year === 1 || year === years || ((year - 1) % every === 0 && years - year >= every),
  );
  const columns = told.map((year) => ({ x: x(year), text: year === 1 ? speaker.t("lab.year_axis", { year }) : String(year) }));
  return { rows, columns, left: MARGIN.left, right: width - MARGIN.right, floor: height - 8 };
}

function cellsOf({ lines, band, context }, quantity, speaker, years) {
  const { t } = speaker;
  const heads = [t("lab.year"), ...lines.map((line) => line.label)];
  if (band) heads.push(t("lab.band_low"), t("lab.band_high"));
  const rows = Array.from({ length: years }, (_, index) => {
    const values = lines.map((line) => line.values[index]);
    if (band) values.push(band.low[index], band.high[index]);
    const cells = values.map((each) => ({ text: speaker.show(each, quantity, context), value: each }));
    return [{ text: String(index + 1) }, ...cells];
  });
  return [heads.map((text) => ({ text })), ...rows];
}
