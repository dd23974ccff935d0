"""Shared savings: how hard a provider works for a share of what it saves the payer.

Our own small model of the contract of an accountable care organisation. Effort e saves one unit
of money per unit, costs e**2 / (2 k) and loses the margin m on the services not given. A
one-sided contract pays the share s of a saving, a two-sided one also charges s of a loss.

Assumptions: the benchmark is what would be spent without effort; the provider minds the mean of
its money, not the risk; effort is never negative.

References
----------
McWilliams and others (2016), source ``mcwilliams-2016-aco``: early evidence, not the equations.
"""

import math
from typing import Any

import numpy as np

from carelab.tracing import maximum

# Noise, or response, below this counts as this much.
_LEAST = 1e-12
_HALVINGS = 80


def two_sided_effort(saving_share: Any, lost_margin: Any, effort_response: Any) -> Any:
    """Return the effort when savings and losses are shared alike, whatever the noise.

    Parameters
    ----------
    saving_share : float or array
        s, share of the saving that the provider keeps, in [0, 1].
    lost_margin : float or array
        m, margin lost per unit of money saved, not negative.
    effort_response : float or array
        k >= 0, effort per unit of net reward.

    Returns
    -------
    float or array
        Effort in units of money saved; nil until the share exceeds the lost margin.

    Examples
    --------
    >>> two_sided_effort(0.5, 0.25, 2.0), two_sided_effort(0.25, 0.5, 2.0)
    (0.5, 0.0)
    """
    return effort_response * maximum(0.0, saving_share - lost_margin)


# Without noise nobody makes a loss by chance: a one-sided contract moves just as much effort.
one_sided_effort = two_sided_effort


def rebased_share(saving_share: Any, rebasing_weight: Any, discount_factor: Any) -> Any:
    """Return the share that is left when each saving lowers the later benchmarks.

    Parameters
    ----------
    saving_share : float or array
        Share of the saving in the year in which it is made, in [0, 1].
    rebasing_weight : float or array
        Weight w of last year's spending in the next benchmark, in [0, 1].
    discount_factor : float or array
        Worth of next year's money today, at least 0 and below 1.

    Returns
    -------
    float or array
        Constant share with the same present value, for a saving that lasts; for one of a single
        year too, if the later loss is charged.

    Examples
    --------
    >>> round(rebased_share(0.5, 0.4, 0.95), 3)
    0.058
    """
    return saving_share * (1 - discount_factor) / (1 - discount_factor * (1 - rebasing_weight))


def one_sided_bonus(effort: Any, saving_share: Any, noise: Any) -> Any:
    """Return the expected bonus of a one-sided contract when spending varies by chance.

    Numerical: takes floats or arrays, cannot be traced.

    Parameters
    ----------
    effort, saving_share : float or array
        As in `two_sided_effort`.
    noise : float or array
        Standard deviation of spending (normal), money, not negative.

    Returns
    -------
    float or array
        Money. Its slope in effort is the share times the chance of a saving: half the share
        at no effort, where a two-sided contract has the whole share.

    Examples
    --------
    >>> round(float(one_sided_bonus(0.0, 0.5, 0.1)), 4)
    0.0199
    """
    spread = np.maximum(noise, _LEAST)
    density = np.exp(-((effort / spread) ** 2) / 2) / math.sqrt(2 * math.pi)
    return saving_share * (effort * _saving_chance(effort, spread) + spread * density)


def noisy_one_sided_effort(
    saving_share: Any, lost_margin: Any, effort_response: Any, noise: Any
) -> Any:
    """Return the effort under a one-sided contract when spending varies by chance.

    Numerical: takes floats or arrays, cannot be traced. The gain can have two peaks, one at no
    effort, and the higher is taken. Marginal gain is concave, so an inner peak that halving
    steps over is the lower one.

    Parameters
    ----------
    saving_share, lost_margin, effort_response, noise : float or array
        As in `two_sided_effort` and `one_sided_bonus`.

    Returns
    -------
    float or array
        Effort in units of money saved, at most that of `two_sided_effort`.

    Examples
    --------
    >>> round(float(noisy_one_sided_effort(0.5, 0.3, 1.0, 0.1)), 3)
    0.183
    >>> float(noisy_one_sided_effort(0.5, 0.3, 1.0, 0.3))
    0.0
    """
    spread = np.maximum(noise, _LEAST)
    high = two_sided_effort(saving_share, lost_margin, effort_response)
    low = 0.0 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reward = saving_share * _saving_chance(middle, spread) - lost_margin
        rises = effort_response * reward > middle
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    cost = low * low / (2 * np.maximum(effort_response, _LEAST))
    gain = one_sided_bonus(low, saving_share, spread) - lost_margin * low - cost
    return np.where(gain > one_sided_bonus(0.0, saving_share, spread), low, 0.0)[()]


def _saving_chance(effort: Any, spread: Any) -> Any:
    return (1 + np.vectorize(math.erf, otypes=[float])(effort / spread / math.sqrt(2))) / 2
