"""One month, in the order in which it happens."""

from typing import Any

from carelab.engine.behaviour import adjust, effort_targets
from carelab.engine.capability import capability
from carelab.engine.capacity import capacity
from carelab.engine.choice import choice, siphon
from carelab.engine.contract import incentive, settlement
from carelab.engine.demand import access, demand
from carelab.engine.gains import (
    capability_gains,
    episodes_averted,
    liabilities,
    prevention_gains,
)
from carelab.engine.money import accounts, paid_shares, prices, transfers
from carelab.engine.outcomes import outcomes
from carelab.engine.population import health, prevention
from carelab.engine.timing import timing


def step(inputs: Any, flows: Any) -> None:
    """Work out one month of the care economy.

    Parameters
    ----------
    inputs : namespace
        Stocks, settings of the levers, clock, parameters and baseline of the place.
    flows : namespace
        Receives every quantity of the month, and each stock of the next as ``next_<stock>``.

    Examples
    --------
    >>> from carelab.engine.places import load_place, preset_levers
    >>> from carelab.engine.simulate import clock
    >>> from carelab.tracing import evaluate
    >>> place, levers = load_place("uk_place"), preset_levers("uk_before")
    >>> given = {**place.fixed_inputs, **levers, **place.stocks, **clock(0, 3)}
    >>> 0 < evaluate(step, given)["reach"] < 1
    True
    """
    timing(inputs, flows)
    prevention(inputs, flows)
    incentive(inputs, flows)
    demand(inputs, flows)
    siphon(inputs, flows)
    paid_shares(inputs, flows)
    choice(inputs, flows)
    prices(inputs, flows)
    transfers(inputs, flows)
    liabilities(inputs, flows)
    episodes_averted(inputs, flows)
    prevention_gains(inputs, flows)
    capability_gains(inputs, flows)
    effort_targets(inputs, flows)
    adjust(inputs, flows)
    capability(inputs, flows)
    capacity(inputs, flows)
    access(inputs, flows)
    health(inputs, flows)
    settlement(inputs, flows)
    accounts(inputs, flows)
    outcomes(inputs, flows)
