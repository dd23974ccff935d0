"""A Latin hypercube from a generator so small that a page has the same one, bit for bit.

The stored tables of robustness keep `carelab.study.many.draws.hypercube`; this one is for draws
that a reader's own scenario is run on, in the page, where nothing is stored. Its twin is
``hypercube`` in ``lab/static/analysis/draws.js``; a test holds the two together.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine import Place
from carelab.study.many.draws import drawn_names, spare_rows, steady_place

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

# How many draws a page makes, and their seed: chosen once, for every scenario.
PAGE_DRAWS = 500
PAGE_SEED = 20260
_MOST = 5_000
_WORD = 0xFFFFFFFF


def _multiply(first: int, second: int) -> int:
    return (first * second) & _WORD


def uniform_numbers(seed: int) -> Iterator[float]:
    """Give numbers from 0 to below 1, without end (mulberry32).

    >>> next(uniform_numbers(1)) == next(uniform_numbers(1))
    True
    """
    state = seed & _WORD
    while True:
        state = (state + 0x6D2B79F5) & _WORD
        mixed = _multiply(state ^ (state >> 15), state | 1)
        mixed ^= (mixed + _multiply(mixed ^ (mixed >> 7), mixed | 61)) & _WORD
        yield (mixed ^ (mixed >> 14)) / 4294967296


def page_hypercube(rows: int, columns: int, seed: int = PAGE_SEED) -> "Array":
    """Draw a Latin hypercube as the page does.

    >>> sorted((page_hypercube(4, 1)[:, 0] * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    import numpy as np

    if isinstance(rows, bool) or not isinstance(rows, int) or not 1 <= rows <= _MOST:
        raise CarelabError(f"draws is {rows!r}; allowed is a whole number from 1 to {_MOST:,}")
    numbers = uniform_numbers(seed)
    drawn = np.empty((rows, columns))
    for column in range(columns):
        steps = list(range(rows))
        for last in range(rows - 1, 0, -1):
            other = int(next(numbers) * (last + 1))
            steps[last], steps[other] = steps[other], steps[last]
        drawn[:, column] = [(step + next(numbers)) / rows for step in steps]
    return drawn


def page_place(context: str, draws: int = PAGE_DRAWS) -> Place:
    """Return the places at rest of the runs of a range, as the page draws them.

    >>> len(page_place("uk_place", draws=3).stocks["managed"])
    3
    """
    unit = page_hypercube(draws + spare_rows(draws), len(drawn_names(context)))
    return steady_place(context, unit, draws)
