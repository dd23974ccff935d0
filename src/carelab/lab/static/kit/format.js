// Numbers to text and text to numbers.

/** Fill {placeholders} of a text. */
export function fill(text, values) {
  return text.replace(/\{([a-z_]+(?:\|abs)?)\}/g, (whole, key) =>
    Object.hasOwn(values, key) ? values[key] : whole,
  );
}

const formats = new Map();

/** Write a number as a language does; making a format is slow, so each is made once. */
export function localNumber(value, language, options = {}) {
  const key = `${language}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, options));
  return formats.get(key).format(value);
}

/** A true minus sign, which does not break from its number. */
export function minus(text) {
  return text.replace("-", "\u2212");
}

/** Write a value with its unit: a share as a percentage, money without decimals. */
export function formatValue(value, quantity, words, language) {
  if (!Number.isFinite(value)) return "–";
  const share = quantity.unit === "share";
  const scaled = share ? value * 100 : value;
  const digits = quantity.digits ?? 0;
  // Rounding may leave a minus sign before zero.
  const rounded = Number(scaled.toFixed(digits)) + 0;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = minus(localNumber(rounded, language, format));
  const unit = words[`unit.${quantity.unit}`] ?? quantity.unit;
  if (share) return `${text}${language.startsWith("zh") ? "" : "\u202f"}${unit}`;
  return unit ? `${text} ${unit}` : text;
}

/** Read a typed value: {value} inside the lever's range, or {error: true}. */
export function parseTyped(text, lever) {
  const plain = text
    .normalize("NFKC")
    .replace(/[%\s\u202f]/g, "")
    .replace(/^(-?\d+),(\d+)$/, "$1.$2");
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(plain)) return { error: true };
  const number = Number(plain) / (lever.unit === "share" ? 100 : 1);
  if (!Number.isFinite(number) || number < lever.low || number > lever.high) return { error: true };
  return { value: number };
}

/** The text of a lever's number field. */
export function typedText(value, lever) {
  const scaled = lever.unit === "share" ? value * 100 : value;
  return String(Number(scaled.toFixed(2)));
}
