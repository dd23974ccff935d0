// The result in words.

import { fill, formatValue } from "../kit/format.js";

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
