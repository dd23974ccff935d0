"""Which assumed parameters drive a result: elementary effects after Morris (1991)."""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine import BASELINE_PRESETS, Place, place_at_rest, preset_levers, run_years
from carelab.study.many.draws import drawn_names, parameters_from

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

OUTCOMES = ("reach", "kept_in_place_share", "insured_spending", "treatment_gap")
# A result as it is after the reform, and its change from the place before the reform.
MEASURES = ("level", "change")
SEED = 20261123
MOST_PATHS = 100
# Each parameter takes one of four values across its range and moves by two thirds of it.
_LEVELS = 4
_JUMP = _LEVELS / (2 * (_LEVELS - 1))


def morris_paths(parameters: int, paths: int, seed: int) -> "tuple[Array, Array]":
    """Lay paths through the unit cube that move one parameter at a time.

    References
    ----------
    Morris (1991), Factorial sampling plans for preliminary computational experiments,
    Technometrics 33(2), section 3.

    >>> points, moved = morris_paths(3, 2, seed=1)
    >>> points.shape, sorted(moved[0].tolist())
    ((2, 4, 3), [0, 1, 2])
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    grid = np.arange(_LEVELS // 2) / (_LEVELS - 1)
    start = rng.choice(grid, (paths, parameters))
    # Half of the moves go down: the point then starts at the upper end of its jump.
    down = rng.random((paths, parameters)) < 0.5
    start += _JUMP * down
    moved = rng.permuted(np.tile(np.arange(parameters), (paths, 1)), axis=1)
    when = np.argsort(moved, axis=1)
    done = np.arange(parameters + 1)[:, None] > when[:, None, :]
    return start[:, None, :] + done * np.where(down, -_JUMP, _JUMP)[:, None, :], moved


def parameter_sensitivity(
    context: str = "china_county",
    preset: str = "anhui",
    years: int = 5,
    paths: int = 20,
    seed: int = SEED,
) -> "pd.DataFrame":
    """Rank the assumed parameters of a place by how strongly they move the results.

    A parameter whose range is cut by another (such as the share of care in townships by the
    share outside) moves with it.

    Parameters
    ----------
    context : str
        Place.
    preset : str
        Lever settings of a case.
    years : int
        The results are means over this year, from 1 to 15.
    paths : int
        Paths after Morris, from 2 to 100; each runs the place once more than it has parameters.
    seed : int
        Same seed, same table.

    Returns
    -------
    pandas.DataFrame
        One row per outcome, measure (``level`` under the preset, or ``change`` from the same
        place without it) and parameter, the strongest first: outcome, measure, parameter, rank,
        mean_effect, mean_absolute_effect and spread (standard deviation, large where the effect
        depends on other parameters), in the unit of the outcome for a move over the whole range
        of the parameter. Insured spending is measured as a ratio to spending before the reform.

    Raises
    ------
    CarelabError
        When a number is out of range.

    Examples
    --------
    >>> table = parameter_sensitivity(years=1, paths=2)
    >>> sorted(set(table["outcome"]))
    ['insured_spending', 'kept_in_place_share', 'reach', 'treatment_gap']
    """
    import pandas as pd

    _check("years", years, 1, 15)
    _check("paths", paths, 2, MOST_PATHS)
    names = drawn_names(context)["name"].tolist()
    points, moved = morris_paths(len(names), paths, seed)
    place = place_at_rest(context, parameters_from(context, points.reshape(-1, len(names))))
    after = _results(place, preset, years)
    before = _results(place, BASELINE_PRESETS[context], years)
    tables = [
        _ranked(names, _effects(values.reshape(points.shape[:2]), points, moved)).assign(
            outcome=outcome, measure=measure
        )
        for outcome in OUTCOMES
        for measure, values in zip(
            MEASURES, (after[outcome], after[outcome] - before[outcome]), strict=True
        )
    ]
    first = ["outcome", "measure", "parameter", "rank"]
    table = pd.concat(tables, ignore_index=True)
    return table[first + [name for name in table.columns if name not in first]]


def _check(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise CarelabError(f"{name} is {value!r}; allowed is a whole number from {low} to {high}")


def _results(place: Place, preset: str, years: int) -> "dict[str, Array]":
    """Read each outcome in the last year of a run."""
    *_, last = run_years(place, preset_levers(preset), years, OUTCOMES)
    return {**last, "insured_spending": last["insured_spending"] / place.baseline["premium"]}


def _effects(values: "Array", points: "Array", moved: "Array") -> "Array":
    """Return each path's effect of each parameter, shape (paths, parameters)."""
    import numpy as np

    rows = np.arange(len(values))[:, None]
    moves = np.diff(points, axis=1)[rows, np.arange(moved.shape[1]), moved]
    effects = np.empty(moved.shape)
    effects[rows, moved] = np.diff(values, axis=1) / moves
    return effects


def _ranked(names: list[str], effects: "Array") -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    table = pd.DataFrame(
        {
            "parameter": names,
            "mean_effect": effects.mean(axis=0),
            "mean_absolute_effect": np.abs(effects).mean(axis=0),
            "spread": effects.std(axis=0, ddof=1),
        }
    )
    table = table.sort_values("mean_absolute_effect", ascending=False, kind="stable")
    return table.assign(rank=np.arange(1, len(names) + 1)).reset_index(drop=True)
