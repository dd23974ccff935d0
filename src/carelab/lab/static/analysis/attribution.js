// How much of a change each changed lever brings: exact Shapley values, which add up.

import { MONTHS } from "./model.js";

const MOST_PLAYERS = 10;
const RUNS_A_SLICE = 16;

/** An error with a code that the page has words for. */
export function refusal(code, details) {
  return Object.assign(new RangeError(code), { code, details });
}

/** The levers that two settings set differently, in the order of the economy. */
export function changedLevers(economy, from, to) {
  return economy.levers.filter((name) => from[name] !== to[name]);
}

/** Weight of a coalition of each size in a Shapley value of `count` players. */
export function coalitionWeights(count) {
  const weights = [1 / count];
  for (let size = 1; size < count; size += 1) {
    weights.push((weights[size - 1] * size) / (count - size));
  }
  return weights;
}

/** Value of an outcome for every coalition, coalitions as bits: what each player adds. */
export function shapleyValues(values, count) {
  const weights = coalitionWeights(count);
  const size = Array.from(values, (_, mask) => bits(mask));
  return Float64Array.from({ length: count }, (_, player) => {
    const bit = 1 << player;
    let total = 0;
    for (let mask = 0; mask < values.length; mask += 1) {
      if (!(mask & bit)) total += weights[size[mask]] * (values[mask | bit] - values[mask]);
    }
    return total;
  });
}

function bits(mask) {
  let count = 0;
  for (let rest = mask; rest; rest >>>= 1) count += rest & 1;
  return count;
}

/** Attribution over the runs of one engine; a generator, so that it can be interrupted. */
export function createAttribution(engine) {
  const { economy } = engine;
  const scratch = new Float64Array(economy.years * MONTHS * economy.flows.length);

  function valuesAt({ context, outcomes, year }, levers) {
    const run = engine.run(context, levers, year, scratch);
    return outcomes.map((name) => engine.yearValue(run, name, year - 1));
  }

  /** Groups of levers, each moved as one; every changed lever that none names is the rest. */
  function* playersOf(request) {
    const changed = changedLevers(economy, request.from, request.to);
    let groups = request.groups ?? request.names?.map((name) => [name]);
    if (!groups && changed.length > MOST_PLAYERS) {
      groups = (yield* byStrength(request, changed)).slice(0, MOST_PLAYERS - 1).map((name) => [name]);
    }
    const players = withRest(groups ?? changed.map((name) => [name]), changed);
    if (players.length > MOST_PLAYERS) {
      throw refusal("too_many_levers", { most: MOST_PLAYERS, given: players.length });
    }
    return players;
  }

  /** Changed levers by what each takes away from the whole when it alone is not moved. */
  function* byStrength(request, changed) {
    const whole = valuesAt(request, request.to);
    const start = valuesAt(request, request.from);
    const strength = new Map();
    for (const name of changed) {
      const without = valuesAt(request, { ...request.to, [name]: request.from[name] });
      const shares = whole.map((value, at) => {
        const scale = Math.max(Math.abs(value - start[at]), 1e-9 * Math.abs(value), 1e-12);
        return Math.abs(value - without[at]) / scale;
      });
      strength.set(name, shares.reduce((sum, each) => sum + each, 0));
      yield null;
    }
    return [...changed].sort((a, b) => strength.get(b) - strength.get(a));
  }

  /** What each changed lever brings to each outcome in a year; the parts add up to the whole. */
  function* shapley(request) {
    const { from, to, outcomes } = request;
    const players = yield* playersOf(request);
    const coalitions = 2 ** players.length;
    const values = outcomes.map(() => new Float64Array(coalitions));
    for (let mask = 0; mask < coalitions; mask += 1) {
      const levers = { ...from };
      players.forEach((members, at) => {
        if (mask & (1 << at)) for (const name of members) levers[name] = to[name];
      });
      valuesAt(request, levers).forEach((value, at) => {
        values[at][mask] = value;
      });
      const done = mask + 1;
      if (done % RUNS_A_SLICE === 0) yield { stage: "runs", done, of: coalitions };
    }
    return report(request, players, values);
  }

  return { shapley };
}

function withRest(groups, changed) {
  const named = new Set(groups.flat());
  const rest = changed.filter((name) => !named.has(name));
  const players = groups.map((group) => [...group]);
  return rest.length ? [...players, rest] : players;
}

function report({ context, year, outcomes }, players, values) {
  const contributions = {};
  const totals = {};
  outcomes.forEach((name, at) => {
    const all = values[at];
    const [before, after] = [all[0], all[all.length - 1]];
    totals[name] = { before, after, change: after - before };
    contributions[name] = players.length ? [...shapleyValues(all, players.length)] : [];
  });
  return { context, year, players, runs: 2 ** players.length, contributions, totals };
}
