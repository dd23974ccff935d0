// Who pays whom in one year: ribbons as wide as the money.

import { draw, make, say, update } from "../kit/dom.js";
import { buildFigure } from "../kit/figures.js";

const COLUMN = { residents: 0, government: 0, insurer: 1, hospital: 2, primary: 2, outside: 2 };
const ORDER = ["residents", "government", "insurer", "hospital", "primary", "outside"];
const BOX_WIDTH = 12;
const GAP = 26;

/** The amounts of one year from products of the model's quantities, given month by month. */
export function moneyAmounts(links, monthly) {
  return links.map(([source, target, terms]) => {
    let amount = 0;
    for (const term of terms) {
      const sign = term.startsWith("-") ? -1 : 1;
      amount += sign * monthly(term.replace(/^-/, "").split("*"));
    }
    return { source, target, amount };
  });
}

/** Build the picture; `refresh(now, before)` takes lists of {source, target, amount}. */
export function buildMoneyFlow({ speaker }) {
  const { t } = speaker;
  const unit = { unit: "money a year", digits: 0 };
  let shown = { now: [], before: [], context: "" };
  const name = (each) => `${t(`actor.${each.source}`)} → ${t(`actor.${each.target}`)}`;
  const figure = buildFigure({
    speaker,
    title: t("lab.money_flow"),
    cells: () => [
      ["lab.payment", "lab.value", "lab.reference", "lab.change"].map((key) => ({ text: t(key) })),
      ...shown.now.map((each, index) => {
        const before = shown.before[index].amount;
        const values = [each.amount, before].map((value) => ({
          text: speaker.show(value, unit, shown.context),
          value,
        }));
        const change = each.amount - before;
        values.push({ text: speaker.showChange(change, unit, shown.context), value: change });
        return [{ text: name(each) }, ...values];
      }),
    ],
  });
  const note = make("p", { class: "carelab-now-value" }, t("lab.money_note"));
  figure.svg.after(note);

  function refresh({ now, before, context, year, width }) {
    shown = { now, before, context };
    const height = 300;
    update(figure.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const real = now.filter((each) => Math.abs(each.amount) > 0.5);
    const layout = layoutFlows(real, width, height);
    const parts = layout.ribbons.map(({ d, thick, each, back }) =>
      draw(
        "path",
        { d, "stroke-width": thick.toFixed(1), class: `carelab-ribbon carelab-from-${each.source}${back ? " carelab-back" : ""}` },
        draw("title", {}, `${name(each)}: ${speaker.show(each.amount, unit, context)}`),
      ),
    );
    for (const box of layout.boxes) {
      parts.push(
        draw("rect", { x: box.x, y: box.y, width: BOX_WIDTH, height: Math.max(box.height, 2), class: "carelab-node" }),
        draw(
          "text",
          { x: box.x + (box.column === 2 ? -6 : BOX_WIDTH + 6), y: box.y + box.height / 2 + 4, "text-anchor": box.column === 2 ? "end" : "start", class: "carelab-node-label" },
          `${t(`actor.${box.id}`)} ${speaker.show(box.total, { unit: "bare", digits: 0 })}`,
        ),
      );
    }
    figure.svg.replaceChildren(figure.svg.querySelector("desc"), ...parts);
    const told = real.map((each) => `${name(each)} ${speaker.show(each.amount, unit, context)}`);
    figure.describe(t("lab.money_summary", { year, told: speaker.chain(told) }));
    figure.entitle(t("lab.money_in", { year, unit: speaker.unitWord(unit.unit, context) }));
    say(note, t("lab.money_note"));
    figure.refreshTable();
  }
  return { element: figure.element, refresh, destroy: figure.destroy };
}

/** Place boxes and ribbons; money that flows backwards is drawn dashed. */
export function layoutFlows(links, width, height) {
  const through = Object.fromEntries(ORDER.map((id) => [id, { in: 0, out: 0 }]));
  for (const { source, target, amount } of links) {
    through[source].out += Math.abs(amount);
    through[target].in += Math.abs(amount);
  }
  const used = ORDER.filter((id) => through[id].in + through[id].out > 0);
  const total = (id) => Math.max(through[id].in, through[id].out);
  const columns = [0, 1, 2].map((column) => used.filter((id) => COLUMN[id] === column));
  const most = Math.max(...columns.map((ids) => ids.reduce((sum, id) => sum + total(id), 0)), 1e-9);
  const tallest = Math.max(...columns.map((ids) => ids.length));
  const scale = (height - 20 - GAP * Math.max(0, tallest - 1)) / most;
  const boxes = new Map();
  columns.forEach((ids, column) => {
    const sum = ids.reduce((all, id) => all + total(id) * scale, 0) + GAP * Math.max(0, ids.length - 1);
    let y = (height - sum) / 2;
    for (const id of ids) {
      const x = [0, width * 0.44, width - BOX_WIDTH][column];
      boxes.set(id, { id, column, x, y, height: total(id) * scale, total: total(id), in: 0, out: 0 });
      y += total(id) * scale + GAP;
    }
  });
  const ribbons = links.map((each) => {
    const [from, to] = [boxes.get(each.source), boxes.get(each.target)];
    const thick = Math.max(Math.abs(each.amount) * scale, 1);
    const start = [from.x + BOX_WIDTH, from.y + from.out + thick / 2];
    const end = [to.x, to.y + to.in + thick / 2];
    from.out += thick;
    to.in += thick;
    const within = from.column === to.column;
    const bend = within ? -46 : (end[0] - start[0]) * 0.5;
    const [x1, x2] = within ? [from.x, to.x] : [start[0], end[0]];
    const d = within
      ? `M${x1},${start[1].toFixed(1)}C${x1 + bend},${start[1].toFixed(1)} ${x2 + bend},${end[1].toFixed(1)} ${x2},${end[1].toFixed(1)}`
      : `M${x1},${start[1].toFixed(1)}C${x1 + bend},${start[1].toFixed(1)} ${x2 - bend},${end[1].toFixed(1)} ${x2},${end[1].toFixed(1)}`;
    return { d, thick, each, back: each.amount < 0 };
  });
  return { boxes: [...boxes.values()], ribbons };
}
