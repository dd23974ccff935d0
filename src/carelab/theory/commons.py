"""Commons: why hospitals that share one capped budget all do more and all earn less.

A fixed budget G is divided among N hospitals in proportion to their points, that is to the
services they give; a service costs c. Each takes the quantity that is best given the others'.
More points of one hospital make every point worth less: the treadmill of Benstetter and
Wambach (2006). Yardstick pay, after Shleifer (1985), is the other use of neighbours: pay each
hospital by the cost of the others.

Assumptions: equal hospitals, one service, constant cost, a closed budget, no collusion, no taste
for patients' benefit; the volume is a loss only as far as patients do not need it. Evidence
differs: Hurley and others (on Canada, not yet in data/sources.csv) report outcomes opposite to
this prediction.
"""

from typing import Any

from carelab.theory.selection import cost_control_effort
from carelab.tracing import maximum

# Keeps the value of a point finite when a hospital is alone.
_OFF = 1e-9


def hospital_quantity(hospitals: Any, budget: Any, unit_cost: Any) -> Any:
    """Return the quantity that each hospital gives when all do what is best for themselves.

    Parameters
    ----------
    hospitals : float or array
        N >= 1.
    budget : float or array
        G >= 0, money shared by all hospitals.
    unit_cost : float or array
        c > 0, money per service.

    Returns
    -------
    float or array
        Services per hospital, G (N - 1) / (N**2 c); nil for one hospital alone, which has the
        budget whatever it does.

    References
    ----------
    Benstetter and Wambach (2006), source ``benstetter-wambach-2006``, and Chen and Fan (2016),
    source ``chen-fan-2016``, for the mechanism; the equations are ours.

    Examples
    --------
    >>> hospital_quantity(2.0, 100.0, 5.0)
    5.0
    """
    return budget * (hospitals - 1) / (hospitals * hospitals * unit_cost)


def total_quantity(hospitals: Any, budget: Any, unit_cost: Any) -> Any:
    """Return the quantity that all hospitals give together.

    Parameters
    ----------
    hospitals, budget, unit_cost : float or array
        As in `hospital_quantity`.

    Returns
    -------
    float or array
        Services; it grows with the number of hospitals towards budget over cost.

    Examples
    --------
    >>> total_quantity(2.0, 100.0, 5.0), total_quantity(4.0, 100.0, 5.0)
    (10.0, 15.0)
    """
    return hospitals * hospital_quantity(hospitals, budget, unit_cost)


def point_value(hospitals: Any, unit_cost: Any) -> Any:
    """Return what a service earns once the budget is divided by all of them.

    Parameters
    ----------
    hospitals, unit_cost : float or array
        As in `hospital_quantity`.

    Returns
    -------
    float or array
        Money per service, N c / (N - 1), whatever the budget; it falls towards the cost of a
        service as hospitals are added. Without bound, here very large, for one alone.

    Examples
    --------
    >>> point_value(2.0, 5.0), point_value(6.0, 5.0)
    (10.0, 6.0)
    """
    return hospitals * unit_cost / maximum(hospitals - 1, _OFF)


def rent_lost_share(hospitals: Any) -> Any:
    """Return the share of the budget that the race for points turns into costs.

    Parameters
    ----------
    hospitals : float or array
        N >= 1.

    Returns
    -------
    float or array
        A share, (N - 1) / N; together the hospitals keep the rest of the budget.

    Examples
    --------
    >>> rent_lost_share(1.0), rent_lost_share(4.0)
    (0.0, 0.75)
    """
    return (hospitals - 1) / hospitals


def yardstick_cost_effort(own_cost_weight: Any, effort_cost: Any) -> Any:
    """Return the effort to lower its cost of a hospital that is paid by a mean of costs.

    Parameters
    ----------
    own_cost_weight : float or array
        Weight of the hospital's own cost in its pay, in [0, 1]: 1 under refunded cost, 1 / N
        under the mean of N hospitals, 0 under the mean of the others.
    effort_cost : float or array
        g > 0, money per unit of effort squared; a unit of effort saves one unit of money.

    Returns
    -------
    float or array
        Units of effort; the efficient 1 / g just when own pay does not depend on own cost.

    References
    ----------
    Shleifer (1985), source ``shleifer-1985`` (not verified), for the idea.

    Examples
    --------
    >>> yardstick_cost_effort(0.0, 2.0), yardstick_cost_effort(0.25, 2.0)
    (0.5, 0.375)
    """
    return cost_control_effort(1 - own_cost_weight, effort_cost)
