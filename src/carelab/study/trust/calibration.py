"""Fit a few assumed parameters of the Chinese county to figures measured before any reform.

The rule of the split was written before the fit, in ``targets.csv``: what describes a county as
it is, or a study that a parameter names, may set a parameter (``fit``); results of reforms are
held out (``test``) and never enter the fit. The fit begins in the middle of every range, so that
it does not depend on the values in use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.frozen import ComparedByContent
from carelab.engine import Place, place_at_rest, place_parameters
from carelab.evidence import load_parameters
from carelab.evidence.registry import load_targets
from carelab.study.trust.scoreboard import scoreboard_values, verdict_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]

CONTEXT = "china_county"
_STATES = ("healthy", "unmanaged", "managed", "complicated")
# Free numbers and the parameters that each moves; the members of a group move together, since
# the figures tell how much care there is, not who seeks it.
FREE: Mapping[str, tuple[str, ...]] = {
    "visits": tuple(f"{state}_visits_year" for state in _STATES),
    "cases": tuple(
        f"{state}_{kind}_cases_year" for kind in ("mild", "serious") for state in _STATES
    ),
    **{
        name: (name,)
        for name in (
            "visit_primary_share",
            "visit_outside_share",
            "serious_outside_share",
            "serious_hospital_price",
            "outside_copay_share",
            "visit_paid_share",
            "hospital_drift_year",
            "gate_weight",
        )
    },
}
# Step of the Jacobian and nearness to a bound, as parts of the range.
_STEP = 1e-4
_AT_BOUND = 1e-3
# Standard deviation of a flat draw over a range of length 1.
KNOWS_NOTHING = 12**-0.5


@dataclass(frozen=True, eq=False)
class Fit(ComparedByContent):
    """A fit: free numbers, and how firmly the targets hold them.

    Parameters
    ----------
    names : tuple of str
        Free numbers.
    position : numpy.ndarray
        Of each within its range, from 0 (low) to 1 (high).
    residuals : numpy.ndarray
        Distance of each target from the middle of its tolerance, in half-widths: it is met
        where this lies between -1 and 1.
    jacobian : numpy.ndarray
        Shape (targets, free numbers): change of each residual over the whole of each range.
    """

    names: tuple[str, ...]
    position: "Array"
    residuals: "Array"
    jacobian: "Array"

    @property
    def singular_values(self) -> "Array":
        """Singular values of the Jacobian, the largest first; near nil: not identified."""
        import numpy as np

        return np.linalg.svd(self.jacobian, compute_uv=False).astype(np.float64)

    @property
    def standard_errors(self) -> "Array":
        """Standard error of each free number, in parts of its range; all uncertain at once."""
        import numpy as np

        inverse = np.linalg.pinv(self.jacobian.T @ self.jacobian, hermitian=True)
        errors = np.sqrt(np.diag(inverse))
        # A direction without any effect has no inverse: nothing is known of its members.
        _, sizes, rows = np.linalg.svd(self.jacobian)
        lost = rows[np.append(sizes, np.zeros(len(rows) - len(sizes))) < 1e-9 * sizes[0]]
        unknown: Array = np.where((np.abs(lost) > 1e-6).any(axis=0), np.inf, errors)
        return unknown

    @property
    def at_bound(self) -> "Flags":
        """Whether each free number is stuck at the low or high end of its range."""
        import numpy as np

        stuck: Flags = np.minimum(self.position, 1 - self.position) < _AT_BOUND
        return stuck

    @property
    def identified(self) -> "Flags":
        """Whether the targets say more than the range, and the number lies inside it."""
        held: Flags = (self.standard_errors < KNOWS_NOTHING) & ~self.at_bound
        return held


def fit_targets() -> "pd.DataFrame":
    """Return the targets to which the county is fitted.

    >>> set(fit_targets()["used_for"])
    {'fit'}
    """
    rows = load_targets("fit")
    closed = rows["tolerance_low"].notna() & rows["tolerance_high"].notna()
    return rows[closed & (rows["context"] == CONTEXT)].reset_index(drop=True)


def ranges_of(names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Return the range of every parameter that the free numbers move.

    >>> sorted(ranges_of(("gate_weight",)))
    ['gate_weight']
    """
    unknown = [name for name in names if name not in FREE]
    if unknown or not names:
        raise CarelabError(f"'{', '.join(unknown)}' is not free; free are {', '.join(FREE)}")
    table = load_parameters()
    table = table[table["context"].isin(["any_place", CONTEXT])].set_index("name")
    members = [member for name in names for member in FREE[name]]
    return {each: (float(table["low"][each]), float(table["high"][each])) for each in members}


def parameters_at(names: tuple[str, ...], positions: "Array") -> dict[str, Any]:
    """Turn positions within the ranges into parameters of the county."""
    ranges = ranges_of(names)
    moved = {}
    for column, name in enumerate(names):
        for member in FREE[name]:
            low, high = ranges[member]
            moved[member] = low + positions[:, column] * (high - low)
    return {**place_parameters(CONTEXT), **moved}


def calibrate(
    targets: "pd.DataFrame | None" = None,
    names: tuple[str, ...] = tuple(FREE),
    months: int = 3000,
    evaluations: int = 40,
) -> Fit:
    """Fit free parameters of the Chinese county to published figures by least squares.

    References
    ----------
    Branch, Coleman and Li (1999), A subspace, interior, and conjugate gradient method for
    large-scale bound-constrained minimization problems; as in `scipy.optimize.least_squares`.
    """
    import numpy as np
    from scipy.optimize import least_squares

    rows = fit_targets() if targets is None else targets.reset_index(drop=True)
    _refuse_held_out(rows)
    known: dict[bytes, tuple[Array, Array]] = {}

    def at(position: "Array") -> "tuple[Array, Array]":
        key = position.tobytes()
        if key not in known:
            known[key] = _residuals(rows, names, position, months)
        return known[key]

    found = least_squares(
        lambda position: at(position)[0],
        np.full(len(names), 0.5),
        jac=lambda position: at(position)[1],
        bounds=(0.0, 1.0),
        max_nfev=evaluations,
    )
    return Fit(tuple(names), found.x, *at(found.x))


