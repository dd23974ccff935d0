// What each role would do with its own levers: best responses, where they settle, and what all
// together could reach. Every search is deterministic: same request, same answer.

import { MONTHS } from "./model.js";

const COARSE_POINTS = 6;
const SWEEPS = 2;
const ROUNDS = 20;
// Up to so many points a coarse grid is searched as a whole, not lever by lever.
const WHOLE_GRID = 216;
const FINE_POINTS = 24;
// A smaller gain is rounding, not a reason to move.
const LEAST_GAIN = 1e-9;

/** A value on the lever's step, between its ends, free of rounding dust. */
export function onStep(value, [low, high, step]) {
  const steps = Math.round((value - low) / step);
  return Number(Math.min(high, Math.max(low, low + steps * step)).toPrecision(12));
}

/** At most six values of a lever, evenly spread over its range, both ends among them. */
export function coarseGrid(range) {
  const [low, high, step] = range;
  const count = Math.min(COARSE_POINTS, Math.floor((high - low) / step + 1e-9) + 1);
  if (count < 2) return [low];
  const spread = Array.from({ length: count }, (_, at) =>
    at === count - 1 ? high : onStep(low + ((high - low) * at) / (count - 1), range),
  );
  return [...new Set(spread)];
}

/** Values on the step around a value, as far as the next points of the coarse grid. */
export function fineGrid(value, range) {
  const [low, high, step] = range;
  const reach = Math.min((high - low) / (COARSE_POINTS - 1), (step * FINE_POINTS) / 2);
  const steps = Math.max(1, Math.ceil(reach / step - 1e-9));
  const around = Array.from({ length: 2 * steps + 1 }, (_, at) =>
    onStep(value + (at - steps) * step, range),
  );
  return [...new Set(around)];
}

/** Best responses over the runs of one engine; generators, so that they can be interrupted. */
export function createResponses(engine) {
  const { economy } = engine;
  const scratch = new Float64Array(economy.years * MONTHS * economy.flows.length);

  /** Mean of a pay-off over the years: an outcome, or outcomes with weights. */
  function payoff(run, wanted) {
    const weights = typeof wanted === "string" ? { [wanted]: 1 } : wanted;
    let total = 0;
    for (const [name, weight] of Object.entries(weights)) {
      for (let year = 0; year < run.years; year += 1) {
        total += (weight * engine.yearValue(run, name, year)) / run.years;
      }
    }
    return total;
  }

  function payoffsOf({ context, years, payoffs }, levers) {
    const run = engine.run(context, levers, years, scratch);
    return Object.fromEntries(
      Object.entries(payoffs).map(([role, wanted]) => [role, payoff(run, wanted)]),
    );
  }

  /** The best settings of some levers, from where they stand, for a function of the levers. */
  function* maximise(start, names, ranges, worth) {
    let best = { levers: { ...start }, value: worth(start) };
    const attempt = (changes) => {
      const levers = { ...best.levers, ...changes };
      const value = worth(levers);
      if (value > best.value + LEAST_GAIN * Math.max(1, Math.abs(best.value))) {
        best = { levers, value };
      }
    };
    const grids = names.map((name) => coarseGrid(ranges[name]));
    const points = grids.reduce((product, grid) => product * grid.length, 1);
    if (points <= WHOLE_GRID) {
      for (let point = 0; point < points; point += 1) {
        attempt(settingsAt(point, names, grids));
        if (point % COARSE_POINTS === 0) yield null;
      }
    } else {
      for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
        for (const [at, name] of names.entries()) {
          for (const value of grids[at]) attempt({ [name]: value });
          yield null;
        }
      }
    }
    for (const name of names) {
      for (const value of fineGrid(best.levers[name], ranges[name])) attempt({ [name]: value });
      yield null;
    }
    return best;
  }

  function* bestResponse(request, role, levers) {
    const worth = (tried) => payoffsOf({ ...request, payoffs: one(request, role) }, tried)[role];
    return yield* maximise(levers, request.holder[role], request.ranges, worth);
  }

  /** Each role in turn answers the others, until a whole round changes nothing. */
  function* settle(request, roles) {
    let levers = { ...request.levers };
    const met = new Set();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const before = keyOf(levers);
      if (met.has(before)) return { levers, rounds: round - 1, settled: false, circles: true };
      met.add(before);
      for (const role of roles) levers = (yield* bestResponse(request, role, levers)).levers;
      yield { stage: "rounds", done: round, of: ROUNDS };
      if (keyOf(levers) === before) return { levers, rounds: round, settled: true, circles: false };
    }
    return { levers, rounds: ROUNDS, settled: false, circles: false };
  }

  /** The largest sum of pay-offs found, from the present, the equilibrium and each other. */
  function* together(request, roles, starts) {
    const names = [...new Set(roles.flatMap((role) => request.holder[role]))];
    const worth = (tried) => sum(payoffsOf(request, tried));
    let best = null;
    for (const [at, start] of starts.entries()) {
      const found = yield* maximise(start, names, request.ranges, worth);
      if (!best || found.value > best.value) best = found;
      yield { stage: "together", done: at + 1, of: starts.length };
    }
    return best.levers;
  }

  function* respond(request) {
    const roles = Object.keys(request.holder);
    const present = payoffsOf(request, request.levers);
    const responses = {};
    for (const [at, role] of roles.entries()) {
      const best = yield* bestResponse(request, role, request.levers);
      responses[role] = {
        levers: only(best.levers, request.holder[role]),
        now: present[role],
        best: best.value,
        regret: best.value - present[role],
      };
      yield { stage: "responses", done: at + 1, of: roles.length };
    }
    const equilibrium = yield* settle(request, roles);
    equilibrium.payoffs = payoffsOf(request, equilibrium.levers);
    const levers = yield* together(request, roles, [request.levers, equilibrium.levers]);
    const payoffs = payoffsOf(request, levers);
    const optimum = { levers, payoffs, sum: sum(payoffs) };
    return { payoffs: present, sum: sum(present), responses, equilibrium, optimum };
  }

  return { respond };
}

function settingsAt(point, names, grids) {
  let rest = point;
  const chosen = {};
  names.forEach((name, at) => {
    chosen[name] = grids[at][rest % grids[at].length];
    rest = Math.floor(rest / grids[at].length);
  });
  return chosen;
}

function one(request, role) {
  return { [role]: request.payoffs[role] };
}

function only(levers, names) {
  return Object.fromEntries(names.map((name) => [name, levers[name]]));
}

function keyOf(levers) {
  return JSON.stringify(Object.keys(levers).sort().map((name) => [name, levers[name]]));
}

function sum(payoffs) {
  return Object.values(payoffs).reduce((total, each) => total + each, 0);
}
