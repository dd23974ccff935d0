"""A place before any reform: its parameters, and the state in which nothing changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from carelab.engine.names import BALANCES, EFFORTS, LEVERS, PAYMENT_LEVERS, PEOPLE, SERVICE_LEVERS
from carelab.engine.scenario import preset_levers
from carelab.engine.step import step
from carelab.engine.tables import rows_of
from carelab.provenance import CarelabError
from carelab.tracing import evaluate

# Parameters that hold everywhere stand under this context.
EVERYWHERE = "any_place"
# Which preset describes a place before the reform.
BASELINE_PRESETS = {
    "china_county": "china_dilemma",
    "hangzhou_district": "china_dilemma",
    "uk_place": "uk_before",
}
# Shares and stocks settle with half-lives below a hundred months.
_MONTHS_TO_REST = 3000
# While the state of rest is sought, time does not drift, nobody waits and quality stays put.
_HELD_STILL = ("quality_gain", "hospital_drift_year", "wait_weight", "access_wait_weight")


@dataclass(frozen=True)
class Place:
    """A place: parameters, baseline and the stocks with which every run begins.

    Parameters
    ----------
    name : str
        The context.
    parameters : mapping of str to float
        Of ``parameters.csv``.
    baseline : mapping of str to float
        Settings of the levers before the reform, and constants of the state of rest.
    stocks : mapping of str to float
        First month.
    """

    name: str
    parameters: Mapping[str, Any]
    baseline: Mapping[str, Any]
    stocks: Mapping[str, Any]

    @property
    def fixed_inputs(self) -> dict[str, Any]:
        """Return everything that a month reads and that no month changes."""
        return {**self.parameters, **self.baseline}


def place_parameters(context: str) -> dict[str, Any]:
    """Return the parameters of a place.

    Parameters
    ----------
    context : str
        One of `BASELINE_PRESETS`.

    Returns
    -------
    dict of str to float
        Those that hold everywhere, and the place's own.

    Raises
    ------
    CarelabError
        When the place is unknown.
    """
    if context not in BASELINE_PRESETS:
        raise CarelabError(f"place '{context}' is unknown; known are {', '.join(BASELINE_PRESETS)}")
    here = (EVERYWHERE, context)
    rows = rows_of("parameters.csv")
    return {row["name"]: float(row["value"]) for row in rows if row["context"] in here}


def _first_stocks(parameters: Mapping[str, Any]) -> dict[str, Any]:
    people = {state: parameters["population"] / len(PEOPLE) for state in PEOPLE}
    efforts = dict.fromkeys(EFFORTS, 0.1)
    return {
        **people,
        **efforts,
        "capability": parameters["start_capability"],
        "hospital_quality": parameters["start_hospital_quality"],
        "community_capacity": 1.0,
        "hospital_capacity": 1.0,
        "mentoring": 0.0,
        "access": 1.0,
        "primary_load": 1.0,
        "hospital_load": 1.0,
        "expected_surplus": 0.0,
        "year_budget": 0.0,
        "year_spending": 0.0,
        "settlement_due": 0.0,
        "benchmark_ratio": 1.0,
        **dict.fromkeys(BALANCES, 0.0),
    }


def _baseline_levers(context: str) -> dict[str, Any]:
    levers = preset_levers(BASELINE_PRESETS[context])
    before = {f"baseline_{name}": levers[name] for name in (*PAYMENT_LEVERS, *SERVICE_LEVERS)}
    return {**{name: levers[name] for name in LEVERS}, **before}


def _constants(stocks: Mapping[str, Any], flows: Mapping[str, Any]) -> dict[str, Any]:
    """Read the constants of the baseline off a month."""
    return {
        **{f"start_{state}": stocks[state] / flows["residents"] for state in PEOPLE},
        "start_retention": flows["retention"],
        "start_intensity": flows["intensity"],
        "start_reach": flows["reach"],
        "start_siphon": flows["siphon"],
        "start_primary_load": flows["next_primary_load"],
        "start_hospital_load": flows["next_hospital_load"],
        "start_hospital_income": flows["hospital_income"],
        "start_inside_spending": flows["inside_spending"],
        "start_outside_spending": flows["outside_paid"],
        "premium": flows["insured_spending"],
    }


def _month_at_rest(
    parameters: Mapping[str, Any],
    levers: Mapping[str, Any],
    constants: Mapping[str, Any],
    stocks: Mapping[str, Any],
) -> dict[str, Any]:
    clock = {"month": 0.0, "year_end": 0.0, "payday": 0.0}
    return evaluate(step, {**parameters, **levers, **constants, **stocks, **clock})


def _guess(parameters: Mapping[str, Any]) -> dict[str, Any]:
    names = ("start_retention", "start_intensity", "start_reach", "start_siphon")
    return {
        **{f"start_{state}": 1 / len(PEOPLE) for state in PEOPLE},
        **dict.fromkeys(names, 0.0),
        "start_primary_load": 1.0,
        "start_hospital_load": 1.0,
        "start_hospital_income": 1.0,
        "start_inside_spending": 1.0,
        "start_outside_spending": 1.0,
        "hospital_fixed_cost": 0.0,
        "hospital_block_grant": 0.0,
        "primary_block_grant": 0.0,
        "premium": parameters["serious_hospital_price"] / 100,
    }


def _rest(
    parameters: Mapping[str, Any], levers: Mapping[str, Any], months: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the place without a reform until nothing moves; return stocks and constants."""
    still = {**parameters, **dict.fromkeys(_HELD_STILL, 0.0)}
    stocks = _first_stocks(parameters)
    constants = _guess(parameters)
    for _ in range(months):
        flows = _month_at_rest(still, levers, constants, stocks)
        constants |= _constants(stocks, flows)
        stocks = {name: flows[f"next_{name}"] for name in stocks}
        stocks |= {"primary_load": constants["start_primary_load"]}
        stocks |= {"hospital_load": constants["start_hospital_load"]}
    return stocks, constants


