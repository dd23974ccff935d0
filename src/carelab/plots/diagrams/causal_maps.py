"""The causal map of the care economy: where its boxes stand, and how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carelab.base import word
from carelab.base.numbers import at_least
from carelab.engine import Scenario
from carelab.plots.pictures import Picture
from carelab.plots.style import (
    MUTED,
    NARROW_IN,
    PALETTE,
    PAPER,
    SMALL_PT,
    blank_axes,
    new_figure,
    use_style,
)
from carelab.plots.wrapping import text_width, wrap_evenly, wrap_text
from carelab.study.explain.causal_maps import YEARS, map_groups, map_nodes, signed_links

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Pair = tuple[str, str]
BOX_HEIGHT_IN = 0.46
PITCH_IN = 1.08
_GAP_IN = 0.13
_WIDEST_BOX_IN = 1.05
_SWEEPS = 8
_SAMPLES = 60
# Part of a box's edge over which the ends of its links are spread.
_EDGE = 0.8


@dataclass(frozen=True)
class Box:
    """A box in the plane, in inches."""

    x: float
    y: float
    width: float
    height: float


def place_rows(
    rows: Sequence[Sequence[str]], links: Sequence[Pair], width: float, left: float
) -> dict[str, Box]:
    """Place the boxes of a map so that linked boxes stand near each other.

    >>> boxes = place_rows([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")], 4, 0)
    >>> (boxes["a"].x < boxes["b"].x) == (boxes["d"].x < boxes["c"].x)
    True
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    slots = [_slots(len(row), width, left) for row in rows]
    x = {name: spot for row, spots in zip(rows, slots, strict=True)
         for name, spot in zip(row, spots, strict=True)}  # fmt: skip
    near = _neighbours(links)
    for _ in range(_SWEEPS):
        for row, spots in zip(rows, slots, strict=True):
            others = [[x[other] for other in near.get(name, ()) if other not in row]
                      for name in row]  # fmt: skip
            cost = np.array([[sum((spot - each) ** 2 for each in far) for spot in spots]
                             for far in others])  # fmt: skip
            for index, slot in zip(*linear_sum_assignment(cost), strict=True):
                x[row[int(index)]] = spots[int(slot)]
    box = min(_WIDEST_BOX_IN, (width - left) / max(map(len, rows)) - _GAP_IN)
    top = (len(rows) - 1) * PITCH_IN
    return {
        name: Box(x[name], top - number * PITCH_IN, box, BOX_HEIGHT_IN)
        for number, row in enumerate(rows)
        for name in row
    }


def _slots(count: int, width: float, left: float) -> list[float]:
    step = (width - left) / count
    return [left + (index + 0.5) * step for index in range(count)]


def _neighbours(links: Sequence[Pair]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for source, target in links:
        near.setdefault(source, []).append(target)
        near.setdefault(target, []).append(source)
    return near


def route_rows(boxes: Mapping[str, Box], links: Sequence[Pair]) -> dict[Pair, Any]:
    """Find a curve for every link: down from a box, or up where it feeds back.

    >>> boxes = place_rows([["a"], ["b"]], [("a", "b")], 2, 0)
    >>> points = route_rows(boxes, [("a", "b")])["a", "b"]
    >>> float(points[0, 1]) > float(points[-1, 1])
    True
    """
    ends: dict[tuple[str, bool], list[tuple[float, Pair, int]]] = {}
    for link in links:
        for end, (name, other) in enumerate((link, link[::-1])):
            lower = _leaves_below(boxes, name, other)
            ends.setdefault((name, lower), []).append((boxes[other].x, link, end))
    spots: dict[tuple[Pair, int], tuple[float, float]] = {}
    for (name, lower), fan in ends.items():
        box, count = boxes[name], len(fan)
        for index, (_, link, end) in enumerate(sorted(fan)):
            across = (index + 0.5) / count - 0.5
            y = box.y + (-0.5 if lower else 0.5) * box.height
            spots[link, end] = (box.x + across * _EDGE * box.width, y)
    return {link: _curve(spots[link, 0], spots[link, 1]) for link in links}


def _leaves_below(boxes: Mapping[str, Box], name: str, other: str) -> bool:
    """Say whether a link touches a box at its lower edge; within a row all links hang below."""
    return boxes[other].y <= boxes[name].y


def _curve(start: tuple[float, float], end: tuple[float, float]) -> Any:
    """Return a curve that leaves and arrives upright."""
    import numpy as np

    if start[1] == end[1]:
        first = last = -0.2 - 0.06 * abs(end[0] - start[0])
    else:
        first = (end[1] - start[1]) * 0.55
        last = -first
    points = np.array([start, (start[0], start[1] + first), (end[0], end[1] + last), end])
    step = np.linspace(0, 1, _SAMPLES)[:, None]
    weights = ((1 - step) ** 3, 3 * step * (1 - step) ** 2, 3 * step**2 * (1 - step), step**3)
    return sum(weight * point for weight, point in zip(weights, points, strict=True))


MAP_WIDTH_IN = 7.4
# Of the list that a narrow page shows: height of a line, where an arrow begins and ends.
_LINE_IN = 0.165
_ARROW_IN = (0.1, 0.5)
_NAMES_IN = 0.72
_LEGEND_IN = 0.42
# Colour and dash of each kind of link; kind is the sign, or ``turns``.
_LOOKS: dict[str, tuple[str, Any]] = {
    "1": (PALETTE[0], "-"),
    "-1": (PALETTE[1], (0, (4, 1.6))),
    "turns": (PALETTE[4], (0, (5, 1.4, 1, 1.4))),
}


def _links(links: "pd.DataFrame") -> list[Any]:
    return list(links.itertuples(index=False))


def _kind(row: Any) -> str:
    return "turns" if row.turns else str(row.sign)


def _label(name: str) -> str:
    return word(f"map.node.{name}")


def _rows(links: "pd.DataFrame") -> dict[str, list[str]]:
    linked = {*links["source"], *links["target"]}
    rows = ((group, [each for each in names if each in linked])
            for group, names in map_groups().items())  # fmt: skip
    return {group: names for group, names in rows if names}


def _draw_box(axes: "Axes", box: Box, name: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner = (box.x - box.width / 2, box.y - box.height / 2)
    shape = "round,pad=0,rounding_size=0.06"
    look: Any = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.8, "zorder": 3}
    axes.add_patch(FancyBboxPatch(corner, box.width, box.height, boxstyle=shape, **look))
    lines = wrap_evenly(_label(name), (box.width - 0.08) * 72 / SMALL_PT)
    text: Any = {"ha": "center", "va": "center", "size": SMALL_PT, "zorder": 4}
    axes.text(box.x, box.y, "\n".join(lines), linespacing=1.05, **text)


def _draw_link(axes: "Axes", points: Any, kind: str, strength: float) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    colour, dash = _LOOKS[kind]
    width = 0.8 + 0.9 * min(strength, 1.0)
    axes.plot(*points[:-2].T, color=colour, linestyle=dash, linewidth=width, zorder=2)
    look: Any = {"arrowstyle": "-|>", "mutation_scale": 7, "color": colour, "linewidth": 0.8}
    head = Path(points[[-6, -1]])
    axes.add_patch(FancyArrowPatch(path=head, shrinkA=0, shrinkB=0, zorder=5, **look))


def _draw_legend(axes: "Axes", kinds: list[str]) -> None:
    x = _NAMES_IN
    for kind in kinds:
        colour, dash = _LOOKS[kind]
        text = word(f"map.legend.{kind}")
        axes.plot([x, x + 0.32], [0.14, 0.14], color=colour, linestyle=dash, linewidth=1.5)
        look: Any = {"arrowstyle": "-|>", "color": colour, "lw": 0, "mutation_scale": 8}
        axes.annotate("", (x + 0.4, 0.14), (x + 0.2, 0.14), arrowprops=look)
        axes.text(x + 0.45, 0.14, text, va="center_baseline", size=SMALL_PT)
        x += 0.72 + text_width(text) * SMALL_PT / 72


def _draw(links: "pd.DataFrame") -> Any:
    rows = _rows(links)
    pairs: list[Pair] = list(zip(links["source"], links["target"], strict=True))
    height = _LEGEND_IN + (len(rows) - 1) * PITCH_IN + BOX_HEIGHT_IN + 0.1
    axes = blank_axes(new_figure(MAP_WIDTH_IN, height))
    placed = place_rows(list(rows.values()), pairs, MAP_WIDTH_IN, _NAMES_IN)
    foot = _LEGEND_IN + BOX_HEIGHT_IN / 2
    boxes = {name: Box(each.x, each.y + foot, each.width, each.height)
             for name, each in placed.items()}  # fmt: skip
    for name, box in boxes.items():
        _draw_box(axes, box, name)
    curves = route_rows(boxes, pairs)
    for row in _links(links):
        _draw_link(axes, curves[row.source, row.target], _kind(row), float(row.strength))
    for group, names in rows.items():
        lines = wrap_evenly(word(f"map.group.{group}"), _NAMES_IN * 72 / SMALL_PT)
        look: Any = {"va": "center", "size": SMALL_PT, "color": MUTED}
        axes.text(0.04, boxes[names[0]].y, "\n".join(lines), **look)
    kinds = [kind for kind in _LOOKS if any(_kind(row) == kind for row in _links(links))]
    _draw_legend(axes, kinds)
    return axes.figure


def _draw_arrow(axes: "Axes", y: float, row: Any) -> None:
    colour, dash = _LOOKS[_kind(row)]
    start, end = _ARROW_IN
    width = 0.8 + 0.9 * min(float(row.strength), 1.0)
    axes.plot([start, end - 0.05], [y, y], color=colour, linestyle=dash, linewidth=width)
    look: Any = {"arrowstyle": "-|>", "color": colour, "lw": 0, "mutation_scale": 8}
    axes.annotate("", (end, y), (start, y), arrowprops=look)


def _draw_list(links: "pd.DataFrame") -> Any:
    """Draw the same links below one another, by what they start from: curves need a wide page."""
    room = (NARROW_IN - _ARROW_IN[1] - 0.1) * 72 / SMALL_PT
    fans = [(str(source), _links(fan)) for source, fan in links.groupby("source", sort=False)]
    told = {row.target: wrap_text(_label(row.target), room) for _, fan in fans for row in fan}
    names = {source: wrap_text(_label(source), NARROW_IN * 72 / SMALL_PT) for source, _ in fans}
    kinds = [kind for kind in _LOOKS if any(_kind(row) == kind for row in _links(links))]
    lines = sum(len(names[source]) + sum(len(told[row.target]) for row in fan)
                for source, fan in fans)  # fmt: skip
    height = (lines + len(kinds) + 0.5) * _LINE_IN + len(fans) * 0.09 + 0.1
    axes = blank_axes(new_figure(NARROW_IN, height))
    y = height - 0.05
    look: Any = {"va": "top", "size": SMALL_PT, "linespacing": 1.1}
    for kind in kinds:
        colour, dash = _LOOKS[kind]
        axes.plot(_ARROW_IN, [y - _LINE_IN / 2] * 2, color=colour, linestyle=dash, linewidth=1.5)
        axes.text(_ARROW_IN[1] + 0.07, y, word(f"map.legend.{kind}"), **look)
        y -= _LINE_IN
    y -= _LINE_IN / 2
    for source, fan in fans:
        axes.text(0.02, y, "\n".join(names[source]), **look)
        y -= len(names[source]) * _LINE_IN
        for row in fan:
            _draw_arrow(axes, y - _LINE_IN / 2, row)
            axes.text(_ARROW_IN[1] + 0.07, y, "\n".join(told[row.target]), **look)
            y -= len(told[row.target]) * _LINE_IN
        y -= 0.09
    return axes.figure


def _table(links: "pd.DataFrame") -> "pd.DataFrame":
    import pandas as pd

    rows = [
        {
            "from": _label(row.source),
            "to": _label(row.target),
            "sign": word(f"map.sign.{_kind(row)}"),
            "strength": row.strength,
            "via": ", ".join(name.replace("_", " ") for name in row.via) or word("map.direct"),
        }
        for row in _links(links)
    ]
    return pd.DataFrame(rows, columns=["from", "to", "sign", "strength", "via"]).round(2)


def _alt(links: "pd.DataFrame") -> str:
    kinds = [_kind(row) for row in _links(links)]
    told = [
        word("map.told", source=_label(str(source)), targets=word("plot.comma").join(
            word("map.target", name=_label(row.target), sign=word(f"map.sign.{_kind(row)}"))
            for row in _links(fan)
        ))
        for source, fan in links.groupby("source", sort=False)
    ]  # fmt: skip
    rows = _rows(links)
    return word(
        "map.alt",
        nodes=sum(map(len, rows.values())),
        groups=len(rows),
        links=len(links),
        more=kinds.count("1"),
        less=kinds.count("-1"),
        turns=kinds.count("turns"),
        told="; ".join(told),
    )


def plot_causal_map(
    scenario: Scenario, years: int = YEARS, least: float = 0.25, title: str | None = None
) -> Picture:
    """Draw what moves what along a run, contracted to the quantities that a reader can name.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    years : int
        At least 1.
    least : float
        Links weaker than this along the run are left out, from 0: part of the target's swing,
        over the presets, that a full swing of the source moves.
    title : str, optional
        Caption; the preset's name by default.

    Returns
    -------
    Picture
        Solid arrows where more of one brings more of the other, dashed where it brings less,
        dash-dotted where the sign turns; the table has all the links, with what lies between.

    Examples
    --------
    >>> picture = plot_causal_map(Scenario("china_county", "anhui"), years=1)
    >>> picture.table.columns.tolist()
    ['from', 'to', 'sign', 'strength', 'via']
    """
    links = signed_links(scenario, years)
    order = {name: number for number, name in enumerate(map_nodes())}
    shown = links[(links["sign"] != 0) & at_least(links["strength"], least)]
    shown = shown.sort_values("source", key=lambda each: each.map(order), kind="stable")
    caption = title or word("map.caption", name=scenario.name or scenario.preset.replace("_", " "))
    with use_style():
        figure, narrow = _draw(shown), _draw_list(shown)
    return Picture(figure, _alt(shown), caption, _table(links), narrow, wide=True)
