// Which lever did what, and why a line moved.

import { buildCausalMap, tellingLinks } from "./causal_map.js";
import { draw, make, say, update } from "../kit/dom.js";
import { changedLevers } from "../scenarios/desk.js";
import { buildFigure } from "../kit/figures.js";
import { toldLoss } from "./headline.js";
import { leverValue } from "./lever_list.js";
import { linearScale } from "../kit/scales.js";
import { causeCards, tellingSteps } from "./why.js";

const ROW = 28;
const MOST_LEVERS = 10;

/** A node of the analysis without the mark that it is an input. */
const plainName = (name) => name.replace(/^inputs\./, "");

function outcomeSelect(config, registry, t, id) {
  const select = make("select", { id });
  for (const name of [...new Set([...config.charts, ...config.outcomes])]) {
    select.append(make("option", { value: name }, registry.quantities[name].label));
  }
  return { select, row: make("p", { class: "carelab-row" }, make("label", { for: id }, t("lab.outcome")), " ", select) };
}

/** Build both answers; they are worked out beside the page when their fold is open. */
export function buildReasons({ config, registry, speaker, analyst, prefix, state, loser }) {
  const { t } = speaker;
  const shares = outcomeSelect(config, registry, t, `${prefix}-attributed`);
  const causes = outcomeSelect(config, registry, t, `${prefix}-why`);
  const bars = buildBars(speaker);
  const share = make("p", { class: "carelab-now-value", role: "status" });
  const attribution = make("div", {}, shares.row, share, bars.element);
  const answer = make("div", { role: "status" });
  const cards = make("ol", { class: "carelab-cause-cards" });
  const path = make("ol", { class: "carelab-path-list" });
  const map = buildCausalMap({ speaker, registry, label });
  const scroller = make("div", { class: "carelab-scroll carelab-map" }, map.element);
  const all = make("details", { class: "carelab-fold carelab-all-causes" }, make("summary", {}, t("lab.show_all")), path, scroller);
  all.hidden = true;
  const why = make("div", {}, causes.row, answer, cards, all);

  function label(name) {
    const plain = plainName(name);
    const found = registry.levers[plain]?.label ?? registry.words[`map.node.${plain}`] ?? registry.quantities[plain]?.label;
    return found ?? plain.replaceAll("_", " ");
  }

  /** A value as the rest of the lab writes it; what no table lists is a bare number. */
  function written(name, value, context) {
    const plain = plainName(name);
    if (registry.levers[plain]) return leverValue(value, registry.levers[plain], speaker, context);
    const quantity = registry.quantities[plain];
    return quantity ? speaker.show(value, quantity, context) : speaker.number(value);
  }

  /** The levers whose part is to be worked out; null where none moved or nothing can work it out. */
  function askedOf(where, { now, reference, named }) {
    const changed = changedLevers(reference.levers, now.levers, Object.keys(registry.levers));
    if (!changed.length) say(where, t(`lab.nothing_changed_${named}`));
    else say(where, analyst ? t("lab.working") : "");
    return analyst && changed.length ? changed : null;
  }

  async function refreshAttribution() {
    const { now, reference, named, year } = state();
    const outcome = shares.select.value;
    const quantity = registry.quantities[outcome];
    bars.element.hidden = true;
    const changed = askedOf(share, { now, reference, named });
    if (!changed) return null;
    // Up to ten levers one by one; of more, the nine that move it most, and the others together.
    const one_by_one = changed.length <= MOST_LEVERS ? { names: changed } : {};
    const found = await analyst.shapley({
      context: now.context, from: reference.levers, to: now.levers, outcomes: [outcome], year, ...one_by_one,
    });
    if (!found || state().now !== now) return null;
    const rows = found.players.map((player, index) => ({
      label: player.length === 1 ? registry.levers[player[0]].label : t("lab.others", { count: player.length }),
      value: found.contributions[outcome][index],
    }));
    const total = rows.reduce((sum, row) => sum + row.value, 0);
    say(share, t("lab.attributed", { label: quantity.label, year, against: t(`lab.against_${named}`), change: speaker.showChange(total, quantity, now.context) }));
    bars.element.hidden = false;
    bars.refresh({ rows, quantity, context: now.context, width: Math.max(300, Math.min(720, attribution.clientWidth || 480)) });
    return null;
  }

  async function refreshWhy() {
    const { now, reference, named, year } = state();
    const outcome = causes.select.value;
    path.replaceChildren();
    cards.replaceChildren();
    all.hidden = true;
    const changed = askedOf(answer, { now, reference, named });
    if (!changed) return null;
    const found = await analyst.explain({
      context: now.context, from: reference.levers, to: now.levers, outcome, year,
      nodes: [...new Set([...changed.slice(0, MOST_LEVERS), ...mapNodes, outcome])],
    });
    if (!found || state().now !== now) return null;
    const named_ = namedSteps(found.path, registry);
    drawCards(named_, found, outcome, now.context);
    const steps = named_.map((step) =>
      make(
        "li",
        {},
        t(step.contribution >= 0 ? "lab.why_raised" : "lab.why_lowered", {
          cause: label(step.name),
          effect: label(step.of),
          before: written(step.name, step.before, now.context),
          after: written(step.name, step.after, now.context),
        }),
      ),
    );
    path.replaceChildren(...steps);
    const onPath = new Set([outcome, ...found.path.map((step) => plainName(step.name))]);
    all.hidden = false;
    map.refresh({ ...withPath(tellingLinks(found.map), found), onPath });
    say(answer, t("lab.why_told", { against: t(`lab.against_${named}`), label: label(outcome), before: written(outcome, found.before, now.context), after: written(outcome, found.after, now.context), year }));
    return null;
  }

  /** A quantity's name with its unit, and its two values without it. */
  function told(name, before, after, context) {
    const plain = plainName(name);
    const quantity = registry.quantities[plain];
    const unit = quantity && quantity.unit !== "share" ? speaker.unitWord(quantity.unit, context) : "";
    const [from, to] = [before, after].map((value) => (unit ? speaker.show(value, { ...quantity, unit: "bare" }, context) : written(name, value, context)));
    return { title: unit ? t("lab.with_unit", { label: label(name), unit }) : label(name), before: from, after: to };
  }

  /** The path the other way round: from the rule that was changed to the result, and who pays. */
  function drawCards(steps, found, outcome, context) {
    const one = (name, before, after) => ({ ...told(name, before, after, context), rule: Boolean(registry.levers[plainName(name)]) });
    const forward = [...steps].reverse().map((step) => one(step.name, step.before, step.after));
    forward.push(one(outcome, found.before, found.after));
    const lost = loser();
    const loss = lost && toldLoss(lost, speaker);
    const payer = lost && { actor: lost.actor, amount: `\u2212${loss.amount}`, text: loss.text };
    cards.replaceChildren(...causeCards(tellingSteps(forward), payer, speaker));
  }

  const mapNodes = Object.entries(registry.map).filter(([group]) => group !== "levers").flatMap(([, names]) => names);
  const onShares = () => refreshAttribution();
  const onCauses = () => refreshWhy();
  shares.select.addEventListener("change", onShares);
  causes.select.addEventListener("change", onCauses);
  return {
    attribution,
    why,
    refreshAttribution,
    refreshWhy,
    ask(outcome) {
      causes.select.value = outcome;
    },
    destroy() {
      shares.select.removeEventListener("change", onShares);
      causes.select.removeEventListener("change", onCauses);
      bars.destroy();
      map.destroy();
    },
  };
}

