"""Counties that can exist: draws of the parameters that meet every figure of a county at rest.

Independent draws describe no county: of thousands none meets all figures at once. A search moves
from the best draws to their neighbours until enough meet them all (population Monte Carlo without
weights). What it leaves is a set of counties, no posterior. Parameters of which neither the
figures nor the state of rest know anything are not kept: a range draws them anew.
"""

from typing import TYPE_CHECKING, Any

from carelab.engine import place_at_rest
from carelab.engine.rest import CONSTANTS
from carelab.evidence.registry import load_targets
from carelab.study.many.draws import drawn_names, hypercube, parameters_from, possible_places
from carelab.study.trust.scoreboard import scoreboard_values

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

CONTEXT = "china_county"
SEED = 20261130
# First draws, then rounds of neighbours of the best, moved along the numbers that matter most.
FIRST_DRAWS = 3_000
ROUND_DRAWS = 1_000
MOST_ROUNDS = 30
BEST = 150
MOVED = 28
STEP = 0.7
WANTED = 175
# Rest of the search; what it accepts is put to rest in full and judged again.
SEARCH_MONTHS = 600
# A target without an upper or lower end is missed by so many of its units for one half-width.
OPEN_HALF_WIDTH = 5.0
# Known to the figures: moves one of them by over this part of its half-width, or the rest at all.
_MATTERS = 0.05
_MOVES_REST = 1e-6
_SCREENED = 4


def baseline_targets() -> "pd.DataFrame":
    """Return the figures of a county in its first year without a reform.

    >>> len(baseline_targets())
    13
    """
    rows = load_targets("fit")
    here = (rows["context"] == CONTEXT) & (rows["comparison"] == "") & (rows["years"] == "1")
    return rows[here].reset_index(drop=True)


def misses(rows: "pd.DataFrame", values: "Array") -> "Array":
    """Measure how far each value lies outside its tolerance, in half-widths; 0 within."""
    import numpy as np

    low = rows["tolerance_low"].to_numpy()[:, None]
    high = rows["tolerance_high"].to_numpy()[:, None]
    half = np.where(np.isfinite(low + high), (high - low) / 2, OPEN_HALF_WIDTH)
    below, above = np.nan_to_num(low, nan=-np.inf), np.nan_to_num(high, nan=np.inf)
    missed: Array = np.maximum(np.maximum(below - values, values - above), 0) / half
    return missed


def _values(rows: "pd.DataFrame", unit: "Array", months: int) -> "Array":
    place = place_at_rest(CONTEXT, parameters_from(CONTEXT, unit), months)
    return scoreboard_values(rows, {CONTEXT: place})


def kept_names(seed: int = SEED) -> list[str]:
    """Name the drawn parameters that move the figures of a county or its state of rest."""
    import numpy as np

    rows, names = baseline_targets(), list(drawn_names(CONTEXT)["name"])
    base = np.random.default_rng(seed).random((_SCREENED, len(names)))
    ends = np.repeat(base[:, None, None, :], len(names), 1).repeat(2, 2)
    for at in range(len(names)):
        ends[:, at, 0, at], ends[:, at, 1, at] = 0.1, 0.9
    place = place_at_rest(CONTEXT, parameters_from(CONTEXT, ends.reshape(-1, len(names))), 600)
    low, high = rows["tolerance_low"].to_numpy(), rows["tolerance_high"].to_numpy()
    half = np.where(np.isfinite(low + high), (high - low) / 2, OPEN_HALF_WIDTH)
    told = list(scoreboard_values(rows, {CONTEXT: place}) / half[:, None] * (1 / _MATTERS))
    states = {**place.stocks, **{name: place.baseline[name] for name in CONSTANTS}}
    for value in states.values():
        wide = np.broadcast_to(value, ends[..., 0].size)
        told.append(wide / (np.abs(wide).max() + 1e-12) / _MOVES_REST)
    shaped = np.array(told).reshape(len(told), _SCREENED, len(names), 2)
    moved = np.abs(shaped[..., 1] - shaped[..., 0]).max(axis=(0, 1))
    return [name for name, size in zip(names, moved, strict=True) if size > 1]


