// What the small model gives, ready to be shown: along a lever, in sentences, in rows.

import { fill, formatValue } from "../kit/format.js";

/** Run the model along one lever, everything else as set. */
export function sweep(model, inputs, lever, steps = 60) {
  const rows = [];
  for (let index = 0; index <= steps; index += 1) {
    const at = lever.low + ((lever.high - lever.low) * index) / steps;
    rows.push({ at, flows: model({ ...inputs, [lever.name]: at }) });
  }
  return rows;
}

/** Format every quantity, and its absolute value, for use in a sentence. */
export function spokenValues(flows, config) {
  const spoken = {};
  for (const quantity of config.quantities) {
    const value = flows[quantity.name];
    spoken[quantity.name] = formatValue(value, quantity, config.words, config.language);
    spoken[`${quantity.name}|abs`] = formatValue(
      Math.abs(value),
      quantity,
      config.words,
      config.language,
    );
  }
  return spoken;
}

/** Choose above, below or zero for one rule. */
export function ruleKey(rule, flows) {
  if (!rule.output) return rule.text;
  const value = flows[rule.output];
  if (Math.abs(value) < (rule.nothing ?? 1e-9)) return rule.zero;
  return value > 0 ? rule.above : rule.below;
}

/** Write the sentences for the present results. */
export function summarySentences(flows, config) {
  const spoken = spokenValues(flows, config);
  return config.summary.map((rule) => fill(config.words[ruleKey(rule, flows)] ?? "", spoken));
}

/** Rows of the results table: every shown quantity now and under the reference. */
export function resultRows(flows, reference, config) {
  const { words, language } = config;
  return config.results.map((name) => {
    const quantity = config.quantities.find((each) => each.name === name);
    return [
      quantity.label,
      formatValue(flows[name], quantity, words, language),
      formatValue(reference[name], quantity, words, language),
    ];
  });
}

/** Rows of the chart's table twin: eleven points along the lever. */
export function chartRows(rows, lever, config) {
  const { words, language } = config;
  const every = Math.max(1, Math.round((rows.length - 1) / 10));
  return rows
    .filter((_, index) => index % every === 0)
    .map((row) => [
      formatValue(row.at, { unit: lever.unit, digits: 0 }, words, language),
      ...config.lines.map((name) => {
        const quantity = config.quantities.find((each) => each.name === name);
        return formatValue(row.flows[name], quantity, words, language);
      }),
    ]);
}
