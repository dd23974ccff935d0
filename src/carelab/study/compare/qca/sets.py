"""Fuzzy sets: calibration, membership in a combination, parameters of fit."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carelab.base import CarelabError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# One value per condition: present, absent, or not part of the combination.
Term = tuple[int | None, ...]


@dataclass(frozen=True)
class Fit:
    """How well one set lies inside another, each from 0 to 1; NaN where nothing is measured.

    Parameters
    ----------
    consistency : float
        How far the relation holds.
    coverage : float
        How much of the outcome (sufficiency) or of the condition (necessity) it concerns.
    extra : float
        Sufficiency: proportional reduction in inconsistency. Necessity: relevance.
    """

    consistency: float
    coverage: float
    extra: float


def calibrate(
    values: Iterable[float], full_out: float, crossover: float, full_in: float
) -> list[float]:
    """Turn measurements into memberships by the direct method.

    >>> [round(each, 2) for each in calibrate([20, 50, 80], 20, 50, 80)]
    [0.05, 0.5, 0.95]
    """
    rising = full_out < crossover < full_in
    if not rising and not full_out > crossover > full_in:
        raise CarelabError(
            f"anchors {full_out:g}, {crossover:g}, {full_in:g} neither rise nor fall; give"
            " full_out, crossover and full_in in order"
        )
    odds = math.log(0.95 / 0.05)

    def one(value: float) -> float:
        above = value >= crossover if rising else value <= crossover
        anchor = full_in if above else full_out
        power = odds * (value - crossover) / abs(anchor - crossover) * (1 if rising else -1)
        return 1 / (1 + math.exp(-max(min(power, 700.0), -700.0)))

    return [one(value) for value in values]


def term_name(term: Term, conditions: Sequence[str]) -> str:
    """Write a combination in the notation of the field.

    >>> term_name((1, None, 0), ("DEV", "URB", "IND"))
    'DEV*~IND'
    """
    parts = [
        name if bit else f"~{name}"
        for name, bit in zip(conditions, term, strict=True)
        if bit is not None
    ]
    return "*".join(parts) or "always"


def term_membership(data: "pd.DataFrame", term: Term, conditions: Sequence[str]) -> "np.ndarray":
    """Return how far each case belongs to a combination: the smallest of its memberships.

    >>> import pandas as pd
    >>> data = pd.DataFrame({"A": [0.8], "B": [0.3]})
    >>> float(term_membership(data, (1, 0), ("A", "B"))[0])
    0.7
    """
    import numpy as np

    parts = [
        data[name].to_numpy(float) if bit else 1 - data[name].to_numpy(float)
        for name, bit in zip(conditions, term, strict=True)
        if bit is not None
    ]
    return np.minimum.reduce(parts) if parts else np.ones(len(data))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def sufficiency(x: "np.ndarray", y: "np.ndarray") -> Fit:
    """Measure how far being in x means being in y.

    >>> import numpy as np
    >>> sufficiency(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    Fit(consistency=1.0, coverage=0.5, extra=1.0)
    """
    import numpy as np

    both = float(np.minimum(x, y).sum())
    doubled = float(np.minimum.reduce([x, y, 1 - y]).sum())
    total = float(x.sum())
    extra = _ratio(both - doubled, total - doubled)
    return Fit(_ratio(both, total), _ratio(both, float(y.sum())), extra)


def necessity_fit(x: "np.ndarray", y: "np.ndarray") -> Fit:
    """Measure how far being in y means being in x.

    >>> import numpy as np
    >>> necessity_fit(np.array([1.0, 1.0]), np.array([1.0, 0.0])).coverage
    0.5
    """
    import numpy as np

    both = np.minimum(x, y)
    total = float(both.sum())
    relevance = _ratio(float((1 - x).sum()), float((1 - both).sum()))
    return Fit(_ratio(total, float(y.sum())), _ratio(total, float(x.sum())), relevance)
