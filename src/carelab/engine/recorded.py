"""The month written down once: for the page's JavaScript, the equations and the causal map."""

from functools import cache

from carelab.engine.names import CLOCK, LEVERS, STOCKS
from carelab.engine.places import load_place
from carelab.engine.step import step
from carelab.tracing import Trace, trace_model


def input_names() -> tuple[str, ...]:
    """Return every name that a month may read.

    Returns
    -------
    tuple of str
        Parameters, baseline, levers, stocks, clock.

    Examples
    --------
    >>> {"contract_share", "capability", "month"} <= set(input_names())
    True
    """
    fixed = load_place("china_county").fixed_inputs
    return tuple(dict.fromkeys([*fixed, *LEVERS, *STOCKS, *CLOCK]))


@cache
def trace_step() -> Trace:
    """Record the month once.

    Returns
    -------
    Trace
        Ready to be written as JavaScript or LaTeX.

    Examples
    --------
    >>> "reach" in trace_step().flow_names
    True
    """
    return trace_model(step, input_names(), "care_economy")
