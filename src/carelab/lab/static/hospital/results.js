// What the small model gives, ready to be shown: along a lever, at its ends, in sentences.

/** Run the model along one lever, everything else as set. */
export function sweep(run, levers, lever, steps = 60) {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const at = lever.low + ((lever.high - lever.low) * index) / steps;
    return { at, flows: run({ ...levers, [lever.name]: at }) };
  });
}

/** Everything that some quantities can be while each lever lies at one of its ends. */
export function reachOf(run, levers, names) {
  const corners = levers.reduce((all, { name, low, high }) => all.flatMap((each) => [low, high].map((end) => ({ ...each, [name]: end }))), [{}]);
  return corners.map(run).flatMap((flows) => names.map((name) => flows[name]));
}

/** Choose above, below or zero for one rule. */
export function ruleKey(rule, flows) {
  if (!rule.output) return rule.text;
  const value = flows[rule.output];
  if (Math.abs(value) < (rule.nothing ?? 1e-9)) return rule.zero;
  return value > 0 ? rule.above : rule.below;
}

/** Write the sentences for the present results; `name|abs` is a number without sign and unit. */
export function summarySentences(flows, rules, quantities, speaker) {
  const spoken = Object.values(quantities).flatMap((quantity) => {
    const value = flows[quantity.name];
    return [[quantity.name, speaker.show(value, quantity)], [`${quantity.name}|abs`, speaker.fixed(Math.abs(value), quantity.digits)]];
  });
  return rules.map((rule) => speaker.t(ruleKey(rule, flows), Object.fromEntries(spoken)));
}
