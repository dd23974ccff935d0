"""Where patients go: primary care, the lead hospital, or out of the place."""

from typing import Any

from carelab.theory.choice import (
    gatekeeping_shift,
    logit_shares,
    logit_shares_of_two,
    utility_from_share,
)
from carelab.tracing import exp, maximum


def siphon(inputs: Any, flows: Any) -> None:
    """Work out how hard the lead hospital draws patients and staff away from primary care.

    Under loose governance it does so as far as a mild case earns it money; tight governance
    and a contract that makes the case a cost both end it.

    Parameters
    ----------
    inputs : namespace
        Margin on a hospital case.
    flows : namespace
        Receives ``siphon``, from 0 to the margin share of a mild case.

    References
    ----------
    Cui and Wang (2021), source ``seed-004-anhui``, section 1.1, for the mechanism.
    """
    flows.mild_case_pull = maximum(
        0.0,
        1
        - inputs.hospital_variable_cost_share
        - flows.hospital_felt_share * (1 - inputs.hospital_copay_share),
    )
    flows.siphon = (1 - flows.governance_share) * flows.mild_case_pull
    flows.siphon_change = flows.siphon - inputs.start_siphon


def choice(inputs: Any, flows: Any) -> None:
    """Split visits and cases between the three places of care.

    Parameters
    ----------
    inputs : namespace
        Weights of quality, price, waiting, gatekeeping; shares before the reform; drift.
    flows : namespace
        Receives shares, and visits and cases per resident and month at each place.
    """
    _appeals(inputs, flows)
    _shares("visit", inputs, flows)
    _shares("mild", inputs, flows)
    outside_odds = utility_from_share(
        inputs.serious_outside_share, 1 - inputs.serious_outside_share
    )
    flows.serious_chosen_hospital, flows.serious_chosen_outside = logit_shares_of_two(
        flows.hospital_appeal,
        outside_odds + flows.outside_appeal + _price_appeal("serious", "outside", inputs, flows),
    )
    _referral(inputs, flows)


def _appeals(inputs: Any, flows: Any) -> None:
    """Work out how the appeal of each place differs from before the reform."""
    flows.retention = 1 - exp(-inputs.retention_effort)
    flows.intensity = 1 - exp(-inputs.intensity_effort)
    drift = inputs.hospital_drift_year * inputs.month / 12
    flows.hospital_appeal = (
        inputs.quality_weight * (inputs.hospital_quality - inputs.start_hospital_quality)
        + inputs.retention_weight * (flows.retention - inputs.start_retention)
        + inputs.intensity_weight * (flows.intensity - inputs.start_intensity)
        - inputs.wait_weight * flows.waiting
        + drift
    )
    _other_appeals(inputs, flows, drift)


def _other_appeals(inputs: Any, flows: Any, drift: Any) -> None:
    towards_primary, towards_outside = gatekeeping_shift(
        flows.gatekeeping_share, inputs.gate_weight
    )
    flows.primary_appeal = (
        inputs.quality_weight * (flows.usable_capability - inputs.start_capability)
        + towards_primary
        # The siphon takes from primary care; whether a patient leaves the place is another matter.
        - inputs.siphon_weight * flows.siphon_change
    )
    flows.outside_appeal = drift + towards_outside


def _price_appeal(kind: str, place: str, inputs: Any, flows: Any) -> Any:
    """Weigh what a patient pays more or less than before, in prices of the lead hospital."""
    relative = getattr(inputs, f"{kind}_{place}_price") / getattr(inputs, f"{kind}_hospital_price")
    change = getattr(flows, f"{kind}_{place}_own_change")
    appeal = -inputs.price_weight * relative * change
    setattr(flows, f"{kind}_{place}_price_appeal", appeal)
    return appeal


def _shares(kind: str, inputs: Any, flows: Any) -> None:
    primary = getattr(inputs, f"{kind}_primary_share")
    outside = getattr(inputs, f"{kind}_outside_share")
    # The constants reproduce the shares of the place before the reform exactly.
    hospital = 1 - primary - outside
    shares = logit_shares(
        utility_from_share(primary, hospital)
        + flows.primary_appeal
        + _price_appeal(kind, "primary", inputs, flows),
        flows.hospital_appeal,
        utility_from_share(outside, hospital)
        + flows.outside_appeal
        + _price_appeal(kind, "outside", inputs, flows),
    )
    for place, share in zip(("primary", "hospital", "outside"), shares, strict=True):
        setattr(flows, f"{kind}_chosen_{place}", share)


def _referral(inputs: Any, flows: Any) -> None:
    """Refer listed mild cases down, as far as doctors try and the centre is able."""
    pull = inputs.referral_effort + inputs.waiver_pull * flows.deductible_waived
    flows.referred_down_share = flows.catalogue_share * (1 - exp(-pull)) * flows.usable_capability
    flows.mild_primary = flows.mild_cases * (
        flows.mild_chosen_primary + flows.referred_down_share * flows.mild_chosen_hospital
    )
    flows.mild_hospital = (
        flows.mild_cases * (1 - flows.referred_down_share) * flows.mild_chosen_hospital
    )
    flows.mild_outside = flows.mild_cases * flows.mild_chosen_outside
    flows.serious_hospital = flows.serious_cases * flows.serious_chosen_hospital
    flows.serious_outside = flows.serious_cases * flows.serious_chosen_outside
    for place in ("primary", "hospital", "outside"):
        setattr(flows, f"visits_{place}", flows.visits * getattr(flows, f"visit_chosen_{place}"))
