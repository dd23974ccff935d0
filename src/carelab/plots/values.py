"""Bars and dots, one value a row, each with its unit, grade and class."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, load_words, word
from carelab.base.numbers import format_number
from carelab.plots.pictures import Picture
from carelab.plots.style import (
    INK,
    MARKERS,
    MUTED,
    PALETTE,
    PAPER,
    SMALL_PT,
    TEXT_PT,
    WIDTH_IN,
    new_figure,
    use_style,
)
from carelab.plots.wrapping import wrap_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KINDS = ("bars", "dots", "lines")
_LINE_IN = 0.165
_MARK_IN = 0.19
_GAP_IN = 0.13
_FOOT_IN = 0.5
# Paper behind a label, which the line of no difference may cross.
_BEHIND = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
_RATIO = re.compile(r"\bratio\b|IRR|比值")
_TABLE = ("id", "name", "place", "year", "value", "low", "high", "unit", "grade", "class", "source")


def check_kind(kind: str, allowed: Sequence[str]) -> None:
    """Raise a `CarelabError` when a kind of chart is not among those allowed."""
    if kind not in allowed:
        raise CarelabError(f"kind is '{kind}'; allowed are {', '.join(allowed)}")


def _mark(axes: "Axes", y: float, row: Any, kind: str) -> None:
    if kind == "dots":
        axes.plot(row["value"], y, MARKERS[0], color=PALETTE[0], markersize=6, zorder=3)
    else:
        axes.barh(y, row["value"], _MARK_IN, color=PALETTE[0], alpha=0.85, zorder=2, linewidth=0)


def _whiskers(axes: "Axes", y: float, row: Any) -> None:
    if math.isnan(row["low"]) or math.isnan(row["high"]):
        return
    axes.plot([row["low"], row["high"]], [y, y], color=INK, linewidth=1, zorder=4)
    for end in (row["low"], row["high"]):
        axes.plot([end, end], [y - 0.05, y + 0.05], color=INK, linewidth=1, zorder=4)


def _tail(row: Any) -> str:
    grade = word("grade", grade=row["grade"]) if row["grade"] else ""
    parts = [part for part in (load_words().get(f"class.{row['class']}", ""), grade) if part]
    number = format_number(row["value"])
    return f"{number}  ({', '.join(parts)})" if parts else number


def _label_lines(row: Any) -> list[str]:
    return wrap_text(str(row["label"]), (WIDTH_IN - 0.3) * 72 / TEXT_PT)


def _height(rows: "pd.DataFrame") -> float:
    lines = sum(len(_label_lines(row)) for _, row in rows.iterrows())
    return lines * _LINE_IN + len(rows) * (_MARK_IN + 0.06 + _GAP_IN) + _FOOT_IN + 0.05


def _largest(rows: "pd.DataFrame") -> float:
    return max(0.0, float(rows[["value", "low", "high"]].max().max()))


def _limits(rows: "pd.DataFrame") -> tuple[float, float]:
    low = min(0.0, float(rows[["value", "low", "high"]].min().min()))
    high = _largest(rows)
    return low, high + 0.4 * (high - low or 1.0)


def _level(unit: str) -> float:
    """Return where nothing differs: at one for a ratio, else at nought."""
    return 1.0 if _RATIO.search(unit) else 0.0


def _axes_for(rows: "pd.DataFrame", unit: str) -> "Axes":
    height = _height(rows)
    figure = new_figure(WIDTH_IN, height)
    low, foot = 0.15 / WIDTH_IN, _FOOT_IN / height
    axes = figure.add_axes((low, foot, 1 - 2 * low, 1 - foot))
    axes.set(xlim=_limits(rows), ylim=(0, height - _FOOT_IN), yticks=[], xlabel=unit)
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= _largest(rows)])
    axes.spines["left"].set_visible(False)
    axes.axvline(_level(unit), color=MUTED, linewidth=0.6, zorder=1)
    return axes


def _draw_rows(rows: "pd.DataFrame", kind: str, unit: str) -> Any:
    axes = _axes_for(rows, unit)
    left, right = axes.get_xlim()
    y = axes.get_ylim()[1] - 0.05
    for _, row in rows.iterrows():
        lines = _label_lines(row)
        axes.text(left, y, "\n".join(lines), va="top", linespacing=1.2, bbox=_BEHIND, zorder=1.5)
        y -= len(lines) * _LINE_IN + 0.06 + _MARK_IN / 2
        _mark(axes, y, row, kind)
        _whiskers(axes, y, row)
        ends = [end for end in (row["value"], row["high"], 0.0) if not math.isnan(end)]
        start = max(ends) + 0.02 * (right - left)
        axes.text(start, y, _tail(row), va="center_baseline", size=SMALL_PT, bbox=_BEHIND)
        y -= _MARK_IN / 2 + _GAP_IN
    return axes.figure


def _told(rows: "pd.DataFrame") -> str:
    parts = []
    for _, row in rows.iterrows():
        numbers = {name: format_number(row[name]) for name in ("value", "low", "high")}
        ranged = not (math.isnan(row["low"]) or math.isnan(row["high"]))
        key = "plot.values.range" if ranged else "plot.values.value"
        parts.append(word(key, label=row["label"], **numbers))
    return word("plot.space").join(parts)


def finish_picture(
    figure: Any, rows: "pd.DataFrame", kind: str, unit: str, title: str | None, told: str
) -> Picture:
    """Join a figure of values with its words and its table."""
    alt = word(f"plot.values.alt.{kind}", count=len(rows), unit=unit, values=told)
    columns = [name for name in _TABLE if name in rows and not _is_void(rows[name])]
    columns = columns if "id" in columns else ["label", *columns]
    return Picture(figure, alt, title or word("plot.values.title", unit=unit), rows[columns])


def values_picture(rows: "pd.DataFrame", kind: str, unit: str, title: str | None) -> Picture:
    """Draw rows with label, value, low, high, grade and class as bars or dots."""
    with use_style():
        figure = _draw_rows(rows, kind, unit)
    return finish_picture(figure, rows, kind, unit, title, _told(rows))


def _is_void(cells: "pd.Series") -> bool:
    return bool((cells.isna() | (cells == "")).all())


def plot_shares(
    frame: "pd.DataFrame",
    label: str,
    value: str,
    low: str | None = None,
    high: str | None = None,
    unit: str = "",
    title: str | None = None,
    kind: str = "bars",
) -> Picture:
    """Draw one value a row as bars or dots.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows in the order wanted; columns ``class`` and ``grade`` are shown when present.
    label, value, low, high : str
        Names of columns; low and high are drawn as whiskers.
    unit : str
        Unit of the values, on the axis.
    title : str, optional
        Caption.
    kind : str
        ``bars`` or ``dots``.

    Returns
    -------
    Picture
        Label above each mark, number beside it.

    Raises
    ------
    CarelabError
        When a column does not exist, the frame is empty or a value is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"place": ["A", "B"], "share": [40.0, 60.0]})
    >>> plot_shares(frame, "place", "share", unit="%")
    Bar chart of 2 values in %. A: 40. B: 60.
    """
    check_kind(kind, KINDS[:2])
    names = {"label": label, "value": value, "low": low, "high": high}
    for name in filter(None, names.values()):
        if name not in frame.columns:
            raise CarelabError(
                f"column '{name}' does not exist; the table has {', '.join(map(str, frame))}"
            )
    rows = _plain_rows(frame, names)
    return values_picture(rows, kind, unit or word("plot.no_unit"), title)


def _plain_rows(frame: "pd.DataFrame", names: Mapping[str, str | None]) -> "pd.DataFrame":
    rows = frame.drop(columns=[name for name in names if name in frame]).copy()
    for target, name in names.items():
        rows[target] = frame[name] if name else float("nan")
    for target in ("grade", "class"):
        rows[target] = frame.get(target, "")
    if rows.empty or rows["value"].isna().any():
        raise CarelabError(f"column '{names['value']}' needs a number in every row")
    return rows.reset_index(drop=True)
