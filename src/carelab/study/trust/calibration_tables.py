"""What a fit of the Chinese county comes to: parameters, and every target with and without it."""

from functools import cache
from typing import TYPE_CHECKING, Any

from carelab.engine import Place, place_at_rest, place_parameters
from carelab.evidence.registry import load_targets
from carelab.study.trust.calibration import CONTEXT, FREE, Fit, calibrate, parameters_at, ranges_of
from carelab.study.trust.scoreboard import scoreboard_values, verdict_of

if TYPE_CHECKING:
    import pandas as pd

# A value in use gives way to the fit only where it lies farther from it than this.
FAR_STANDARD_ERRORS = 2.0


@cache
def _fits() -> tuple[Fit, Fit]:
    """Fit everything at once, then again what was identified, the rest being as it is in use."""
    everything = calibrate()
    pairs = zip(everything.names, everything.identified, strict=True)
    return everything, calibrate(names=tuple(name for name, held in pairs if held))


def fitted_parameters_table() -> "pd.DataFrame":
    """Fit the free parameters of the Chinese county and say which the targets identify."""
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
    """Score every target of the Chinese county in use, fitted to what is identified, and to all."""
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
