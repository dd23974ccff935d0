// Draws of the uncertain parameters of a place, each at rest before any reform; a scenario run on
// all of them. The same draws as carelab.study.many.page_draws, the same rest as carelab.engine.places;
// where places that can exist are stored, a draw has one of them, as range_parameters has in Python.

import { refusal } from "./attribution.js";
import { MONTHS } from "./model.js";

const QUANTILES = { q05: 0.05, q25: 0.25, q50: 0.5, q75: 0.75, q95: 0.95 };
// How many draws a first, rough fan is made of, and how often work may be interrupted.
const FIRST_DRAWS = 100;
const DRAWS_A_SLICE = 10;
const KEPT_REFERENCES = 4;

/** Numbers from 0 to below 1 (mulberry32). */
export function uniformNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1) >>> 0;
    mixed = (mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61))) >>> 0;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A Latin hypercube, one column after the other: `columns` Float64Arrays of length `rows`. */
export function hypercube(rows, columns, seed) {
  const next = uniformNumbers(seed);
  return Array.from({ length: columns }, () => {
    const steps = Array.from({ length: rows }, (_, row) => row);
    for (let last = rows - 1; last > 0; last -= 1) {
      const other = Math.floor(next() * (last + 1));
      [steps[last], steps[other]] = [steps[other], steps[last]];
    }
    return Float64Array.from(steps, (step) => (step + next()) / rows);
  });
}

/** The value below which a share of sorted numbers lies, interpolated between neighbours. */
export function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/** The places that can exist, where a context has some; they come with a file of their own. */
function storedPlaces(uncertainty, context) {
  if (!uncertainty.stored?.includes(context)) return null;
  const found = uncertainty.places?.[context];
  if (!found) throw refusal("places_missing", { context });
  return found;
}

/** Draws of one place, put to rest one by one and kept. */
export function createDraws(engine, uncertainty, context, count = uncertainty.count) {
  const { economy } = engine;
  const names = uncertainty.drawn[context];
  const own = economy.places[context];
  const { spare, steady } = uncertainty;
  const rows = count + Math.max(spare.least, Math.floor(count / spare.of));
  const units = hypercube(rows, names.length, uncertainty.seed);
  const baseline = economy.presets[own.baseline];
  const still = Object.fromEntries(uncertainty.still.map((name) => [name, 0]));
  const places = [];
  let tried = 0;
  let years = null;
  const stored = storedPlaces(uncertainty, context);

  function parameters(row) {
    const unit = Object.fromEntries(names.map((name, column) => [name, units[column][row]]));
    const drawn = { ...own.fixed, ...uncertainty.unread[context], ...uncertainty.draw[context](unit) };
    if (!stored) return drawn;
    const values = stored.rows[row % stored.rows.length];
    stored.names.forEach((name, at) => {
      drawn[name] = values[at];
    });
    return drawn;
  }

  /** What the search for the state of rest leads to, by name. */
  function search(given) {
    const start = uncertainty.first(given);
    const inputs = { ...given, ...baseline, ...start, ...still };
    for (const constant of Object.keys(uncertainty.read)) inputs[constant] = 0;
    const found = new Float64Array(uncertainty.carried.length);
    uncertainty.rest(
      Float64Array.from(uncertainty.inputs, (name) => inputs[name]),
      Float64Array.from(uncertainty.carried, (name) => start[name]),
      null,
      uncertainty.months,
      found,
    );
    return { ...start, ...Object.fromEntries(uncertainty.carried.map((name, at) => [name, found[at]])) };
  }

  /** The inputs and stocks of a draw: what holds it at rest is read off its first month. */
  function settle(given) {
    const found = { ...search(given), ...uncertainty.begins };
    const fixed = { ...given };
    for (const name of uncertainty.constants) fixed[name] = found[name];
    for (const constant of Object.keys(uncertainty.read)) fixed[constant] = 0;
    const stocks = Float64Array.from(economy.stocks, (name) => found[name]);
    const ready = () => Float64Array.from(economy.inputs, (name) => fixed[name] ?? 0);
    const month = new Float64Array(economy.flows.length);
    const inputs = engine.inputsOf(context, baseline, ready());
    economy.run(inputs, stocks, new Float64Array(economy.clock.length), 1, month);
    for (const [constant, flow] of Object.entries(uncertainty.read)) {
      fixed[constant] = -month[engine.flowIndex(flow)];
    }
    return { fixed: ready(), stocks };
  }

  /** Whether a draw stays where it rests when nothing is reformed; one that does not is rejected. */
  function stays({ fixed, stocks }) {
    const inputs = engine.inputsOf(context, { ...baseline, ...steady.still }, fixed);
    years ??= new Float64Array(steady.months * economy.flows.length);
    economy.run(inputs, stocks, engine.place(context).ticks, steady.months, years);
    const last = years.subarray((steady.months - 1) * economy.flows.length);
    return steady.stocks.every((name) => {
      const ends = last[engine.flowIndex(`next_${name}`)];
      return Math.abs(ends / stocks[economy.stocks.indexOf(name)] - 1) <= steady.most;
    });
  }

  return {
    count,
    places,
    parameters,
    done: () => places.length >= count || tried >= rows,
    /** Put one more draw to rest and keep it if it stays there; true when no more are wanted. */
    advance() {
      if (this.done()) return true;
      const found = settle(parameters(tried));
      if (stays(found)) places.push({ ...found, row: tried });
      tried += 1;
      return this.done();
    },
  };
}

