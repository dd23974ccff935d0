"""How arrows run between boxes: curves that miss other boxes, numbers that touch nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from carelab.evidence.cases.files import Link
from carelab.plots.diagrams.layout import Box

NUMBER_RADIUS_IN = 0.1
_BENDS = (0.0, 0.15, -0.15, 0.32, -0.32, 0.55, -0.55, 0.9, -0.9)
_SHIFTS = (0.0, 0.28, -0.28)
_SAMPLES = 40
_FINE = 240
_SWEEPS = 2
_CLEAR_IN = 0.05


@dataclass(frozen=True)
class Route:
    """An arrow: points of its curve from box to box, and where its number stands (inches)."""

    points: Any
    number: tuple[float, float]


def _curves(start: Box, end: Box, samples: int = _SAMPLES) -> Any:
    """Return candidate curves as an array (candidates, samples, 2), and their bends."""
    import numpy as np

    steps = np.linspace(0, 1, samples)[None, :, None]
    choices = np.array(list(product(_SHIFTS, _SHIFTS, _BENDS)))
    first = np.array([start.x, start.y]) + choices[:, :1] * [start.width, 0]
    last = np.array([end.x, end.y]) + choices[:, 1:2] * [end.width, 0]
    along = last - first
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    middle = (first + last) / 2 + choices[:, 2:] * across
    first, middle, last = first[:, None], middle[:, None], last[:, None]
    curves = (1 - steps) ** 2 * first + 2 * steps * (1 - steps) * middle + steps**2 * last
    shifts = np.abs(choices[:, 0]) + np.abs(choices[:, 1])
    return curves, np.abs(choices[:, 2]) * np.hypot(*along.T) + 0.3 * shifts


def _distance(points: Any, box: Box) -> Any:
    """Return how far points lie outside a box, in inches; 0 inside."""
    import numpy as np

    beside = np.maximum(np.abs(points[..., 0] - box.x) - box.width / 2, 0)
    above = np.maximum(np.abs(points[..., 1] - box.y) - box.height / 2, 0)
    return np.hypot(beside, above)


def _nearest(points: Any, others: Sequence[Any]) -> Any:
    """Return the distance of each point to the nearest of other points, in inches."""
    import numpy as np

    if not len(others):
        return np.full(points.shape[:-1], 9.0)
    far = np.concatenate([np.atleast_2d(other)[::8] for other in others])
    gaps = points[..., None, :] - far
    return np.sqrt((gaps**2).sum(axis=-1)).min(axis=-1)


class _Router:
    """Route one link after the other, each around what is there."""

    def __init__(self, boxes: dict[str, Box], width: float, height: float) -> None:
        self.boxes = boxes
        self.width, self.height = width, height

    def _line_cost(self, curves: Any, ends: tuple[str, str], routes: list[Route]) -> Any:
        import numpy as np

        others = [box for name, box in self.boxes.items() if name not in ends]
        hits = sum((_distance(curves, box) < 0.07).sum(axis=1) for box in others)
        low, high = curves.min(axis=1), curves.max(axis=1)
        outside = (low < 0.04).any(axis=1) | (high > [self.width - 0.04, self.height - 0.04]).any(
            axis=1
        )
        free = self._free(curves, ends)
        near = _nearest(curves, [route.points for route in routes])
        touching = ((near < 0.06) & free).sum(axis=1)
        length = np.hypot(*np.diff(curves, axis=1).transpose(2, 0, 1)).sum(axis=1)
        visible = free.sum(axis=1) / _SAMPLES * length
        short = np.maximum(0.45 - visible, 0) * 60
        return 40 * hits + 60 * outside + 1.2 * touching + length + short

    def _free(self, curves: Any, ends: tuple[str, str]) -> Any:
        first, last = (_distance(curves, self.boxes[name]) > 0.02 for name in ends)
        return first & last

    def _number_cost(self, curves: Any, ends: tuple[str, str], routes: list[Route]) -> Any:
        import numpy as np

        room = np.min([_distance(curves, box) for box in self.boxes.values()], axis=0)
        in_box = np.maximum(NUMBER_RADIUS_IN + _CLEAR_IN - room, 0) * 800
        apart = _nearest(curves, [np.array(route.number) for route in routes])
        on_number = np.maximum(2 * NUMBER_RADIUS_IN + _CLEAR_IN - apart, 0) * 800
        lines = _nearest(curves, [route.points for route in routes])
        on_line = np.maximum(NUMBER_RADIUS_IN + 0.03 - lines, 0) * 200
        centre = np.abs(np.linspace(-1, 1, _SAMPLES))[None] * 1.5
        return in_box + on_number + on_line + centre

    def route(self, link: Link, routes: list[Route]) -> Route:
        import numpy as np

        ends = (link.source, link.target)
        curves, bends = _curves(self.boxes[link.source], self.boxes[link.target])
        spots = self._number_cost(curves, ends, routes)
        total = self._line_cost(curves, ends, routes) + 0.8 * bends + spots.min(axis=1)
        total += self._crossed(curves, routes)
        best = int(np.argmin(total))
        number = curves[best][int(np.argmin(spots[best]))]
        fine = _curves(self.boxes[link.source], self.boxes[link.target], _FINE)[0][best]
        return Route(fine[self._free(fine, ends)], (float(number[0]), float(number[1])))

    def _crossed(self, curves: Any, routes: list[Route]) -> Any:
        import numpy as np

        spots = [np.array(route.number) for route in routes]
        gaps = [np.hypot(*(curves - spot).transpose(2, 0, 1)) for spot in spots]
        return sum(((gap < NUMBER_RADIUS_IN + 0.03).any(axis=1) * 25.0 for gap in gaps), 0.0)


def route_links(
    boxes: dict[str, Box], links: Sequence[Link], width: float, height: float
) -> list[Route]:
    """Find a curve and a place for the number of every link.

    >>> boxes = {"a": Box(1, 3, 1, 0.4), "b": Box(1, 1, 1, 0.4)}
    >>> link = Link("a", "b", "pays", "付费", ("S001-01",))
    >>> [round(each, 1) for each in route_links(boxes, [link], 2, 4)[0].number]
    [1.0, 2.0]
    """
    router = _Router(boxes, width, height)
    routes: list[Route] = []
    for link in links:
        routes.append(router.route(link, routes))
    for _ in range(_SWEEPS):
        for index, link in enumerate(links):
            others = routes[:index] + routes[index + 1 :]
            routes[index] = router.route(link, others)
    return routes
