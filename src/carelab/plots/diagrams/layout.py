"""Where the boxes of a diagram stand: rows by role, places that keep arrows short and clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any

from carelab.evidence.cases.files import Actor, Link
from carelab.plots.style import WIDTH_IN

if TYPE_CHECKING:
    import numpy as np

_ROW_OF_ROLE = {
    "government": 0,
    "committee": 0,
    "department": 0,
    "payer": 1,
    "hospital": 2,
    "company": 2,
    "primary": 3,
    "community": 3,
    "public_health": 3,
    "professional": 3,
    "patients": 4,
}
# Centres in a row, as shares of the width, by the number of boxes in it.
_PLACES: dict[int, tuple[tuple[float, ...], ...]] = {
    1: ((0.5,), (0.13,), (0.87,), (0.32,), (0.68,)),
    2: ((0.2, 0.8), (0.13, 0.5), (0.5, 0.87), (0.13, 0.87), (0.32, 0.68)),
    3: ((0.13, 0.5, 0.87),),
    4: ((0.122, 0.374, 0.626, 0.878),),
}
BOX_WIDTH_IN = 1.18
NARROW_BOX_IN = 1.12
_ROW_PITCH_IN = 1.18
_UNLINKED_PITCH_IN = 0.8
_SAMPLES = 24
_SWEEPS = 4


@dataclass(frozen=True)
class Box:
    """A box in the plane, in inches."""

    x: float
    y: float
    width: float
    height: float


def _split(row: list[str]) -> list[list[str]]:
    if len(row) <= 4:
        return [row]
    half = (len(row) + 1) // 2
    return [row[:half], row[half:]]


def rows_of(actors: Sequence[Actor]) -> list[list[str]]:
    """Sort actors into rows, those who decide on top, patients at the bottom.

    >>> from carelab.evidence import load_case
    >>> rows_of(load_case("nanning").actors)
    [['first_hospital'], ['primary_units'], ['residents']]
    """
    rows: dict[int, list[str]] = {}
    for actor in actors:
        rows.setdefault(_ROW_OF_ROLE[actor.role], []).append(actor.id)
    return [part for _, row in sorted(rows.items()) for part in _split(row)]


def _options(row: list[str]) -> list[dict[str, float]]:
    return [
        dict(zip(order, places, strict=True))
        for places in _PLACES[len(row)]
        for order in permutations(row)
    ]


class _Search:
    """Costs of placements: boxes that straight arrows would hit, crossings, lengths."""

    def __init__(self, rows: list[list[str]], links: Sequence[Link]) -> None:
        import numpy as np

        self.ids = [each for row in rows for each in row]
        self.height = {each: index for index, row in enumerate(rows) for each in row}
        pairs = [(self.ids.index(link.source), self.ids.index(link.target)) for link in links]
        self.ends = np.array(pairs, dtype=int).reshape(-1, 2)
        self.steps = np.linspace(0, 1, _SAMPLES)[None, :, None]

    def cost(self, places: dict[str, float]) -> float:
        import numpy as np

        spots = np.array([(places[i] * WIDTH_IN, self.height[i] * _ROW_PITCH_IN) for i in self.ids])
        balance = abs(float(np.mean(spots[:, 0])) - WIDTH_IN / 2)
        if not len(self.ends):
            return balance
        start, end = spots[self.ends[:, 0]], spots[self.ends[:, 1]]
        points = start[:, None] + self.steps * (end - start)[:, None]
        length = float(np.hypot(*(end - start).T).sum())
        return 30 * self._hits(points, spots) + 6 * _crossings(start, end) + length + balance

    def _hits(self, points: "np.ndarray[Any, Any]", spots: "np.ndarray[Any, Any]") -> int:
        import numpy as np

        gap = np.abs(points[:, :, None] - spots[None, None])
        inside = (gap[..., 0] < BOX_WIDTH_IN / 2 + 0.05) & (gap[..., 1] < 0.36)
        touched = inside.any(axis=1)
        links = np.arange(len(self.ends))
        touched[links, self.ends[:, 0]] = False
        touched[links, self.ends[:, 1]] = False
        return int(touched.sum())


def _crossings(start: "np.ndarray[Any, Any]", end: "np.ndarray[Any, Any]") -> int:
    import numpy as np

    def side(a: Any, b: Any, c: Any) -> Any:
        ahead, across = b - a, c - a
        return np.sign(ahead[..., 0] * across[..., 1] - ahead[..., 1] * across[..., 0])

    a, b, c, d = start[:, None], end[:, None], start[None], end[None]
    crossing = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    return int(crossing.sum()) // 2


def place_boxes(
    rows: list[list[str]], links: Sequence[Link], heights: dict[str, float]
) -> tuple[dict[str, Box], float]:
    """Place boxes so that few arrows cross or run through a box.

    >>> boxes, height = place_boxes([["a"], ["b"]], [], {"a": 0.4, "b": 0.4})
    >>> boxes["a"].y > boxes["b"].y
    True
    """
    search = _Search(rows, links)
    options = [_options(row) for row in rows]
    best = {key: place for choice in options for key, place in choice[0].items()}
    for _ in range(_SWEEPS):
        for choices in options:
            best = min(({**best, **choice} for choice in choices), key=search.cost)
    pitch = _ROW_PITCH_IN if links else _UNLINKED_PITCH_IN
    total = 0.8 + (len(rows) - 1) * pitch
    width = NARROW_BOX_IN if max(map(len, rows)) > 3 else BOX_WIDTH_IN
    aside = 0.5 - (min(best.values()) + max(best.values())) / 2
    boxes = {
        each: Box((best[each] + aside) * WIDTH_IN, total - 0.4 - row * pitch, width, heights[each])
        for each, row in search.height.items()
    }
    return boxes, total
