// The picture of the place: the insurer's money as ribbons, a hundred cases as people, and, dashed,
// where both were before.

import { draw, say, update } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";
import { actorIcon } from "../kit/icons.js";
import { addUp, digitsFor } from "../analysis/accounts.js";

const SITES = ["primary", "hospital", "outside"];
const A_ROW = 10;
const TOP = { bar: 26, thick: 9 };
const RIBBON = { top: 35, bottom: 196 };
const HEAD = 46;
// Of the width, what a fund as large as the larger one takes.
const FUND_PART = 0.66;

/** Build it; `refresh({now, before, width})` takes cases and money of both, by place of care. */
export function buildPlace({ speaker }) {
  const { t } = speaker;
  let shown = null;
  const unit = () => t("lab.million_year", { money: t(`place.${shown.context}.money`) });
  const figure = buildFigure({
    speaker,
    title: t("lab.place_title"),
    aside: true,
    cells: () => {
      const heads = ["lab.place_of_care", "lab.cases_now", "lab.cases_before"].map((key) => t(key));
      heads.push(t("lab.fund_now", { unit: unit() }), t("lab.fund_before", { unit: unit() }));
      const cell = (value) => ({ text: speaker.fixed(value, 0), value });
      return [
        heads.map((text) => ({ text })),
        ...SITES.map((site) => [{ text: t(`lab.site.${site}`) }, cell(shown.now.cases[site]), cell(shown.before.cases[site]), cell(shown.now.fund[site]), cell(shown.before.fund[site])]),
      ];
    },
  });
  const fundText = draw("text", { class: "carelab-fund-label", "text-anchor": "middle", y: 16 });
  const bar = draw("rect", { class: "carelab-fund", y: TOP.bar, height: TOP.thick });
  const ground = draw("rect", { class: "carelab-ground", rx: 10 });
  const border = draw("line", { class: "carelab-border" });
  const sites = SITES.map((site) => buildSite(site, t));
  const note = draw("text", { class: "carelab-side" });
  const beyond = draw("text", { class: "carelab-side", "text-anchor": "end" });
  figure.svg.append(ground, bar, fundText, ...sites.flatMap((each) => each.parts), border, note, beyond);

  function refresh(state) {
    shown = state;
    const { now, before, width, context } = state;
    const [paid, was] = [now, before].map(({ fund }) => SITES.reduce((sum, site) => sum + fund[site], 0));
    const digits = digitsFor(SITES.map((site) => now.fund[site]));
    const { parts, total } = addUp(SITES.map((site) => now.fund[site]), digits);
    const old = addUp(SITES.map((site) => before.fund[site]), digits).parts;
    const scale = (FUND_PART * width) / Math.max(paid, was, 1e-9);
    const column = width / 3;
    const person = Math.min(14, Math.floor((column - 14) / A_ROW));
    const rows = Math.max(...SITES.map((site) => Math.ceil(Math.max(now.cases[site], before.cases[site]) / A_ROW)), 1);
    const floor = RIBBON.bottom + HEAD + rows * person * 1.25 + 8;
    const height = floor + 22;
    update(figure.svg, { viewBox: `0 0 ${width} ${height.toFixed(0)}`, width, height: height.toFixed(0) });
    update(bar, { x: ((width - paid * scale) / 2).toFixed(1), width: (paid * scale).toFixed(1) });
    update(fundText, { x: width / 2 });
    say(fundText, t("lab.fund_pays", { amount: speaker.fixed(total, digits), money: t(`place.${context}.money`) }));
    update(ground, { x: 0, y: RIBBON.bottom, width: (2 * column - 4).toFixed(1), height: (floor - RIBBON.bottom).toFixed(1) });
    update(border, { x1: (2 * column + 1).toFixed(1), x2: (2 * column + 1).toFixed(1), y1: RIBBON.bottom, y2: height - 4 });
    update(beyond, { x: (2 * column - 6).toFixed(1), y: floor + 16 });
    update(note, { x: (2 * column + 8).toFixed(1), y: floor + 16 });
    say(beyond, t("lab.inside"));
    say(note, t("lab.outside"));
    let [at, wasAt] = [(width - paid * scale) / 2, (width - was * scale) / 2];
    sites.forEach((site, index) => {
      const name = SITES[index];
      const middle = column * (index + 0.5);
      site.refresh({
        from: [at, at + now.fund[name] * scale],
        ghost: [wasAt, wasAt + before.fund[name] * scale],
        middle, left: column * index + 7, person,
        cases: [now.cases[name], before.cases[name]],
        money: [parts[index], old[index]].map((each) => speaker.fixed(each, digits)),
      });
      at += now.fund[name] * scale;
      wasAt += before.fund[name] * scale;
    });
    const told = SITES.map((name, index) => t("lab.site_told", { site: t(`lab.site.${name}`), cases: now.cases[name], was: before.cases[name], money: speaker.fixed(parts[index], digits), money_was: speaker.fixed(old[index], digits) }));
    figure.describe(t("lab.place_summary", { year: state.year, told: speaker.chain(told) }));
    figure.refreshTable();
  }
  figure.element.classList.add("carelab-place");
  return { element: figure.element, more: figure.more, refresh, room: () => Math.max(280, Math.min(520, figure.element.clientWidth || 440)), destroy: figure.destroy };
}

