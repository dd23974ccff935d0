// Where along a lever a gain turns from loss to gain, found in the model itself.

const COARSE = 8;
const HALVINGS = 12;

/** The first value of `lever` at which `gain(value)` crosses nil, or null. */
export function crossing(gain, { low, high }) {
  let before = gain(low);
  for (let step = 1; step <= COARSE; step += 1) {
    const at = low + ((high - low) * step) / COARSE;
    const here = gain(at);
    if (before < 0 !== here < 0) return refine(gain, at - (high - low) / COARSE, at, before);
    before = here;
  }
  return null;
}

function refine(gain, from, to, start) {
  let [low, high] = [from, to];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (gain(middle) < 0 === start < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The thresholds of some levers at a scenario, as marks with words. */
export function findThresholds(names, { registry, engine, speaker, scenario, year, show }) {
  const found = {};
  const { context, levers } = scenario;
  for (const name of names) {
    const wanted = registry.thresholds[name];
    if (!wanted) continue;
    const lever = registry.levers[name];
    found[name] = wanted.map(([key, plus, minus], index) => {
      const gain = (value) => {
        const run = engine.run(context, { ...levers, [name]: value }, year);
        const less = minus ? engine.yearValue(run, minus, year - 1) : 0;
        return engine.yearValue(run, plus, year - 1) - less;
      };
      const value = crossing(gain, lever);
      const label = speaker.t(`lab.threshold.${key}`);
      const text =
        value === null
          ? speaker.t("lab.threshold_beyond", { label })
          : speaker.t("lab.threshold", { label, value: show(value, lever) });
      return { kind: `threshold carelab-threshold-${index + 1}`, value: value ?? NaN, text };
    });
  }
  return found;
}
