// Words and numbers in the reader's language.

import { changeSize, fill, formatNumber, formatTick, formatValue } from "./format.js";

/** Everything the lab says comes through here; a missing word shows its key, never nothing. */
export function createSpeaker(registry, order = 1) {
  const { words, language } = registry;
  const t = (key, values = {}) => fill(words[key] ?? key, values);

  /** The unit in words; money takes the currency of the place. */
  function unitWord(unit, context) {
    const money = context ? t(`place.${context}.money`) : "";
    return fill(words[`unit.${unit}`] ?? unit, { money });
  }

  /** A value with its unit. */
  function show(value, quantity, context) {
    const named = { [`unit.${quantity.unit}`]: unitWord(quantity.unit, context) };
    return formatValue(value, quantity, { ...named }, language);
  }

  /** A difference, with its sign; shares differ in percentage points. */
  function showChange(value, quantity, context) {
    const sign = value > 0 ? "+" : "";
    if (quantity.unit !== "share") return sign + show(value, quantity, context);
    const digits = Math.abs(value) < 0.0995 ? 1 : 0;
    const points = formatValue(value * 100, { unit: "points", digits }, words, language);
    return sign + points;
  }

  /** A bare number, rounded to a few digits that matter. */
  function number(value, digits = 3) {
    return formatNumber(Math.abs(value) < 1e-9 ? 0 : value, language, { significant: digits });
  }

  /** A bare number with so many digits after the point. */
  const fixed = (value, digits) => formatNumber(value, language, { digits });

  /** The same with a plus before what is more than zero. */
  const signed = (value, digits) => `${value > 0 ? "+" : ""}${fixed(value, digits)}`;

  const tick = (value, quantity) => formatTick(value, quantity.unit, language);
  const size = (after, before) => changeSize(after, before, registry.sizes);

  /** The name of a part: of the second lab of a page it tells that it is the second's. */
  const name = (text) => (order > 1 ? t("lab.numbered", { name: text, number: order }) : text);

  /** Statements one after the other. */
  const chain = (parts) => parts.join(t("lab.between"));

  const list = new Intl.ListFormat(language, { style: "long", type: "conjunction" });
  return { t, name, show, showChange, unitWord, number, fixed, signed, tick, size, language, join: (parts) => list.format(parts), chain };
}
