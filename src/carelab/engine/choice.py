"""Who seeks care, and where: primary care, the lead hospital, or out of the place.

What a patient *feels* (quality, waiting, own payment, a drift of the times) and what merely
*sways* him or her (a gate, a hospital that draws or keeps patients, intense treatment) both move
choices; only what is felt counts as welfare.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from carelab.engine.names import PEOPLE
from carelab.tracing import exp, log, maximum

KINDS = ("visit", "mild", "serious")
# What is sought of each kind.
SOUGHT = {"visit": "visits", "mild": "mild_cases", "serious": "serious_cases"}
_PLACES = {
    "visit": ("primary", "hospital", "outside"),
    "mild": ("primary", "hospital", "outside"),
    "serious": ("hospital", "outside"),
}


def need(inputs: Any, flows: Any) -> None:
    """Work out the care that residents need, before what it is worth to them.

    Parameters
    ----------
    inputs : namespace
        Persons by state, yearly rates of each kind of care per person, management, beds.
    flows : namespace
        Receives waiting, the need of visits and cases per resident and month, and the share of
        visits for which the drug benefit pays.
    """
    flows.waiting = maximum(
        0.0,
        inputs.hospital_load
        / (inputs.waiting_room * inputs.start_hospital_load * inputs.hospital_capacity)
        - 1,
    )
    # The benefit pays for drugs of managed patients, who then come more often.
    managed = inputs.managed_visits_year * inputs.managed / (12 * flows.residents)
    extra = inputs.drug_visit_effect * flows.drug_benefit_share
    flows.visit_need = _per_resident("visits", inputs, flows) + extra * managed
    flows.drug_covered_share = flows.drug_benefit_share * (1 + extra) * managed / flows.visit_need
    # Primary care that looks after its patients averts cases.
    flows.unaverted = 1 - inputs.management_ceiling * (1 - exp(-inputs.management_effort))
    flows.mild_need = flows.unaverted * _per_resident("mild_cases", inputs, flows)
    complicated = inputs.complicated_serious_cases_year * inputs.complicated
    community = 1 - exp(
        -inputs.community_serious_effect * maximum(0.0, inputs.community_capacity - 1)
    )
    flows.readmission_ratio = 1 + inputs.readmission_effect * inputs.skimping_effort
    flows.serious_need = (
        flows.unaverted
        * (
            _per_resident("serious_cases", inputs, flows)
            - community * complicated / (12 * flows.residents)
        )
        * flows.readmission_ratio
    )


def _per_resident(kind: str, inputs: Any, flows: Any) -> Any:
    rates = [getattr(inputs, f"{state}_{kind}_year") * getattr(inputs, state) for state in PEOPLE]
    return sum_of(rates) / (12 * flows.residents)


def sum_of(terms: Sequence[Any]) -> Any:
    """Add terms up in their order, without a zero before them."""
    return reduce(add, terms)


def choice(inputs: Any, flows: Any) -> None:
    """Split visits and cases between the places of care, and say what the choice is worth.

    Parameters
    ----------
    inputs : namespace
        Weights of quality, price, waiting, gatekeeping; shares before the reform; drift.
    flows : namespace
        Receives shares, the worth of each kind of care in units of appeal, and visits and cases
        per resident and month at each place.
    """
    _appeals(inputs, flows)
    for kind in KINDS:
        _choose(kind, inputs, flows)
    _referral(inputs, flows)
    flows.serious_hospital = flows.serious_cases * flows.serious_chosen_hospital
    flows.serious_outside = flows.serious_cases * flows.serious_chosen_outside
    for place in _PLACES["visit"]:
        setattr(flows, f"visits_{place}", flows.visits * getattr(flows, f"visit_chosen_{place}"))


def _appeals(inputs: Any, flows: Any) -> None:
    """Work out what patients feel, and what sways them, unlike before the reform."""
    flows.retention = 1 - exp(-inputs.retention_effort)
    flows.siphon = 1 - exp(-inputs.draw_effort)
    flows.intensity = 1 - exp(-inputs.intensity_effort)
    flows.primary_felt = inputs.quality_weight * (flows.usable_capability - inputs.start_capability)
    flows.outside_felt = inputs.hospital_drift_year * inputs.month / 12
    flows.hospital_felt = (
        inputs.quality_weight * (inputs.hospital_quality - inputs.start_hospital_quality)
        - inputs.wait_weight * flows.waiting
        + flows.outside_felt
    )
    gate = inputs.gate_weight * flows.gatekeeping_share
    # A hospital draws from primary care and keeps from outside: one effort for each margin.
    flows.primary_sway = gate - inputs.siphon_weight * (flows.siphon - inputs.start_siphon)
    flows.hospital_sway = inputs.intensity_weight * (flows.intensity - inputs.start_intensity)
    flows.outside_sway = -inputs.gate_outside_share * gate - inputs.retention_weight * (
        flows.retention - inputs.start_retention
    )


def _choose(kind: str, inputs: Any, flows: Any) -> None:
    """Share a kind of care out by the logit of all that moves patients."""
    before = {
        place: getattr(inputs, f"{kind}_{place}_share")
        for place in _PLACES[kind]
        if place != "hospital"
    }
    rest = 1.0
    for share in before.values():
        rest = rest - share
    before["hospital"] = rest
    for place in _PLACES[kind]:
        appeal = getattr(flows, f"{place}_felt") + getattr(flows, f"{place}_sway")
        # The price of a visit to the hospital never changes; that of a case does.
        if (kind, place) != ("visit", "hospital"):
            appeal = appeal - inputs.price_weight * _dearer(kind, place, inputs, flows)
        setattr(flows, f"{kind}_weight_{place}", before[place] * exp(appeal))
    parts = [getattr(flows, f"{kind}_weight_{place}") for place in _PLACES[kind]]
    setattr(flows, f"{kind}_weights", sum_of(parts))
    swayed = []
    for place, part in zip(_PLACES[kind], parts, strict=True):
        setattr(flows, f"{kind}_chosen_{place}", part / getattr(flows, f"{kind}_weights"))
        swayed.append(getattr(flows, f"{kind}_chosen_{place}") * getattr(flows, f"{place}_sway"))
    setattr(flows, f"{kind}_worth", log(getattr(flows, f"{kind}_weights")) - sum_of(swayed))
    # What is worth more to patients releases demand that was held back.
    released = exp(inputs.access_elasticity * getattr(flows, f"{kind}_worth"))
    setattr(flows, SOUGHT[kind], getattr(flows, f"{kind}_need") * released)


def _dearer(kind: str, place: str, inputs: Any, flows: Any) -> Any:
    """Return what a patient pays more than before, in list prices of the lead hospital."""
    if place == "hospital":
        return inputs.hospital_copay_share * (flows.price_factor - inputs.start_price_factor)
    relative = getattr(inputs, f"{kind}_{place}_price") / getattr(inputs, f"{kind}_hospital_price")
    return relative * getattr(flows, f"{kind}_{place}_own_change")


def _referral(inputs: Any, flows: Any) -> None:
    """Refer listed mild cases down, as far as doctors try and the centre is able."""
    pull = inputs.referral_effort + inputs.waiver_pull * flows.deductible_waived
    flows.referred_down_share = flows.catalogue_share * (1 - exp(-pull)) * flows.usable_capability
    arriving = flows.mild_cases * flows.mild_chosen_hospital
    flows.mild_referred = flows.referred_down_share * arriving
    flows.mild_primary = flows.mild_cases * flows.mild_chosen_primary + flows.mild_referred
    flows.mild_hospital = flows.mild_cases * flows.mild_chosen_hospital - flows.mild_referred
    flows.mild_outside = flows.mild_cases * flows.mild_chosen_outside
