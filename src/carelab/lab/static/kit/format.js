// Numbers to text and text to numbers.

/** Fill {placeholders} of a text. */
export function fill(text, values) {
  return text.replace(/\{([a-z_]+(?:\|abs)?)\}/g, (whole, key) =>
    Object.hasOwn(values, key) ? values[key] : whole,
  );
}

const formats = new Map();

/** Make each way of writing once: to make it is slow. */
function formatOf(language, options) {
  const key = `${language}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, options));
  return formats.get(key);
}

/**
 * Write a number as a language does, with a true minus sign: with `digits` after the point, or
 * with `significant` digits in all. Python has its twin in carelab.base.numbers.
 */
export function formatNumber(value, language, { digits = 0, significant } = {}) {
  if (!Number.isFinite(value)) return "–";
  // Rounding may leave a minus sign before zero.
  const rounded = Number(significant ? value.toPrecision(significant) : value.toFixed(digits)) + 0;
  const options = significant
    ? { maximumSignificantDigits: significant }
    : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return formatOf(language, options).format(rounded).replace("-", "\u2212");
}

/** Put the unit behind a number that is written already; a percent sign stands close. */
export function withUnit(text, unit, word, language) {
  if (unit === "share") return `${text}${language.startsWith("zh") ? "" : "\u202f"}${word}`;
  return word ? `${text} ${word}` : text;
}

/** Write a value with its unit: a share as a percentage. */
export function formatValue(value, { unit, digits }, words, language) {
  if (!Number.isFinite(value)) return "–";
  const text = formatNumber(unit === "share" ? value * 100 : value, language, { digits });
  return withUnit(text, unit, words[`unit.${unit}`] ?? unit, language);
}

/** The number at a tick of an axis; a share in percent, without its sign. */
export function formatTick(tick, unit, language) {
  return formatNumber(unit === "share" ? tick * 100 : tick, language, { significant: 4 });
}

/**
 * How large a change is, relative to what was before: nil, a bit or much, up or down. `sizes` says
 * from which part on it is each.
 */
export function changeSize(after, before, sizes) {
  const change = after - before;
  const part = Math.abs(change) / Math.max(Math.abs(before), 1e-9);
  // The last digits of a quotient never decide: the twin of `at_least` in Python.
  const reaches = (limit) => part >= limit - 1e-9 * (1 + limit);
  if (!reaches(sizes.bit)) return "same";
  return `${change > 0 ? "up" : "down"}_${reaches(sizes.much) ? "much" : "bit"}`;
}

/** Whether a lever moves in whole steps only, as bodies, months and years do. */
export const isCounted = ({ step }) => step >= 1;

/** Whether a lever may be set to a number: the twin of `Lever.allows` in Python. */
export function allows(lever, number) {
  const { low, high, step } = lever;
  return number >= low && number <= high && (!isCounted(lever) || (number - low) % step === 0);
}

/** The nearest setting that a lever has, of a number from its low to its high end. */
export function onStep(lever, number) {
  const { low, high, step } = lever;
  const inside = Math.min(high, Math.max(low, number));
  return isCounted(lever) ? low + Math.round((inside - low) / step) * step : inside;
}

// What keyboards of other languages send for signs of ASCII, and what the page itself writes.
const WIDE = /[\uff01-\uff5e]/g;
const MINUS = /[\u2010\u2011\u2212\ufe63]/g;
const SPACES = /[\p{Zs}\t]+/gu;
const GROUPED = /^[+-]?[1-9]\d{0,2}([ ,])\d{3}(?:\1\d{3})*(?:\.\d+)?$/;
const PLAIN = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)$/;

/** A text in plain signs, one space between words: nothing is dropped that could mean something. */
function plainSigns(text) {
  return text
    .replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(MINUS, "-")
    .replace(SPACES, " ")
    .trim();
}

/** A number as people and this page write it, thousands parted or a decimal comma; else NaN. */
export function readNumber(text) {
  const plain = plainSigns(text).replace(/^([+-]) /, "$1");
  if (GROUPED.test(plain)) return Number(plain.replace(/[ ,]/g, ""));
  return PLAIN.test(plain) ? Number(plain.replace(",", ".")) : NaN;
}

/**
 * Read a typed value: {value} that the lever may have, or {error: true}. The text may end with one
 * of the `units` that the page writes behind the lever's values.
 */
export function parseTyped(text, lever, units = []) {
  const plain = plainSigns(text);
  const known = (lever.unit === "share" ? ["%", ...units] : units).map(plainSigns).filter(Boolean);
  const unit = known.sort((a, b) => b.length - a.length).find((each) => plain.endsWith(each)) ?? "";
  const number = readNumber(plain.slice(0, plain.length - unit.length));
  // Zero has no sign.
  const value = number / (lever.unit === "share" ? 100 : 1) + 0;
  return allows(lever, value) ? { value } : { error: true };
}

/** The text of a lever's number field. */
export function typedText(value, lever) {
  const scaled = lever.unit === "share" ? value * 100 : value;
  return String(Number(scaled.toFixed(2)));
}
