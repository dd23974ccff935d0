"""Dated events to scale, from top to bottom, in two lanes left and right of one axis of years."""

import re
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.engine.years import MONTHS
from carelab.plots.pictures import Picture, both_widths
from carelab.plots.series import spread
from carelab.plots.style import (
    BROAD_IN,
    FAINT,
    INK,
    MUTED,
    PAPER,
    SMALL_PT,
    TEXT_PT,
    blank_axes,
    new_figure,
)
from carelab.plots.wrapping import text_width, wrap_text
from carelab.study import select_case
from carelab.study.compare.tidy import case_events

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from carelab.evidence import Case

_MOST_EVENTS = 20
# What kind of event it is, by shape alone; a target is hollow, for it has not come.
_MARKS: dict[str, dict[str, Any]] = {
    "policy": {"marker": "s"},
    "target": {"marker": "D", "markerfacecolor": PAPER},
    "pilot": {"marker": "^"},
    "payment": {"marker": "o"},
    "evaluation": {"marker": "P"},
    "publication": {"marker": "v"},
    "event": {"marker": "X"},
}
_COLUMNS = ("date", "place", "event", "kind", "class", "source", "claim")
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_LINE_IN = 0.165
_GAP_IN = 0.1
# Half the room of the axis, years between the two rails, and from a rail to its labels.
_RAIL_IN = 0.24
_LEAD_IN = 0.22
_YEAR_IN = 0.16


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


def year_of(date: str) -> float:
    """Return a date as a number of years: the month where it is known, else the year's begin.

    >>> year_of("2016-07"), year_of("before 2021")
    (2016.5, 2021.0)
    """
    found = _DATE.search(date)
    if found is None:
        raise CarelabError(f"date is '{date}'; a timeline needs a year of four digits")
    return int(found[1]) + (int(found[2] or 1) - 1) / MONTHS


def lanes(events: "pd.DataFrame") -> tuple[str, dict[str, str]]:
    """Say which lane each place belongs to: the commonest place left, all others right.

    >>> import pandas as pd
    >>> lanes(pd.DataFrame({"place": ["China", "China", "Anhui"]}))
    ('China', {'China': 'left', 'Anhui': 'right'})
    """
    first = str(events["place"].mode(dropna=False).iloc[0])
    places = dict.fromkeys(events["place"])
    return first, {str(place): "left" if place == first else "right" for place in places}


def _told(row: Any, first: str, narrow_em: float) -> list[str]:
    where = "" if row.place == first else f" · {row.place}"
    return wrap_text(f"{row.date}{where}", narrow_em) + wrap_text(row.event, narrow_em)


def _draw_lane(
    axes: "Axes", rows: list[Any], side: float, first: str, scale: tuple[float, float, float]
) -> None:
    """Draw the events of one lane: a mark where the year is, a label as near as there is room."""
    top, per_year, start = scale
    width = axes.figure.get_figwidth()  # type: ignore[union-attr]
    middle = width / 2 if side else _RAIL_IN + 0.05
    rail = middle + (side or 1) * _RAIL_IN
    edge = rail + (side or 1) * _LEAD_IN
    room = (edge if side < 0 else width - edge) - 0.04
    size = TEXT_PT if width >= BROAD_IN else SMALL_PT
    texts = [_told(row, first, room * 72 / size) for row in rows]
    wanted = [top - (year_of(row.date) - start) * per_year for row in rows]
    tall = [len(text) * _LINE_IN + _GAP_IN for text in texts]
    # Of one date the first stands highest.
    order = [want - index * 1e-6 for index, want in enumerate(wanted)]
    centres = spread(order, tall, 0.35, top + 0.3)
    for row, text, at, centre in zip(rows, texts, wanted, centres, strict=True):
        look = {"color": INK, "markersize": 6, "zorder": 3, **_MARKS[row.kind]}
        axes.plot([rail, edge - 0.04 * (side or 1)], [at, centre], color=MUTED, lw=0.6, zorder=1)
        axes.plot(rail, at, linestyle="none", **look)
        place: Any = {"ha": "right" if side < 0 else "left", "va": "center", "linespacing": 1.15}
        axes.text(edge, centre, "\n".join(text), size=size, **place)


def _draw_axis(axes: "Axes", rails: list[float], scale: tuple[float, float, float], end: int,
               middle: float) -> None:  # fmt: skip
    top, per_year, start = scale
    for rail in rails:
        axes.plot([rail] * 2, [top, top - (end - start) * per_year], color=FAINT, lw=2, zorder=0)
    step = 1 if per_year >= 0.3 else 5 if per_year < _YEAR_IN else 2
    for year in range(int(start), end + 1):
        if year % step == 0 or year in (int(start), end):
            y = top - (year - start) * per_year
            axes.text(middle, y, str(year), ha="center", va="center", size=SMALL_PT, color=MUTED)


