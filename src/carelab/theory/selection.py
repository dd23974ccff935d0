"""Selection: why a fully prospective payment is too much when providers can choose patients.

Our own stylisation of the argument of Newhouse (1996); Selden (1990) gives the capitation
version. A share x of payment is fixed in advance. The provider keeps x of each yuan that effort
saves (effort cost g e**2 / 2), and earns x v on each unit of selection, that is of drawing easy
patients and avoiding costly ones (selection cost d s**2 / 2). Effort saves money; selection moves
money between providers and harms patients by theta a unit.

Assumptions: linear gains, quadratic costs, effort and selection do not touch each other; the
stock of patients, risk adjustment and quality are left out.
"""

from typing import Any

from carelab.tracing import maximum


def cost_control_effort(prospective_share: Any, effort_cost: Any) -> Any:
    """Return the effort that the provider gives to saving money.

    Parameters
    ----------
    prospective_share : float or array
        Share of payment fixed in advance, in [0, 1].
    effort_cost : float or array
        g > 0, money per unit of effort squared; a unit of effort saves one unit of money.

    Returns
    -------
    float or array
        Units of effort.

    References
    ----------
    Newhouse (1996), source ``newhouse-1996``: the argument; the equations are ours.

    Examples
    --------
    >>> cost_control_effort(0.5, 2.0)
    0.25
    """
    return prospective_share / effort_cost


def patient_selection(prospective_share: Any, selection_gain: Any, selection_cost: Any) -> Any:
    """Return how much the provider selects.

    Parameters
    ----------
    prospective_share : float or array
        Share of payment fixed in advance, in [0, 1].
    selection_gain : float or array
        v >= 0, what a unit of selection earns when payment is fully prospective, money.
    selection_cost : float or array
        d > 0, money per unit of selection squared.

    Returns
    -------
    float or array
        Units of selection.

    Examples
    --------
    >>> patient_selection(0.5, 1.0, 2.0)
    0.25
    """
    return prospective_share * selection_gain / selection_cost


def selection_welfare(
    prospective_share: Any,
    effort_cost: Any,
    selection_gain: Any,
    selection_cost: Any,
    selection_harm: Any,
) -> Any:
    """Return what society gains over paying everything at cost.

    Parameters
    ----------
    prospective_share, effort_cost, selection_gain, selection_cost : float or array
        As in `cost_control_effort` and `patient_selection`.
    selection_harm : float or array
        theta >= 0, harm to patients of a unit of selection, money.

    Returns
    -------
    float or array
        Money saved, less the cost of effort, the harm of selection and its cost.

    Examples
    --------
    >>> selection_welfare(0.5, 1.0, 1.0, 1.0, 0.0)
    0.25
    """
    effort = cost_control_effort(prospective_share, effort_cost)
    selection = patient_selection(prospective_share, selection_gain, selection_cost)
    saved = effort - effort_cost * effort * effort / 2
    return saved - selection_harm * selection - selection_cost * selection * selection / 2


def best_prospective_share(
    effort_cost: Any, selection_gain: Any, selection_cost: Any, selection_harm: Any
) -> Any:
    """Return the prospective share with the most welfare.

    Parameters
    ----------
    effort_cost, selection_gain, selection_cost, selection_harm : float or array
        As in `selection_welfare`.

    Returns
    -------
    float or array
        A share in [0, 1], below one whenever selection pays; nil when the harm outweighs the
        first unit of effort.

    References
    ----------
    Newhouse (1996), source ``newhouse-1996``; Selden (1990), source ``selden-1990``.

    Examples
    --------
    >>> best_prospective_share(1.0, 0.0, 1.0, 0.5), best_prospective_share(1.0, 1.0, 1.0, 0.5)
    (1.0, 0.25)
    """
    effort_side = selection_cost - selection_harm * selection_gain * effort_cost
    return maximum(
        0.0, effort_side / (selection_cost + selection_gain * selection_gain * effort_cost)
    )
