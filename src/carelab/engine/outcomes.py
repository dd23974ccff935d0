"""What a month comes to: for patients, hospital, primary care, insurer and government."""

from typing import Any

from carelab.engine.choice import sum_of
from carelab.engine.names import PEOPLE


def outcomes(inputs: Any, flows: Any) -> None:
    """Work out the results shown to a reader.

    Parameters
    ----------
    inputs : namespace
        Persons by state of health.
    flows : namespace
        Receives shares of care, rates per resident, and one pay-off for each actor in money per
        resident and month.
    """
    cases = flows.mild_cases + flows.serious_cases
    outside = flows.mild_outside + flows.serious_outside
    flows.kept_in_place_share = 1 - outside / cases
    flows.fund_in_place_share = flows.inside_spending / flows.insured_spending
    flows.primary_mild_share = flows.mild_primary / flows.mild_cases
    flows.primary_visit_share = flows.visits_primary / flows.visits
    flows.managed_share = inputs.managed / (inputs.unmanaged + inputs.managed)
    flows.hospital_cases = flows.mild_hospital + flows.serious_hospital
    flows.complications = (
        flows.unmanaged_complications + flows.managed_complications
    ) / flows.residents
    flows.death_rate = flows.deaths / flows.residents
    flows.real_cost = flows.money_out
    # What insurer and public health pay out, a settlement counted where it is fixed, not paid.
    flows.outlay = (
        flows.premium_income
        - flows.insurer_change
        + (flows.settlement - flows.settlement_paid)
        + flows.public_health_pay
    )
    _payoffs(inputs, flows)


def _payoffs(inputs: Any, flows: Any) -> None:
    """Value years of life, lost by a death as lived, and money for each actor."""
    lost = [
        getattr(flows, f"{state}_deaths") * getattr(flows, f"{state}_years_ahead")
        for state in PEOPLE
    ]
    flows.years_lost = sum_of(lost) / flows.residents
    flows.life_years = flows.living_weight - 12 * flows.years_lost
    flows.healthy_life_expectancy = 1.0 * flows.healthy_years_ahead
    lost_value = flows.life_value * flows.years_lost
    flows.payoff_patients = flows.patient_welfare - lost_value
    flows.payoff_hospital = flows.hospital_change
    flows.payoff_primary = flows.primary_change
    flows.payoff_insurer = flows.insurer_change
    flows.payoff_government = (
        flows.health_value
        - lost_value
        - flows.public_health_income
        - flows.fund_income
        - flows.hospital_grant
        - flows.primary_grant
    )
