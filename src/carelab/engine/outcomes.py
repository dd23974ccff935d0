"""What a month comes to: for patients, hospital, primary care, insurer and government."""

from typing import Any

from carelab.engine.names import PEOPLE


def outcomes(inputs: Any, flows: Any) -> None:
    """Work out the results shown to a reader.

    Parameters
    ----------
    inputs : namespace
        Persons and the weight of a year of life in each state.
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
    _payoffs(inputs, flows)


def _payoffs(inputs: Any, flows: Any) -> None:
    """Value years of life and money for each actor."""
    years = [getattr(inputs, state) * getattr(inputs, f"{state}_life_weight") for state in PEOPLE]
    flows.life_years = (years[0] + years[1] + years[2] + years[3]) / flows.residents
    flows.payoff_patients = (
        inputs.life_year_value * flows.life_years / 12 - flows.household_payments
    )
    flows.payoff_hospital = flows.hospital_change
    flows.payoff_primary = flows.primary_change
    flows.payoff_insurer = flows.insurer_change
    flows.payoff_government = (
        inputs.life_year_value * flows.life_years / 12
        - flows.public_health_income
        - flows.fund_income
        - inputs.hospital_block_grant
        - inputs.primary_block_grant
    )
