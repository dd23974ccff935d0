"""What each side tries to raise this month, as levels: hospital, primary care, patients.

Every line is money per resident and month that the month's accounts book, or one of the terms that
no account books: the contract's result before it is known, pay that staff feel, doctors' time, the
cost of effort. Levers are coefficients of these levels. Lines that no effort moves stay out.
"""

from typing import Any

from carelab.engine.choice import KINDS, sum_of
from carelab.engine.names import OWN_EFFORTS, PEOPLE


def objectives(inputs: Any, flows: Any) -> None:
    """Work out what hospital and primary care gain, as they feel it, and what patients have.

    Parameters
    ----------
    inputs : namespace
        Efforts and their costs, worth of workload and time, felt part of public health pay.
    flows : namespace
        Receives ``hospital_objective``, ``primary_objective`` and ``patient_welfare``.
    """
    _staff(inputs, flows)
    flows.hospital_objective = (
        flows.hospital_income
        - flows.hospital_variable_cost
        - flows.hospital_effort_cost
        - flows.mentoring_cost
        + flows.mentoring_pay
        + flows.hospital_unbooked
    )
    flows.primary_objective = (
        flows.primary_income
        - flows.primary_variable_cost
        - flows.primary_effort_cost
        + flows.public_health_pay
        - flows.prevention_spending
        + flows.primary_unbooked
    )
    _welfare(inputs, flows)


def _staff(inputs: Any, flows: Any) -> None:
    """Work out what no account books: expectation, felt pay, doctors' time, cost of effort."""
    felt = inputs.public_health_felt_share + (1 - inputs.public_health_felt_share) * (
        flows.bundled_share * flows.reward_share
    )
    flows.reach_bonus = felt * flows.public_health_income * flows.performance_share * flows.reach
    to_hospital = flows.bundled_share * flows.hospital_reward_share
    # A listed case counts as workload as far as it is credited; its time passes all the same.
    counted = 1 - flows.catalogue_share * (1 - flows.workload_credit_share)
    flows.doctors_gain = (
        (counted * inputs.workload_value - inputs.doctor_time_value)
        * flows.cost_trend
        * inputs.mild_hospital_price
        * flows.mild_hospital
    )
    flows.hospital_unbooked = (
        flows.hospital_part_share * flows.felt_settlement
        + to_hospital * flows.reach_bonus
        + flows.doctors_gain
        - _toil("hospital", inputs, flows)
        - inputs.task_conflict_cost
        * flows.price_level
        * inputs.intensity_effort
        * inputs.support_effort
    )
    flows.primary_unbooked = (
        (1 - flows.hospital_part_share) * flows.felt_settlement
        + (1 - to_hospital) * flows.reach_bonus
        - _toil("primary", inputs, flows)
    )


def effort_cost(effort: str, inputs: Any) -> Any:
    """Return the cost of an effort, as a share of the spending before the reform."""
    return getattr(inputs, f"{effort.removesuffix('_effort')}_effort_cost")


def _toil(side: str, inputs: Any, flows: Any) -> Any:
    """Return what a side's efforts cost it beyond cash: each in proportion to its square."""
    costs = [
        effort_cost(effort, inputs)
        * flows.price_level
        * (getattr(inputs, effort) * getattr(inputs, effort))
        / 2
        for effort in OWN_EFFORTS[side]
    ]
    return sum_of(costs)


def _welfare(inputs: Any, flows: Any) -> None:
    """Value life as it is lived, the choice of care with its payments, and treatment."""
    years = [getattr(inputs, state) * getattr(inputs, f"{state}_life_weight") for state in PEOPLE]
    flows.living_weight = sum_of(years) / flows.residents
    flows.life_value = inputs.life_year_value * flows.cost_trend
    flows.health_value = flows.life_value * flows.living_weight / 12
    flows.care_value = flows.cost_trend * sum_of([_worth(kind, inputs, flows) for kind in KINDS])
    # Who is referred down had chosen the hospital: the payment falls, and so may the quality.
    saved = (
        inputs.hospital_copay_share * flows.price_factor * inputs.mild_hospital_price
        - (1 - flows.primary_paid_share) * inputs.mild_primary_price
    )
    missed = (
        inputs.quality_weight
        / inputs.price_weight
        * inputs.mild_hospital_price
        * (inputs.hospital_quality - flows.usable_capability)
    )
    flows.referral_value = flows.cost_trend * flows.mild_referred * (saved - missed)
    flows.treatment_value = (
        flows.cost_trend
        * flows.hospital_volume
        * (
            inputs.intensity_benefit_slope * flows.treatment
            - inputs.intensity_benefit_curve * (flows.treatment * flows.treatment) / 2
        )
    )
    flows.patient_welfare = (
        flows.health_value + flows.care_value + flows.referral_value + flows.treatment_value
    )


def _worth(kind: str, inputs: Any, flows: Any) -> Any:
    """Return what a kind of care is worth in money, less what its need costs patients anyway."""
    price = getattr(inputs, f"{kind}_hospital_price")
    sought = getattr(flows, {"visit": "visits"}.get(kind, f"{kind}_cases"))
    worth = sought * getattr(flows, f"{kind}_worth") * (price / inputs.price_weight)
    return worth - getattr(flows, f"{kind}_need") * _former_payment(kind, inputs)


def _former_payment(kind: str, inputs: Any) -> Any:
    """Return what a patient in need paid on average before the reform, wherever he or she went."""
    if kind == "visit":
        own = dict.fromkeys(("primary", "hospital", "outside"), 1 - inputs.visit_paid_share)
    else:
        own = {
            "primary": inputs.primary_copay_share,
            "hospital": inputs.hospital_copay_share * inputs.start_price_factor,
            "outside": inputs.outside_copay_share,
        }
    shares = {"outside": getattr(inputs, f"{kind}_outside_share")}
    if kind != "serious":
        shares["primary"] = getattr(inputs, f"{kind}_primary_share")
    stayed = 1 - sum_of(list(shares.values()))
    paid = [share * own[p] * getattr(inputs, f"{kind}_{p}_price") for p, share in shares.items()]
    return sum_of([*paid, stayed * own["hospital"] * getattr(inputs, f"{kind}_hospital_price")])
