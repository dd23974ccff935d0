"""The truth table: every combination of conditions, who shows it, and how often it works."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.frozen import ComparedByContent
from carelab.base.numbers import above, at_least, near
from carelab.study.compare.qca.minimise import MOST_CONDITIONS, all_rows
from carelab.study.compare.qca.sets import sufficiency, term_membership

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

POSITIVE, NEGATIVE, REMAINDER = "1", "0", "?"
_COLUMNS = ("n", "consistency", "pri", "code", "contradictory", "cases")
# Signs of the notation of formulas.
_SIGNS = "*+~|"


@dataclass(frozen=True, eq=False, repr=False)
class TruthTable(ComparedByContent):
    """A truth table with the memberships it was made from.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per combination: the conditions (1 or 0), n (cases with a membership above one
        half), consistency, pri, code (``1`` works, ``0`` does not, ``?`` no case), contradictory
        (cases of the row differ in the outcome) and cases.
    data : pandas.DataFrame
        Memberships, one row per case.
    conditions : tuple of str
        Names of the conditions.
    outcome : str
        Name of the outcome.
    """

    rows: "pd.DataFrame"
    data: "pd.DataFrame"
    conditions: tuple[str, ...]
    outcome: str

    def __repr__(self) -> str:
        """Return the rows that have cases, as text."""
        return str(self.observed.to_string(index=False))

    @property
    def observed(self) -> "pd.DataFrame":
        """Rows that at least one case shows, as codes ``1`` and ``0``."""
        return self.rows[self.rows["code"] != REMAINDER]

    def bits(self, code: str) -> list[tuple[int, ...]]:
        """Return the combinations with a code."""
        chosen = self.rows[self.rows["code"] == code]
        return [tuple(map(int, row)) for row in chosen[list(self.conditions)].to_numpy()]

    def diversity(self) -> "pd.DataFrame":
        """Count what was observed and what never was."""
        import pandas as pd

        counts = {
            "cases": len(self.data),
            "combinations": len(self.rows),
            "observed": len(self.observed),
            "remainders": int((self.rows["code"] == REMAINDER).sum()),
            "positive": int((self.rows["code"] == POSITIVE).sum()),
            "contradictory": int(self.rows["contradictory"].sum()),
        }
        return pd.DataFrame([counts])


def _check(data: "pd.DataFrame", outcome: str, conditions: Sequence[str]) -> None:
    check_sets(data, outcome, conditions)
    if not 1 <= len(conditions) <= MOST_CONDITIONS or len(set(conditions)) < len(conditions):
        raise CarelabError(f"give 1 to {MOST_CONDITIONS} conditions, each once")
    for name in conditions:
        if name in _COLUMNS:
            raise CarelabError(
                f"condition '{name}' has the name of a column of the truth table; give it another"
                f" name than {', '.join(_COLUMNS)}"
            )
        half = near(data[name].to_numpy(float), 0.5)
        if half.any():
            case = data.index[half][0]
            raise CarelabError(
                f"case '{case}' has membership 0.5 in '{name}' and belongs to no row; decide"
                " whether it is more in or more out"
            )


def _check_memberships(data: "pd.DataFrame", name: str) -> None:
    try:
        values = data[name].to_numpy(float)
    except (TypeError, ValueError):
        raise CarelabError(f"'{name}' holds what is no number; allowed is 0 to 1") from None
    if not (at_least(values, 0.0) & at_least(1.0, values)).all():
        raise CarelabError(f"'{name}' holds values outside 0 to 1; calibrate it first")


def _check_names(data: "pd.DataFrame", names: Sequence[str]) -> None:
    if data.empty:
        raise CarelabError("the data hold no case")
    if not data.index.is_unique:
        twice = data.index[data.index.duplicated()][0]
        raise CarelabError(f"case '{twice}' stands in two rows; give each case a name of its own")
    for name in names:
        if not isinstance(name, str) or not name or set(name) & set(_SIGNS):
            raise CarelabError(
                f"a set is called {str(name)[:60]!r}; allowed is a name without {_SIGNS}"
            )
        if list(data.columns).count(name) != 1:
            known = ", ".join(map(str, data.columns))
            found = "stands twice among the columns" if name in data.columns else "is no column"
            raise CarelabError(f"'{name}' {found}; columns are {known}")


def check_sets(data: "pd.DataFrame", outcome: str, conditions: Sequence[str]) -> None:
    """Refuse columns that are missing, ambiguous, or hold no memberships.

    >>> import pandas as pd
    >>> check_sets(pd.DataFrame({"A": [2.0], "Y": [1.0]}), "Y", ["A"])
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: 'A' holds values outside 0 to 1; calibrate it first
    """
    if isinstance(conditions, str):
        raise CarelabError(f"conditions is '{conditions[:60]}'; allowed is a list of columns")
    _check_names(data, (*conditions, outcome))
    for name in (*conditions, outcome):
        _check_memberships(data, name)
    if outcome in conditions:
        raise CarelabError(f"'{outcome}' cannot be both outcome and condition")


def _check_limits(consistency: Any, frequency: Any) -> None:
    number = isinstance(consistency, Real) and not isinstance(consistency, bool)
    if not number or not 0 <= consistency <= 1:
        raise CarelabError(f"consistency is {consistency!r}; allowed is 0 to 1")
    whole = isinstance(frequency, Integral) and not isinstance(frequency, bool)
    if not whole or frequency < 1:
        raise CarelabError(f"frequency is {frequency!r}; allowed is a whole number from 1")


def _row(
    data: "pd.DataFrame", y: "np.ndarray", bits: tuple[int, ...], conditions: Sequence[str]
) -> tuple[int, float, float, bool, str]:
    x = term_membership(data, bits, conditions)
    fit = sufficiency(x, y)
    members = above(x, 0.5)
    outcomes = above(y[members], 0.5)
    mixed = bool(outcomes.any() and not outcomes.all())
    names = "; ".join(map(str, data.index[members]))
    return int(members.sum()), fit.consistency, fit.extra, mixed, names


def truth_table(
    data: "pd.DataFrame",
    outcome: str,
    conditions: Sequence[str],
    consistency: float = 0.8,
    frequency: int = 1,
) -> TruthTable:
    """Sort cases into combinations of conditions and ask in which the outcome follows.

    >>> import pandas as pd
    >>> data = pd.DataFrame({"A": [1, 1, 0], "Y": [1, 1, 0]}, index=["x", "y", "z"])
    >>> truth_table(data, "Y", ["A"]).rows["code"].tolist()
    ['0', '1']
    """
    import pandas as pd

    _check(data, outcome, conditions)
    _check_limits(consistency, frequency)
    y = data[outcome].to_numpy(float)
    found = []
    for bits in all_rows(len(conditions)):
        n, fit, pri, mixed, cases = _row(data, y, bits, conditions)
        seen = n >= frequency
        works = POSITIVE if at_least(fit, consistency) else NEGATIVE
        code = works if seen else REMAINDER
        nothing = float("nan")
        found.append(
            (*bits, n, fit if seen else nothing, pri if seen else nothing, code, mixed, cases)
        )
    rows = pd.DataFrame(found, columns=[*conditions, *_COLUMNS])
    return TruthTable(rows, data, tuple(conditions), outcome)
