"""The heat map of cases on a published frame: a shade and a sign per status."""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.base.palette import colour
from carelab.evidence import Case
from carelab.evidence.cases.files import DIRECTIONS, STATUSES
from carelab.evidence.registry import CODEBOOK, load_frames
from carelab.plots.mechanisms import short_name
from carelab.plots.pictures import Picture
from carelab.plots.style import (
    FAINT,
    MUTED,
    PALETTE,
    PAPER,
    SMALL_PT,
    WIDTH_IN,
    blank_axes,
    new_figure,
    use_style,
)
from carelab.plots.wrapping import text_width
from carelab.study import select_cases
from carelab.study.compare.frames import compare
from carelab.study.compare.selection import Cases

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Ink on a pale shade, which is as pale in the dark: not the ink that follows the page.
_ON_PALE = colour("on-pale")
# Shade and sign: a reader who sees no colour reads the sign.
_LOOKS: dict[str, tuple[str, str, str]] = {
    "present": (PALETTE[0], "●", PAPER),
    "partial": (colour("partial"), "◐", _ON_PALE),
    "recommended": (colour("recommended"), "◇", _ON_PALE),
    "absent": (PALETTE[1], "✕", PAPER),
    "improved": (PALETTE[2], "▲", PAPER),
    "mixed": (colour("mixed"), "◐", _ON_PALE),
    "unchanged": (colour("unchanged"), "=", _ON_PALE),
    "worsened": (PALETTE[1], "▼", PAPER),
    "silent": (PAPER, "·", MUTED),
}
_ROW_IN = 0.215
_FOOT_IN = 0.34


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


def _cell(axes: "Axes", x: float, y: float, width: float, status: str) -> None:
    from matplotlib.patches import Rectangle

    shade, sign, ink = _LOOKS[status]
    corner = (x + 0.012, y - _ROW_IN / 2 + 0.012)
    size = (width - 0.024, _ROW_IN - 0.024)
    axes.add_patch(Rectangle(corner, *size, facecolor=shade, edgecolor=FAINT, linewidth=0.5))
    look: Any = {"ha": "center", "va": "center", "size": SMALL_PT, "color": ink}
    # The signs are in the font that matplotlib brings, not in the Chinese one.
    axes.text(x + width / 2, y, sign, family="DejaVu Sans", **look)


def _draw_legend(axes: "Axes", statuses: list[str]) -> None:
    x = 0.1
    for status in statuses:
        name = word(f"plot.status.{status}")
        _cell(axes, x, 0.16, 0.26, status)
        axes.text(x + 0.31, 0.16, name, va="center_baseline", size=SMALL_PT)
        x += 0.51 + text_width(name) * SMALL_PT / 72


def _widest_in(texts: list[str]) -> float:
    return max(map(text_width, texts)) * SMALL_PT / 72


def _draw(cases: list[Case], matrix: "pd.DataFrame", labels: dict[str, str]) -> Any:
    """Draw one row per case: case names are short, dimensions are few, cases may be many."""
    left = _widest_in([short_name(case) for case in cases]) + 0.25
    top = _FOOT_IN + len(cases) * _ROW_IN
    axes = blank_axes(new_figure(WIDTH_IN, top + _widest_in(list(labels.values())) * 0.7 + 0.25))
    step = min((WIDTH_IN - left - 0.75) / len(matrix), 0.6)
    for column, name in enumerate(matrix.index):
        x = left + (column + 0.5) * step
        look: Any = {"rotation": 42, "size": SMALL_PT, "rotation_mode": "anchor"}
        axes.text(x - 0.04, top + 0.05, labels[str(name)], **look)
    for row, case in enumerate(cases):
        y = top - (row + 0.5) * _ROW_IN
        place: Any = {"ha": "right", "va": "center_baseline", "size": SMALL_PT}
        axes.text(left - 0.08, y, short_name(case), **place)
        for column, name in enumerate(matrix.index):
            _cell(axes, left + column * step, y, step, str(matrix.loc[name, case.id]))
    found = {str(status) for status in matrix.to_numpy().ravel()}
    known = dict.fromkeys((*STATUSES, *DIRECTIONS))
    _draw_legend(axes, [status for status in known if status in found])
    return axes.figure


def _told(case: Case, column: "pd.Series", labels: dict[str, str]) -> str:
    parts = [
        word("plot.heat_map.code", label=labels[str(name)], status=word(f"plot.status.{status}"))
        for name, status in column.items()
        if status != "silent"
    ]
    said = word("plot.comma").join(parts) or word("plot.status.silent")
    return word("plot.mechanisms.case", case=short_name(case), statuses=said)


def plot_heat_map(cases: Cases = None, frame: str | None = None) -> Picture:
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
    Picture
        One row per case, one column per dimension; a shade and a sign per status; the table has
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
    with use_style():
        figure = _draw(chosen, matrix, labels)
    told = word("plot.space").join(_told(case, matrix[case.id], labels) for case in chosen)
    title = frame_name(frame)
    alt = word("plot.heat_map.alt", frame=title, count=len(chosen), cases=told)
    spoken = table[table["status"] != "silent"].drop(columns="frame").reset_index(drop=True)
    spoken["dimension"] = spoken["dimension"].map(labels)
    return Picture(figure, alt, word("plot.heat_map.title", frame=title), spoken)
