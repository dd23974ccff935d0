"""Teams: why a shared result gives each member a reason to leave the work to the others.

After Holmstrom (1982). N bodies add their efforts e to one result worth one unit of money per
unit of effort; each bears the cost c e**2 / 2. The result is shared equally, so each feels one
N-th of what its effort brings, and, with weight omega, what the partners receive of it.

Assumptions: equal members, efforts add up (no complements), nobody sees a single effort, no
repetition. The weight on partners stands for common governance; the model does not explain it.
"""

from typing import Any


def first_best_team_effort(unit_cost: Any) -> Any:
    """Return the effort at which one more unit costs a member just what it brings to all.

    Parameters
    ----------
    unit_cost : float or array
        c > 0, money per unit of effort squared.

    Returns
    -------
    float or array
        Units of effort per member.

    Examples
    --------
    >>> first_best_team_effort(2.0)
    0.5
    """
    return 1 / unit_cost


def team_effort(members: Any, unit_cost: Any, partner_weight: Any) -> Any:
    """Return the effort of each member when the result is shared equally.

    Parameters
    ----------
    members : float or array
        N >= 1.
    unit_cost : float or array
        c > 0, money per unit of effort squared.
    partner_weight : float or array
        Weight omega on what partners receive, in [0, 1]: 0 a loose alliance, 1 one body.

    Returns
    -------
    float or array
        Units of effort per member, from 1 / (N c) to the first best 1 / c.

    References
    ----------
    Holmstrom (1982), source ``holmstrom-1982``; the weight on partners is ours.

    Examples
    --------
    >>> team_effort(4.0, 1.0, 0.0), team_effort(4.0, 1.0, 1.0)
    (0.25, 1.0)
    """
    return (1 + partner_weight * (members - 1)) / (members * unit_cost)


def team_surplus(members: Any, unit_cost: Any, effort: Any) -> Any:
    """Return the result of the team less the cost of all efforts.

    Parameters
    ----------
    members, unit_cost : float or array
        As in `team_effort`.
    effort : float or array
        Units of effort of each member.

    Returns
    -------
    float or array
        Money, for the whole team.

    Examples
    --------
    >>> team_surplus(4.0, 1.0, 1.0)
    2.0
    """
    return members * (effort - unit_cost * effort * effort / 2)


def budget_breaker_fee(members: Any, unit_cost: Any) -> Any:
    """Return the fee with which an outsider can pay every member the whole result.

    Paid the whole result, each member gives the first-best effort. The fee makes the outsider
    (a government, say) break even there.

    Parameters
    ----------
    members, unit_cost : float or array
        As in `team_effort`.

    Returns
    -------
    float or array
        Money per member, fixed whatever the result.

    References
    ----------
    Holmstrom (1982), source ``holmstrom-1982``.

    Examples
    --------
    >>> budget_breaker_fee(4.0, 1.0)
    3.0
    """
    return (members - 1) * first_best_team_effort(unit_cost)


def budget_breaker_balance(members: Any, unit_cost: Any, effort: Any) -> Any:
    """Return what the budget breaker keeps of the result and the fees after paying the members.

    Parameters
    ----------
    members, unit_cost, effort : float or array
        As in `team_surplus`.

    Returns
    -------
    float or array
        Money; nil at the first best, above zero when the team does less: a promise to break the
        budget must be believed although the breaker gains when the team fails.

    Examples
    --------
    >>> budget_breaker_balance(4.0, 1.0, 1.0), budget_breaker_balance(4.0, 1.0, 0.25)
    (0.0, 9.0)
    """
    result = members * effort
    return result + members * budget_breaker_fee(members, unit_cost) - members * result