/** Run scenarios on all draws of a place; `fan` is a generator, so that it can be interrupted. */
export function createFans(engine, uncertainty, count = uncertainty.count) {
  const drawsOf = new Map();
  const references = new Map();
  const scratch = new Float64Array(engine.economy.years * MONTHS * engine.economy.flows.length);

  function drawsFor(context) {
    if (!drawsOf.has(context)) {
      drawsOf.set(context, createDraws(engine, uncertainty, context, count));
    }
    return drawsOf.get(context);
  }

  function valuesOf(context, draw, levers, years, outcomes) {
    const { ticks } = engine.place(context);
    const inputs = engine.inputsOf(context, levers, draw.fixed);
    engine.economy.run(inputs, draw.stocks, ticks, years * MONTHS, scratch);
    const run = { years, out: scratch };
    return outcomes.map((name) => engine.yearly(run, name));
  }

  /** The reference on a draw: run once for the outcomes asked, then kept. */
  function referenceOf(context, levers, years, outcomes) {
    const key = JSON.stringify([context, years, levers, outcomes]);
    const kept = references.get(key) ?? [];
    references.delete(key);
    references.set(key, kept);
    if (references.size > KEPT_REFERENCES) references.delete(references.keys().next().value);
    return (draw, index) => {
      kept[index] ??= valuesOf(context, draw, levers, years, outcomes);
      return kept[index];
    };
  }

  function* fanOver(draws, request) {
    const { context, levers, reference, years, year = years, outcomes } = request;
    const before = reference && referenceOf(context, reference, years, outcomes);
    const rows = [];
    const beside = [];
    for (let index = 0; index < draws.length; index += 1) {
      rows.push(valuesOf(context, draws[index], levers, years, outcomes));
      if (before) beside.push(before(draws[index], index));
      if (index % DRAWS_A_SLICE === DRAWS_A_SLICE - 1) yield null;
    }
    const bands = outcomes.map((name, at) => [name, spread(rows, at, years)]);
    const effects = outcomes.map((name, at) => [name, spread(rows, at, years, beside)]);
    const counts = outcomes.map((name, at) => [name, tally(rows, beside, at, year - 1, uncertainty)]);
    return {
      context,
      years,
      year,
      draws: draws.length,
      of: count,
      bands: Object.fromEntries(bands),
      effects: before ? Object.fromEntries(effects) : null,
      counts: before ? Object.fromEntries(counts) : null,
    };
  }

  /** Quantiles of every outcome per year, and in how many draws one year lies above the reference. */
  function* fan(request) {
    const draws = drawsFor(request.context);
    let early = draws.places.length >= Math.min(FIRST_DRAWS, draws.count);
    for (let done = draws.done(); !done; ) {
      done = draws.advance();
      const ready = draws.places.length;
      yield { stage: "rest", done: ready, of: draws.count };
      if (!early && !done && ready >= FIRST_DRAWS) {
        early = true;
        yield { partial: yield* fanOver(draws.places.slice(), request) };
      }
    }
    return yield* fanOver(draws.places, request);
  }

  return { fan, drawsFor };
}

/** Quantiles a year over the draws: of an outcome, or of what it differs by from the reference. */
function spread(rows, at, years, references = null) {
  const lines = Object.entries(QUANTILES).map(([name, share]) => [name, share, new Float64Array(years)]);
  const column = new Float64Array(rows.length);
  for (let year = 0; year < years; year += 1) {
    for (let row = 0; row < rows.length; row += 1) {
      column[row] = rows[row][at][year] - (references?.length ? references[row][at][year] : 0);
    }
    column.sort();
    for (const [, share, line] of lines) line[year] = quantile(column, share);
  }
  return Object.fromEntries(lines.map(([name, , line]) => [name, line]));
}

/** How firm a statement is that holds in so many runs; `scale` is `carelab.base.firmness.FIRMNESS`. */
export function firmnessOf(holds, runs, scale) {
  return Object.entries(scale).find(([, least]) => holds >= least * runs)[0];
}

/** What most draws say of the direction, in how many, and how firm that is. */
function tally(rows, references, at, year, { equal, firmness }) {
  const counts = { above: 0, near: 0, below: 0 };
  references.forEach((reference, index) => {
    const now = rows[index][at][year];
    const before = reference[at][year];
    const least = equal.share * Math.max(Math.abs(now), Math.abs(before)) + equal.noise;
    if (Math.abs(now - before) <= least) counts.near += 1;
    else if (now > before) counts.above += 1;
    else counts.below += 1;
  });
  const { above, near, below } = counts;
  const [way, count] = above >= below && above >= near ? ["up", above] : below >= near ? ["down", below] : ["same", near];
  return { ...counts, way, count, firmness: firmnessOf(count, rows.length, firmness) };
}