def _refuse_held_out(rows: "pd.DataFrame") -> None:
    for row in rows.itertuples():
        if row.used_for != "fit":
            raise CarelabError(f"target '{row.id}' is held out; a fit may only use 'fit' rows")


def _residuals(
    rows: "pd.DataFrame", names: tuple[str, ...], position: "Array", months: int
) -> "tuple[Array, Array]":
    """Run the place and its neighbours, one step along each free number, as one block."""
    import numpy as np

    # Steps go inwards, so that no parameter leaves its range.
    steps = np.where(position > 0.5, -_STEP, _STEP)
    block = position + np.vstack([np.zeros(len(names)), np.diag(steps)])
    place = place_at_rest(CONTEXT, parameters_at(names, block), months)
    values = scoreboard_values(rows, {CONTEXT: place})
    low, high = rows["tolerance_low"].to_numpy(), rows["tolerance_high"].to_numpy()
    off = (values - ((low + high) / 2)[:, None]) / ((high - low) / 2)[:, None]
    return off[:, 0], (off[:, 1:] - off[:, :1]) / steps


# A value in use gives way to the fit only where it lies farther from it than this.
FAR_STANDARD_ERRORS = 2.0


@cache
def _fits() -> tuple[Fit, Fit]:
    """Fit everything at once, then again what was identified, the rest being as it is in use."""
    everything = calibrate()
    pairs = zip(everything.names, everything.identified, strict=True)
    return everything, calibrate(names=tuple(name for name, held in pairs if held))


def fitted_parameters_table() -> "pd.DataFrame":
    """Fit the free parameters of the Chinese county and say which the targets identify.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: ``free`` (the number that moves it), parameter, low, high, in_use;
        fitted_together, standard_error_alone and standard_error (both in parts of the range: the
        second with all free numbers uncertain at once), at_bound and identified (yes or no) of the
        fit of all free numbers; fitted and fitted_standard_error of the second fit, in which only
        what was identified is free (NaN elsewhere); distance of the value in use from it, in
        standard errors; and ``weakest`` (loading on the direction that the targets hold least).
    """
    import pandas as pd

    everything, second = _fits()
    in_use = place_parameters(CONTEXT)
    rows = []
    for at, name in enumerate(everything.names):
        shared = _identification(everything, at)
        for member in FREE[name]:
            low, high = ranges_of((name,))[member]
            rows.append(
                {
                    "free": name,
                    "parameter": member,
                    "low": low,
                    "high": high,
                    "in_use": in_use[member],
                    "fitted_together": low + everything.position[at] * (high - low),
                    **shared,
                    **_second(second, name, (low, high), in_use[member]),
                }
            )
    return pd.DataFrame(rows)


def _identification(fit: Fit, at: int) -> dict[str, Any]:
    import numpy as np

    _, _, directions = np.linalg.svd(fit.jacobian)
    return {
        "standard_error_alone": 1 / np.linalg.norm(fit.jacobian[:, at]),
        "standard_error": fit.standard_errors[at],
        "weakest": abs(directions[len(fit.names) - 1][at]),
        "at_bound": "yes" if fit.at_bound[at] else "no",
        "identified": "yes" if fit.identified[at] else "no",
    }


def _second(fit: Fit, name: str, bounds: tuple[float, float], in_use: float) -> dict[str, float]:
    nothing = float("nan")
    if name not in fit.names:
        return {"fitted": nothing, "fitted_standard_error": nothing, "distance": nothing}
    at, width = fit.names.index(name), bounds[1] - bounds[0]
    error = float(fit.standard_errors[at]) * width
    fitted = bounds[0] + float(fit.position[at]) * width
    return {
        "fitted": fitted,
        "fitted_standard_error": error,
        "distance": (in_use - fitted) / error,
    }


def fitted_targets_table() -> "pd.DataFrame":
    """Score every target of the Chinese county in use, fitted to what is identified, and to all.

    Returns
    -------
    pandas.DataFrame
        One row per target that the engine addresses: id, used_for (fit, test or none), in_use,
        fitted and fitted_together (model values), and a verdict for each. Targets that are not
        ``fit`` were never seen by the fit.
    """
    rows = load_targets()
    rows = rows[(rows["context"] == CONTEXT) & (rows["scenario"] != "")].reset_index(drop=True)
    everything, second = _fits()
    table = rows[["id", "used_for"]].copy()
    for column, place in (
        ("in_use", None),
        ("fitted", _place(second)),
        ("fitted_together", _place(everything)),
    ):
        table[column] = scoreboard_values(rows, {CONTEXT: place} if place else None)[:, 0]
        bounds = zip(table[column], rows["tolerance_low"], rows["tolerance_high"], strict=True)
        table[f"{column}_verdict"] = [verdict_of(*each) for each in bounds]
    return table


def _place(fit: Fit) -> Place:
    found = parameters_at(fit.names, fit.position[None, :])
    flat = {
        name: float(value if isinstance(value, float) else value[0])
        for name, value in found.items()
    }
    return place_at_rest(CONTEXT, flat)
