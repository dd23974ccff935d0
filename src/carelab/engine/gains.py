"""What a case and a unit of prevention are worth to each side, at the margin."""

from typing import Any

from carelab.theory.prevention import annuity_years
from carelab.theory.retention import case_margin, prevented_episode_gain
from carelab.tracing import exp


def liabilities(inputs: Any, flows: Any) -> None:
    """Work out, per mild and serious case, margins, the insurer's part, and what prevention saves.

    Parameters
    ----------
    inputs : namespace
        Prices and variable costs.
    flows : namespace
        Receives money per case.
    """
    flows.mild_hospital_margin = flows.price_factor * case_margin(
        inputs.mild_hospital_price, inputs.hospital_variable_cost_share
    )
    flows.serious_hospital_margin = flows.price_factor * case_margin(
        inputs.serious_hospital_price, inputs.hospital_variable_cost_share
    )
    flows.mild_primary_margin = case_margin(
        inputs.mild_primary_price, inputs.primary_variable_cost_share
    )
    paid = flows.hospital_paid_share * flows.price_factor
    flows.mild_hospital_liability = paid * inputs.mild_hospital_price
    flows.serious_hospital_liability = paid * inputs.serious_hospital_price
    flows.mild_primary_liability = flows.primary_paid_share * inputs.mild_primary_price
    flows.mild_outside_liability = flows.outside_paid_share * inputs.mild_outside_price
    flows.visit_hospital_margin = case_margin(
        inputs.visit_hospital_price, inputs.hospital_variable_cost_share
    )
    flows.visit_primary_margin = case_margin(
        inputs.visit_primary_price, inputs.primary_variable_cost_share
    )
    flows.visit_hospital_liability = inputs.visit_paid_share * inputs.visit_hospital_price
    flows.visit_primary_liability = flows.visit_primary_paid_share * inputs.visit_primary_price
    flows.visit_outside_liability = flows.visit_outside_paid_share * inputs.visit_outside_price
    flows.serious_outside_liability = flows.outside_paid_share * inputs.serious_outside_price
    _savings(inputs, flows)


def _savings(inputs: Any, flows: Any) -> None:
    flows.mild_in_primary = flows.mild_primary / flows.mild_cases
    flows.mild_in_hospital = flows.mild_hospital / flows.mild_cases
    flows.mild_saving = (
        flows.mild_in_primary * flows.mild_primary_liability
        + flows.mild_in_hospital * flows.mild_hospital_liability
        + flows.leakage_charged_share * flows.mild_chosen_outside * flows.mild_outside_liability
    )
    flows.serious_saving = (
        flows.serious_chosen_hospital * flows.serious_hospital_liability
        + flows.leakage_charged_share
        * flows.serious_chosen_outside
        * flows.serious_outside_liability
    )


def episodes_averted(inputs: Any, flows: Any) -> None:
    """Work out how many cases one unit of reach averts, as the contract's horizon counts them.

    Parameters
    ----------
    inputs : namespace
        Persons, rates, discount and turnover, the years of the contract.
    flows : namespace
        Receives discounted cases per resident and unit of reach.
    """
    leaving = inputs.discount_rate_year + inputs.turnover_rate_year
    managed_leaving = leaving + 12 * inputs.dropout_rate
    managing = inputs.reach_management_rate * inputs.community_capacity
    flows.managing_margin = managing * inputs.unmanaged / flows.residents
    flows.onset_margin = (
        inputs.prevention_onset_effect * inputs.onset_rate * inputs.healthy / flows.residents
    )
    complication_cases = (
        inputs.complicated_serious_cases_year - inputs.managed_serious_cases_year
    ) / (12 * (inputs.recovery_rate + inputs.complicated_death_rate))
    avoided = 12 * (inputs.unmanaged_complication_rate - flows.managed_complication_risk)
    flows.serious_per_managed_year = (
        inputs.unmanaged_serious_cases_year
        - inputs.managed_serious_cases_year
        + avoided * complication_cases
    )
    _averted(inputs, flows, leaving, managed_leaving)


def _averted(inputs: Any, flows: Any, leaving: Any, managed_leaving: Any) -> None:
    """Count cases over the contract's years, and over the years that altruism looks ahead."""
    for horizon, years in (("contract", flows.contract_years), ("life", inputs.altruism_years)):
        managed = flows.managing_margin * annuity_years(managed_leaving, years)
        onset = flows.onset_margin * annuity_years(leaving, years)
        mild = managed * (
            inputs.unmanaged_mild_cases_year - inputs.managed_mild_cases_year
        ) + onset * (inputs.unmanaged_mild_cases_year - inputs.healthy_mild_cases_year)
        serious = managed * flows.serious_per_managed_year + onset * (
            inputs.unmanaged_serious_cases_year - inputs.healthy_serious_cases_year
        )
        setattr(flows, f"mild_averted_{horizon}", mild)
        setattr(flows, f"serious_averted_{horizon}", serious)


