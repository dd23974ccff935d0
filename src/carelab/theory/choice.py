"""Choice: how patients divide between places of care, and what moves them.

The logit model, as Yip, Wang and Liu (1998) used it for patients in rural China. Each place has a
utility, in which money counts with the weight b: u = appeal - b price. A place gets the share
exp(u) over the sum of all exp(u), so the log of the odds of two places is their gap in utility.

Assumptions: tastes vary alike and independently between places, so that a third place takes from
the other two in proportion to their shares; the weight of money is the same for everyone.
"""

from typing import Any

from carelab.tracing import exp, log, maximum


def logit_shares(first: Any, second: Any, third: Any) -> tuple[Any, Any, Any]:
    """Return the shares of three places.

    Parameters
    ----------
    first, second, third : float or array
        Utilities, without unit; only their differences count. The largest is taken off before
        the exponential, so that no finite utility overflows.

    Returns
    -------
    tuple of float or array
        Three shares that add up to one.

    References
    ----------
    Yip, Wang and Liu (1998), source ``yip-1998``, for its use.

    Examples
    --------
    >>> logit_shares(0.0, 0.0, -1000.0), logit_shares(1000.0, 0.0, 0.0)
    ((0.5, 0.5, 0.0), (1.0, 0.0, 0.0))
    """
    most = maximum(maximum(first, second), third)
    weights = exp(first - most), exp(second - most), exp(third - most)
    total = weights[0] + weights[1] + weights[2]
    return weights[0] / total, weights[1] / total, weights[2] / total


def logit_shares_of_two(first: Any, second: Any) -> tuple[Any, Any]:
    """Return the shares of two places.

    Parameters
    ----------
    first, second : float or array
        Utilities, as in `logit_shares`.

    Returns
    -------
    tuple of float or array
        Two shares that add up to one.

    Examples
    --------
    >>> logit_shares_of_two(3.0, 3.0)
    (0.5, 0.5)
    """
    most = maximum(first, second)
    weights = exp(first - most), exp(second - most)
    total = weights[0] + weights[1]
    return weights[0] / total, weights[1] / total


def price_response(share: Any, price_weight: Any) -> Any:
    """Return how the share of a place answers to its own price.

    Parameters
    ----------
    share : float or array
        Share of the place, in [0, 1].
    price_weight : float or array
        b >= 0, utility per unit of money.

    Returns
    -------
    float or array
        Share per unit of money, -b P (1 - P): strongest at one half.

    Examples
    --------
    >>> price_response(0.5, 2.0)
    -0.5
    """
    return -price_weight * share * (1 - share)


def cross_price_response(share: Any, other_share: Any, price_weight: Any) -> Any:
    """Return how the share of a place answers to the price of another place.

    Parameters
    ----------
    share, other_share : float or array
        Share of the place, and of the place whose price moves, in [0, 1].
    price_weight : float or array
        b >= 0, utility per unit of money.

    Returns
    -------
    float or array
        Share per unit of money, b P Q; the same in both directions.

    Examples
    --------
    >>> cross_price_response(0.5, 0.25, 2.0)
    0.25
    """
    return price_weight * share * other_share


def consumer_surplus(first: Any, second: Any, third: Any, price_weight: Any) -> Any:
    """Return what having the three places is worth to a patient.

    Parameters
    ----------
    first, second, third : float or array
        Utilities, as in `logit_shares`.
    price_weight : float or array
        b > 0, utility per unit of money.

    Returns
    -------
    float or array
        Money per choice, ln(sum of exp(u)) / b; its level has no meaning, only its change. One
        unit of money on the price of a place takes off that place's share.

    Examples
    --------
    >>> round(consumer_surplus(0.0, 0.0, 0.0, 2.0), 4), consumer_surplus(1000.0, 0.0, 0.0, 2.0)
    (0.5493, 500.0)
    """
    most = maximum(maximum(first, second), third)
    return (most + log(exp(first - most) + exp(second - most) + exp(third - most))) / price_weight


def utility_from_share(share: Any, reference_share: Any) -> Any:
    """Return the utility that reproduces an observed share exactly.

    Parameters
    ----------
    share, reference_share : float or array
        Observed shares of the place and of the place whose utility is nil, both above zero.

    Returns
    -------
    float or array
        Utility, ln(share / reference share).

    Examples
    --------
    >>> utility_from_share(0.25, 0.25)
    0.0
    """
    return log(share / reference_share)


def gatekeeping_shift(gatekeeping_share: Any, gate_weight: Any) -> tuple[Any, Any]:
    """Return how gatekeeping moves the utility of primary care and of care outside the place.

    Parameters
    ----------
    gatekeeping_share : float or array
        Share of patients who need a referral, in [0, 1].
    gate_weight : float or array
        Utility that full gatekeeping adds to primary care, not negative.

    Returns
    -------
    tuple of float or array
        Utility added to primary care, and to care outside: half as much, with a minus sign (an
        assumption of ours). The local hospital stays the reference.

    Examples
    --------
    >>> gatekeeping_shift(0.5, 1.0)
    (0.5, -0.25)
    """
    shift = gate_weight * gatekeeping_share
    return shift, -shift / 2
