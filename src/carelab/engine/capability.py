"""What primary care is able to do, and the quality of the lead hospital."""

from typing import Any

from carelab.theory.mentoring import capability_next
from carelab.tracing import minimum

# Staff alone never make primary care able to do everything.
_MOST_UNAIDED = 0.95


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
        _MOST_UNAIDED, inputs.start_capability + inputs.staffing_capability * flows.staffing_share
    )
    flows.learning = (
        inputs.mentoring_gain
        * inputs.mentoring
        * (1 + inputs.information_learning_share * (flows.information_share - 1))
    )
    # A stronger siphon than before drains staff; under a weaker one they come back.
    flows.drained = (
        inputs.siphon_staff_rate
        * (flows.siphon - inputs.start_siphon)
        * (2 * inputs.capability * (1 - inputs.capability))
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
    quality = inputs.hospital_quality
    flows.quality_gained = (
        inputs.quality_gain
        * (flows.retention - inputs.start_retention)
        * (2 * quality * (1 - quality))
    )
    flows.quality_lost = (
        inputs.quality_decay * (quality - inputs.start_hospital_quality)
        + inputs.skimping_quality_loss * inputs.skimping_effort * quality
    )
    flows.next_hospital_quality = quality + flows.quality_gained - flows.quality_lost
