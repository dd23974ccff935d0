"""Where the boxes of a causal map stand, and how its links run: one row a group."""

from collections.abc import Mapping, Sequence
from typing import Any

from carelab.plots.diagrams.layout import Box

Pair = tuple[str, str]
BOX_HEIGHT_IN = 0.46
PITCH_IN = 1.08
_GAP_IN = 0.13
_WIDEST_BOX_IN = 1.05
_SWEEPS = 8
_SAMPLES = 60
# Part of a box's edge over which the ends of its links are spread.
_EDGE = 0.8


def place_rows(
    rows: Sequence[Sequence[str]], links: Sequence[Pair], width: float, left: float
) -> dict[str, Box]:
    """Place the boxes of a map so that linked boxes stand near each other.

    Parameters
    ----------
    rows : sequence of sequence of str
        Names, from the top row to the bottom row.
    links : sequence of (str, str)
        Which boxes are linked.
    width : float
        Width of the picture, in inches.
    left : float
        Width that is left free for the names of the rows, in inches.

    Returns
    -------
    dict of str to Box
        By name, in inches from the lower left corner.

    Examples
    --------
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

    Parameters
    ----------
    boxes : mapping of str to Box
        From `place_rows`.
    links : sequence of (str, str)
        Source and target.

    Returns
    -------
    dict of (str, str) to array
        Points of the curve from edge to edge, shape (points, 2), in inches.

    Examples
    --------
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
