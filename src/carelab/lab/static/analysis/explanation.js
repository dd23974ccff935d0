// Why a line moved: from an outcome back along what moved it most, until a lever that was changed.

import { lastMonth } from "./model.js";

// Steps of a path; a contributor below a hundredth of the largest is not followed.
const DEEPEST = 60;
const LEAST_SHARE = 0.01;
const INPUT = "inputs.";

/** Explanations over the equations of one economy. */
export function createExplanations(engine) {
  const { economy } = engine;
  const equationOf = new Map(economy.flows.map((name, at) => [name, economy.equations[at]]));
  const stockAt = new Map(economy.stocks.map((name, at) => [name, at]));
  const inputAt = new Map(economy.inputs.map((name, at) => [name, at]));
  const clockAt = new Map(economy.clock.map((name, at) => [name, at]));
  const levers = new Set(economy.levers);

  function* explain(request) {
    const { context, from, to, outcome, nodes, depth = DEEPEST } = request;
    const month = lastMonth(request.year - 1);
    const runs = [from, to].map((each) => engine.run(context, each, request.year));
    const [before, after] = runs.map((run) => reader(run, context));
    yield null;
    const view = { before, after };
    // What is small is passed over, unless no lever is found without it.
    const clear = pathFrom(view, outcome, month, depth, LEAST_SHARE);
    const path = clear.complete ? clear : pathFrom(view, outcome, month, depth, 0);
    yield null;
    const map = nodes ? links(view, nodes, month) : { nodes: [], links: [] };
    return { context, outcome, year: request.year, month, ...path, map };
  }

  /** Read any quantity of a run: a flow, `inputs.<stock>`, `inputs.<lever>`, clock, parameter. */
  function reader(run, context) {
    const { stocks, ticks } = engine.place(context);
    const inputs = engine.inputsOf(context, run.levers);
    return (name, month) => {
      if (!name.startsWith(INPUT)) return engine.at(run, name, month);
      const bare = name.slice(INPUT.length);
      if (stockAt.has(bare)) {
        return month ? engine.at(run, `next_${bare}`, month - 1) : stocks[stockAt.get(bare)];
      }
      if (clockAt.has(bare)) return ticks[month * economy.clock.length + clockAt.get(bare)];
      return inputs[inputAt.get(bare)];
    };
  }

  /** What one equation owes to each quantity it reads, one at a time; the remainder is joint. */
  function contributions({ before, after }, flow, month) {
    const { reads, of } = equationOf.get(flow);
    const old = reads.map((name) => before(name, month));
    const now = reads.map((name) => after(name, month));
    const start = of(old);
    const change = of(now) - start;
    let remainder = change;
    const parts = [];
    reads.forEach((name, at) => {
      if (old[at] === now[at]) return;
      const contribution = of(exchanged(old, at, now[at])) - start;
      // When alone it moves nothing: what would be missing without it.
      const missing = contribution || start + change - of(exchanged(now, at, old[at]));
      remainder -= contribution;
      parts.push({ name, month, before: old[at], after: now[at], contribution, missing });
    });
    return { change, remainder, parts: parts.sort(byWeight) };
  }

  /**
   * What a stock owes to each quantity that fed it in earlier months: each month's contribution,
   * times what the stock itself kept of it since.
   */
  function history(view, stock, month) {
    const own = INPUT + stock;
    const sums = new Map();
    let remainder = 0;
    let kept = 1;
    for (let at = month - 1; at >= 0 && kept !== 0; at -= 1) {
      const { remainder: joint, parts } = contributions(view, `next_${stock}`, at);
      remainder += kept * joint;
      for (const part of parts) {
        if (part.name !== own) add(sums, part, kept);
      }
      const self = parts.find((part) => part.name === own);
      kept = self ? (kept * self.contribution) / (self.after - self.before) : 0;
    }
    const change = view.after(own, month) - view.before(own, month);
    return { change, remainder, parts: [...sums.values()].sort(byWeight) };
  }

  /**
   * Walk back along the largest contributors; the steps do not count the target itself. Where all
   * that moved a step was met before, go back a step and follow its next contributor.
   */
  function pathFrom(view, outcome, month, depth, least) {
    const stock = outcome.startsWith("next_") && stockAt.has(outcome.slice(5));
    const target = stock
      ? entry(view, INPUT + outcome.slice(5), month + 1)
      : entry(view, outcome, month);
    const { before, after } = target;
    const path = [];
    const met = new Set();
    let step = target;
    while (path.length <= depth) {
      met.add(step.name);
      if (step.kind === "lever") break;
      const owed = step.parts ? step : owedBy(view, step);
      if (owed) Object.assign(step, { remainder: owed.remainder, parts: owed.parts });
      const next = owed && chosen(owed.parts, met, least);
      if (!next && !path.length) break;
      if (!next) {
        path.pop();
        step = path.length ? path[path.length - 1] : target;
        continue;
      }
      const contribution = next.contribution || next.missing;
      const found = entry(view, next.name, next.month);
      Object.assign(found, { of: step.quantity, contribution, sign: Math.sign(contribution) });
      path.push({ ...found, joint: next.contribution === 0 });
      step = path[path.length - 1];
    }
    const complete = step.kind === "lever";
    return { before, after, target: told(target), path: withoutPhases(path).map(told), complete };
  }

  /** A lever and the lever as phased in are one step. */
  function withoutPhases(path) {
    const lever = path[path.length - 1];
    const phased = path[path.length - 2];
    if (lever?.kind !== "lever" || phased?.name !== lever.quantity) return path;
    const { of, contribution, sign, joint } = phased;
    return [...path.slice(0, -2), { ...lever, of, contribution, sign, joint }];
  }

  function owedBy(view, { name, month, kind }) {
    if (kind === "flow") return contributions(view, name, month);
    return kind === "stock" && month > 0 ? history(view, name.slice(INPUT.length), month) : null;
  }

  function isStock(name) {
    return name.startsWith(INPUT) && stockAt.has(name.slice(INPUT.length));
  }

  function kindOf(name) {
    if (!name.startsWith(INPUT)) return "flow";
    if (isStock(name)) return "stock";
    return levers.has(name.slice(INPUT.length)) ? "lever" : "parameter";
  }

  /** A quantity in a month of both runs; `quantity` is its name among flows and levers. */
  function entry(view, name, month) {
    const kind = kindOf(name);
    const bare = name.startsWith(INPUT) ? name.slice(INPUT.length) : name;
    return {
      name,
      kind,
      quantity: kind === "stock" ? `next_${bare}` : bare,
      month,
      before: view.before(name, month),
      after: view.after(name, month),
    };
  }

  /** Signed links among nodes: what each moves in each other within a month, all else as before. */
  function links(view, nodes, month) {
    const known = new Map(nodes.map((name) => [name, sourceOf(name)]));
    const held = new Set(known.values());
    const places = nodes.map((name) => {
      const source = known.get(name);
      const before = view.before(source, month);
      const after = view.after(source, month);
      return { name, before, after, change: after - before, sign: Math.sign(after - before) };
    });
    const still = spreadFrom(view, month, held, null);
    const found = [];
    for (const name of nodes) {
      const source = known.get(name);
      if (view.before(source, month) === view.after(source, month)) continue;
      const moved = spreadFrom(view, month, held, source);
      for (const other of nodes) {
        const target = stockAt.has(other) ? `next_${other}` : known.get(other);
        if (other === name || !equationOf.has(target)) continue;
        const contribution = moved.get(target) - still.get(target);
        if (Math.abs(contribution) <= 1e-12 * Math.max(1e-9, Math.abs(still.get(target)))) continue;
        found.push({ from: name, to: other, contribution, sign: Math.sign(contribution) });
      }
    }
    return { nodes: places, links: found };
  }

  /** Every equation of a month, with one node as it is now and all other nodes as before. */
  function spreadFrom({ before, after }, month, held, moving) {
    const results = new Map();
    const value = (name) => {
      if (name === moving) return after(name, month);
      if (name.startsWith(INPUT) || held.has(name)) return before(name, month);
      return results.get(name);
    };
    for (const [name, { reads, of }] of equationOf) {
      results.set(name, of(reads.map(value)));
    }
    return results;
  }

  /** A node may be a flow, a stock or a lever; stocks and levers are inputs of the month. */
  function sourceOf(name) {
    return levers.has(name) || stockAt.has(name) ? INPUT + name : name;
  }

  return { explain, contributions, history, reader };
}

/** A stock is told by the flow that carries it on, which has a label. */
function told(step) {
  return { ...step, name: step.kind === "stock" ? step.quantity : step.name };
}

function exchanged(values, at, value) {
  const copy = values.slice();
  copy[at] = value;
  return copy;
}

function add(sums, part, kept) {
  const weighted = kept * part.contribution;
  const sum = sums.get(part.name);
  if (!sum) {
    sums.set(part.name, {
      ...part, contribution: weighted, missing: kept * part.missing, largest: Math.abs(weighted),
    });
    return;
  }
  sum.contribution += weighted;
  sum.missing += kept * part.missing;
  if (Math.abs(weighted) > sum.largest) {
    const { month, before, after } = part;
    Object.assign(sum, { month, before, after, largest: Math.abs(weighted) });
  }
}

function weight({ contribution, missing }) {
  return Math.abs(contribution || missing);
}

function byWeight(first, second) {
  return weight(second) - weight(first);
}

/** The largest contributor that the path has not met; small ones are not worth following. */
function chosen(parts, met, share) {
  const least = parts.length ? share * weight(parts[0]) : 0;
  return parts.find((part) => !met.has(part.name) && weight(part) > 0 && weight(part) >= least);
}
