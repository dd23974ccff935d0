"""What each mechanism reads and works out, and one quantity of a month against one thing read."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine import Scenario, lever_ranges, load_place, month_of
from carelab.engine import step as whole_month
from carelab.engine.recorded import inner_flows, input_names
from carelab.engine.simulate import clock
from carelab.engine.step import care
from carelab.engine.tables import rows_of
from carelab.tracing import trace_model
from carelab.tracing.nodes import Node

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Mechanism:
    """One part of the month.

    Parameters
    ----------
    name : str
        Name of its function in `carelab.engine.step`.
    flows : tuple of str
        Quantities that it works out, in order, without those by which it differentiates itself.
    inputs : tuple of str
        Levers, parameters, baseline constants, stocks and clock that it reads itself.
    """

    name: str
    flows: tuple[str, ...]
    inputs: tuple[str, ...]


@cache
def month_parts() -> tuple[Callable[[Any, Any], None], ...]:
    """Return the functions that make up the month, in the order in which it calls them.

    >>> [part.__name__ for part in month_parts()][:2]
    ['timing', 'prevention']
    """
    home = sys.modules[whole_month.__module__]
    parts = tuple(getattr(home, name) for name in whole_month.__code__.co_names)
    happening = tuple(getattr(home, name) for name in care.__code__.co_names)
    return tuple(each for part in parts for each in (happening if part is care else (part,)))


def _inputs_of(node: Node, names: dict[str, None]) -> None:
    if node.operation == "input":
        names[node.name] = None
    for argument in node.arguments:
        _inputs_of(argument, names)


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """Return every mechanism of the month, in order.

    >>> [each.name for each in mechanisms()][:3]
    ['timing', 'prevention', 'treatment']
    """
    found: list[Mechanism] = []
    done = 0
    for count, part in enumerate(month_parts(), start=1):
        so_far = month_parts()[:count]

        def begun(inputs: Any, flows: Any, so_far: Any = so_far) -> None:
            for each in so_far:
                each(inputs, flows)

        flows = trace_model(begun, input_names(), part.__name__).flows
        names: dict[str, None] = {}
        for _, node in flows[done:]:
            _inputs_of(node, names)
        shown = tuple(name for name, _ in flows[done:] if name not in inner_flows())
        found.append(Mechanism(part.__name__, shown, (*names,)))
        done = len(flows)
    return tuple(found)


def mechanism(name: str) -> Mechanism:
    """Return one mechanism.

    >>> mechanism("timing").flows[:3]
    ('cost_trend', 'budget_trend', 'price_level')
    """
    known = {each.name: each for each in mechanisms()}
    if name not in known:
        raise CarelabError(f"mechanism '{name}' is unknown; known are {', '.join(known)}")
    return known[name]


@cache
def month_units() -> dict[str, str]:
    """Return the unit of everything that a month reads and works out.

    >>> month_units()["onset"], month_units()["baseline_contract_share"]
    ('persons per month', 'share')
    """
    files = ("units.csv", "parameters.csv", "quantities.csv", "levers.csv")
    units = {row["name"]: row["unit"] for file in files for row in rows_of(file)}
    before = {f"baseline_{row['name']}": row["unit"] for row in rows_of("levers.csv")}
    return {**units, **before}


# Late enough for every reform of the presets to be complete, and no month of a settlement.
_MONTH = 60


def input_range(name: str, context: str = "china_county") -> tuple[float, float]:
    """Return the range of a lever, or of a parameter of a place of the care economy.

    >>> input_range("contract_share")
    (0.0, 1.0)
    """
    if name in lever_ranges():
        return lever_ranges()[name][:2]
    for row in rows_of("parameters.csv"):
        if row["name"] == name and row["context"] in ("any_place", context):
            return float(row["low"]), float(row["high"])
    raise CarelabError(f"'{name}' has no range of its own; give one, such as between=(0, 1)")


def month_response(
    scenario: Scenario,
    outcome: str,
    along: str,
    values: Any,
    held: Mapping[str, float] | None = None,
) -> "np.ndarray[Any, Any]":
    """Return a quantity of one month against an input of it, from the place at rest.

    The reform is in full force and nothing has answered yet: what shows is the direct effect
    within the month, not what follows over the years.

    >>> base = Scenario("china_county", "anhui")
    >>> alone, merged = month_response(base, "draw_rise", "governance_share", [0.0, 1.0])
    >>> bool(alone > merged)
    True
    """
    import numpy as np

    place = load_place(scenario.context)
    lag = place.parameters["settlement_lag_months"]
    inputs = {**place.fixed_inputs, **scenario.levers, **place.stocks, **clock(_MONTH, lag)}
    points = np.asarray(values, float)
    changed: dict[str, Any] = {**(held or {}), along: points}
    unknown = [name for name in changed if name not in input_names()]
    if unknown:
        raise CarelabError(f"the month reads no input named '{unknown[0]}'")
    flows = month_of({**inputs, **changed})
    if outcome not in flows:
        raise CarelabError(f"the month works out no quantity named '{outcome}'")
    return np.broadcast_to(np.asarray(flows[outcome], float), points.shape)
