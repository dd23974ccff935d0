"""Mixed payment: how much a doctor does when part of the cost is paid per service.

After Ellis and McGuire (1986). The doctor chooses the quantity q of care that is best for
profit plus the weight a that he or she puts on the patient's benefit b q - k q**2 / 2. A unit
costs c; the payer refunds the share r of that cost, beside a fixed sum. One kind of care, a known
weight, no choice of patients: the model says nothing about what a doctor does to attract easy
cases.
"""

from typing import Any

from carelab.tracing import maximum


def mixed_payment_quantity(
    refunded_share: Any, benefit_slope: Any, benefit_curve: Any, unit_cost: Any, altruism: Any
) -> Any:
    """Return the quantity of care that the doctor chooses.

    Parameters
    ----------
    refunded_share : float or array
        Share r of the unit cost that each service earns; above 1 a service earns more than it
        costs, as under fee-for-service.
    benefit_slope, benefit_curve : float or array
        b and k of the patient's benefit, in money per unit and per unit squared; k > 0.
    unit_cost : float or array
        c, money per unit.
    altruism : float or array
        a > 0, weight on the patient's benefit against the doctor's own profit.

    Returns
    -------
    float or array
        Units of care, never negative.

    References
    ----------
    Ellis and McGuire (1986), source ``ellis-mcguire-1986``.

    Examples
    --------
    >>> mixed_payment_quantity(0.75, 10.0, 1.0, 4.0, 0.25)
    6.0
    """
    net_cost = (1 - refunded_share) * unit_cost
    return maximum(0.0, (benefit_slope - net_cost / altruism) / benefit_curve)


def first_best_quantity(benefit_slope: Any, benefit_curve: Any, unit_cost: Any) -> Any:
    """Return the quantity at which one more unit benefits the patient by just its cost.

    Parameters
    ----------
    benefit_slope, benefit_curve, unit_cost : float or array
        As in `mixed_payment_quantity`.

    Returns
    -------
    float or array
        Units of care, never negative. A refunded share of one minus the altruism weight
        reaches it exactly.

    Examples
    --------
    >>> first_best_quantity(10.0, 1.0, 4.0)
    6.0
    """
    return maximum(0.0, (benefit_slope - unit_cost) / benefit_curve)


def overtreating_pull_share(
    felt_share: Any, variable_cost_share: Any, county_fund_share: Any, altruism: Any
) -> Any:
    """Return what one more unit of treatment is worth to the hospital at the efficient amount.

    Parameters
    ----------
    felt_share : float or array
        Share of each yuan of insurer spending that comes out of the hospital's own surplus.
    variable_cost_share : float or array
        Share of the price that one more unit costs to make, in [0, 1].
    county_fund_share : float or array
        Share of the price that the insurer pays, in [0, 1].
    altruism : float or array
        Weight on the patient's benefit, in [0, 1].

    Returns
    -------
    float or array
        As a share of the price. Above zero the hospital does more than is efficient, below zero
        less: at the efficient amount the patient's benefit equals the variable cost, so the
        pull is margin plus valued benefit minus the felt part of what the insurer pays.

    Examples
    --------
    >>> round(overtreating_pull_share(0.0, 0.6, 0.7, 0.2), 12)
    0.52
    """
    margin = 1 - variable_cost_share
    return margin + altruism * variable_cost_share - felt_share * county_fund_share


def treatment_threshold_felt_share(
    variable_cost_share: Any, county_fund_share: Any, altruism: Any
) -> Any:
    """Return the felt share at which the hospital treats exactly the efficient amount.

    Parameters
    ----------
    variable_cost_share, county_fund_share, altruism : float or array
        As in `overtreating_pull_share`; the fund share is above zero.

    Returns
    -------
    float or array
        A share; above 1 no contract of this form reaches it.

    Examples
    --------
    >>> round(treatment_threshold_felt_share(0.6, 0.7, 0.2), 4)
    0.7429
    """
    return (1 - variable_cost_share + altruism * variable_cost_share) / county_fund_share
