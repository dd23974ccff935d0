"""The contract: a yearly budget, its surplus or deficit, settled once a year and with a lag."""

from typing import Any

from carelab.engine.treatment import soft_excess
from carelab.theory.shared_savings import rebased_share
from carelab.tracing import exp, maximum, minimum, where

_SMALL = 1e-9


def expected_settlement(inputs: Any, flows: Any) -> None:
    """Work out what the providers expect of the contract for this month's budget and spending.

    Parameters
    ----------
    inputs : namespace
        Settings of the budget, quality, the noise of a year's result.
    flows : namespace
        Receives budget, gap, quality score and ``felt_settlement``, money per resident and month:
        what of the gap is kept or borne, its noise, other bodies and later budgets considered.
    """
    _quality_score(inputs, flows)
    flows.charged_spending = (
        flows.inside_spending + flows.leakage_charged_share * flows.outside_paid
    )
    flows.reference_spending = flows.budget_trend * (
        inputs.start_inside_spending + flows.leakage_charged_share * inputs.start_outside_spending
    )
    flows.budget = flows.benchmark_share * inputs.benchmark_ratio * flows.reference_spending
    flows.gap = flows.budget - flows.charged_spending
    # A provider cannot know whether the year will end above or below its budget.
    flows.chance_surplus = soft_excess(flows.gap, inputs.surplus_noise_share * flows.price_level)
    # What is saved now lowers the next budgets as far as they follow spending.
    felt = flows.contract_share / flows.bodies_under_cap
    flows.felt_contract_share = rebased_share(
        felt, flows.ratchet_share, exp(-inputs.discount_rate_year)
    )
    flows.felt_settlement = flows.felt_contract_share * (
        flows.kept_share * flows.chance_surplus
        - flows.deficit_borne_share * (flows.chance_surplus - flows.gap)
    )


def _quality_score(inputs: Any, flows: Any) -> None:
    """Score hospital quality, reach and readmission; none makes up for another."""
    flows.quality_score = (
        minimum(1.0, inputs.hospital_quality / inputs.start_hospital_quality)
        + minimum(1.0, (flows.reach + _SMALL) / (inputs.start_reach + _SMALL))
        + 1 / flows.readmission_ratio
    ) / 3
    flows.kept_share = flows.surplus_kept_share * (
        1 - flows.quality_gate_share * (1 - flows.quality_score)
    )


def settlement(inputs: Any, flows: Any) -> None:
    """Compare budget and spending over the year, and fix what will be paid.

    Parameters
    ----------
    inputs : namespace
        Budget and spending of the year so far, the ratchet.
    flows : namespace
        Receives the settlement and the next stocks; the year counts each month by the contract
        share of that month.
    """
    flows.budget_so_far = inputs.year_budget + flows.contract_share * flows.budget
    flows.spending_so_far = inputs.year_spending + flows.contract_share * flows.charged_spending
    flows.year_gap = flows.budget_so_far - flows.spending_so_far
    # Fixed in the last month of a year; quality decides what is kept.
    flows.settlement = inputs.year_end * (
        flows.kept_share * maximum(0.0, flows.year_gap)
        - flows.deficit_borne_share * maximum(0.0, -flows.year_gap)
    )
    open_year = 1 - inputs.year_end
    flows.next_year_budget = open_year * flows.budget_so_far
    flows.next_year_spending = open_year * flows.spending_so_far
    flows.settlement_paid = inputs.payday * inputs.settlement_due
    flows.next_settlement_due = inputs.settlement_due + flows.settlement - flows.settlement_paid
    # A ratchet resets the next budget to what was spent under the contract.
    flows.spent_share = where(
        flows.budget_so_far > _SMALL,
        flows.spending_so_far / maximum(_SMALL, flows.budget_so_far),
        1.0,
    )
    flows.next_benchmark_ratio = inputs.benchmark_ratio * (
        1 + inputs.year_end * flows.ratchet_share * (flows.spent_share - 1)
    )