function buildSite(site, t) {
  const ribbon = draw("path", { class: `carelab-flow carelab-of-${site}` });
  const ghost = draw("path", { class: `carelab-flow-ghost carelab-of-${site}` });
  const amount = draw("text", { class: "carelab-flow-amount", "text-anchor": "middle", y: 116 });
  const was = draw("text", { class: "carelab-flow-was", "text-anchor": "middle", y: 133 });
  const icon = actorIcon(site);
  const name = draw("text", { class: "carelab-site-name" }, t(`lab.site.${site}`));
  const count = draw("text", { class: "carelab-site-count" });
  const people = draw("g", { class: "carelab-people" });
  return {
    parts: [ribbon, ghost, amount, was, icon, name, count, people],
    refresh({ from, ghost: old, middle, left, person, cases, money }) {
      update(ribbon, { d: flow(from, middle) });
      const still = money[0] === money[1];
      update(ghost, { d: still ? "" : flow(old, middle) });
      say(amount, money[0]);
      const x = ((from[0] + from[1]) / 2 + middle) / 2;
      update(amount, { x: x.toFixed(1) });
      update(was, { x: x.toFixed(1) });
      say(was, still ? "" : t("lab.was", { value: money[1] }));
      update(icon, { x: left, y: RIBBON.bottom + 5 });
      update(name, { x: left + 22, y: RIBBON.bottom + 19 });
      const [here, before] = cases;
      update(count, { x: left, y: RIBBON.bottom + 38 });
      say(count, here === before ? t("lab.cases", { cases: here }) : t("lab.cases_was", { cases: here, was: before }));
      drawPeople(people, { here, before, left, person });
    },
  };
}

/** A ribbon from its part of the fund to the place of care. */
function flow([from, to], middle) {
  const half = (to - from) / 2;
  const [y1, y2] = [RIBBON.top, RIBBON.bottom];
  const bend = (y1 + y2) / 2;
  const point = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${point(from, y1)}C${point(from, bend)} ${point(middle - half, bend)} ${point(middle - half, y2)}L${point(middle + half, y2)}C${point(middle + half, bend)} ${point(to, bend)} ${point(to, y1)}Z`;
}

// A head and shoulders in a box of ten by twelve.
export const PERSON = "M5 0a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2ZM1 12c0-4 1.2-6 4-6s4 2 4 6Z";

/** Who was here stays, who came is dark, who left is an outline. */
function drawPeople(group, { here, before, left, person }) {
  const all = Math.max(here, before);
  while (group.childElementCount > all) group.lastElementChild.remove();
  const scale = (person / 12).toFixed(3);
  for (let at = 0; at < all; at += 1) {
    const one = group.children[at] ?? group.appendChild(draw("path", { d: PERSON }));
    const x = left + (at % A_ROW) * person;
    const y = RIBBON.bottom + HEAD + Math.floor(at / A_ROW) * person * 1.25;
    const kind = at >= here ? "left" : at >= before ? "came" : "stayed";
    update(one, { class: `carelab-resident carelab-${kind}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale})` });
  }
}
