"""What primary care is able to do, and the quality of the lead hospital."""

from typing import Any

from carelab.theory.mentoring import capability_next
from carelab.tracing import maximum, minimum


def capability(inputs: Any, flows: Any) -> None:
    """Let capability grow by mentoring and staffing, decay, and be drained by a siphon.

    Parameters
    ----------
    inputs : namespace
        Capability, mentoring, quality (0 to 1), and their monthly rates.
    flows : namespace
        Receives the rest point of capability and the next stocks.
    """
    flows.capability_floor = minimum(
        0.95, inputs.start_capability + inputs.staffing_capability * flows.staffing_share
    )
    flows.learning = (
        inputs.mentoring_gain * inputs.mentoring * (0.5 + 0.5 * flows.information_share)
    )
    # A stronger siphon than before drains staff; a weaker one leaves staff that it used to drain.
    flows.drained = inputs.siphon_staff_rate * (
        maximum(0.0, flows.siphon_change) * inputs.capability
        - maximum(0.0, -flows.siphon_change) * minimum(inputs.capability, 1 - inputs.capability)
    )
    flows.next_capability = (
        capability_next(
            inputs.capability,
            flows.learning,
            inputs.capability_decay,
            flows.capability_floor,
        )
        - flows.drained
    )
    _quality(inputs, flows)


def _quality(inputs: Any, flows: Any) -> None:
    """Let hospital quality follow the effort to keep patients, and suffer from skimping."""
    better = flows.retention - inputs.start_retention
    flows.next_hospital_quality = (
        inputs.hospital_quality
        + inputs.quality_gain
        * (
            maximum(0.0, better) * (1 - inputs.hospital_quality)
            - maximum(0.0, -better) * inputs.hospital_quality
        )
        - inputs.quality_decay * (inputs.hospital_quality - inputs.start_hospital_quality)
        - inputs.skimping_quality_loss * inputs.skimping_effort * inputs.hospital_quality
    )
