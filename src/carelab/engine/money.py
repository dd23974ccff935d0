"""Who pays whom this month, in money per resident, accounted for to the cent."""

from typing import Any

from carelab.tracing import maximum, minimum, where


def prices(inputs: Any, flows: Any) -> None:
    """Work out what each case earns and what the insurer pays for it.

    Parameters
    ----------
    inputs : namespace
        Prices per visit and case, weight of intensity and of skimping.
    flows : namespace
        Receives incomes and payments per resident and month.
    """
    flows.price_factor = (
        1
        + inputs.intensity_price_share * inputs.intensity_effort
        - inputs.skimping_price_share * inputs.skimping_effort
    )
    flows.primary_case_income = inputs.mild_primary_price * flows.mild_primary
    flows.primary_visit_income = inputs.visit_primary_price * flows.visits_primary
    flows.hospital_mild_income = (
        flows.price_factor * inputs.mild_hospital_price * flows.mild_hospital
    )
    flows.hospital_serious_income = (
        flows.price_factor * inputs.serious_hospital_price * flows.serious_hospital
    )
    flows.hospital_visit_income = inputs.visit_hospital_price * flows.visits_hospital
    flows.outside_case_income = (
        inputs.mild_outside_price * flows.mild_outside
        + inputs.serious_outside_price * flows.serious_outside
    )
    flows.outside_visit_income = inputs.visit_outside_price * flows.visits_outside
    _totals(inputs, flows)


def paid_shares(inputs: Any, flows: Any) -> None:
    """Work out the insurer's part of each bill, and what patients pay more than before.

    Parameters
    ----------
    inputs : namespace
        Own shares before the reform.
    flows : namespace
        Receives shares from 0 to 1, and the change of each own share; a share that is already
        nil or one cannot change further.
    """
    flows.primary_paid_share = _between_nil_and_one(
        1 - inputs.primary_copay_share - flows.primary_copay_shift
    )
    flows.outside_paid_share = _between_nil_and_one(
        1 - inputs.outside_copay_share - flows.outside_copay_shift
    )
    flows.hospital_paid_share = 1 - inputs.hospital_copay_share
    _visit_paid_shares(inputs, flows)
    flows.mild_primary_own_change = 1 - inputs.primary_copay_share - flows.primary_paid_share
    flows.mild_outside_own_change = 1 - inputs.outside_copay_share - flows.outside_paid_share
    flows.serious_outside_own_change = flows.mild_outside_own_change


def _visit_paid_shares(inputs: Any, flows: Any) -> None:
    paid = _between_nil_and_one(inputs.visit_paid_share - flows.primary_copay_shift)
    # Half of what a patient pays for a covered visit is for drugs.
    flows.visit_primary_paid_share = paid + (1 - paid) * flows.drug_covered_share / 2
    flows.visit_outside_paid_share = _between_nil_and_one(
        inputs.visit_paid_share - flows.outside_copay_shift
    )
    flows.visit_primary_own_change = inputs.visit_paid_share - flows.visit_primary_paid_share
    flows.visit_outside_own_change = inputs.visit_paid_share - flows.visit_outside_paid_share


def _between_nil_and_one(share: Any) -> Any:
    return minimum(1.0, maximum(0.0, share))


def _totals(inputs: Any, flows: Any) -> None:
    flows.hospital_income = (
        flows.hospital_mild_income + flows.hospital_serious_income + flows.hospital_visit_income
    )
    flows.primary_income = flows.primary_case_income + flows.primary_visit_income
    flows.hospital_paid = (
        flows.hospital_paid_share * (flows.hospital_mild_income + flows.hospital_serious_income)
        + inputs.visit_paid_share * flows.hospital_visit_income
    )
    flows.primary_paid = (
        flows.primary_paid_share * flows.primary_case_income
        + flows.visit_primary_paid_share * flows.primary_visit_income
    )
    flows.outside_paid = (
        flows.outside_paid_share * flows.outside_case_income
        + flows.visit_outside_paid_share * flows.outside_visit_income
    )
    flows.inside_spending = flows.hospital_paid + flows.primary_paid
    flows.insured_spending = flows.inside_spending + flows.outside_paid
    flows.household_payments = (
        flows.hospital_income
        + flows.primary_income
        + flows.outside_case_income
        + flows.outside_visit_income
        - flows.insured_spending
    )


