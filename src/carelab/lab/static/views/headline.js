// One sentence made from the result: what moved, from what to what, and who pays for it.

import { digitsFor, isOpen } from "../analysis/accounts.js";

// A change of money smaller than this, in millions, is not worth a name.
export const LEAST_LOSS = 0.5;

/** Which way a result goes, so that it is the same to whoever reads the two values. */
export function wayOf(before, after, shownBefore, shownAfter) {
  if (shownBefore === shownAfter) return "same";
  return after > before ? "up" : "down";
}

/** Who loses most of all, or null; the sign of a loss that most runs do not share is not told. */
export function loserOf(changes, firmness) {
  const found = Object.entries(changes)
    .filter(([actor, change]) => change <= -LEAST_LOSS && !isOpen(firmness[actor]))
    .sort((one, other) => one[1] - other[1])[0];
  return found ? { actor: found[0], change: found[1] } : null;
}

/** How much the loser has less, and the words for it. */
export function toldLoss({ actor, change }, speaker) {
  const amount = speaker.fixed(Math.abs(change), digitsFor([change]));
  return { amount, text: speaker.t(`lab.headline.loser_${actor}`, { amount }) };
}

/** The sentence; `certain` is how firm the direction of the outcome is, null while unknown. */
export function headline({ moved, quantity, before, after, certain, changes, firmness, context, reference }, speaker) {
  const { t } = speaker;
  if (!moved) return t(`lab.headline.none_${reference}`);
  const values = {
    label: quantity.label,
    before: speaker.show(before, quantity, context),
    after: speaker.show(after, quantity, context),
  };
  const way = wayOf(before, after, values.before, values.after);
  const may = way !== "same" && isOpen(certain) ? "may_" : "";
  const first = t(`lab.headline.${may}${way}`, values);
  const loser = loserOf(changes, firmness);
  if (!loser) return first;
  return t("lab.headline.two", { first, second: toldLoss(loser, speaker).text });
}
