"""How a place finds its state of rest: the month that is repeated, and what holds afterwards.

Written as a model and as data, so that a page can find the rest of other parameters by itself.
Efforts and capacities before the reform are data; only the mix of people has to settle.
"""

from typing import Any

from carelab.engine.names import ANCHORED, BALANCES, CLOCK, EFFORTS, MADE_BEFORE, PEOPLE
from carelab.engine.step import care

# The mix of people settles with half-lives below a hundred months. A few draws of the parameters
# are slower: where they stand then depends on the way, so every search takes as many months from
# the same start.
MONTHS_TO_REST = 3000
NO_CLOCK = dict.fromkeys(CLOCK, 0.0)
# Whatever the search left in them, a run begins with these.
BEGINS_AT = {
    **dict.fromkeys((*BALANCES, "settlement_due"), 0.0),
    **dict.fromkeys(("year_budget", "year_spending"), 0.0),
    "benchmark_ratio": 1.0,
}
# Constants that are read off the first month, each with a minus sign: the grants that let hospital
# and primary care break even, and what holds each effort of the place where it is.
READ_AT_REST = {
    "hospital_block_grant": "hospital_change",
    "primary_block_grant": "primary_change",
    **{
        f"{effort.removesuffix('_effort')}_norm": f"{effort.removesuffix('_effort')}_pull"
        for effort in ANCHORED
    },
}
# Constants of the baseline that are read off each month of the search.
_READ_OFF = {
    "start_retention": "retention",
    "start_intensity": "intensity",
    "start_reach": "reach",
    "start_siphon": "siphon",
    "start_price_factor": "cost_factor",
    "start_lack": "lack_of_treatment",
    "start_primary_load": "next_primary_load",
    "start_hospital_load": "next_hospital_load",
    "start_hospital_income": "hospital_income",
    "start_primary_covered": "primary_covered",
    "start_inside_spending": "inside_spending",
    "start_outside_spending": "outside_paid",
    "premium": "insured_spending",
}
# What the search finds beside the stocks.
CONSTANTS = (
    *(f"start_{state}" for state in PEOPLE),
    *_READ_OFF,
    "start_death_rate",
    "hospital_fixed_cost",
)
# The stocks that have to settle; all others are at rest where they begin.
SETTLING = (*PEOPLE, "primary_load", "hospital_load")


def first_month(inputs: Any, flows: Any) -> None:
    """Say with which stocks and constants the search begins.

    Parameters
    ----------
    inputs : namespace
        Parameters of the place.
    flows : namespace
        Receives every stock and every one of `CONSTANTS` by its name.
    """
    for state in PEOPLE:
        setattr(flows, state, inputs.population / len(PEOPLE))
        setattr(flows, f"start_{state}", 1 / len(PEOPLE))
    flows.start_death_rate = 1.0 * inputs.healthy_death_rate
    for effort in EFFORTS:
        made = effort in MADE_BEFORE
        setattr(flows, effort, 1.0 * getattr(inputs, f"start_{effort}") if made else 0.0)
    flows.capability = 1.0 * inputs.start_capability
    flows.hospital_quality = 1.0 * inputs.start_hospital_quality
    for name in ("community_capacity", "hospital_capacity"):
        setattr(flows, name, 1.0)
    for name in ("primary_load", "hospital_load"):
        setattr(flows, name, 1.0)
        setattr(flows, f"start_{name}", 1.0)
    flows.mentoring = 0.0
    for name, value in BEGINS_AT.items():
        setattr(flows, name, value)
    for name in ("retention", "intensity", "reach", "siphon", "lack"):
        setattr(flows, f"start_{name}", 0.0)
    flows.start_price_factor = 1.0
    for name in ("hospital_income", "primary_covered", "inside_spending", "outside_spending"):
        setattr(flows, f"start_{name}", 1.0)
    flows.hospital_fixed_cost = 0.0
    flows.premium = inputs.serious_hospital_price / 100


def month_at_rest(inputs: Any, flows: Any) -> None:
    """Work out one month of the search: a month of care, then the constants read off it.

    Parameters
    ----------
    inputs : namespace
        As for `step`.
    flows : namespace
        Receives what `care` gives, and each of `CONSTANTS` of the next month as ``next_<name>``.
    """
    care(inputs, flows)
    for state in PEOPLE:
        setattr(flows, f"next_start_{state}", getattr(inputs, state) / flows.residents)
    for constant, flow in _READ_OFF.items():
        setattr(flows, f"next_{constant}", 1.0 * getattr(flows, flow))
    flows.next_start_death_rate = flows.deaths / flows.residents
    flows.next_hospital_fixed_cost = inputs.hospital_fixed_cost_share * flows.hospital_income
