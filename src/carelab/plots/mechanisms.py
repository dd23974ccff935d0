"""The grid of mechanisms and cases: a sign per status."""

from typing import TYPE_CHECKING

from carelab.base import CarelabError, word
from carelab.evidence import Case
from carelab.evidence.cases.files import MECHANISMS, STATUSES
from carelab.plots.grids import Grid, short_name, tell_commonest
from carelab.study import mechanism_matrix, select_cases
from carelab.study.compare.comparison import Cases

if TYPE_CHECKING:
    import pandas as pd


def _counts(case: Case) -> str:
    statuses = [coded.text for coded in case.mechanisms.values()]
    parts = [
        word(
            "plot.mechanisms.count", count=statuses.count(each), status=word(f"plot.status.{each}")
        )
        for each in STATUSES
        if each in statuses
    ]
    return word(
        "plot.mechanisms.case", case=short_name(case), statuses=word("plot.comma").join(parts)
    )


def _table(cases: list[Case], matrix: "pd.DataFrame") -> "pd.DataFrame":
    names = {each: word(f"study.mechanism.{each}") for each in MECHANISMS}
    words = {each: word(f"plot.status.{each}") for each in STATUSES if each != "silent"}
    frame = matrix.rename(index=names, columns={case.id: short_name(case) for case in cases})
    return frame.replace(words).reset_index()


def plot_mechanisms(cases: Cases = None) -> Grid:
    """Draw which mechanisms each source describes, asks for, finds missing or leaves unsaid.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default, in alphabetical order; policies, advice and papers only when they
        are named.

    Returns
    -------
    Grid
        One row per case, 14 columns of mechanisms, grouped; the best known case stands first.

    Raises
    ------
    CarelabError
        When a case is unknown, stands twice or none is given.

    Examples
    --------
    >>> plot_mechanisms(["anhui", "hangzhou"]).table.shape
    (14, 3)
    """
    chosen = select_cases(cases)
    if not chosen or len({case.id for case in chosen}) < len(chosen):
        raise CarelabError("the matrix needs at least one case, and each only once")
    matrix = mechanism_matrix(chosen)
    alt = word(
        "plot.mechanisms.alt",
        mechanisms=len(MECHANISMS),
        count=len(chosen),
        cases=word("plot.space").join(map(_counts, chosen)),
    )
    claims = {(name, case.id): "; ".join(coded.claims)
              for case in chosen for name, coded in case.mechanisms.items()}  # fmt: skip
    labels = {each: word(f"study.mechanism.{each}") for each in MECHANISMS}
    note = word("plot.mechanisms.note", mechanisms=len(MECHANISMS), count=len(chosen))
    caption, table = tell_commonest(matrix), _table(chosen, matrix)
    return Grid(chosen, matrix, labels, claims, alt, caption, note, table)
