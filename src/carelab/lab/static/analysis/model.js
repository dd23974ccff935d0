// Run the care economy: names to places in arrays, months to years. No document is needed here.

export const MONTHS = 12;

/** The month in which a year ends, both counted from nought. */
export const lastMonth = (year) => (year + 1) * MONTHS - 1;

/** What a monthly value comes to in a year, counted from nought. */
export function yearSum(year, valueOf) {
  let total = 0;
  for (let month = year * MONTHS; month <= lastMonth(year); month += 1) total += valueOf(month);
  return total;
}

/** Wrap the generated care economy; `run` gives the months of one scenario. */
export function createEngine(economy) {
  const { inputs, stocks, flows, clock } = economy;
  const places = new Map();
  const flowAt = new Map(flows.map((name, index) => [name, index]));
  const inputAt = new Map(inputs.map((name, index) => [name, index]));

  function place(context) {
    if (!places.has(context)) {
      const data = economy.places[context];
      if (!data) throw new RangeError(context);
      places.set(context, {
        fixed: Float64Array.from(inputs, (name) => data.fixed[name] ?? 0),
        stocks: Float64Array.from(data.stocks),
        ticks: ticksOf(data.ticks, clock, economy.years * MONTHS),
      });
    }
    return places.get(context);
  }

  /** The inputs of a run: a place's own, with every lever set. */
  function inputsOf(context, levers, fixed = place(context).fixed) {
    const values = Float64Array.from(fixed);
    for (const [name, value] of Object.entries(levers)) {
      const at = inputAt.get(name);
      if (at !== undefined) values[at] = value;
    }
    return values;
  }

  /** Run months into `out`, or into an array of its own. */
  function run(context, levers, years, out = new Float64Array(years * MONTHS * flows.length)) {
    const { stocks: start, ticks } = place(context);
    economy.run(inputsOf(context, levers), start, ticks, years * MONTHS, out);
    return { context, levers, years, out };
  }

  /** One flow in one month of a run. */
  function at(run_, name, month) {
    return run_.out[month * flows.length + flowIndex(name)];
  }

  function flowIndex(name) {
    const index = flowAt.get(name);
    if (index === undefined) throw new RangeError(name);
    return index;
  }

  /** A value a year: the mean of its months, or, for a stock (`next_…`), where the year ends. */
  function yearly(run_, name) {
    return Float64Array.from({ length: run_.years }, (_, year) => yearValue(run_, name, year));
  }

  /** The value of one year, counted from nought. */
  function yearValue(run_, name, year) {
    const index = flowIndex(name);
    const { out } = run_;
    const valueOf = (month) => out[month * flows.length + index];
    return name.startsWith("next_") ? valueOf(lastMonth(year)) : yearSum(year, valueOf) / MONTHS;
  }

  return { economy, place, inputsOf, run, at, yearly, yearValue, flowIndex };
}

function ticksOf(bells, clock, months) {
  const ticks = new Float64Array(months * clock.length);
  clock.forEach((name, column) => {
    if (name === "month") {
      for (let month = 0; month < months; month += 1) ticks[month * clock.length + column] = month;
    } else {
      for (const month of bells[name]) ticks[month * clock.length + column] = 1;
    }
  });
  return ticks;
}
