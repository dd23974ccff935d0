"""A made-up panel of counties: the engine runs each county twice, so the effect is known.

Every county is one of the places that can exist. It lives once with the package of Anhui, from
the year in which the province starts it there, and once without. The difference is the effect,
which no real register shows. Three things are added that the engine does not make: a pull of
outside care that grows in all counties alike from one year on, the accidents of a year, and a
province that chooses who begins. All three are assumed.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine import BASELINE_PRESETS, preset_levers
from carelab.engine.simulate import run_years
from carelab.engine.years import MONTHS
from carelab.study.many.draws import drawn_place

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

CONTEXT = "china_county"
PRESET = "anhui"
OUTCOME = "kept_in_place_share"
COUNTIES = 60
YEARS = 12
# Of twenty counties each: first, second and third wave, by the year in which they begin.
WAVES = (4, 6, 8)
NEVER = 0
# Never begin: the last part of the counties in the order of the province.
_NEVER_PART = 0.2
PULL_FROM_YEAR = 4
# How far chance enters the choice of the province, in standard deviations of what it looks at.
_LUCK = 0.5
ORDERS = ("worst first", "best first", "by lot")


@lru_cache(maxsize=4)
def _lives(counties: int, seed: int) -> dict[int, "Array"]:
    """Run every county once without the reform and once for each year of start, in per cent."""
    import numpy as np

    place = drawn_place(CONTEXT, counties, seed)

    def run(levers: Mapping[str, Any]) -> "Array":
        years = run_years(place, levers, YEARS, [OUTCOME])
        return 100 * np.array([np.broadcast_to(year[OUTCOME], counties) for year in years]).T

    package = preset_levers(PRESET)
    lives = {NEVER: run(preset_levers(BASELINE_PRESETS[CONTEXT]))}
    for year in WAVES:
        start = MONTHS * (year - 1)
        lives[year] = run({**package, "payment_start_month": start, "service_start_month": start})
    return lives


def _starts(first: "Array", order: str, rng: "np.random.Generator") -> "np.ndarray[Any, Any]":
    """Let the province choose, by the share kept in the first year and by luck."""
    import numpy as np

    seen = {"worst first": first, "best first": -first, "by lot": 0 * first}[order]
    wanted = seen + _LUCK * first.std() * rng.normal(size=len(first))
    waves = round((1 - _NEVER_PART) * len(first) / len(WAVES))
    turn = np.repeat((*WAVES, NEVER), (*[waves] * len(WAVES), len(first) - waves * len(WAVES)))
    starts = np.empty(len(first), dtype=int)
    starts[np.argsort(wanted)] = turn
    return starts


def county_panel(
    order: str = "worst first",
    pull_points_year: float = 0.8,
    unequal_pull: float = 0.0,
    noise_points: float = 0.4,
    counties: int = COUNTIES,
    seed: int = 1,
) -> "pd.DataFrame":
    """Make a panel of counties of which some start the package of Anhui, in three waves.

    Parameters
    ----------
    order : str
        Whom the province lets begin: ``worst first`` (the lowest share kept), ``best first`` or
        ``by lot``.
    pull_points_year : float
        By how many percentage points a year, from year 4 on, outside care draws patients away in
        all counties alike.
    unequal_pull : float
        By which part the pull is stronger in a county that keeps one standard deviation less than
        the mean in its first year; 0 for a pull alike in all.
    noise_points : float
        Standard deviation of the accidents of a county and year, in percentage points.
    counties : int
        From 20 to 200.
    seed : int
        Of all that is drawn.

    Returns
    -------
    pandas.DataFrame
        One row a county and year: ``county``, ``year`` (from 1), ``start`` (year of start, 0 for
        never), ``treated`` (0 or 1), ``kept`` (share of cases kept in place, per cent), and what
        no register has: ``without``, the same county and year had it not begun.

    Raises
    ------
    CarelabError
        When the order is unknown or the number of counties is not allowed.

    Examples
    --------
    >>> panel = county_panel(counties=20)
    >>> before = panel[panel["treated"] == 0]
    >>> bool((before["kept"] == before["without"]).all())
    True
    """
    import numpy as np
    import pandas as pd

    if order not in ORDERS:
        raise CarelabError(f"order '{order}' is unknown; known are {', '.join(ORDERS)}")
    whole = isinstance(counties, int) and not isinstance(counties, bool)
    if not whole or not 20 <= counties <= 200:
        raise CarelabError(f"counties is {counties!r}; allowed is a whole number from 20 to 200")
    lives, rng = _lives(counties, seed), np.random.default_rng(seed)
    without = lives[NEVER]
    starts = _starts(without[:, 0], order, rng)
    lived = np.choose(np.searchsorted((NEVER, *WAVES), starts)[:, None], list(lives.values()))
    years = np.arange(1, YEARS + 1)
    behind = (without[:, 0].mean() - without[:, 0]) / without[:, 0].std()
    strength = np.maximum(0, 1 + unequal_pull * behind)[:, None]
    pull = pull_points_year * strength * np.maximum(0, years - PULL_FROM_YEAR + 1)
    moved = noise_points * rng.normal(size=without.shape) - pull
    table = {
        "county": np.repeat(np.arange(1, counties + 1), YEARS),
        "year": np.tile(years, counties),
        "start": np.repeat(starts, YEARS),
        "kept": (lived + moved).ravel(),
        "without": (without + moved).ravel(),
    }
    panel = pd.DataFrame(table)
    panel.insert(3, "treated", ((panel["start"] > 0) & (panel["year"] >= panel["start"])) * 1)
    return panel


def stacked(panel: "pd.DataFrame", before: int = 3, after: int = 5) -> "pd.DataFrame":
    """Set each wave beside the counties that never begin, by years since the start.

    Parameters
    ----------
    panel : pandas.DataFrame
        From `county_panel`.
    before, after : int
        Years kept before the start, and from the start on.

    Returns
    -------
    pandas.DataFrame
        The rows of every wave and, once for each wave, of the counties that never begin, with
        ``effect`` (the true one), ``wave``, ``since`` (0 in the year of the start), ``begins`` (1
        in the wave), ``unit`` and ``when`` (a county and a year within the comparison of a wave).

    Examples
    --------
    >>> stack = stacked(county_panel(counties=20))
    >>> sorted(set(stack["since"])), sorted(set(stack["wave"]))
    ([-3, -2, -1, 0, 1, 2, 3, 4], [4, 6, 8])
    """
    import pandas as pd

    parts = []
    for wave in sorted(set(panel["start"]) - {NEVER}):
        part = panel[panel["start"].isin([wave, NEVER])]
        part = part.assign(
            effect=part["kept"] - part["without"],
            wave=wave,
            since=part["year"] - wave,
            begins=(part["start"] == wave).astype(int),
            unit=1000 * wave + part["county"],
            when=1000 * wave + part["year"],
        )
        parts.append(part[part["since"].between(-before, after - 1)])
    return pd.concat(parts, ignore_index=True)


def event_marks(stack: "pd.DataFrame") -> "pd.DataFrame":
    """Mark the rows of counties that begin, one column a year since the start.

    The year before the start has no column: it is the zero from which the others are read.

    >>> event_marks(stacked(county_panel(counties=20))).columns.tolist()
    ['-3', '-2', '0', '1', '2', '3', '4']
    """
    import pandas as pd

    years = sorted(set(stack["since"]) - {-1})
    marks = {str(year): stack["begins"] * (stack["since"] == year) for year in years}
    return pd.DataFrame(marks).astype(float).set_index([stack["unit"], stack["year"]])


def simple_designs(panel: "pd.DataFrame") -> "pd.DataFrame":
    """Answer by means alone: what each design finds, and the true effect on the same counties.

    Parameters
    ----------
    panel : pandas.DataFrame
        From `county_panel`.

    Returns
    -------
    pandas.DataFrame
        ``Finds`` and ``True effect``, in percentage points of cases kept, by design.

    Examples
    --------
    >>> found = simple_designs(county_panel(pull_points_year=0, noise_points=0))
    >>> found.index[0], bool((found["Finds"] - found["True effect"]).abs().iloc[3] < 0.1)
    ('Before and after, all waves', True)
    """
    import numpy as np
    import pandas as pd

    stack = stacked(panel)
    begun = stack[stack["begins"] == 1]
    after = begun["since"] >= 0
    last = panel[panel["year"] == YEARS]
    joined = last["start"] != NEVER
    first = stack[stack["wave"] == WAVES[0]]
    means = first.groupby(["begins", "since"])["kept"].mean().unstack()
    past, since = means.loc[:, :-1], means.loc[:, 0:]
    line = np.polyfit(past.columns, past.loc[1], 1)
    changes = since.mean(axis=1) - past.mean(axis=1)
    true_first = first[(first["begins"] == 1) & (first["since"] >= 0)]["effect"].mean()
    found = {
        "Before and after, all waves": (
            begun["kept"][after].mean() - begun["kept"][~after].mean(),
            begun["effect"][after].mean(),
        ),
        "With and without, last year": (
            last["kept"][joined].mean() - last["kept"][~joined].mean(),
            (last["kept"] - last["without"])[joined].mean(),
        ),
        "Interrupted series, first wave": (
            (since.loc[1] - np.polyval(line, since.columns)).mean(),
            true_first,
        ),
        "Controlled before and after, first wave": (changes[1] - changes[0], true_first),
    }
    return pd.DataFrame(found, index=["Finds", "True effect"]).T.rename_axis("Design")
