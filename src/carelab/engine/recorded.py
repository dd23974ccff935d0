"""The month written down once: for runs, the page's JavaScript, the equations, the causal map."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from carelab.engine.foresight import EXPLAINED, LASTING
from carelab.engine.names import (
    BASELINE,
    CLOCK,
    LEVERS,
    PAYMENT_LEVERS,
    SERVICE_LEVERS,
    STOCKS,
)
from carelab.engine.rest import CONSTANTS, SETTLING, first_month, month_at_rest
from carelab.engine.step import step
from carelab.engine.tables import rows_of
from carelab.tracing import RunnableTrace, Trace, trace_model
from carelab.tracing.record import prune

_PLACES = ("any_place", "china_county", "hangzhou_district", "uk_place")


def parameter_names() -> tuple[str, ...]:
    """Return the name of every parameter of a place, in the order of ``parameters.csv``."""
    rows = rows_of("parameters.csv")
    return tuple(dict.fromkeys(row["name"] for row in rows if row["context"] in _PLACES))


def input_names() -> tuple[str, ...]:
    """Return every name that a month may read.

    >>> {"contract_share", "capability", "month"} <= set(input_names())
    True
    """
    before = (f"baseline_{name}" for name in (*PAYMENT_LEVERS, *SERVICE_LEVERS))
    names = (*parameter_names(), *before, *BASELINE, *LEVERS, *STOCKS, *CLOCK)
    return tuple(dict.fromkeys(names))


@cache
def trace_step() -> Trace:
    """Record the month once.

    Returns
    -------
    Trace
        Ready to be run, or written as JavaScript or LaTeX.

    Examples
    --------
    >>> "reach" in trace_step().flow_names
    True
    """
    return trace_model(step, input_names(), "care_economy")


@cache
def inner_flows() -> frozenset[str]:
    """Return the flows by which the month differentiates itself and solves for what is to come.

    A page shows what they lead to: the rise of each effort, what a case is worth, years ahead.
    """
    names = trace_step().flow_names
    first, last = names.index("patient_welfare") + 1, names.index("next_mentoring")
    shown = {*(name for each in EXPLAINED.values() for name in each.values() if "_by_" not in name)}
    return frozenset(
        name
        for name in names[first:last]
        if (
            name not in shown
            and not name.endswith(("_gain", "_gain_mild", "_gain_serious", "_years_ahead"))
            and not name.endswith(("_rise", "_target"))
            and not name.startswith("next_")
            and name not in {f"{stock}_worth" for stock in LASTING}
        )
        or "_per_next_" in name
    )


@cache
def _month() -> RunnableTrace:
    return RunnableTrace(trace_step())


def month_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Work out a month.

    Parameters
    ----------
    inputs : mapping of str to float or array
        Every name of `input_names` that the month reads; arrays work out many at once.

    Returns
    -------
    dict of str to float or array
        Every quantity by name.

    Examples
    --------
    >>> from carelab.engine import load_place, preset_levers
    >>> from carelab.engine.simulate import clock
    >>> place = load_place("uk_place")
    >>> given = {**place.fixed_inputs, **preset_levers("uk_before"), **place.stocks, **clock(0, 3)}
    >>> 0 < month_of(given)["reach"] < 1
    True
    """
    return _month()(inputs)


@cache
def rest_search() -> tuple[Trace, Trace, Mapping[str, str]]:
    """Record what the search for rest begins with, and the month that it repeats."""
    first = trace_model(first_month, parameter_names(), "care_economy_first")
    month = trace_model(month_at_rest, input_names(), "care_economy_rest")
    settling = (*SETTLING, *CONSTANTS)
    return first, *prune(month, {name: f"next_{name}" for name in settling}, settling)


@cache
def runnable_rest() -> tuple[RunnableTrace, RunnableTrace]:
    """Return the traces of `rest_search`, ready to run."""
    first, month, _ = rest_search()
    return RunnableTrace(first), RunnableTrace(month)
