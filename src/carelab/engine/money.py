"""Who pays whom this month, in money per resident, accounted for to the cent."""

from typing import Any

from carelab.tracing import maximum, minimum, where


def paid_shares(inputs: Any, flows: Any) -> None:
    """Work out the insurer's part of each bill, and what patients pay more than before.

    Parameters
    ----------
    inputs : namespace
        Own shares before the reform.
    flows : namespace
        Receives shares from 0 to 1, and the change of each own share; a share that is already
        zero or one cannot change further.
    """
    flows.primary_paid_share = _within(1 - inputs.primary_copay_share - flows.primary_copay_shift)
    flows.outside_paid_share = _within(1 - inputs.outside_copay_share - flows.outside_copay_shift)
    flows.hospital_paid_share = 1 - inputs.hospital_copay_share
    paid = _within(inputs.visit_paid_share - flows.primary_copay_shift)
    # A part of what a patient pays for a covered visit is for drugs.
    flows.visit_primary_paid_share = (
        paid + (1 - paid) * flows.drug_covered_share * inputs.drug_bill_share
    )
    flows.visit_outside_paid_share = _within(inputs.visit_paid_share - flows.outside_copay_shift)
    flows.mild_primary_own_change = 1 - inputs.primary_copay_share - flows.primary_paid_share
    flows.mild_outside_own_change = 1 - inputs.outside_copay_share - flows.outside_paid_share
    flows.serious_outside_own_change = flows.mild_outside_own_change
    flows.visit_primary_own_change = inputs.visit_paid_share - flows.visit_primary_paid_share
    flows.visit_outside_own_change = inputs.visit_paid_share - flows.visit_outside_paid_share


def _within(share: Any) -> Any:
    return minimum(1.0, maximum(0.0, share))


def prices(inputs: Any, flows: Any) -> None:
    """Work out what care earns and costs, and what the insurer pays for it.

    Parameters
    ----------
    inputs : namespace
        Prices per visit and case; how primary care is paid.
    flows : namespace
        Receives incomes, payments and variable costs per resident and month.
    """
    # Volume at list prices: what treatment is measured against.
    flows.hospital_volume = (
        inputs.mild_hospital_price * flows.mild_hospital
        + inputs.serious_hospital_price * flows.serious_hospital
    )
    case_price = flows.cost_trend * flows.price_factor
    flows.hospital_mild_income = case_price * inputs.mild_hospital_price * flows.mild_hospital
    flows.hospital_serious_income = (
        case_price * inputs.serious_hospital_price * flows.serious_hospital
    )
    flows.hospital_visit_income = (
        flows.cost_trend * inputs.visit_hospital_price * flows.visits_hospital
    )
    flows.hospital_income = (
        flows.hospital_mild_income + flows.hospital_serious_income + flows.hospital_visit_income
    )
    flows.hospital_paid = (
        flows.hospital_paid_share * (flows.hospital_mild_income + flows.hospital_serious_income)
        + inputs.visit_paid_share * flows.hospital_visit_income
    )
    # Cost follows what is done, whether or not the price does.
    flows.hospital_variable_cost = inputs.hospital_variable_cost_share * (
        flows.cost_trend * flows.cost_factor * flows.hospital_volume + flows.hospital_visit_income
    )
    _primary(inputs, flows)
    flows.outside_case_income = flows.cost_trend * (
        inputs.mild_outside_price * flows.mild_outside
        + inputs.serious_outside_price * flows.serious_outside
    )
    flows.outside_visit_income = (
        flows.cost_trend * inputs.visit_outside_price * flows.visits_outside
    )
    flows.outside_paid = (
        flows.outside_paid_share * flows.outside_case_income
        + flows.visit_outside_paid_share * flows.outside_visit_income
    )
    flows.inside_spending = flows.hospital_paid + flows.primary_paid
    flows.insured_spending = flows.inside_spending + flows.outside_paid
    flows.household_payments = (
        flows.hospital_income
        - flows.hospital_paid
        + flows.primary_own_payments
        + flows.outside_case_income
        + flows.outside_visit_income
        - flows.outside_paid
    )


def _primary(inputs: Any, flows: Any) -> None:
    """Pay primary care partly by the service, partly by the head; patients pay by the service.

    Its case and visit income are its services at their prices; what it earns is ``primary_income``.
    """
    flows.primary_case_income = flows.cost_trend * inputs.mild_primary_price * flows.mild_primary
    flows.primary_visit_income = (
        flows.cost_trend * inputs.visit_primary_price * flows.visits_primary
    )
    flows.primary_covered = (
        flows.primary_paid_share * flows.primary_case_income
        + flows.visit_primary_paid_share * flows.primary_visit_income
    )
    flows.primary_paid = (
        inputs.primary_fee_share * flows.primary_covered
        + (1 - inputs.primary_fee_share) * flows.budget_trend * inputs.start_primary_covered
    )
    flows.primary_own_payments = (
        flows.primary_case_income + flows.primary_visit_income - flows.primary_covered
    )
    flows.primary_income = flows.primary_paid + flows.primary_own_payments
    flows.primary_variable_cost = inputs.primary_variable_cost_share * (
        flows.primary_case_income + flows.primary_visit_income
    )


