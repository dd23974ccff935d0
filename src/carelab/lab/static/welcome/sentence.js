// What the welcome lab says of its result: how many are reached, and who pays for it. No document is
// needed here.

import { wayOf } from "../views/headline.js";

const OPEN = ["open", "against"];
// A change of money smaller than this, in millions, is not worth a sentence.
const LEAST_TOLD = 0.5;

/** How many of a hundred a share is. */
export const ofHundred = (share) => Math.round(share * 100);

/**
 * The sentences, in order: `before` and `now` are shares of the residents whom prevention reaches,
 * `changes` millions a year by actor, `firmness` how firm each direction is.
 */
export function welcomeSentences({ moved, before, now, changes, firmness, money }, speaker) {
  const { t } = speaker;
  if (!moved) return [t("lab.welcome.nothing")];
  const [was, is] = [ofHundred(before), ofHundred(now)];
  const way = wayOf(was, is, String(was), String(is));
  const may = way !== "same" && OPEN.includes(firmness.reach) ? "may_" : "";
  const told = [t(`lab.welcome.reach_${may}${way}`, { now: is, before: was })];
  for (const actor of ["outside", "hospital"]) {
    const change = changes[actor];
    if (OPEN.includes(firmness[actor])) told.push(t(`lab.welcome.${actor}_open`));
    else if (Math.abs(change) >= LEAST_TOLD) {
      const amount = speaker.fixed(Math.abs(change), Math.abs(change) < 2 ? 1 : 0);
      told.push(t(`lab.welcome.${actor}_${change < 0 ? "loses" : "gains"}`, { amount, money }));
    }
  }
  return told;
}