def _draw_legend(axes: "Axes", kinds: list[str]) -> None:
    width, x, y = axes.figure.get_figwidth(), 0.1, 0.1  # type: ignore[union-attr]
    for kind in kinds:
        name = word(f"plot.event.{kind}")
        wide = 0.32 + text_width(name) * SMALL_PT / 72
        if x + wide > width:
            x, y = 0.1, y - 1.15 * _LINE_IN
        axes.plot(x, y, color=INK, markersize=6, linestyle="none", **_MARKS[kind])
        axes.text(x + 0.11, y, name, va="center_baseline", size=SMALL_PT)
        x += wide


def _needs(rows: list[Any], first: str, width_in: float, two: bool) -> float:
    """Return the height that the labels of a lane take."""
    size = TEXT_PT if width_in >= BROAD_IN else SMALL_PT
    room = width_in / (2 if two else 1) - _RAIL_IN * (1 if two else 2) - _LEAD_IN - 0.09
    lines = [len(_told(row, first, room * 72 / size)) for row in rows]
    return sum(lines) * _LINE_IN + len(lines) * _GAP_IN


def _draw(events: "pd.DataFrame", width_in: float) -> Any:
    first, sides = lanes(events)
    left = [row for row in _records(events) if sides[row.place] == "left"]
    right = [row for row in _records(events) if sides[row.place] == "right"]
    two = bool(right)
    years = [year_of(row.date) for row in _records(events)]
    start, end = int(min(years)), int(-(-max(years) // 1))
    span = max(end - start, 1)
    kinds = [kind for kind in _MARKS if kind in set(events["kind"])]
    foot = 0.45 + 1.15 * _LINE_IN * (len(kinds) > (4 if width_in >= BROAD_IN else 3))
    tall = max(_needs(lane, first, width_in, two) for lane in (left, right))
    tall = max(tall, span * _YEAR_IN if span <= 20 else 3.2)
    head = 0.55 if two else 0.3
    height = foot + tall + head
    axes = blank_axes(new_figure(width_in, height))
    axes.set_ylim(-(foot - 0.35), height - (foot - 0.35))
    scale = (height - (foot - 0.35) - head, tall / span, float(start))
    middle = width_in / 2 if two else _RAIL_IN + 0.05
    rails = [middle - _RAIL_IN, middle + _RAIL_IN] if two else [middle + _RAIL_IN]
    _draw_axis(axes, rails, scale, end, middle)
    _draw_lane(axes, left, -1.0 if two else 0.0, first, scale)
    if two:
        _draw_lane(axes, right, 1.0, first, scale)
        names = (first, word("plot.timeline.elsewhere"))
        for name, at, side in zip(names, (0.04, width_in - 0.04), ("left", "right"), strict=True):
            axes.text(at, scale[0] + head - 0.02, name, ha=side, va="top", size=TEXT_PT)
    _draw_legend(axes, kinds)
    return axes.figure


def plot_events(events: "pd.DataFrame", title: str | None = None) -> Picture:
    """Draw dated events to scale: every year has the same length, so a short time looks short.

    Parameters
    ----------
    events : pandas.DataFrame
        1 to 20 rows of `carelab.evidence.load_timeline`, in the order wanted.
    title : str, optional
        Caption of the picture.

    Returns
    -------
    Picture
        The commonest place on the left, other places on the right; a mark shape per kind of
        event; the table has class, source and claim.

    Raises
    ------
    CarelabError
        When there is no event, or more than 20, or one without a year.

    Examples
    --------
    >>> from carelab.evidence import load_timeline
    >>> len(plot_events(load_timeline("hangzhou")).table)
    1
    """
    _check(events)
    figure, narrow = both_widths(lambda width: _draw(events, width))
    told = word("plot.space").join(
        word("plot.timeline.event", date=row.date, place=row.place, event=row.event.rstrip("."))
        for row in _records(events)
    )
    dates = events["date"].tolist()
    alt = word("plot.timeline.alt", count=len(events), first=dates[0], last=dates[-1], events=told)
    table = events[list(_COLUMNS)].reset_index(drop=True)
    years = sorted(int(year_of(date)) for date in dates)
    span: dict[str, Any] = {"count": len(events), "first": years[0], "last": years[-1]}
    caption = title or word("plot.timeline.title", **span)
    return Picture(figure, alt, caption, table, narrow, word("plot.timeline.note", **span))


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
