"""When a reform bites: each lever moves from the baseline to its setting along its own ramp."""

from typing import Any

from carelab.engine.names import PAYMENT_LEVERS, SERVICE_LEVERS
from carelab.tracing import exp, maximum, minimum


def phase(month: Any, start_month: Any, ramp_months: Any) -> Any:
    """Return how far a reform has come.

    >>> phase(0, 1, 0), phase(1, 1, 0), phase(5, 0, 12)
    (0.0, 1.0, 0.5)
    """
    return minimum(1.0, maximum(0.0, (month - start_month + 1) / maximum(ramp_months, 1.0)))


def timing(inputs: Any, flows: Any) -> None:
    """Set every lever to what it is this month.

    Parameters
    ----------
    inputs : namespace
        Month, settings of the levers, their baseline settings, starts and ramp.
    flows : namespace
        Receives the two phases, every phased lever by its own name, the fading pilot push, and
        how far costs, and budgets after them, have risen; ``price_level`` is a month's spending
        before the reform at the prices of this month.
    """
    years = inputs.month / 12
    flows.cost_trend = (1 + inputs.cost_trend_year) ** years
    flows.budget_trend = (1 + inputs.budget_follows_share * inputs.cost_trend_year) ** years
    flows.price_level = inputs.premium * flows.cost_trend
    flows.payment_phase = phase(inputs.month, inputs.payment_start_month, inputs.ramp_months)
    flows.service_phase = phase(inputs.month, inputs.service_start_month, inputs.ramp_months)
    for levers, reached in (
        (PAYMENT_LEVERS, flows.payment_phase),
        (SERVICE_LEVERS, flows.service_phase),
    ):
        for name in levers:
            before = getattr(inputs, f"baseline_{name}")
            setattr(flows, name, before + reached * (getattr(inputs, name) - before))
    # A pilot's push is strong at first and fades, as attention moves on.
    since = maximum(0.0, inputs.month - inputs.service_start_month)
    flows.push = flows.mentoring_push_share * exp(-since / inputs.push_fading_months)
