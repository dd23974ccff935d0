// The analysis that runs beside the page: one task a kind of question, each a generator.

import { createAttribution, refusal } from "./attribution.js";
import { createFans } from "./draws.js";
import { createExplanations } from "./explanation.js";
import { createEngine } from "./model.js";
import { createResponses } from "./responses.js";

// Quick answers first: a search never delays the explanation of a line.
export const KINDS = ["explain", "shapley", "fan", "respond"];

/** Everything that can be asked of an economy; `start(kind, request)` gives a generator. */
export function createAnalysis(economy, uncertainty) {
  const engine = createEngine(economy);
  const tasks = {
    ...createExplanations(engine),
    ...createAttribution(engine),
    ...createFans(engine, uncertainty),
    ...createResponses(engine),
  };
  return {
    engine,
    /** Take the stored places, which a page loads only when a range is asked for. */
    learn(places) {
      uncertainty.places = places;
    },
    start(kind, request) {
      if (!KINDS.includes(kind)) throw refusal("unknown_kind", { kind });
      checkRequest(economy, kind, request);
      return tasks[kind](request);
    },
  };
}

/** Carry a task to its end at once, for tests and for short tasks. */
export function finish(task) {
  for (;;) {
    const { done, value } = task.next();
    if (done) return value;
  }
}

const NEEDED = {
  fan: { levers: ["levers"], outcomes: (request) => request.outcomes },
  shapley: { levers: ["from", "to"], outcomes: (request) => request.outcomes },
  explain: { levers: ["from", "to"], outcomes: (request) => [request.outcome] },
  respond: { levers: ["levers"], outcomes: (request) => payoffNames(request.payoffs) },
};

function payoffNames(payoffs) {
  return Object.values(payoffs).flatMap((wanted) =>
    typeof wanted === "string" ? [wanted] : Object.keys(wanted),
  );
}

function within(year, most) {
  return Number.isInteger(year) && year >= 1 && year <= most;
}

function checkRequest(economy, kind, request) {
  if (!Object.hasOwn(economy.places, request.context)) {
    throw refusal("unknown_place", { context: request.context });
  }
  const years = kind === "fan" || kind === "respond" ? request.years : request.year;
  if (!within(years, economy.years)) {
    throw refusal("years_out_of_range", { years, most: economy.years });
  }
  if (kind === "fan" && !(request.year === undefined || within(request.year, years))) {
    throw refusal("years_out_of_range", { years: request.year, most: years });
  }
  for (const name of NEEDED[kind].outcomes(request)) {
    if (!economy.flows.includes(name)) throw refusal("unknown_outcome", { name });
  }
  for (const field of NEEDED[kind].levers) {
    const missing = economy.levers.find((name) => !Number.isFinite(request[field]?.[name]));
    if (missing) throw refusal("lever_missing", { field, name: missing });
  }
}
