"""Coordination: when a prevention body and a hospital act together, and when neither does.

Our own small game. Acting costs each body k. If both act the money saved is V, if one acts it is
v, with V > 2 v: the two services need each other. A share s of it is pooled and halved. The
kept share decides which game the two play: no reason to act, a prisoner's dilemma, a stag hunt
(both acting and none acting are stable: trust decides), or harmony.

Assumptions: equal bodies that choose once, at the same time, and mind money only. In the
continuous form more effort of one body makes the effort of the other more productive.
"""

from typing import Any, NamedTuple

from carelab.tracing import maximum, minimum, where

# Keeps thresholds and chances finite where acting alone, or the share, brings nothing.
_OFF = 1e-9

GAME_NAMES = ("no reason to act", "prisoner's dilemma", "stag hunt", "harmony")


class GamePayoffs(NamedTuple):
    """What one body gets, money: when both act, when it or the other acts alone, when none does."""

    both: Any
    acting_alone: Any
    other_alone: Any
    none: Any


class GameThresholds(NamedTuple):
    """Pooled shares at which the game changes; above 1 a threshold is out of reach."""

    no_reason_below: Any
    dilemma_until: Any
    cooperation_risk_dominant_from: Any
    stag_hunt_until: Any


def game_payoffs(
    pooled_share: Any, joint_benefit: Any, single_benefit: Any, acting_cost: Any
) -> GamePayoffs:
    """Return the pay-offs of one body.

    Parameters
    ----------
    pooled_share : float or array
        Share s of the money saved that the two bodies keep and halve, in [0, 1].
    joint_benefit, single_benefit : float or array
        V and v, money saved when both act and when one acts; v >= 0, V > 2 v.
    acting_cost : float or array
        k > 0, money for each that acts.

    Returns
    -------
    GamePayoffs
        ``both``, ``acting_alone``, ``other_alone``, ``none``, in money.

    Examples
    --------
    >>> tuple(game_payoffs(0.5, 10.0, 3.0, 2.0))
    (0.5, -1.25, 0.75, 0.0)
    """
    half_single = pooled_share * single_benefit / 2
    half_joint = pooled_share * joint_benefit / 2
    return GamePayoffs(half_joint - acting_cost, half_single - acting_cost, half_single, 0.0)


def game_thresholds(joint_benefit: Any, single_benefit: Any, acting_cost: Any) -> GameThresholds:
    """Return the pooled shares at which the game changes.

    Parameters
    ----------
    joint_benefit, single_benefit, acting_cost : float or array
        As in `game_payoffs`.

    Returns
    -------
    GameThresholds
        In rising order: 2k/V, up to which acting together pays no better than none;
        2k/(V - v), from which both acting is stable; 4k/V, from which it is also the less risky
        choice; 2k/v, from which acting pays whatever the other does.

    Examples
    --------
    >>> [round(share, 3) for share in game_thresholds(10.0, 3.0, 2.0)]
    [0.4, 0.571, 0.8, 1.333]
    """
    both_costs = 2 * acting_cost
    return GameThresholds(
        no_reason_below=both_costs / joint_benefit,
        dilemma_until=both_costs / (joint_benefit - single_benefit),
        cooperation_risk_dominant_from=2 * both_costs / joint_benefit,
        stag_hunt_until=both_costs / maximum(single_benefit, _OFF),
    )


def game_region(
    pooled_share: Any, joint_benefit: Any, single_benefit: Any, acting_cost: Any
) -> Any:
    """Return which game the two bodies play.

    Parameters
    ----------
    pooled_share, joint_benefit, single_benefit, acting_cost : float or array
        As in `game_payoffs`.

    Returns
    -------
    int or array
        0 no reason to act (up to and at 2k/V), 1 prisoner's dilemma, 2 stag hunt (from and at
        2k/(V - v)), 3 harmony (from and at 2k/v); `game_name` says it in words.

    Examples
    --------
    >>> [game_region(share, 16.0, 4.0, 1.5) for share in (0.1875, 0.2, 0.25, 0.75)]
    [0, 1, 2, 3]
    """
    thresholds = game_thresholds(joint_benefit, single_benefit, acting_cost)
    unstable = where(pooled_share > thresholds.no_reason_below, 1, 0)
    below_harmony = where(pooled_share >= thresholds.dilemma_until, 2, unstable)
    return where(pooled_share >= thresholds.stag_hunt_until, 3, below_harmony)


def game_name(region: float) -> str:
    """Return the name of a game; takes one number, cannot be traced.

    Parameters
    ----------
    region : int or float
        A value of `game_region`.

    Returns
    -------
    str
        One of ``GAME_NAMES``.

    Examples
    --------
    >>> game_name(2)
    'stag hunt'
    """
    return GAME_NAMES[int(region)]


def mixed_acting_chance(
    pooled_share: Any, joint_benefit: Any, single_benefit: Any, acting_cost: Any
) -> Any:
    """Return how sure of the other a body must be before acting pays.

    Parameters
    ----------
    pooled_share, joint_benefit, single_benefit, acting_cost : float or array
        As in `game_payoffs`.

    Returns
    -------
    float or array
        Chance in [0, 1] that the other acts. In the stag hunt it is the mixed equilibrium
        (k - sv/2) / (sV/2 - sv); below it is held at 1, in harmony at 0.

    Examples
    --------
    >>> mixed_acting_chance(0.5, 16.0, 4.0, 1.5)
    0.25
    """
    short = acting_cost - pooled_share * single_benefit / 2
    complement = pooled_share * (joint_benefit - 2 * single_benefit) / 2
    return maximum(0.0, minimum(1.0, short / maximum(complement, _OFF)))


def complementary_effort(margin: Any, unit_cost: Any, complementarity: Any) -> Any:
    """Return the effort of each body when the efforts reinforce one another.

    Each body gains m e + k e f - c e**2 / 2 from its effort e and the effort f of the other.

    Parameters
    ----------
    margin : float or array
        m, money per unit of own effort, of either sign.
    unit_cost, complementarity : float or array
        c > 0 and 0 <= k < c, money per unit of effort squared.

    Returns
    -------
    float or array
        Units of effort, m / (c - k), never negative.

    Examples
    --------
    >>> complementary_effort(1.0, 2.0, 1.5), complementary_effort(-1.0, 2.0, 1.5)
    (2.0, 0.0)
    """
    return maximum(0.0, margin) / (unit_cost - complementarity)


def complementarity_multiplier(unit_cost: Any, complementarity: Any) -> Any:
    """Return how many times the effort of bodies that do not reinforce one another they give.

    Parameters
    ----------
    unit_cost, complementarity : float or array
        As in `complementary_effort`.

    Returns
    -------
    float or array
        A ratio, 1 / (1 - k/c).

    Examples
    --------
    >>> complementarity_multiplier(2.0, 1.5)
    4.0
    """
    return unit_cost / (unit_cost - complementarity)
