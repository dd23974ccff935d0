"""How much a case is treated: what the hospital does, what it saves, what would be efficient."""

from typing import Any

from carelab.tracing import exp, log, maximum, minimum

# The lack of treatment grows smoothly from nothing; within this many units of intensity.
_SOFT = 0.1


def soft_excess(value: Any, width: Any) -> Any:
    """Return how far a value lies above zero, without a kink: width ln(1 + exp(value / width)).

    >>> round(soft_excess(1.0, 0.01), 12), round(soft_excess(0.0, 1.0), 4)
    (1.0, 0.6931)
    """
    relative = value / width
    return width * (log(1 + exp(minimum(30.0, relative))) + maximum(0.0, relative - 30))


def treatment(inputs: Any, flows: Any) -> None:
    """Work out treatment, its cost and its price as multiples of a list price.

    Parameters
    ----------
    inputs : namespace
        Intensity and skimping, what a unit of each adds to a bill, the benefit of intensity.
    flows : namespace
        Receives the factors, the gap to efficient treatment, and the lack of treatment.
    """
    flows.cost_factor = (
        1
        + inputs.intensity_price_share * inputs.intensity_effort
        - inputs.skimping_price_share * inputs.skimping_effort
    )
    # A price per case stays as it was, whatever is done; a price per service follows it.
    flows.price_factor = flows.cost_factor + flows.case_paid_share * (
        inputs.start_price_factor - flows.cost_factor
    )
    # In units of intensity: skimping takes back what it saves.
    flows.treatment = (
        inputs.intensity_effort
        - inputs.skimping_price_share / inputs.intensity_price_share * inputs.skimping_effort
    )
    flows.efficient_intensity = (
        inputs.intensity_benefit_slope
        - inputs.intensity_price_share * inputs.hospital_variable_cost_share
    ) / inputs.intensity_benefit_curve
    flows.treatment_gap = flows.treatment - flows.efficient_intensity
    flows.lack_of_treatment = soft_excess(-flows.treatment_gap, _SOFT)
