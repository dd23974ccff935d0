"""What each mechanism of the month reads and works out, read off its own trace."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from carelab.base import CarelabError
from carelab.engine import step as whole_month
from carelab.engine.recorded import inner_flows, input_names
from carelab.engine.step import care
from carelab.engine.tables import rows_of
from carelab.tracing import trace_model
from carelab.tracing.nodes import Node


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
