"""A place before any reform: its parameters, and the state in which nothing changes."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from carelab.base.frozen import ComparedByContent, FrozenMap
from carelab.engine.names import LEVERS, PAYMENT_LEVERS, SERVICE_LEVERS, STOCKS
from carelab.engine.recorded import month_of, rest_search, runnable_rest
from carelab.engine.rest import (
    BEGINS_AT,
    CONSTANTS,
    MONTHS_TO_REST,
    NO_CLOCK,
    READ_AT_REST,
)
from carelab.engine.scenario import BASELINE_PRESETS, check_place, preset_levers
from carelab.engine.tables import rows_of

# Parameters that hold everywhere stand under this context.
EVERYWHERE = "any_place"


@dataclass(frozen=True, eq=False)
class Place(ComparedByContent):
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

    Examples
    --------
    >>> place_parameters("china_county")["settlement_lag_months"]
    6.0
    """
    check_place(context)
    here = (EVERYWHERE, context)
    rows = rows_of("parameters.csv")
    return {row["name"]: float(row["value"]) for row in rows if row["context"] in here}


def _baseline_levers(context: str) -> dict[str, Any]:
    levers = preset_levers(BASELINE_PRESETS[context])
    before = {f"baseline_{name}": levers[name] for name in (*PAYMENT_LEVERS, *SERVICE_LEVERS)}
    return {**{name: levers[name] for name in LEVERS}, **before}


def _rest(
    parameters: Mapping[str, Any], levers: Mapping[str, Any], months: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the place without a reform until nothing moves; return stocks and constants."""
    first, month = runnable_rest()
    carried = rest_search()[-1]
    begun = first(parameters)
    fixed = {**parameters, **levers, **NO_CLOCK, **dict.fromkeys(READ_AT_REST, 0.0), **begun}
    (flows,) = deque(month.run(fixed, ({} for _ in range(months)), carried), maxlen=1)
    found = {**begun, **{name: flows[following] for name, following in carried.items()}}
    stocks = {name: found[name] for name in STOCKS}
    return stocks, {name: found[name] for name in CONSTANTS}


def place_at_rest(
    context: str, parameters: Mapping[str, Any], months: int = MONTHS_TO_REST
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

    Examples
    --------
    >>> parameters = place_parameters("uk_place")
    >>> place_at_rest("uk_place", parameters).stocks == load_place("uk_place").stocks
    True
    """
    levers = _baseline_levers(context)
    stocks, constants = _rest(parameters, levers, months)
    stocks |= BEGINS_AT
    constants |= dict.fromkeys(READ_AT_REST, 0.0)
    flows = month_of({**parameters, **levers, **constants, **stocks, **NO_CLOCK})
    constants |= {constant: -flows[flow] for constant, flow in READ_AT_REST.items()}
    before = {name: value for name, value in levers.items() if name.startswith("baseline_")}
    return Place(
        context,
        FrozenMap(dict(parameters)),
        FrozenMap({**before, **constants}),
        FrozenMap(stocks),
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
