"""One month, in the order in which it happens."""

from typing import Any

from carelab.engine.capability import capability
from carelab.engine.capacity import capacity
from carelab.engine.choice import choice, need
from carelab.engine.climb import climb
from carelab.engine.contract import expected_settlement, settlement
from carelab.engine.money import accounts, paid_shares, prices, transfers
from carelab.engine.objective import objectives
from carelab.engine.outcomes import outcomes
from carelab.engine.population import health, prevention
from carelab.engine.timing import timing
from carelab.engine.treatment import treatment


def care(inputs: Any, flows: Any) -> None:
    """Work out what happens in a month, before anybody draws a lesson from it.

    Parameters
    ----------
    inputs : namespace
        As for `step`.
    flows : namespace
        Receives every quantity but slopes, efforts of the next month and outcomes.
    """
    timing(inputs, flows)
    prevention(inputs, flows)
    treatment(inputs, flows)
    need(inputs, flows)
    paid_shares(inputs, flows)
    choice(inputs, flows)
    prices(inputs, flows)
    transfers(inputs, flows)
    expected_settlement(inputs, flows)
    capability(inputs, flows)
    capacity(inputs, flows)
    health(inputs, flows)
    settlement(inputs, flows)
    accounts(inputs, flows)


def step(inputs: Any, flows: Any) -> None:
    """Work out one month of the care economy.

    Everything reads the stocks of the month's start. Slopes are taken of the month as it is
    recorded, so this runs only as a trace: `carelab.engine.trace_step`.

    Parameters
    ----------
    inputs : namespace
        Stocks, settings of the levers, clock, parameters and baseline of the place.
    flows : recorder
        Receives every quantity of the month, and each stock of the next as ``next_<stock>``.

    Examples
    --------
    >>> from carelab.engine import load_place, month_of, preset_levers
    >>> from carelab.engine.simulate import clock
    >>> place, levers = load_place("uk_place"), preset_levers("uk_before")
    >>> given = {**place.fixed_inputs, **levers, **place.stocks, **clock(0, 3)}
    >>> 0 < month_of(given)["reach"] < 1
    True
    """
    care(inputs, flows)
    objectives(inputs, flows)
    climb(inputs, flows)
    outcomes(inputs, flows)
