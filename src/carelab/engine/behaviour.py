"""What each side does: first-order conditions of its own pay-off, reached little by little.

Every target is the effort at which one more unit costs what it brings to the side that makes
it; the theory modules give the pieces. ``governance_share`` is the weight that each side puts
on its partner's margin.
"""

from typing import Any

from carelab.theory.mixed_payment import overtreating_pull_share
from carelab.theory.multitask import multitask_efforts
from carelab.theory.retention import retention_gain
from carelab.tracing import exp, maximum, minimum


def effort_targets(inputs: Any, flows: Any) -> None:
    """Work out the efforts at which one more unit no longer pays.

    Parameters
    ----------
    inputs : namespace
        Costs of effort, as multiples of the baseline spending.
    flows : namespace
        Receives a target for each effort, never negative.
    """
    # A per-head package whose surplus is handed out rewards not spending, unless a gate watches.
    skimmed = flows.bundled_share * flows.reward_share * (1 - flows.quality_gate_share)
    cash = inputs.effort_cash_cost * inputs.premium * (1 + skimmed)
    flows.prevention_target = maximum(
        0.0, flows.primary_reach_margin * flows.primary_reach_value - cash
    ) / (inputs.prevention_effort_cost * inputs.premium)
    _hospital_tasks(inputs, flows)
    _referral_target(inputs, flows)
    _retention_target(inputs, flows)
    _skimping_target(inputs, flows)


def _hospital_tasks(inputs: Any, flows: Any) -> None:
    """Let the hospital split its effort between treating more and supporting prevention."""
    # Volume at list prices: what intensity is measured against.
    flows.hospital_volume = (
        inputs.mild_hospital_price * flows.mild_hospital
        + inputs.serious_hospital_price * flows.serious_hospital
    )
    volume = flows.hospital_volume
    flows.intensity_pull = overtreating_pull_share(
        flows.governed_felt_share,
        inputs.hospital_variable_cost_share,
        flows.hospital_paid_share,
        0.0,
    )
    treating = (
        inputs.intensity_price_share * flows.intensity_pull
        + inputs.altruism * inputs.intensity_benefit_slope
    )
    supporting = flows.hospital_reach_margin * flows.hospital_reach_value
    flows.intensity_target, flows.support_target = multitask_efforts(
        treating * volume,
        supporting - inputs.effort_cash_cost * inputs.premium,
        inputs.intensity_effort_cost * inputs.premium
        + inputs.altruism * inputs.intensity_benefit_curve * volume,
        inputs.support_effort_cost * inputs.premium,
        inputs.task_conflict_cost * inputs.premium,
    )
    _treatment_gap(inputs, flows)


def _treatment_gap(inputs: Any, flows: Any) -> None:
    flows.efficient_intensity = (
        inputs.intensity_benefit_slope
        - inputs.intensity_price_share * inputs.hospital_variable_cost_share
    ) / inputs.intensity_benefit_curve
    flows.treatment_gap = (
        inputs.intensity_effort - inputs.skimping_effort - flows.efficient_intensity
    )


def _referral_target(inputs: Any, flows: Any) -> None:
    flows.referral_gain = (
        inputs.doctor_feels_share * flows.mild_moved_down_gain
        - (flows.workload_credit_share * inputs.workload_value - inputs.doctor_time_value)
        * inputs.mild_hospital_price
        + inputs.altruism
        * (
            inputs.hospital_copay_share * inputs.mild_hospital_price
            - (inputs.primary_copay_share + flows.primary_copay_shift) * inputs.mild_primary_price
            - inputs.quality_value
            * inputs.mild_hospital_price
            * (inputs.hospital_quality - flows.usable_capability)
        )
    )
    _referral_effort(inputs, flows)


def _referral_effort(inputs: Any, flows: Any) -> None:
    movable = (
        flows.catalogue_share
        * flows.usable_capability
        * flows.mild_cases
        * flows.mild_chosen_hospital
        * exp(-inputs.referral_effort)
    )
    flows.referral_target = (
        maximum(0.0, flows.referral_gain) * movable / (inputs.referral_effort_cost * inputs.premium)
    )


def _retention_target(inputs: Any, flows: Any) -> None:
    for kind in ("mild", "serious"):
        gain = retention_gain(
            getattr(flows, f"{kind}_hospital_margin"),
            flows.governed_felt_share,
            flows.leakage_charged_share,
            getattr(flows, f"{kind}_outside_liability"),
            getattr(flows, f"{kind}_hospital_liability"),
        )
        setattr(flows, f"{kind}_retention_gain", gain)
    # How many cases one more unit of retention keeps: the slope of the logit shares.
    mild = flows.mild_cases * flows.mild_chosen_hospital * flows.mild_chosen_outside
    serious = flows.serious_cases * flows.serious_chosen_hospital * flows.serious_chosen_outside
    slope = inputs.retention_weight * exp(-inputs.retention_effort)
    flows.retention_target = maximum(
        0.0,
        slope * (mild * flows.mild_retention_gain + serious * flows.serious_retention_gain),
    ) / (inputs.retention_effort_cost * inputs.premium)


def _skimping_target(inputs: Any, flows: Any) -> None:
    """Let quality be skimped on where doing less pays, unless altruism or a gate stops it."""
    gate = (
        flows.quality_gate_share
        * flows.hospital_part_share
        * flows.contract_share
        * flows.surplus_kept_share
        * maximum(0.0, inputs.expected_surplus)
    )
    flows.skimping_gain = (
        -inputs.skimping_price_share * flows.intensity_pull
        - inputs.altruism * inputs.skimping_harm_share
    ) * flows.hospital_volume - inputs.gate_strength * gate
    flows.skimping_target = maximum(0.0, flows.skimping_gain) / (
        inputs.skimping_effort_cost * inputs.premium
    )


def adjust(inputs: Any, flows: Any) -> None:
    """Move every effort, and mentoring, a step towards its target.

    Parameters
    ----------
    inputs : namespace
        Efforts now and the months of adjustment.
    flows : namespace
        Receives the target of mentoring and the next efforts.
    """
    for effort in ("prevention", "support", "intensity", "referral", "retention", "skimping"):
        now = getattr(inputs, f"{effort}_effort")
        target = getattr(flows, f"{effort}_target")
        setattr(flows, f"next_{effort}_effort", now + (target - now) / inputs.effort_months)
    flows.mentoring_target = flows.mentoring_offered_share * minimum(
        1.0,
        flows.push
        + flows.mentoring_pay_share
        + maximum(0.0, flows.capability_value) / (inputs.mentoring_value_scale * inputs.premium),
    )
    flows.next_mentoring = (
        inputs.mentoring + (flows.mentoring_target - inputs.mentoring) / inputs.effort_months
    )
