// The role game without a page: who may move what and when, and what came of it.

import { MONTHS } from "../analysis/model.js";

// Less than this, in money a year, is nothing to argue about.
export const NOTHING = 0.05;

/**
 * A game of some rounds. In a round all roles choose without seeing the others' choices, each only
 * its own levers; at its end all choices take effect together. `held` lists a role's levers.
 */
export function createGame(scenario, held, rounds) {
  const roles = Object.keys(held).filter((role) => held[role].length);
  const stands = [{ ...scenario.levers }];
  let chosen = {};
  let turn = 0;

  const game = {
    context: scenario.context,
    preset: scenario.preset,
    held,
    roles,
    rounds,
    /** The round now played, from one. */
    round: () => stands.length,
    /** Whose turn it is; null when the game is over. */
    role: () => (game.over() ? null : roles[turn]),
    over: () => stands.length > rounds,
    /** All levers as they stand since the last round. */
    standing: () => stands.at(-1),
    /** The levers at the start and after each round. */
    stands: () => stands.map((levers) => ({ ...levers })),
    /** What follows if only this role's present choice changes. */
    alone: (levers) => ({ ...stands.at(-1), ...only(levers, held[roles[turn]]) }),
    /** Confirm the choice of the role whose turn it is; levers of others are passed over. */
    confirm(levers) {
      if (game.over()) return;
      Object.assign(chosen, only(levers, held[roles[turn]]));
      turn += 1;
      if (turn < roles.length) return;
      stands.push({ ...stands.at(-1), ...chosen });
      chosen = {};
      turn = 0;
    },
  };
  return game;
}

function only(levers, names) {
  return Object.fromEntries(names.filter((name) => name in levers).map((name) => [name, levers[name]]));
}

/** Each role's pay-off in money a year: every year, and the mean. */
export function measurePayoffs(engine, context, levers, years, roles) {
  const run = engine.run(context, levers, years);
  return Object.fromEntries(
    roles.map((role) => {
      const values = Array.from(engine.yearly(run, `payoff_${role}`), (each) => each * MONTHS);
      return [role, { years: values, mean: mean(values) }];
    }),
  );
}

function mean(values) {
  return values.reduce((total, each) => total + each, 0) / values.length;
}

/** Change of each role's mean pay-off against no reform. */
export function gains(payoffs, base) {
  return Object.fromEntries(Object.keys(base).map((role) => [role, payoffs[role].mean - base[role].mean]));
}

/** What each role gained in the round that just ended, and against no reform; `measure` gives pay-offs. */
export function lastRound(game, measure, base) {
  const [before, after] = game.stands().slice(-2).map(measure);
  const [step, gain] = [gains(after, before), gains(after, base)];
  return game.roles.map((role) => ({ role, step: step[role], gain: gain[role] }));
}

/** The sum over the roles. */
export function total(values) {
  return Object.values(values).reduce((sum, each) => sum + each, 0);
}

/** Every lever that somebody moved: who, and its value at the start and after each round. */
export function movedLevers(game) {
  const stands = game.stands();
  return game.roles.flatMap((role) =>
    game.held[role]
      .map((lever) => ({ role, lever, values: stands.map((levers) => levers[lever]) }))
      .filter(({ values }) => values.some((value) => value !== values[0])),
  );
}

/** What the analyst is asked after the last round. */
export function analystRequest(game, years, ranges) {
  const levers = game.standing();
  return {
    context: game.context,
    years,
    levers,
    holder: Object.fromEntries(game.roles.map((role) => [role, [...game.held[role]]])),
    payoffs: Object.fromEntries(game.roles.map((role) => [role, `payoff_${role}`])),
    ranges: Object.fromEntries(
      Object.keys(levers).map((name) => [name, [ranges[name].low, ranges[name].high, ranges[name].step]]),
    ),
  };
}

/** What the analyst found, in money a year against no reform. */
export function readAnswer(answer, game, base) {
  const yearly = (payoffs) =>
    Object.fromEntries(game.roles.map((role) => [role, payoffs[role] * MONTHS - base[role].mean]));
  const levers = game.standing();
  const { equilibrium, optimum } = answer;
  return {
    responses: game.roles.map((role) => {
      const best = answer.responses[role];
      const changes = Object.entries(best.levers).filter(([name, value]) => value !== levers[name]);
      return { role, changes, regret: best.regret * MONTHS, gain: best.best * MONTHS - base[role].mean };
    }),
    settled: { ...equilibrium, gains: yearly(equilibrium.payoffs) },
    together: { levers: optimum.levers, gains: yearly(optimum.payoffs) },
  };
}

/** Which question the result raises: {key, role, loss}. */
export function discussion(played, together) {
  const roles = Object.keys(played);
  const more = total(together) - total(played);
  if (more < NOTHING) return { key: "near" };
  const losses = roles.map((role) => ({ role, loss: played[role] - together[role] }));
  const worst = losses.reduce((most, each) => (each.loss > most.loss ? each : most));
  if (worst.loss > NOTHING) return { key: "loser", ...worst };
  return { key: "nobody" };
}

/** The whole game as rows of a file. */
export function gameRows(game, series) {
  const rows = [["what", "when", "role", "lever", "value"]];
  game.stands().forEach((levers, round) => {
    for (const role of game.roles) {
      for (const lever of game.held[role]) rows.push(["lever", round ? `round_${round}` : "start", role, lever, levers[lever]]);
    }
  });
  for (const { key, gains: found } of series) {
    for (const role of game.roles) rows.push(["gain_a_year_against_no_reform", key, role, "", found[role]]);
  }
  return rows;
}
