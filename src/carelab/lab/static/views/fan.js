// The uncertainty fan: asked of the analyst beside the page, never waited for.

import { make } from "../kit/dom.js";

/** Build the switch; bands and counts arrive when they are ready, and only the newest are kept. */
export function buildFan({ config, registry, speaker, analyst, charts, outcomes, watched, redraw }) {
  const { t } = speaker;
  const box = make("input", { type: "checkbox" });
  const note = make("span", { class: "carelab-soft" });
  const element = make("p", { class: "carelab-fan" }, make("label", {}, box, " ", t("lab.fan")), " ", note);
  let latest = null;
  let wanted = null;
  let seen = false;
  let asking = false;
  box.checked = Boolean(analyst);
  element.hidden = !analyst;

  async function send() {
    if (!analyst || !wanted || !seen || asking) return;
    const { scenario, reference, year } = wanted;
    if (!latest) note.textContent = t("lab.fan_first");
    // One at a time: a drag that asked anew with every move would never get an answer.
    asking = true;
    const found = await answer(scenario, reference, year);
    asking = false;
    if (found) {
      latest = { scenario, reference, year, context: scenario.context, ...found };
      note.textContent = "";
      redraw();
    }
    if (wanted.scenario !== scenario || wanted.year !== year || wanted.reference !== reference) send();
  }

  async function answer(scenario, reference, year) {
    try {
      return await analyst.fan({
        context: scenario.context,
        levers: scenario.levers,
        reference: reference.levers,
        years: config.years,
        year,
        outcomes,
      });
    } catch (error) {
      note.textContent = t("lab.fan_failed", { reason: error.message });
      return null;
    }
  }

  const onBox = () => redraw();
  box.addEventListener("change", onBox);
  // A lab far down the page costs nothing until it is scrolled to.
  const watcher = new IntersectionObserver((entries) => {
    if (seen || !entries.some((entry) => entry.isIntersecting)) return;
    seen = true;
    watcher.disconnect();
    send();
  });
  watcher.observe(watched);

  return {
    element,
    ask(scenario, reference, year) {
      if (wanted?.scenario === scenario && wanted.year === year && wanted.reference === reference) return;
      // Around another reference, what is known says nothing.
      if (latest && latest.reference !== reference) latest = null;
      wanted = { scenario, reference, year };
      send();
    },
    /**
     * Where the line would lie with the effect that the reform has in the draws: what a draw adds to
     * its own unreformed place is added to this one. While a lever moves, the last one known.
     */
    band(name, scenario, before) {
      if (!box.checked || !latest || latest.context !== scenario.context) return null;
      const effect = latest.effects[name];
      // A share stays a share, however much a draw would add to it.
      const share = charts.find((chart) => chart.name === name).quantity.unit === "share";
      const inside = (value) => (share ? Math.min(1, Math.max(0, value)) : value);
      const on = (values) => Float64Array.from(before, (value, year) => inside(value + values[year]));
      return { low: on(effect.q05), lower: on(effect.q25), middle: on(effect.q50), upper: on(effect.q75), high: on(effect.q95) };
    },
    /** Counts and effects of an outcome in the year shown, of the scenario shown; else null. */
    found(name, scenario, year) {
      if (!latest || latest.scenario !== scenario || latest.year !== year || !latest.counts?.[name]) return null;
      const effect = Object.fromEntries(Object.entries(latest.effects[name]).map(([share, values]) => [share, values[year - 1]]));
      return { count: latest.counts[name], effect };
    },
    /** How firm the direction of each headline is; null while that is worked out. */
    sentence(scenario, year, against) {
      if (!analyst) return "";
      if (!latest) return null;
      if (latest.scenario !== scenario || latest.year !== year) return null;
      const told = charts.map(({ name, quantity }) => {
        const { way, count, firmness } = latest.counts[name];
        return t(`lab.holds_${way}`, { label: quantity.label, count, firmness: t(`firmness.${firmness}`) });
      });
      return t("lab.holds", { draws: latest.draws, year, told: speaker.chain(told), against: t(`lab.against_${against}`) });
    },
    destroy() {
      box.removeEventListener("change", onBox);
      watcher.disconnect();
    },
  };
}
