"""Multitask: what paying for the measured task does to the task nobody measures.

After Holmstrom and Milgrom (1991); for health care Eggleston (2005), Kaarboe and Siciliani
(2011). One body gives effort to two tasks, say treatment and prevention, at the cost
(c1 t1**2 + c2 t2**2) / 2 + k t1 t2. With k > 0 more of one task makes the other harder.

Assumptions: linear pay, quadratic costs with c1 c2 > k**2, efforts never negative. Intrinsic
reward is part of what the body gains: it moves effort like pay, and counts in the joint surplus.
"""

from typing import Any

from carelab.tracing import maximum, minimum, where

# Keeps the pay at which the second task stops finite when the tasks do not compete.
_OFF = 1e-9


def multitask_efforts(
    first_pay: Any, second_pay: Any, first_cost: Any, second_cost: Any, cross_cost: Any
) -> tuple[Any, Any]:
    """Return the two efforts that are best for the body that gives them.

    Parameters
    ----------
    first_pay, second_pay : float or array
        Full marginal reward of each task, intrinsic reward included, money per unit of effort.
    first_cost, second_cost : float or array
        c1, c2 > 0, money per unit of effort squared.
    cross_cost : float or array
        k of either sign, with k**2 < c1 c2.

    Returns
    -------
    tuple of float or array
        Units of effort in the first and the second task, neither negative; exact at the corners.

    References
    ----------
    Holmstrom and Milgrom (1991), source ``holmstrom-milgrom-1991``.

    Examples
    --------
    >>> multitask_efforts(5.0, 4.0, 2.0, 2.0, 1.0), multitask_efforts(3.0, 1.0, 2.0, 2.0, 1.0)
    ((2.0, 1.0), (1.5, 0.0))
    """
    determinant = first_cost * second_cost - cross_cost * cross_cost
    second = maximum(0.0, (first_cost * second_pay - cross_cost * first_pay) / determinant)
    first = maximum(0.0, (first_pay - cross_cost * second) / first_cost)
    return first, maximum(0.0, (second_pay - cross_cost * first) / second_cost)


def crowding_out_slope(first_cost: Any, second_cost: Any, cross_cost: Any) -> Any:
    """Return how much second effort one more unit of pay for the first task drives out.

    Parameters
    ----------
    first_cost, second_cost, cross_cost : float or array
        As in `multitask_efforts`.

    Returns
    -------
    float or array
        Effort per unit of pay, negative when tasks compete; valid while both efforts are
        positive, nil once the second effort is.

    Examples
    --------
    >>> round(crowding_out_slope(2.0, 2.0, 1.0), 4)
    -0.3333
    """
    return -cross_cost / (first_cost * second_cost - cross_cost * cross_cost)


def best_measured_pay(
    first_benefit: Any,
    second_benefit: Any,
    first_intrinsic: Any,
    second_intrinsic: Any,
    first_cost: Any,
    second_cost: Any,
    cross_cost: Any,
    risk_cost: Any,
) -> Any:
    """Return the pay for the first task that is best when the second cannot be paid.

    Parameters
    ----------
    first_benefit, second_benefit : float or array
        p1, p2, what the payer gains by each task, money per unit of effort.
    first_intrinsic, second_intrinsic : float or array
        i1, i2 >= 0, intrinsic reward of each task, money per unit of effort.
    first_cost, second_cost, cross_cost : float or array
        As in `multitask_efforts`, with tasks that compete or are apart: k >= 0.
    risk_cost : float or array
        R >= 0, risk aversion times the variance of the measure: bearing the pay a costs
        R a**2 / 2.

    Returns
    -------
    float or array
        Money per unit of effort with the highest joint surplus. While both efforts are positive
        it is (p1 - p2 k / c2) / (1 + R (c1 - k**2 / c2)), weaker the more the second task is
        worth. The surplus has a kink where an effort stops, so the best of the three regions is
        taken. It is negative only when the first task has an intrinsic reward to hold back.

    References
    ----------
    Holmstrom and Milgrom (1991), source ``holmstrom-milgrom-1991``; the corners are ours.

    Examples
    --------
    >>> best_measured_pay(2.0, 2.0, 1.0, 2.0, 2.0, 2.0, 1.0, 0.0)  # both tasks
    1.0
    >>> best_measured_pay(2.0, 2.0, 0.0, 0.0, 2.0, 2.0, 1.0, 0.0)  # nothing to crowd out
    2.0
    >>> best_measured_pay(2.0, 5.0, 0.0, 3.0, 2.0, 2.0, 1.0, 0.0)  # better not to start
    0.0
    """
    start = cross_cost * second_intrinsic / second_cost - first_intrinsic
    stop = first_cost * second_intrinsic / maximum(cross_cost, _OFF) - first_intrinsic
    slope = 1 / (first_cost - cross_cost * cross_cost / second_cost)
    both_curve = slope + risk_cost
    both = (first_benefit - second_benefit * cross_cost / second_cost) * slope / both_curve
    first_only_curve = 1 / first_cost + risk_cost
    first_only = maximum(stop, first_benefit / first_cost / first_only_curve)
    best_both = maximum(start, minimum(both, stop))
    # Twice the surplus of each region's best pay, against that of pay `both` without corners.
    unstarted = risk_cost * maximum(0.0, start) * maximum(0.0, start)
    unstarted = unstarted - both_curve * (start - both) * (start - both)
    shared = -both_curve * (best_both - both) * (best_both - both)
    alone = first_only_curve * (first_only - stop) * (first_only - stop)
    alone = alone - both_curve * (stop - both) * (stop - both)
    best = where(shared > unstarted, best_both, minimum(0.0, start))
    return where(alone > maximum(shared, unstarted), first_only, best)
