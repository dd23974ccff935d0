"""Each effort climbs the objective of the side that makes it, a step a month.

No first-order condition is written here: the slopes are those of the objectives as coded, found by
differentiating the month.
"""

from typing import Any

from carelab.engine.foresight import foresight, slopes_now
from carelab.engine.names import ANCHORED, EFFORTS, OWN_EFFORTS, UNMADE_BEFORE
from carelab.engine.objective import effort_cost
from carelab.tracing import maximum, minimum
from carelab.tracing.gradient import plus, pull_back, times

_PARTNER = {"hospital": "primary", "primary": "hospital"}


def climb(inputs: Any, flows: Any) -> None:
    """Move every effort a step towards where its side would gain no more.

    Parameters
    ----------
    inputs : namespace
        Efforts now, their costs, the constants of rest, the months of adjustment.
    flows : recorder
        Receives ``<effort>_rise``, what one unit more brings the side that makes it, its target
        and its next value.
    """
    slopes = slopes_now(flows)
    _explain(flows, slopes)
    futures = foresight(inputs, flows, slopes)
    for side, efforts in OWN_EFFORTS.items():
        for effort in efforts:
            # Own gain, the partner's as far as the two govern together, the patients' as far as
            # one cares, and what is left for later.
            gain = plus(
                plus(
                    slopes[side][effort],
                    times(flows.governance_share, slopes[_PARTNER[side]][effort]),
                ),
                plus(times(inputs.altruism, slopes["welfare"][effort]), futures[side][effort]),
            )
            _target(effort, gain, inputs, flows)
    for effort in (*EFFORTS, "mentoring"):
        now = getattr(inputs, effort)
        step = (getattr(flows, f"{effort}_target") - now) / inputs.effort_months
        setattr(flows, f"next_{effort}", now + step)


def _target(effort: str, gain: Any, inputs: Any, flows: Any) -> None:
    """Say where one side's effort is heading: a step of Newton from where it is."""
    short = effort.removesuffix("_effort")
    setattr(flows, f"{short}_slope", gain)
    slope, held = getattr(flows, f"{short}_slope"), None
    if effort in ANCHORED:
        # What the place's own effort before the reform shows of motives that are not modelled. An
        # effort that nobody makes yet has a cost of starting, never a push to start.
        unmade = effort in UNMADE_BEFORE
        setattr(flows, f"{short}_pull", maximum(0.0, slope) if unmade else 1.0 * slope)
        held = flows.cost_trend * getattr(inputs, f"{short}_norm")
    setattr(flows, f"{short}_rise", slope + held if held is not None else 1.0 * slope)
    rise, now = getattr(flows, f"{short}_rise"), getattr(inputs, effort)
    cost = effort_cost(effort, inputs) * flows.price_level
    # A step of Newton: a benefit (the constant left out) wears off as fast as it is large.
    benefit = rise - held + cost * now if held is not None else rise + cost * now
    best = maximum(0.0, now + rise / (cost + maximum(0.0, benefit)))
    if effort == "mentoring":
        offered = flows.mentoring_offered_share
        best = minimum(offered, maximum(offered * flows.push, best))
    setattr(flows, f"{effort}_target", best)


def _explain(flows: Any, slopes: dict[str, dict[str, Any]]) -> None:
    """Say what a case is worth to a side, by the slopes of its objective."""
    hospital, primary = slopes["hospital"], slopes["primary"]
    flows.hospital_gain_mild = -hospital["mild_need"]
    flows.hospital_gain_serious = -hospital["serious_need"]
    flows.primary_gain_mild = -primary["mild_need"]
    flows.primary_gain_serious = -primary["serious_need"]
    flows.mild_retention_gain = hospital["mild_hospital"] - hospital["mild_outside"]
    flows.serious_retention_gain = hospital["serious_hospital"] - hospital["serious_outside"]
    # What of it the contract adds: a case inside against a case outside, in the gap of the budget.
    cases = {name: f"gap_by_{name}" for name in ("serious_hospital", "serious_outside")}
    charged = pull_back(flows, {"gap": 1.0}, EFFORTS, "gap", cases)
    flows.contract_retention_gain = flows.hospital_felt_share * (
        charged["serious_hospital"] - charged["serious_outside"]
    )
