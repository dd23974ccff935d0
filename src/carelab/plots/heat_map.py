"""The heat map of cases on a published frame: a sign per status."""

from typing import TYPE_CHECKING

from carelab.base import CarelabError, book_language, word
from carelab.evidence import Case
from carelab.evidence.registry import CODEBOOK, load_frames
from carelab.plots.grids import Grid, short_name, tell_commonest
from carelab.study import select_cases
from carelab.study.compare.comparison import Cases
from carelab.study.compare.frames import compare

if TYPE_CHECKING:
    import pandas as pd


def frame_name(frame: str | None) -> str:
    """Return what a frame is called in the language of the book.

    >>> frame_name("rainbow")
    'Rainbow model of integrated care'
    """
    if frame in (None, CODEBOOK):
        return word("plot.heat_map.codebook")
    return str(load_frames(frame)[f"frame_{book_language()}"].iloc[0])


def _labels(frame: str | None, names: list[str]) -> dict[str, str]:
    if frame in (None, CODEBOOK):
        return {name: word(f"study.mechanism.{name}") for name in names}
    rows = load_frames(frame).set_index("dimension")[f"label_{book_language()}"]
    return {name: str(rows[name]) for name in names}


def _told(case: Case, column: "pd.Series", labels: dict[str, str]) -> str:
    parts = [
        word("plot.heat_map.code", label=labels[str(name)], status=word(f"plot.status.{status}"))
        for name, status in column.items()
        if status != "silent"
    ]
    said = word("plot.comma").join(parts) or word("plot.status.silent")
    return word("plot.mechanisms.case", case=short_name(case), statuses=said)


def plot_heat_map(cases: Cases = None, frame: str | None = None) -> Grid:
    """Draw cases on the dimensions of a published frame.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default, the reader's own among them; policies, advice and papers only
        when they are named.
    frame : str, optional
        ``rainbow``, ``who``, ``holistic``, ``evaluation`` or, by default, ``codebook``.

    Returns
    -------
    Grid
        One row per case, one column per dimension; a sign per status; the table has
        the codes and the ids of the evidence behind each cell.

    Raises
    ------
    CarelabError
        When a case or the frame is unknown, a case stands twice or none is given.

    Examples
    --------
    >>> picture = plot_heat_map(["funan", "dingyuan"], frame="evaluation")
    >>> "Dingyuan: " in picture.alt
    True
    """
    chosen = select_cases(cases)
    if not chosen or len({case.id for case in chosen}) < len(chosen):
        raise CarelabError("the heat map needs at least one case, and each only once")
    table = compare(chosen, frame)
    matrix = table.pivot(index="dimension", columns="case", values="status")
    matrix = matrix.loc[list(dict.fromkeys(table["dimension"]))]
    labels = _labels(frame, [str(name) for name in matrix.index])
    told = word("plot.space").join(_told(case, matrix[case.id], labels) for case in chosen)
    title = frame_name(frame)
    alt = word("plot.heat_map.alt", frame=title, count=len(chosen), cases=told)
    spoken = table[table["status"] != "silent"].drop(columns="frame").reset_index(drop=True)
    spoken["dimension"] = spoken["dimension"].map(labels)
    keys = zip(table["dimension"], table["case"], strict=True)
    claims = dict(zip(keys, table["claims"], strict=True))
    note = word("plot.heat_map.title", frame=title)
    return Grid(chosen, matrix, labels, claims, alt, tell_commonest(matrix), note, spoken)
