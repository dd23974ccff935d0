"""Dated events from top to bottom: date and place left, what happened right."""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.plots.pictures import Picture
from carelab.plots.style import (
    FAINT,
    INK,
    MUTED,
    PALETTE,
    SMALL_PT,
    TEXT_PT,
    WIDTH_IN,
    blank_axes,
    new_figure,
    use_style,
)
from carelab.plots.wrapping import text_width, wrap_text
from carelab.study import select_case
from carelab.study.compare.tidy import case_events

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from carelab.evidence import Case

_MOST_EVENTS = 20
_MARKS: dict[str, dict[str, Any]] = {
    "policy": {"marker": "s", "color": PALETTE[0]},
    "target": {"marker": "D", "color": PALETTE[1], "fillstyle": "none"},
    "pilot": {"marker": "^", "color": PALETTE[2]},
    "payment": {"marker": "o", "color": PALETTE[3]},
    "evaluation": {"marker": "P", "color": PALETTE[4]},
    "publication": {"marker": "v", "color": PALETTE[5]},
    "event": {"marker": "X", "color": INK},
}
_COLUMNS = ("date", "place", "event", "kind", "class", "source", "claim")
_LINE_IN = 0.165
_GAP_IN = 0.11
_AXIS_IN = 1.12
_TEXT_IN = 1.32


def _check(events: "pd.DataFrame") -> None:
    missing = [name for name in _COLUMNS if name not in events.columns]
    if missing:
        raise CarelabError(f"the events lack the column '{missing[0]}'; use load_timeline()")
    if not 1 <= len(events) <= _MOST_EVENTS:
        raise CarelabError(
            f"a timeline of {len(events)} events cannot be drawn; filter it to 1 to {_MOST_EVENTS}"
        )


def _records(events: "pd.DataFrame") -> list[Any]:
    return list(events.itertuples())


def _lines(text: str, width_in: float, size_pt: float) -> list[str]:
    return wrap_text(text, width_in * 72 / size_pt)


def _draw_events(axes: "Axes", events: "pd.DataFrame", top: float) -> float:
    for row in _records(events):
        text = _lines(row.event, WIDTH_IN - _TEXT_IN - 0.1, TEXT_PT)
        place = _lines(row.place, _AXIS_IN - 0.2, SMALL_PT)
        axes.plot(_AXIS_IN, top - 0.07, markersize=6, zorder=3, **_MARKS[row.kind])
        axes.text(_AXIS_IN - 0.16, top, row.date, ha="right", va="top", size=TEXT_PT)
        look: Any = {"va": "top", "linespacing": 1.2}
        axes.text(_TEXT_IN, top, "\n".join(text), size=TEXT_PT, **look)
        under = top - _LINE_IN
        where = "\n".join(place)
        axes.text(_AXIS_IN - 0.16, under, where, ha="right", size=SMALL_PT, color=MUTED, **look)
        top -= max(len(text), 1 + len(place)) * _LINE_IN + _GAP_IN
    return top


def _draw_legend(axes: "Axes", kinds: list[str]) -> None:
    x, y = 0.12, 0.12 + _LINE_IN * (len(kinds) > 4)
    for kind in kinds:
        name = word(f"plot.event.{kind}")
        width = 0.3 + text_width(name) * SMALL_PT / 72
        if x + width > WIDTH_IN:
            x, y = 0.12, y - 1.1 * _LINE_IN
        axes.plot(x, y, markersize=6, **_MARKS[kind])
        axes.text(x + 0.1, y, name, va="center_baseline", size=SMALL_PT)
        x += width


def _draw(events: "pd.DataFrame") -> Any:
    scratch = blank_axes(new_figure(WIDTH_IN, 1))
    foot = 0.3 + _LINE_IN * (events["kind"].nunique() > 4)
    height = -_draw_events(scratch, events, 0.0) + foot + 0.1
    axes = blank_axes(new_figure(WIDTH_IN, height))
    axes.plot([_AXIS_IN] * 2, [foot, height - 0.1], color=FAINT, linewidth=1, zorder=1)
    _draw_events(axes, events, height - 0.1)
    _draw_legend(axes, [kind for kind in _MARKS if kind in set(events["kind"])])
    return axes.figure


def plot_events(events: "pd.DataFrame", title: str | None = None) -> Picture:
    """Draw dated events from top to bottom.

    Parameters
    ----------
    events : pandas.DataFrame
        1 to 20 rows of `carelab.evidence.load_timeline`, in the order wanted.
    title : str, optional
        Caption of the picture.

    Returns
    -------
    Picture
        A mark shape and colour per kind of event; the table has class, source and claim.

    Raises
    ------
    CarelabError
        When there is no event, or more than 20.

    Examples
    --------
    >>> from carelab.evidence import load_timeline
    >>> len(plot_events(load_timeline("hangzhou")).table)
    1
    """
    _check(events)
    with use_style():
        figure = _draw(events)
    told = word("plot.space").join(
        word("plot.timeline.event", date=row.date, place=row.place, event=row.event.rstrip("."))
        for row in _records(events)
    )
    dates = events["date"].tolist()
    alt = word("plot.timeline.alt", count=len(events), first=dates[0], last=dates[-1], events=told)
    table = events[list(_COLUMNS)].reset_index(drop=True)
    return Picture(figure, alt, title or word("plot.timeline.title"), table)


def plot_timeline(case: "Case | str") -> Picture:
    """Draw the dated events of one case, those of its own file included.

    Parameters
    ----------
    case : Case or str
        A case or its id.

    Returns
    -------
    Picture
        As `plot_events`; the latest 20 events where there are more.

    Raises
    ------
    CarelabError
        When the case is unknown or nothing about it is dated.

    Examples
    --------
    >>> plot_timeline("luohu").table["claim"].tolist()
    ['CN325']
    """
    chosen = select_case(case)
    name = str(getattr(chosen, f"name_{book_language()}"))
    events = case_events(chosen)
    if events.empty:
        raise CarelabError(f"case '{chosen.id}' has no dated event; no source of it names a date")
    return plot_events(events.tail(_MOST_EVENTS), word("plot.timeline.case", name=name))