def transfers(inputs: Any, flows: Any) -> None:
    """Work out payments that do not follow patients, and costs that do not.

    Parameters
    ----------
    inputs : namespace
        Public health money, funds, pooled budget, unit costs.
    flows : namespace
        Receives public health pay and what it is spent on, pooled transfers, fund money, costs.
    """
    flows.public_health_income = (
        inputs.public_health_money * flows.public_health_multiplier * flows.budget_trend
    )
    flows.public_health_pay = flows.public_health_income * (
        1 - flows.performance_share + flows.performance_share * flows.reach
    )
    # Money for prevention buys prevention; what staff feel of it is their pay, no profit.
    flows.prevention_spending = flows.public_health_pay
    since = inputs.month - inputs.service_start_month
    flowing = where(since < 0, 0.0, where(since < inputs.fund_months, 1.0, 0.0))
    flows.fund_income = inputs.transformation_fund * flowing
    flows.fund_to_deficits = inputs.fund_to_deficits_share * flows.fund_income
    flows.fund_to_community = flows.fund_income - flows.fund_to_deficits
    # A pooled budget moves money to the community at once; cost is released only as beds close.
    flows.top_slice = flows.pooled_share * (
        flows.top_slice_share * flows.budget_trend * inputs.start_hospital_income
        + flows.released_share
        * flows.cost_trend
        * inputs.hospital_fixed_cost
        * maximum(0.0, 1 - inputs.hospital_capacity)
    )
    flows.mentoring_cost = inputs.mentoring_unit_cost * flows.price_level * inputs.mentoring
    flows.mentoring_pay = flows.mentoring_pay_share * flows.mentoring_cost
    added_information = maximum(0.0, flows.information_share - inputs.baseline_information_share)
    flows.information_cost = inputs.information_unit_cost * flows.price_level * added_information
    flows.hospital_fixed = flows.cost_trend * inputs.hospital_fixed_cost * inputs.hospital_capacity
    flows.primary_fixed = flows.cost_trend * inputs.primary_fixed_cost * inputs.community_capacity
    cash = inputs.effort_cash_cost * flows.price_level
    flows.hospital_effort_cost = cash * inputs.support_effort
    flows.primary_effort_cost = cash * inputs.prevention_effort


def accounts(inputs: Any, flows: Any) -> None:
    """Change every balance by what it received less what it paid.

    Parameters
    ----------
    inputs : namespace
        Balances per resident, premium, grants.
    flows : namespace
        Receives ``next_<balance>``, and what came in from and went out of the place.
    """
    flows.hospital_grant = flows.budget_trend * inputs.hospital_block_grant
    flows.primary_grant = flows.budget_trend * inputs.primary_block_grant
    flows.premium_income = flows.budget_trend * inputs.premium
    flows.hospital_change = (
        flows.hospital_income
        + flows.hospital_part_share * flows.settlement_paid
        - flows.top_slice
        + flows.fund_to_deficits
        + flows.mentoring_pay
        + flows.hospital_grant
        - flows.hospital_variable_cost
        - flows.hospital_fixed
        - flows.hospital_effort_cost
        - flows.mentoring_cost
    )
    flows.primary_change = (
        flows.primary_income
        + (1 - flows.hospital_part_share) * flows.settlement_paid
        + flows.top_slice
        + flows.public_health_pay
        - flows.prevention_spending
        + flows.fund_to_community
        + flows.primary_grant
        - flows.primary_variable_cost
        - flows.primary_fixed
        - flows.primary_effort_cost
        - flows.information_cost
    )
    flows.insurer_change = (
        flows.premium_income - flows.insured_spending - flows.settlement_paid - flows.mentoring_pay
    )
    _next_balances(inputs, flows)
    _close(flows)


def _next_balances(inputs: Any, flows: Any) -> None:
    flows.next_insurer_balance = inputs.insurer_balance + flows.insurer_change
    flows.next_public_health_balance = (
        inputs.public_health_balance + flows.public_health_income - flows.public_health_pay
    )
    flows.next_transformation_balance = (
        inputs.transformation_balance
        + flows.fund_income
        - flows.fund_to_deficits
        - flows.fund_to_community
    )
    flows.next_hospital_balance = inputs.hospital_balance + flows.hospital_change
    flows.next_primary_balance = inputs.primary_balance + flows.primary_change


def _close(flows: Any) -> None:
    flows.money_in = (
        flows.premium_income
        + flows.public_health_income
        + flows.fund_income
        + flows.hospital_grant
        + flows.primary_grant
        + flows.household_payments
    )
    flows.money_out = (
        flows.outside_case_income
        + flows.outside_visit_income
        + flows.hospital_variable_cost
        + flows.hospital_fixed
        + flows.hospital_effort_cost
        + flows.primary_variable_cost
        + flows.primary_fixed
        + flows.primary_effort_cost
        + flows.prevention_spending
        + flows.mentoring_cost
        + flows.information_cost
    )
