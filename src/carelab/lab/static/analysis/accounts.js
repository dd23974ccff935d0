// What each actor has in hand, and what that says: amounts that add up, how firm their sign is.
// No document is needed here.

import { yearSum } from "./model.js";

const ENDS = [["q05", "q95"], ["q25", "q75"]];

/** Whether a direction is one that most runs do not share. */
export const isOpen = (firmness) => firmness === "open" || firmness === "against";

/** The terms of a sum, `a*b` or `-a*b`, each by its name and its sign. */
export const signedTerms = (terms) => terms.map((term) => ({ name: term.replace(/^-/, ""), sign: term.startsWith("-") ? -1 : 1 }));

/** Sums of products of the model's quantities; `monthly(names)` gives a product. */
export function sumTerms(terms, monthly) {
  return signedTerms(terms).reduce((sum, { name, sign }) => sum + sign * monthly(name.split("*")), 0);
}

/** A product of flows and `inputs.…` over the months of a year, counted from nought. */
export function yearTotal(engine, run, inputs, names, year) {
  return yearSum(year, (month) =>
    names.reduce((product, name) => {
      if (!name.startsWith("inputs.")) return product * engine.at(run, name, month);
      return product * inputs[engine.economy.inputs.indexOf(name.slice(7))];
    }, 1),
  );
}

/** Millions a year in a place, actor by actor. */
export function accountsOf(engine, accounts, run, year, residents) {
  const inputs = engine.inputsOf(run.context, run.levers);
  const monthly = (names) => yearTotal(engine, run, inputs, names, year);
  return Object.fromEntries(
    Object.entries(accounts).map(([actor, terms]) => [actor, (sumTerms(terms, monthly) * residents) / 1e6]),
  );
}

/** Healthy years of life that a place has in a year. */
export const healthyYears = (engine, run, year, residents) => engine.yearValue(run, "life_years", year) * residents;

/** Digits after the point: amounts above two are whole numbers. */
export function digitsFor(amounts) {
  const most = Math.max(...amounts.map(Math.abs));
  return most > 1e-9 && most < 2 ? 1 : 0;
}

/** Round numbers so that they add up to their rounded sum: {parts, total}. */
export function addUp(amounts, digits) {
  const scale = 10 ** digits;
  const exact = amounts.map((each) => each * scale);
  const total = Math.round(exact.reduce((sum, each) => sum + each, 0));
  const parts = exact.map(Math.round);
  let missing = total - parts.reduce((sum, each) => sum + each, 0);
  const order = exact.map((each, at) => at).sort((a, b) => {
    const rest = (at) => (exact[at] - parts[at]) * Math.sign(missing);
    return rest(b) - rest(a);
  });
  for (let at = 0; missing !== 0 && at < order.length; at += 1) {
    parts[order[at]] += Math.sign(missing);
    missing -= Math.sign(missing);
  }
  return { parts: parts.map((each) => (each + 0) / scale), total: (total + 0) / scale };
}

/**
 * How firm the sign of a change is, by the runs that agree with it: a sum of one drawn flow and of
 * `known`, which is the same in every run, is judged by the quantiles of the flow.
 */
export function firmSign(change, found, firmnessOf) {
  if (!found || Math.abs(change) < 1e-9) return null;
  const { count, effect, known = 0 } = found;
  if (!known) {
    const agree = change > 0 ? count.above : count.below;
    return firmnessOf(agree, count.above + count.near + count.below);
  }
  const [firm, likely] = ENDS.map((ends) =>
    ends.every((name) => Math.sign(known + effect[name]) === Math.sign(change)),
  );
  return firm ? "firm" : likely ? "likely" : "open";
}

/** Hundred cases by where they are treated: primary care, hospital, outside. */
export function hundredCases(engine, run, year) {
  const at = (name) => engine.yearValue(run, name, year);
  const cases = [
    at("mild_primary"),
    at("mild_hospital") + at("serious_hospital"),
    at("mild_outside") + at("serious_outside"),
  ];
  const all = cases.reduce((sum, each) => sum + each, 0);
  const { parts } = addUp(cases.map((each) => (100 * each) / all), 0);
  return { primary: parts[0], hospital: parts[1], outside: parts[2] };
}

/** Millions a year that the insurer pays to each place of care. */
export function fundFlows(engine, money, run, year, residents) {
  const inputs = engine.inputsOf(run.context, run.levers);
  const monthly = (names) => yearTotal(engine, run, inputs, names, year);
  const paid = { primary: 0, hospital: 0, outside: 0 };
  for (const [source, target, terms] of money) {
    if (source === "insurer") paid[target] += (sumTerms(terms, monthly) * residents) / 1e6;
  }
  return paid;
}

