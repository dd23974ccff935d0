"""The matrix of mechanisms and cases: a symbol and a colour per status."""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.evidence import Case
from carelab.evidence.cases.files import MECHANISMS, STATUSES
from carelab.plots.pictures import Picture
from carelab.plots.style import (
    FAINT,
    MUTED,
    PALETTE,
    SMALL_PT,
    WIDTH_IN,
    blank_axes,
    new_figure,
    use_style,
)
from carelab.plots.wrapping import text_width
from carelab.study import mechanism_matrix, select_cases
from carelab.study.compare.selection import Cases

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MARKS: dict[str, dict[str, Any]] = {
    "present": {"marker": "o", "color": PALETTE[0], "markersize": 8},
    "partial": {
        "marker": "o",
        "color": PALETTE[5],
        "markersize": 8,
        "fillstyle": "left",
        "markerfacecoloralt": "none",
    },
    "recommended": {"marker": "D", "color": PALETTE[3], "markersize": 6.5, "fillstyle": "none"},
    "absent": {"marker": "X", "color": PALETTE[1], "markersize": 7.5},
    "silent": {"marker": ".", "color": MUTED, "markersize": 3},
}
_ROW_IN = 0.25
_NAMES_IN = 1.85
_FOOT_IN = 0.32


def short_name(case: Case) -> str:
    """Return what a case is called on a chart, in the language of the book.

    >>> from carelab.evidence import load_case
    >>> short_name(load_case("anhui"))
    'Anhui'
    """
    return str(getattr(case, f"short_{book_language()}"))


def _tilt(step_in: float) -> tuple[int, float]:
    """Return the angle and size of column heads: upright and smaller where columns are narrow."""
    return (55, SMALL_PT) if step_in > 0.16 else (90, SMALL_PT - 1.2)


def _head_in(cases: list[Case], step_in: float) -> float:
    angle, size = _tilt(step_in)
    longest = max(text_width(short_name(case)) for case in cases) * size / 72
    return longest * (0.82 if angle < 90 else 1.0) + 0.2


def _draw_legend(axes: "Axes") -> None:
    x = 0.15
    for status in STATUSES:
        name = word(f"plot.status.{status}")
        axes.plot(x, 0.13, linestyle="none", **_MARKS[status])
        axes.text(x + 0.12, 0.13, name, va="center_baseline", size=SMALL_PT)
        x += 0.45 + text_width(name) * SMALL_PT / 72


def _draw(cases: list[Case], matrix: "pd.DataFrame") -> Any:
    top = _FOOT_IN + len(MECHANISMS) * _ROW_IN
    step = min((WIDTH_IN - _NAMES_IN - 0.35) / len(cases), 0.75)
    axes = blank_axes(new_figure(WIDTH_IN, top + _head_in(cases, step)))
    angle, size = _tilt(step)
    look: Any = {"rotation": angle, "size": size, "rotation_mode": "anchor"}
    for column, case in enumerate(cases):
        x = _NAMES_IN + (column + 0.5) * step
        axes.text(x + (0.035 if angle == 90 else -0.04), top + 0.03, short_name(case), **look)
        for row, mechanism in enumerate(MECHANISMS):
            status = matrix[case.id][mechanism]
            axes.plot(x, top - (row + 0.5) * _ROW_IN, linestyle="none", **_MARKS[status])
    for row, mechanism in enumerate(MECHANISMS):
        y = top - (row + 0.5) * _ROW_IN
        name = word(f"study.mechanism.{mechanism}")
        axes.text(_NAMES_IN - 0.08, y, name, ha="right", va="center_baseline", size=SMALL_PT + 0.5)
        axes.plot([0.1, _NAMES_IN + len(cases) * step], [y - _ROW_IN / 2] * 2, color=FAINT, lw=0.5)
    _draw_legend(axes)
    return axes.figure


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


def plot_mechanisms(cases: Cases = None) -> Picture:
    """Draw which mechanisms each source describes, asks for, finds missing or leaves unsaid.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default, in alphabetical order; policies, advice and papers only when they
        are named.

    Returns
    -------
    Picture
        14 rows of mechanisms, one column per case.

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
    with use_style():
        figure = _draw(chosen, matrix)
    alt = word(
        "plot.mechanisms.alt",
        mechanisms=len(MECHANISMS),
        count=len(chosen),
        cases=word("plot.space").join(map(_counts, chosen)),
    )
    return Picture(figure, alt, word("plot.mechanisms.title"), _table(chosen, matrix))