/** The path in words that the data name: what has no name is passed through to its own cause. */
export function namedSteps(path, registry) {
  const known = (name) =>
    name.startsWith("inputs.") ||
    Object.hasOwn(registry.quantities, name) ||
    Object.hasOwn(registry.levers, name) ||
    Object.hasOwn(registry.words ?? {}, `map.node.${name}`);
  const steps = [];
  let effect = path[0]?.of;
  let way = 1;
  for (const step of path) {
    way *= step.contribution < 0 ? -1 : 1;
    if (!known(step.name)) {
      // A contribution is a move: against the way that the nameless went, it works the other way on.
      way *= step.after < step.before ? -1 : 1;
      continue;
    }
    steps.push({ ...step, of: effect, contribution: way });
    effect = step.name;
    way = 1;
  }
  return steps;
}

/** The map with the path in it: a lever that works only beside others has no link of its own. */
export function withPath({ nodes, links }, { map, path }) {
  const known = new Map(map.nodes.map((node) => [node.name, node]));
  const steps = path
    .map((step) => ({ ...step, name: plainName(step.name) }))
    .filter(({ name, of }) => known.has(name) && known.has(of) && name !== of)
    .filter(({ name, of }) => !links.some(({ from, to }) => from === name && to === of))
    .map(({ name, of, contribution }) => ({ from: name, to: of, contribution, sign: Math.sign(contribution) }));
  const missing = new Set(steps.flatMap(({ from, to }) => [from, to]));
  nodes.forEach(({ name }) => missing.delete(name));
  return { nodes: [...nodes, ...[...missing].map((name) => known.get(name))], links: [...links, ...steps] };
}

function buildBars(speaker) {
  const { t } = speaker;
  let shown = { rows: [], quantity: { unit: "bare" }, context: "" };
  const text = (value) => speaker.showChange(value, shown.quantity, shown.context);
  const figure = buildFigure({
    speaker,
    title: t("lab.attribution"),
    cells: () => [
      [{ text: t("lab.lever") }, { text: t("lab.contribution") }],
      ...shown.rows.map((row) => [{ text: row.label }, { text: text(row.value), value: row.value }]),
    ],
  });
  function refresh({ rows, quantity, context, width }) {
    shown = { rows: [...rows].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)), quantity, context };
    const height = shown.rows.length * ROW * 1.6;
    update(figure.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const most = Math.max(...rows.map((row) => Math.abs(row.value)), 1e-12);
    const x = linearScale([-most, most], [8, width - 110]);
    const parts = shown.rows.flatMap((row, index) => {
      const y = index * ROW * 1.6;
      const kind = row.value < 0 ? "down" : "up";
      return [
        draw("text", { x: 8, y: y + 14, class: "carelab-bar-label" }, row.label),
        draw("rect", { x: Math.min(x(0), x(row.value)).toFixed(1), y: y + 20, width: Math.max(1, Math.abs(x(row.value) - x(0))).toFixed(1), height: 14, rx: 2, class: `carelab-bar carelab-bar-${kind}` }),
        draw("text", { x: width, y: y + 32, "text-anchor": "end", class: "carelab-bar-value" }, text(row.value)),
      ];
    });
    const zero = draw("line", { class: "carelab-zero", x1: x(0), x2: x(0), y1: 16, y2: height });
    figure.svg.replaceChildren(figure.svg.querySelector("desc"), zero, ...parts);
    figure.describe(speaker.chain(shown.rows.map((row) => `${row.label} ${text(row.value)}`)));
    figure.refreshTable();
  }
  return { element: figure.element, refresh, destroy: figure.destroy };
}