def place_at_rest(
    context: str, parameters: Mapping[str, Any], months: int = _MONTHS_TO_REST
) -> Place:
    """Return a place of given parameters, at rest.

    Parameters
    ----------
    context : str
        Which place; it says what holds before the reform.
    parameters : mapping of str to float or array
        As from `place_parameters`; arrays describe many draws of the same place at once.
    months : int
        How long the place runs until it counts as at rest.

    Returns
    -------
    Place
        Its parameters, baseline and first stocks; without a reform it stays as it is.
    """
    levers = _baseline_levers(context)
    stocks, constants = _rest(parameters, levers, months)
    stocks |= dict.fromkeys((*BALANCES, "expected_surplus", "settlement_due"), 0.0)
    stocks |= {"year_budget": 0.0, "year_spending": 0.0, "benchmark_ratio": 1.0}
    income = constants["start_hospital_income"]
    constants["hospital_fixed_cost"] = parameters["hospital_fixed_cost_share"] * income
    flows = _month_at_rest(parameters, levers, constants, stocks)
    # The grants that let hospital and primary care break even before the reform.
    constants["hospital_block_grant"] = -flows["hospital_change"]
    constants["primary_block_grant"] = -flows["primary_change"]
    before = {name: value for name, value in levers.items() if name.startswith("baseline_")}
    return Place(
        context,
        MappingProxyType(dict(parameters)),
        MappingProxyType({**before, **constants}),
        MappingProxyType(stocks),
    )


@cache
def load_place(context: str) -> Place:
    """Return a place at rest, as the data describe it.

    Parameters
    ----------
    context : str
        ``china_county``, ``hangzhou_district`` or ``uk_place``.

    Returns
    -------
    Place
        Computed once and kept.

    Examples
    --------
    >>> round(load_place("china_county").stocks["capability"], 6)
    0.35
    """
    return place_at_rest(context, place_parameters(context))