def _most_telling(unit: "Array", values: "Array", among: Any) -> "Array":
    """Choose the columns with the highest rank correlation with the figures, summed over them."""
    import numpy as np
    from scipy.stats import spearmanr

    ranked = np.abs(spearmanr(unit, values.T)[0][: unit.shape[1], unit.shape[1] :]).sum(axis=1)
    ranked[~among] = 0
    chosen: Array = np.sort(np.argsort(-ranked)[:MOVED])
    return chosen


def _neighbours(best: "Array", moved: "Array", rng: "np.random.Generator") -> "Array":
    """Draw anew, but let the numbers that matter most lie near those of one of the best."""
    import numpy as np

    drawn = rng.random((ROUND_DRAWS, best.shape[1]))
    parents = best[rng.integers(len(best), size=ROUND_DRAWS)][:, moved]
    near = parents + rng.normal(size=parents.shape) * STEP * best[:, moved].std(axis=0)
    # Reflected at the ends of the range.
    drawn[:, moved] = 1 - np.abs(1 - np.abs(near) % 2)
    return drawn


def possible_places_table(wanted: int = WANTED, seed: int = SEED) -> "pd.DataFrame":
    """Search for counties that meet every figure of a county before any reform.

    Returns
    -------
    pandas.DataFrame
        One row a county: ``found_after`` (draws tried by the end of the round that found it) and
        each parameter that the figures or the state of rest know of. All others are free.
    """
    import numpy as np
    import pandas as pd

    rows, rng = baseline_targets(), np.random.default_rng(seed)
    names = list(drawn_names(CONTEXT)["name"])
    kept = kept_names(seed)
    unit = hypercube(FIRST_DRAWS, len(names), seed)
    values = _values(rows, unit, SEARCH_MONTHS)
    moved = _most_telling(unit, values, np.isin(names, kept))
    off, tried = misses(rows, values).sum(axis=0), FIRST_DRAWS
    found, after = unit[off == 0], np.full((off == 0).sum(), tried)
    best = unit[np.argsort(off, kind="stable")[:BEST]]
    least = np.sort(off, kind="stable")[:BEST]
    for _ in range(MOST_ROUNDS):
        if len(found) >= wanted:
            break
        unit = _neighbours(best, moved, rng)
        off, tried = misses(rows, _values(rows, unit, SEARCH_MONTHS)).sum(axis=0), tried + len(unit)
        here = unit[off == 0]
        # Judged again at full rest.
        if len(here):
            sure = misses(rows, _values(rows, here, 3_000)).sum(axis=0) == 0
            found = np.vstack([found, here[sure]])
            after = np.append(after, np.full(sure.sum(), tried))
        # Of those that meet all, the newest stand first, so that the search keeps moving.
        pool, sizes = np.vstack([unit, best]), np.append(off, least)
        order = np.argsort(sizes, kind="stable")[:BEST]
        best, least = pool[order], sizes[order]
    drawn = parameters_from(CONTEXT, found)
    table = pd.DataFrame({name: np.broadcast_to(drawn[name], len(found)) for name in kept})
    table.insert(0, "found_after", after)
    return table


def what_figures_leave_open() -> "pd.DataFrame":
    """Say of each drawn parameter how much of its range the possible counties still fill.

    Returns
    -------
    pandas.DataFrame
        parameter, low and high of the range, middle (median of the stored counties) and width: the
        middle nine tenths of the counties over those of the range; 1 where nothing is known.
    """
    import pandas as pd

    places, table = possible_places(CONTEXT), []
    assert places is not None
    for name, low, high in drawn_names(CONTEXT).itertuples(index=False):
        known = name in places
        middle = places[name].median() if known else (low + high) / 2
        spread = places[name].quantile(0.95) - places[name].quantile(0.05) if known else 0.0
        width = min(1.0, spread / (0.9 * (high - low))) if known else 1.0
        table.append((name, low, high, middle, width))
    columns = ["parameter", "low", "high", "middle", "width"]
    frame = pd.DataFrame(table, columns=columns)
    return frame.sort_values("width", kind="stable").reset_index(drop=True)
