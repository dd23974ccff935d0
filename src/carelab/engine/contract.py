"""The contract: a yearly budget, its surplus or deficit, settled once a year and with a lag."""

from typing import Any

from carelab.tracing import exp, maximum, minimum, where

_SMALL = 1e-9


def incentive(inputs: Any, flows: Any) -> None:
    """Work out the share of a saved yuan that each side feels at the margin.

    Parameters
    ----------
    inputs : namespace
        Surplus expected by the providers, in money per resident and month; quality.
    flows : namespace
        Receives the chance of a surplus, the quality score, the felt share, and the hospital's
        part of it.
    """
    _quality_score(inputs, flows)
    flows.surplus_chance = 1 / (
        1 + exp(-inputs.expected_surplus / (inputs.surplus_noise_share * inputs.premium))
    )
    flows.marginal_share = (
        flows.contract_share
        * (
            flows.surplus_chance * flows.kept_share
            + (1 - flows.surplus_chance) * flows.deficit_borne_share
        )
        / flows.bodies_under_cap
    )
    flows.hospital_felt_share = flows.hospital_part_share * flows.marginal_share
    flows.primary_felt_share = flows.marginal_share - flows.hospital_felt_share
    # What a merged governing body feels of both parts.
    flows.governed_felt_share = (
        flows.hospital_felt_share + flows.governance_share * flows.primary_felt_share
    )


def _quality_score(inputs: Any, flows: Any) -> None:
    """Score hospital quality, reach and readmission; none makes up for another."""
    flows.readmission_ratio = 1 + inputs.readmission_effect * inputs.skimping_effort
    flows.quality_score = (
        minimum(1.0, inputs.hospital_quality / inputs.start_hospital_quality)
        + minimum(1.0, flows.reach / maximum(inputs.start_reach, _SMALL))
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
        Budget and spending of the year so far, the ratchet, the quality gate.
    flows : namespace
        Receives this month's budget and gap, the settlement, and the next stocks; the year
        counts each month by the contract share of that month.
    """
    flows.charged_spending = (
        flows.inside_spending + flows.leakage_charged_share * flows.outside_paid
    )
    flows.reference_spending = (
        inputs.start_inside_spending + flows.leakage_charged_share * inputs.start_outside_spending
    )
    flows.budget = flows.benchmark_share * inputs.benchmark_ratio * flows.reference_spending
    flows.gap = flows.budget - flows.charged_spending
    flows.next_expected_surplus = (
        inputs.expected_surplus + (flows.gap - inputs.expected_surplus) / inputs.expectation_months
    )
    _settle(inputs, flows)
    _next(inputs, flows)


def _settle(inputs: Any, flows: Any) -> None:
    """Fix the settlement in the last month of a year; quality decides what is kept."""
    # Each month counts as far as it stood under the contract.
    flows.budget_so_far = inputs.year_budget + flows.contract_share * flows.budget
    flows.spending_so_far = inputs.year_spending + flows.contract_share * flows.charged_spending
    flows.year_gap = flows.budget_so_far - flows.spending_so_far
    flows.settlement = inputs.year_end * (
        flows.kept_share * maximum(0.0, flows.year_gap)
        - flows.deficit_borne_share * maximum(0.0, -flows.year_gap)
    )


def _next(inputs: Any, flows: Any) -> None:
    open_year = 1 - inputs.year_end
    flows.next_year_budget = open_year * flows.budget_so_far
    flows.next_year_spending = open_year * flows.spending_so_far
    flows.next_settlement_due = (1 - inputs.payday) * inputs.settlement_due + flows.settlement
    # A ratchet resets the next budget towards what was spent under the contract.
    spent_ratio = where(
        flows.budget_so_far > _SMALL,
        flows.benchmark_share
        * inputs.benchmark_ratio
        * flows.spending_so_far
        / maximum(flows.budget_so_far, _SMALL),
        inputs.benchmark_ratio,
    )
    flows.next_benchmark_ratio = inputs.benchmark_ratio + inputs.year_end * flows.ratchet_share * (
        spent_ratio - inputs.benchmark_ratio
    )
