"""Mentoring: why capability that experts bring along rises, stalls, and falls when they leave.

Our own small model of the learning from practice that Qian and others (2017) describe. In a month
mentoring closes a part g m of the gap between capability K and full capability 1; a part d of
what lies above the unaided level is forgotten or lost with staff who leave:
K' = K + g m (1 - K) - d (K - unaided level).

Assumptions: capability is one number in [0, 1], experts lose nothing by teaching, constant rates.
If mentoring fades, capability peaks and then falls: the stall is in this one line.
"""

from typing import Any

from carelab.tracing import maximum

# Keeps the rest point finite where nothing is learnt and nothing lost; far below any rate.
_OFF = 1e-300


def capability_next(capability: Any, learning: Any, decay: Any, unaided_capability: Any) -> Any:
    """Return capability a month later.

    Parameters
    ----------
    capability : float or array
        K, in [0, 1].
    learning : float or array
        g m, share of the gap to full capability that mentoring closes in a month, not negative.
    decay : float or array
        d, share of the capability above the unaided level lost in a month, not negative;
        learning and decay together at most 1.
    unaided_capability : float or array
        Level at which capability rests without mentoring, in [0, 1].

    Returns
    -------
    float or array
        Capability, in [0, 1].

    References
    ----------
    Qian and others (2017), source ``seed-001-hangzhou``, for the mechanism; the equation is ours.

    Examples
    --------
    >>> capability_next(0.5, 0.25, 0.125, 0.25)
    0.59375
    """
    return capability + learning * (1 - capability) - decay * (capability - unaided_capability)


def capability_rest_point(learning: Any, decay: Any, unaided_capability: Any) -> Any:
    """Return the capability at which what is learnt replaces what is lost.

    Parameters
    ----------
    learning, decay, unaided_capability : float or array
        As in `capability_next`.

    Returns
    -------
    float or array
        Capability, (g m + d unaided) / (g m + d), from the unaided level to 1; the unaided level
        itself when nothing is learnt and nothing lost.

    Examples
    --------
    >>> capability_rest_point(0.25, 0.125, 0.25), capability_rest_point(0.0, 0.0, 0.25)
    (0.75, 0.25)
    """
    reached = learning / maximum(learning + decay, _OFF)
    return unaided_capability + reached * (1 - unaided_capability)


def capability_path(
    months: Any, start_capability: Any, learning: Any, decay: Any, unaided_capability: Any
) -> Any:
    """Return capability after some months of constant mentoring.

    Parameters
    ----------
    months : float or array
        Months since the start, not negative.
    start_capability : float or array
        Capability at month nil, in [0, 1].
    learning, decay, unaided_capability : float or array
        As in `capability_next`.

    Returns
    -------
    float or array
        Capability; the part (1 - g m - d) ** months of the way to the rest point is still to go.

    Examples
    --------
    >>> capability_path(1.0, 0.5, 0.25, 0.125, 0.25), capability_path(1e4, 0.5, 0.25, 0.125, 0.25)
    (0.59375, 0.75)
    """
    rest = capability_rest_point(learning, decay, unaided_capability)
    # Rounding may push a sum of one just above it; no power of a negative number then.
    still_to_go = maximum(0.0, 1 - learning - decay) ** months
    return rest + (start_capability - rest) * still_to_go
