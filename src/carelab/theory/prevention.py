"""Prevention: what a payer that may lose its members, or its contract, thinks prevention is worth.

Prevention today brings a yearly benefit from a first to a last year. Society discounts it; a
payer discounts it, stays with a member only while the member stays, and looks no further than
its horizon. Herring (2010) found that expected turnover lowers prevention, not acute care.

Assumptions: time is continuous, discounting and turnover are constant rates, a lost member never
returns, the cost of investment is quadratic, so that investment is in proportion to its worth.
"""

from typing import Any

from carelab.tracing import exp, maximum, minimum

# A rate below this counts as this rate: the annuity stays finite, and within a millionth of the
# number of years up to a century.
_LOWEST_RATE = 1e-8


def annuity_years(yearly_rate: Any, years: Any) -> Any:
    """Return how many undiscounted years a stream of so many years is worth.

    Parameters
    ----------
    yearly_rate : float or array
        Rate at which the stream loses worth, per year, not negative.
    years : float or array
        Length of the stream, not negative.

    Returns
    -------
    float or array
        Years, (1 - exp(-rate years)) / rate; the number of years itself when the rate is nil.

    Examples
    --------
    >>> round(annuity_years(0.1, 10.0), 4), round(annuity_years(0.0, 10.0), 4)
    (6.3212, 10.0)
    """
    rate = maximum(yearly_rate, _LOWEST_RATE)
    return (1 - exp(-rate * years)) / rate


def present_value(
    yearly_benefit: Any, first_year: Any, last_year: Any, discount_rate: Any, turnover_rate: Any
) -> Any:
    """Return what a later stream of benefit is worth today to a payer that loses members.

    Parameters
    ----------
    yearly_benefit : float or array
        Money per year.
    first_year, last_year : float or array
        Years from today at which the benefit begins and ends; nothing when it ends first.
    discount_rate, turnover_rate : float or array
        Rates per year, not negative; a turnover of nil gives the view of society.

    Returns
    -------
    float or array
        Money today.

    References
    ----------
    Herring (2010), source ``herring-2010``, for the argument; the equation is ours.

    Examples
    --------
    >>> round(present_value(100.0, 2.0, 12.0, 0.03, 0.0), 1)
    813.6
    >>> round(present_value(100.0, 2.0, 12.0, 0.03, 0.2), 1)
    247.0
    """
    rate = discount_rate + turnover_rate
    length = maximum(0.0, last_year - first_year)
    return yearly_benefit * exp(-rate * first_year) * annuity_years(rate, length)


def relative_investment(
    first_year: Any, last_year: Any, discount_rate: Any, turnover_rate: Any, horizon_years: Any
) -> Any:
    """Return what the payer invests in prevention as a share of what society would.

    Parameters
    ----------
    first_year, last_year, discount_rate, turnover_rate : float or array
        As in `present_value`; the last year is later than the first.
    horizon_years : float or array
        Years that the payer looks ahead, such as the length of its contract; from the last
        year on it does not bind.

    Returns
    -------
    float or array
        A share in [0, 1]; nil when the benefit begins beyond the horizon.

    Examples
    --------
    >>> round(relative_investment(2.0, 12.0, 0.03, 0.2, 12.0), 3)
    0.304
    >>> relative_investment(2.0, 12.0, 0.03, 0.0, 1.0)
    0.0
    """
    seen = minimum(last_year, horizon_years)
    private = present_value(1.0, first_year, seen, discount_rate, turnover_rate)
    return private / present_value(1.0, first_year, last_year, discount_rate, 0.0)
