"""How a place finds its state of rest: the month that is repeated, and what holds afterwards.

Written as a model and as data, so that a page can find the rest of other parameters by itself.
"""

from typing import Any

from carelab.engine.names import BALANCES, CLOCK, EFFORTS, PEOPLE
from carelab.engine.step import step

# Shares and stocks of a place as the data describe it settle with half-lives below a hundred
# months. A few draws of the parameters are slower: where they stand then depends on the way, so
# every search takes as many months from the same start.
MONTHS_TO_REST = 3000
# While the state of rest is sought, time does not drift, nobody waits and quality stays put.
HELD_STILL = ("quality_gain", "hospital_drift_year", "wait_weight", "access_wait_weight")
NO_CLOCK = dict.fromkeys(CLOCK, 0.0)
# Whatever the search left in them, a run begins with these.
BEGINS_AT = {
    **dict.fromkeys((*BALANCES, "expected_surplus", "settlement_due"), 0.0),
    **dict.fromkeys(("year_budget", "year_spending"), 0.0),
    "benchmark_ratio": 1.0,
}
# The grants that let hospital and primary care break even before the reform: each is what the
# account would lose a month without it.
GRANTS = {"hospital_block_grant": "hospital_change", "primary_block_grant": "primary_change"}
# Constants of the baseline that are read off a month.
_READ_OFF = {
    "start_retention": "retention",
    "start_intensity": "intensity",
    "start_reach": "reach",
    "start_siphon": "siphon",
    "start_primary_load": "next_primary_load",
    "start_hospital_load": "next_hospital_load",
    "start_hospital_income": "hospital_income",
    "start_inside_spending": "inside_spending",
    "start_outside_spending": "outside_paid",
    "premium": "insured_spending",
}
# What the search finds beside the stocks.
CONSTANTS = (*(f"start_{state}" for state in PEOPLE), *_READ_OFF, "hospital_fixed_cost")


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
    for effort in EFFORTS:
        setattr(flows, effort, 0.1)
    flows.capability = inputs.start_capability
    flows.hospital_quality = inputs.start_hospital_quality
    for name in ("community_capacity", "hospital_capacity", "access"):
        setattr(flows, name, 1.0)
    for name in ("primary_load", "hospital_load"):
        setattr(flows, name, 1.0)
        setattr(flows, f"start_{name}", 1.0)
    flows.mentoring = 0.0
    for name, value in BEGINS_AT.items():
        setattr(flows, name, value)
    for name in ("retention", "intensity", "reach", "siphon"):
        setattr(flows, f"start_{name}", 0.0)
    for name in ("hospital_income", "inside_spending", "outside_spending"):
        setattr(flows, f"start_{name}", 1.0)
    flows.hospital_fixed_cost = 0.0
    flows.premium = inputs.serious_hospital_price / 100


def month_at_rest(inputs: Any, flows: Any) -> None:
    """Work out one month of the search: a month, then the constants read off it.

    Parameters
    ----------
    inputs : namespace
        As for `step`.
    flows : namespace
        Receives what `step` gives, and each of `CONSTANTS` of the next month as ``next_<name>``.
    """
    step(inputs, flows)
    for state in PEOPLE:
        setattr(flows, f"next_start_{state}", getattr(inputs, state) / flows.residents)
    for constant, flow in _READ_OFF.items():
        setattr(flows, f"next_{constant}", getattr(flows, flow))
    flows.next_hospital_fixed_cost = inputs.hospital_fixed_cost_share * flows.hospital_income