def prevention_gains(inputs: Any, flows: Any) -> None:
    """Work out what a prevented case and a unit of reach are worth to hospital and primary care.

    Parameters
    ----------
    inputs : namespace
        Health values, altruism, felt part of public health pay.
    flows : namespace
        Receives money per prevented case, and money per resident and unit of reach.
    """
    flows.hospital_gain_mild = prevented_episode_gain(
        flows.mild_hospital_margin,
        flows.hospital_felt_share,
        flows.mild_in_hospital,
        flows.mild_saving,
    )
    flows.hospital_gain_serious = prevented_episode_gain(
        flows.serious_hospital_margin,
        flows.hospital_felt_share,
        flows.serious_chosen_hospital,
        flows.serious_saving,
    )
    _primary_gains(inputs, flows)
    _reach_values(inputs, flows)


def _primary_gains(inputs: Any, flows: Any) -> None:
    flows.primary_gain_mild = prevented_episode_gain(
        flows.mild_primary_margin,
        flows.primary_felt_share,
        flows.mild_in_primary,
        flows.mild_saving,
    )
    flows.primary_gain_serious = flows.primary_felt_share * flows.serious_saving


def _reach_values(inputs: Any, flows: Any) -> None:
    """Add up money, valued health and performance pay; each side weighs its partner's money."""
    flows.valued_health = inputs.altruism * (
        inputs.mild_health_share * inputs.mild_hospital_price * flows.mild_averted_life
        + inputs.serious_health_share * inputs.serious_hospital_price * flows.serious_averted_life
    )
    felt = inputs.public_health_felt_share + (1 - inputs.public_health_felt_share) * (
        flows.bundled_share * flows.reward_share
    )
    flows.performance_pay = flows.public_health_income * flows.performance_share * felt
    _sum_reach_values(flows)


def _sum_reach_values(flows: Any) -> None:
    to_hospital = flows.bundled_share * flows.hospital_reward_share
    hospital = (
        flows.mild_averted_contract * flows.hospital_gain_mild
        + flows.serious_averted_contract * flows.hospital_gain_serious
    )
    primary = (
        flows.mild_averted_contract * flows.primary_gain_mild
        + flows.serious_averted_contract * flows.primary_gain_serious
    )
    flows.hospital_reach_value = (
        hospital
        + flows.governance_share * primary
        + flows.valued_health
        + flows.performance_pay * to_hospital
    )
    flows.primary_reach_value = (
        primary
        + flows.governance_share * hospital
        + flows.valued_health
        + flows.performance_pay * (1 - to_hospital)
    )


def capability_gains(inputs: Any, flows: Any) -> None:
    """Work out what more capable primary care is worth to the hospital and its partner.

    Parameters
    ----------
    inputs : namespace
        Weight of quality in choice, efforts.
    flows : namespace
        Receives money per visit or mild case that moves, and ``capability_value``, money per
        resident and month and unit of capability: patients who choose primary care instead of
        the hospital or of places outside, listed cases that can be referred down, and reach.
    """
    chosen = flows.mild_cases * _moves("mild", 1 - flows.referred_down_share, flows)
    chosen = chosen + flows.visits * _moves("visit", 1.0, flows)
    pull = inputs.referral_effort + inputs.waiver_pull * flows.deductible_waived
    referred = (
        flows.catalogue_share
        * (1 - exp(-pull))
        * flows.mild_cases
        * flows.mild_chosen_hospital
        * flows.mild_moved_down_gain
    )
    reached = (
        (1 - flows.reach)
        * (1 - inputs.prevention_floor_share)
        * flows.public_health_multiplier**inputs.public_health_elasticity
        * inputs.prevention_effort
        * flows.hospital_reach_value
    )
    flows.capability_value = flows.usable_part * (
        inputs.quality_weight * chosen + referred + reached
    )


def _moves(kind: str, treated_there: Any, flows: Any) -> Any:
    """Value what one unit more of primary appeal moves, by the slope of the logit shares.

    Of those who leave the hospital only a part would have been treated there.
    """
    primary = flows.governance_share * getattr(flows, f"{kind}_primary_margin") - (
        flows.governed_felt_share * getattr(flows, f"{kind}_primary_liability")
    )
    down = (
        primary
        + flows.governed_felt_share * getattr(flows, f"{kind}_hospital_liability")
        - getattr(flows, f"{kind}_hospital_margin")
    )
    back = primary + flows.governed_felt_share * flows.leakage_charged_share * getattr(
        flows, f"{kind}_outside_liability"
    )
    setattr(flows, f"{kind}_moved_down_gain", down)
    setattr(flows, f"{kind}_brought_back_gain", back)
    shares = [getattr(flows, f"{kind}_chosen_{place}") for place in ("hospital", "outside")]
    here = getattr(flows, f"{kind}_chosen_primary")
    return here * (shares[0] * treated_there * down + shares[1] * back)