def transfers(inputs: Any, flows: Any) -> None:
    """Work out payments that do not follow patients.

    Parameters
    ----------
    inputs : namespace
        Public health money, funds, grants, pooled budget.
    flows : namespace
        Receives public health pay, pooled transfers, fund money, costs.
    """
    flows.public_health_income = inputs.public_health_money * flows.public_health_multiplier
    flows.public_health_pay = flows.public_health_income * (
        1 - flows.performance_share + flows.performance_share * flows.reach
    )
    flows.hospital_public_health_pay = (
        flows.bundled_share * flows.hospital_reward_share * flows.public_health_pay
    )
    flows.fund_income = where(inputs.month < inputs.fund_months, inputs.transformation_fund, 0.0)
    flows.fund_to_deficits = inputs.fund_to_deficits_share * flows.fund_income
    flows.fund_to_community = flows.fund_income - flows.fund_to_deficits
    # A pooled budget moves money to the community at once; cost is released only as beds close.
    flows.top_slice = flows.pooled_share * (
        flows.top_slice_share * inputs.start_hospital_income
        + flows.released_share
        * inputs.hospital_fixed_cost
        * maximum(0.0, 1 - inputs.hospital_capacity)
    )
    _costs(inputs, flows)


def _costs(inputs: Any, flows: Any) -> None:
    flows.mentoring_cost = inputs.mentoring_unit_cost * inputs.premium * inputs.mentoring
    flows.mentoring_pay = flows.mentoring_pay_share * flows.mentoring_cost
    added_information = maximum(0.0, flows.information_share - inputs.baseline_information_share)
    flows.information_cost = inputs.information_unit_cost * inputs.premium * added_information
    flows.hospital_variable_cost = inputs.hospital_variable_cost_share * flows.hospital_income
    flows.primary_variable_cost = inputs.primary_variable_cost_share * flows.primary_income
    flows.hospital_fixed = inputs.hospital_fixed_cost * inputs.hospital_capacity
    flows.primary_fixed = inputs.primary_fixed_cost * inputs.community_capacity
    cash = inputs.effort_cash_cost * inputs.premium
    flows.hospital_effort_cost = cash * inputs.support_effort
    flows.primary_effort_cost = cash * inputs.prevention_effort


def accounts(inputs: Any, flows: Any) -> None:
    """Change every balance by what it received less what it paid.

    Parameters
    ----------
    inputs : namespace
        Balances per resident, premium, grants, the settlement that is due.
    flows : namespace
        Receives ``next_<balance>``, and what came in from and went out of the place.
    """
    flows.settlement_paid = inputs.payday * inputs.settlement_due
    _hospital_account(inputs, flows)
    _primary_account(inputs, flows)
    flows.insurer_change = (
        inputs.premium - flows.insured_spending - flows.settlement_paid - flows.mentoring_pay
    )
    _close(inputs, flows)


def _hospital_account(inputs: Any, flows: Any) -> None:
    # What the insurer does not pay of its income, households do.
    flows.hospital_change = (
        flows.hospital_income
        + flows.hospital_part_share * flows.settlement_paid
        - flows.top_slice
        + flows.hospital_public_health_pay
        + flows.fund_to_deficits
        + flows.mentoring_pay
        + inputs.hospital_block_grant
        - flows.hospital_variable_cost
        - flows.hospital_fixed
        - flows.hospital_effort_cost
        - flows.mentoring_cost
    )


def _primary_account(inputs: Any, flows: Any) -> None:
    flows.primary_change = (
        flows.primary_income
        + (1 - flows.hospital_part_share) * flows.settlement_paid
        + flows.top_slice
        + flows.public_health_pay
        - flows.hospital_public_health_pay
        + flows.fund_to_community
        + inputs.primary_block_grant
        - flows.primary_variable_cost
        - flows.primary_fixed
        - flows.primary_effort_cost
        - flows.information_cost
    )


def _close(inputs: Any, flows: Any) -> None:
    flows.money_in = (
        inputs.premium
        + flows.public_health_income
        + flows.fund_income
        + inputs.hospital_block_grant
        + inputs.primary_block_grant
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
        + flows.mentoring_cost
        + flows.information_cost
    )
    _next_balances(inputs, flows)


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
