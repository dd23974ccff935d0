"""Bars and dots, one value a row, each with its unit, grade and class."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, load_words, word
from carelab.base.numbers import format_number
from carelab.plots.pictures import Picture, both_widths
from carelab.plots.style import (
    BROAD_IN,
    INK,
    MARKERS,
    MUTED,
    PALETTE,
    TEXT_PT,
    blank_axes,
    new_figure,
)
from carelab.plots.wrapping import wrap_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KINDS = ("bars", "dots", "lines")
_LINE_IN = 0.165
_MARK_IN = 0.19
_GAP_IN = 0.14
_FOOT_IN = 0.5
_EDGE_IN = 0.06
_NUMBER_IN = 0.62
# Labels stand left of the marks; on a narrow page above them, where no line runs.
_LABEL_PART = 0.4
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


def _standing(row: Any) -> str:
    """Say the class and grade of a value."""
    grade = word("grade", grade=row["grade"]) if row["grade"] else ""
    parts = [part for part in (load_words().get(f"class.{row['class']}", ""), grade) if part]
    return word("plot.comma").join(parts)


def _limits(rows: "pd.DataFrame", unit: str) -> tuple[float, float]:
    numbers = rows[["value", "low", "high"]]
    low = min(_level(unit), float(numbers.min().min()))
    high = max(_level(unit), float(numbers.max().max()))
    room = 0.04 * (high - low or 1.0)
    return low - room * (low < _level(unit)), high + room


def _level(unit: str) -> float:
    """Return where nothing differs: at one for a ratio, else at zero."""
    return 1.0 if _RATIO.search(unit) else 0.0


def _row_lines(rows: "pd.DataFrame", width_in: float) -> list[list[str]]:
    alike = rows[["class", "grade"]].drop_duplicates().shape[0] == 1
    told = [str(row["label"]) if alike or not _standing(row)
            else f"{row['label']} ({_standing(row)})" for _, row in rows.iterrows()]  # fmt: skip
    return [wrap_text(each, width_in * 72 / TEXT_PT) for each in told]


def _draw_rows(rows: "pd.DataFrame", kind: str, unit: str, width_in: float) -> Any:
    from matplotlib.ticker import MaxNLocator

    beside = width_in >= BROAD_IN
    left = _LABEL_PART * width_in if beside else _EDGE_IN
    lines = _row_lines(rows, left - 0.2 if beside else width_in - 2 * _EDGE_IN)
    tall = [max(_MARK_IN, len(each) * _LINE_IN) if beside
            else len(each) * _LINE_IN + _MARK_IN + 0.04 for each in lines]  # fmt: skip
    height = sum(tall) + _GAP_IN * len(tall) + _FOOT_IN
    figure = new_figure(width_in, height)
    page = blank_axes(figure)
    across = width_in - left - _NUMBER_IN - _EDGE_IN
    foot = _FOOT_IN / height
    axes = figure.add_axes((left / width_in, foot, across / width_in, 1 - foot))
    axes.set(xlim=_limits(rows, unit), ylim=(_FOOT_IN, height), yticks=[], xlabel=unit)
    axes.xaxis.set_major_locator(MaxNLocator(5 if beside else 4))
    axes.spines["left"].set_visible(False)
    y = height - _GAP_IN / 2
    for (_, row), text, deep in zip(rows.iterrows(), lines, tall, strict=True):
        at = y - deep / 2 if beside else y - deep + _MARK_IN / 2
        look: Any = {"linespacing": 1.2, "va": "center" if beside else "top"}
        page.text(_EDGE_IN, at if beside else y, "\n".join(text), **look)
        band = (y + _GAP_IN / 2, y - deep - _GAP_IN / 2) if beside else (at + 0.1, at - 0.12)
        axes.plot([_level(unit)] * 2, band, color=MUTED, linewidth=0.8, zorder=1)
        _mark(axes, at, row, kind)
        _whiskers(axes, at, row)
        number = format_number(row["value"])
        page.text(width_in - _EDGE_IN, at, number, ha="right", va="center_baseline")
        y -= deep + _GAP_IN
    return figure


def _note(rows: "pd.DataFrame", unit: str) -> str:
    """Say what is shown: the unit, the years, and the class of values that have one in common."""
    years = [] if "year" not in rows else list(dict.fromkeys(rows["year"].astype(str)))
    standing = list(dict.fromkeys(_standing(row) for _, row in rows.iterrows()))
    parts = [unit, *(years if len(years) == 1 else []), *(standing if len(standing) == 1 else [])]
    if rows[["low", "high"]].notna().all(axis=None):
        parts.append(word("plot.values.whiskers"))
    return word("plot.comma").join(part for part in parts if part)


def _told(rows: "pd.DataFrame") -> str:
    parts = []
    for _, row in rows.iterrows():
        numbers = {name: format_number(row[name]) for name in ("value", "low", "high")}
        ranged = not (math.isnan(row["low"]) or math.isnan(row["high"]))
        key = "plot.values.range" if ranged else "plot.values.value"
        parts.append(word(key, label=row["label"], **numbers))
    return word("plot.space").join(parts)


def finish_picture(
    draw: Callable[[float], Any],
    rows: "pd.DataFrame",
    kind: str,
    unit: str,
    title: str | None,
    told: str,
) -> Picture:
    """Join a figure of values with its words and its table."""
    alt = word(f"plot.values.alt.{kind}", count=len(rows), unit=unit, values=told)
    columns = [name for name in _TABLE if name in rows and not _is_void(rows[name])]
    columns = columns if "id" in columns else ["label", *columns]
    figure, narrow = both_widths(draw)
    caption = title or tell_extremes(rows, unit)
    return Picture(figure, alt, caption, rows[columns], narrow, _note(rows, unit))


def tell_extremes(rows: "pd.DataFrame", unit: str) -> str:
    """Say which value is highest and which lowest.

    >>> import pandas as pd
    >>> tell_extremes(pd.DataFrame({"label": ["A", "B"], "value": [40.0, 60.0]}), "%")
    'Most: B (60 %); least: A (40 %)'
    """
    ordered = rows.sort_values("value", kind="stable")
    most, least = ordered.iloc[-1], ordered.iloc[0]
    high, low = format_number(most["value"]), format_number(least["value"])
    if len(rows) == 1:
        return word("plot.values.one", label=most["label"], value=high, unit=unit)
    return word("plot.values.extremes", most=most["label"], high=high,
                least=least["label"], low=low, unit=unit)  # fmt: skip


def values_picture(rows: "pd.DataFrame", kind: str, unit: str, title: str | None) -> Picture:
    """Draw rows with label, value, low, high, grade and class as bars or dots."""
    return finish_picture(
        lambda width: _draw_rows(rows, kind, unit, width), rows, kind, unit, title, _told(rows)
    )


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
        Labels on the left, numbers on the right, no difference as a line.

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
