// Who gains and who loses: money of five actors and of the hospitals outside, and, only with the
// patients, health; what most runs do not agree on is hollow and has a word.

import { addUp, digitsFor, isOpen } from "../analysis/accounts.js";
import { draw, make, say, update } from "../kit/dom.js";
import { actorIcon } from "../kit/icons.js";

const BAR = { width: 108, height: 10 };
const LEAST_BAR = 2;

/** Build the tiles; `refresh` takes changes of money, of healthy years, and how firm each is. */
export function buildTiles({ registry, speaker, prefix }) {
  const { t } = speaker;
  const tiles = Object.keys(registry.accounts).map((actor) => buildTile(actor, speaker, prefix));
  const sum = make("p", { class: "carelab-tiles-sum" });
  const unit = make("p", { class: "carelab-tiles-unit" });
  const key = make("p", { class: "carelab-tiles-long" }, t("lab.tiles_key"));
  const element = make("div", { class: "carelab-tiles", role: "group", "aria-label": speaker.name(t("lab.tiles")) }, ...tiles.map((each) => each.element));
  let shown = null;

  function refresh(state) {
    shown = state;
    const { changes, health, healthWorth, firmness, context, reference } = state;
    const amounts = tiles.map(({ actor }) => changes[actor]);
    const digits = digitsFor(amounts);
    const { parts, total } = addUp(amounts, digits);
    const most = Math.max(...amounts.map(Math.abs), Math.abs(healthWorth), 1e-9);
    tiles.forEach((tile, at) => tile.refresh({ amount: parts[at], change: amounts[at], digits, most, firm: firmness[tile.actor] ?? null, context }));
    tiles[0].health({ health, worth: healthWorth, most, firm: firmness.health ?? null });
    const millions = (value) => speaker.signed(value, digits);
    say(sum, t("lab.tiles_sum", { sum: millions(total), cost: millions(-total + 0) }));
    sum.hidden = amounts.every((each) => Math.abs(each) < 1e-9);
    const money = t(`place.${context}.money`);
    const people = speaker.fixed(registry.residents[context], 0);
    say(unit, t("lab.tiles_unit", { money, against: t(`lab.against_${reference}`), people }));
  }
  /** Money and health as a table. */
  function cells() {
    const millions = t("lab.million_year", { money: shown ? t(`place.${shown.context}.money`) : "" });
    const heads = [t("lab.actor"), millions, t("lab.certainty")].map((text) => ({ text }));
    const rows = tiles.map(({ actor }) => [
      { text: t(`actor.${actor}`) },
      { text: speaker.fixed(shown.changes[actor], 1), value: shown.changes[actor] },
      { text: certainty(shown.firmness[actor], t) },
    ]);
    rows.push([{ text: t("lab.healthy_years") }, { text: speaker.fixed(shown.health, 1), value: shown.health }, { text: certainty(shown.firmness.health, t) }]);
    return [heads, ...rows];
  }
  return { element, key: make("div", { class: "carelab-tiles-foot" }, unit, key, sum), refresh, cells };
}

const certainty = (firm, t) => (firm ? t(`firmness.${firm}`) : "");

function buildTile(actor, speaker) {
  const { t } = speaker;
  const amount = make("strong", { class: "carelab-tile-amount" });
  const word = make("span", { class: "carelab-firm" });
  const bar = draw("rect", { y: 0, height: BAR.height, rx: 1.5 });
  const line = draw("rect", { y: 13, height: BAR.height, rx: 1.5, class: "carelab-health" });
  const zero = draw("line", { class: "carelab-zero", x1: BAR.width / 2, x2: BAR.width / 2, y1: -2, y2: actor === "patients" ? 25 : 12 });
  const tall = actor === "patients" ? 26 : 13;
  const svg = draw("svg", { class: `carelab-tile-bar carelab-of-${actor}`, viewBox: `0 -2 ${BAR.width} ${tall + 2}`, width: BAR.width, height: tall + 2, "aria-hidden": "true" }, bar, zero);
  const years = make("span", { class: "carelab-health-told" });
  const element = make(
    "div",
    { class: `carelab-tile${actor === "outside" ? " carelab-tile-small" : ""}`, "data-actor": actor },
    make("span", { class: "carelab-tile-name" }, actorIcon(actor), make("span", {}, t(`actor.${actor}`))),
    make("span", { class: "carelab-tile-line" }, amount, word),
    svg,
  );
  if (actor === "patients") {
    svg.append(line);
    element.append(years);
  }
  const place = (rect, value, most) => {
    const half = BAR.width / 2;
    const length = Math.max(LEAST_BAR, (Math.abs(value) / most) * half);
    update(rect, { x: (value < 0 ? half - length : half).toFixed(1), width: Math.abs(value) < 1e-9 ? 0 : length.toFixed(1) });
  };
  return {
    actor,
    element,
    refresh({ amount: value, change, digits, most, firm }) {
      say(amount, speaker.signed(value, digits));
      say(word, certainty(firm, t));
      element.classList.toggle("carelab-hollow", isOpen(firm));
      place(bar, change, most);
    },
    health({ health, worth, most, firm }) {
      place(line, worth, most);
      element.classList.toggle("carelab-hollow-health", isOpen(firm));
      const count = speaker.signed(health, 0);
      say(years, t(isOpen(firm) ? "lab.healthy_open" : "lab.healthy_told", { count, firm: certainty(firm, t) }));
    },
  };
}
