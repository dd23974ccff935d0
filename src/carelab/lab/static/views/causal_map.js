// The signed causal map: what the reform moved, and through what; rows from levers to results.

import { draw } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";

const BOX = { width: 88, height: 46, gapX: 5, gapY: 42 };
const MOST_LEVERS = 6;
const LEAST_MOVE = 0.005;
// A link stays when it carries this part of what its target moved, or is the largest one.
const LEAST_PART = 0.2;

/** Which nodes moved, and the links that carried a fair part of it, at most three a target. */
export function tellingLinks({ nodes, links }) {
  const moved = new Map(
    nodes
      .filter(({ before, after }) => Math.abs(after - before) > LEAST_MOVE * Math.max(Math.abs(before), Math.abs(after)))
      .map((node) => [node.name, node]),
  );
  const kept = [];
  for (const name of moved.keys()) {
    const into = links
      .filter((link) => link.to === name && moved.has(link.from))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    const most = Math.abs(into[0]?.contribution ?? 0);
    kept.push(...into.slice(0, 3).filter((link) => Math.abs(link.contribution) >= LEAST_PART * most));
  }
  const linked = new Set(kept.flatMap(({ from, to }) => [from, to]));
  return { nodes: [...moved.values()].filter(({ name }) => linked.has(name)), links: kept };
}

/** Of the levers, those with the most links; the rest of the map as it is. */
export function fewLevers({ nodes, links }, levers, onPath) {
  const weight = (name) => links.filter((link) => link.from === name).length + (onPath.has(name) ? 100 : 0);
  const pulled = nodes.filter(({ name }) => levers.includes(name)).sort((a, b) => weight(b.name) - weight(a.name));
  const dropped = new Set(pulled.slice(MOST_LEVERS).map(({ name }) => name));
  return {
    nodes: nodes.filter(({ name }) => !dropped.has(name)),
    links: links.filter(({ from }) => !dropped.has(from)),
  };
}

/** Break a label into at most three lines of about `most` characters. */
export function lines(text, most = 14) {
  const found = [];
  const parts = /[\u4e00-\u9fff]/.test(text) ? text.match(/.{1,7}/gu) : text.split(" ");
  const between = parts.length && /[\u4e00-\u9fff]/.test(text) ? "" : " ";
  for (const part of parts) {
    const last = found.at(-1);
    if (last !== undefined && between && (last + between + part).length <= most) found[found.length - 1] = last + between + part;
    else found.push(part);
  }
  return found.length > 3 ? [...found.slice(0, 2), `${found[2]}…`] : found;
}

/** Build the picture; `refresh({nodes, links, onPath})` redraws it. */
export function buildCausalMap({ speaker, registry, label }) {
  const { t } = speaker;
  let shown = { nodes: [], links: [] };
  const verb = (link) => t(link.sign > 0 ? "lab.map_raises" : "lab.map_lowers");
  const figure = buildFigure({
    speaker,
    title: t("lab.map"),
    cells: () => [
      ["lab.map_from", "lab.map_verb", "lab.map_to"].map((key) => ({ text: t(key) })),
      ...shown.links.map((link) => [link.from, null, link.to].map((name) => ({ text: name === null ? verb(link) : label(name) }))),
    ],
  });
  const rowOf = (name) => Math.max(0, Object.values(registry.map).findIndex((names) => names.includes(name)));

  function refresh({ onPath, ...whole }) {
    const { nodes, links } = fewLevers(whole, registry.map.levers, onPath);
    shown = { nodes, links };
    const rows = Object.keys(registry.map).map((_, row) => nodes.filter(({ name }) => rowOf(name) === row));
    const used = rows.filter((row) => row.length);
    const widest = Math.max(1, ...used.map((row) => row.length));
    const width = Math.max(320, widest * (BOX.width + BOX.gapX));
    const height = used.length * (BOX.height + BOX.gapY) - BOX.gapY + 4;
    figure.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    figure.svg.setAttribute("width", width);
    figure.svg.setAttribute("height", height);
    const places = new Map();
    used.forEach((row, at) => {
      const step = width / row.length;
      row.forEach(({ name }, index) => {
        places.set(name, { x: step * (index + 0.5), y: 2 + at * (BOX.height + BOX.gapY), row: at });
      });
    });
    const curves = links.filter(({ from, to }) => places.has(from) && places.has(to)).map((link) => curve(link, places, onPath));
    const boxes = nodes.filter(({ name }) => places.has(name)).map((node) => box(node, places.get(node.name), label, onPath));
    figure.svg.replaceChildren(figure.svg.querySelector("desc"), ...curves.flat(), ...boxes);
    const told = links.map((link) => `${label(link.from)} ${verb(link)} ${label(link.to)}`);
    figure.describe(t("lab.map_summary", { told: speaker.chain(told) }));
    figure.refreshTable();
  }
  return { element: figure.element, refresh, destroy: figure.destroy };
}

function curve(link, places, onPath) {
  const [from, to] = [places.get(link.from), places.get(link.to)];
  const down = to.row > from.row;
  const x1 = from.x;
  const y1 = down ? from.y + BOX.height : from.y + BOX.height / 2;
  const x2 = to.x + (down ? 0 : (to.x < from.x ? 1 : -1) * 6);
  const y2 = down ? to.y - 5 : to.y + BOX.height + 5;
  const bend = down ? (y2 - y1) / 2 : -BOX.gapY;
  const d = `M${x1.toFixed(1)},${y1}C${x1.toFixed(1)},${(y1 + bend).toFixed(1)} ${x2.toFixed(1)},${(y2 - bend).toFixed(1)} ${x2.toFixed(1)},${y2}`;
  const kind = link.sign > 0 ? "up" : "down";
  const walked = onPath.has(link.from) && onPath.has(link.to) ? " carelab-walked" : "";
  const tip = down ? `M${x2 - 4},${y2 - 3}L${x2},${y2 + 4}L${x2 + 4},${y2 - 3}Z` : `M${x2 - 4},${y2 + 3}L${x2},${y2 - 4}L${x2 + 4},${y2 + 3}Z`;
  return [
    draw("path", { d, class: `carelab-link carelab-link-${kind}${walked}` }),
    draw("path", { d: tip, class: `carelab-tip carelab-tip-${kind}` }),
  ];
}

function box({ name, after, before }, place, label, onPath) {
  const up = after > before;
  const walked = onPath.has(name) ? " carelab-walked" : "";
  const texts = lines(`${up ? "▲" : "▼"} ${label(name)}`);
  const top = place.y + BOX.height / 2 - (texts.length - 1) * 6.5 + 4;
  return draw(
    "g",
    {},
    draw("rect", {
      x: place.x - BOX.width / 2, y: place.y, width: BOX.width, height: BOX.height, rx: 6,
      class: `carelab-cause carelab-cause-${up ? "up" : "down"}${walked}`,
    }),
    ...texts.map((text, index) => draw("text", { x: place.x, y: top + index * 13, "text-anchor": "middle", class: "carelab-cause-label" }, text)),
  );
}
