"""Published results against the engine; what the engine misses stays on the board."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.numbers import above
from carelab.engine import (
    BASELINE_PRESETS,
    MODEL_VERSION,
    Place,
    Scenario,
    load_place,
    preset_levers,
    run_months,
)
from carelab.engine.years import MONTHS, value_of_span, years_of
from carelab.evidence.registry import load_targets

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

# In the column ``comparison``: the first month, before any reform.
START = "start"
_NAME = re.compile(r"[a-z_][a-z_0-9]*")
LONGEST_YEARS = 10
NOT_ADDRESSED = "not addressed"
SHOWN = (
    "id",
    "fact",
    "name",
    "unit",
    "published_low",
    "published_high",
    "tolerance_low",
    "tolerance_high",
    "model",
    "verdict",
    "why",
    "used_for",
    "evidence",
    "source",
)


def _change(after: Any, before: Any) -> Any:
    return 100 * (after / before - 1)


# What is compared, from the value of the scenario and that of its comparison.
MEASURES: dict[str, Callable[[Any, Any], Any]] = {
    "level": lambda after, _: after,
    "level_percent": lambda after, _: 100 * after,
    "difference": lambda after, before: after - before,
    "difference_points": lambda after, before: 100 * (after - before),
    "change_percent": _change,
    "ratio": lambda after, before: after / before,
    "slope_month": lambda after, before: after - before,
    "slope_pp_month": lambda after, before: 100 * (after - before),
}


def scoreboard(targets: "pd.DataFrame | None" = None) -> "pd.DataFrame":
    """Run the engine for every published result and say whether it lands within the tolerance.

    Parameters
    ----------
    targets : pandas.DataFrame, optional
        Rows of ``targets.csv``; all of them by default.

    Returns
    -------
    pandas.DataFrame
        One row per target, in file order: id, fact, name, unit, published_low, published_high,
        tolerance_low, tolerance_high (both fixed before the first run; NaN where open), model
        (NaN where not addressed), verdict (within, outside or not addressed), why, used_for
        (fit, test or none), evidence, source.

    Raises
    ------
    CarelabError
        When a target names an unknown measure, year, quantity, preset or place.

    Examples
    --------
    >>> from carelab.evidence.registry import load_targets
    >>> frame = scoreboard(load_targets().query("id == 'dingyuan_outside_share'"))
    >>> frame["verdict"].tolist()
    ['outside']
    """
    rows = load_targets() if targets is None else targets
    rows = rows.reset_index(drop=True)
    frame = rows.assign(model=scoreboard_values(rows)[:, 0])
    frame["verdict"] = [
        verdict_of(*bounds)
        for bounds in zip(
            frame["model"], frame["tolerance_low"], frame["tolerance_high"], strict=True
        )
    ]
    frame["why"] = [_why(row) for row in frame.to_dict("records")]
    return frame[list(SHOWN)]


def scoreboard_values(rows: "pd.DataFrame", places: Mapping[str, Place] | None = None) -> "Array":
    """Run the engine for targets, in the places of the data or in others."""
    import numpy as np

    read = {name for each in rows["outcome"] for name in _NAME.findall(str(each))}
    longest = max([1, *(_span(row)[1] for row in rows.to_dict("records") if row["years"])])
    runs = _Runs(places or {}, read, longest)
    values = [np.atleast_1d(_model_value(row, runs)) for row in rows.to_dict("records")]
    return np.stack(np.broadcast_arrays(*values))


class _Runs:
    """Runs of scenarios, each made once: a frame with one row per month and draw."""

    def __init__(self, places: Mapping[str, Place], read: set[str], years: int) -> None:
        self.places = places
        self.read = {*read, "residents"}
        self.years = years
        self.frames: dict[tuple[str, str], pd.DataFrame] = {}

    def frame(self, context: str, text: str) -> "pd.DataFrame":
        if (context, text) not in self.frames:
            scenario = Scenario.from_text(f"carelab/{MODEL_VERSION}/{context}/{text}")
            preset_levers(scenario.preset)
            place = self.places.get(context) or load_place(context)
            self.frames[context, text] = _stacked(
                [
                    {name: value for name, value in month.items() if name in self.read}
                    for month in run_months(place, scenario.levers, MONTHS * self.years)
                ]
            )
        return self.frames[context, text]


def _stacked(months: list[dict[str, Any]]) -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    draws = max((np.size(value) for value in months[-1].values()), default=1)
    columns = {
        name: np.concatenate([np.broadcast_to(month[name], draws) for month in months])
        for name in months[0]
    }
    stacked = pd.DataFrame(columns)
    stacked.attrs["months"] = len(months)
    return stacked


def _model_value(row: dict[Any, Any], runs: _Runs) -> Any:
    if not row["scenario"]:
        return float("nan")
    if row["measure"] not in MEASURES:
        raise CarelabError(
            f"target '{row['id']}' has the measure '{row['measure']}';"
            f" allowed are {', '.join(MEASURES)}"
        )
    after = _read(runs.frame(row["context"], row["scenario"]), row)
    before: Any = 0.0
    if row["comparison"] == START:
        base = runs.frame(row["context"], BASELINE_PRESETS[row["context"]])
        before = _path(base, row)[0]
    elif row["comparison"]:
        before = _read(runs.frame(row["context"], row["comparison"]), row)
    return MEASURES[row["measure"]](after, before)


def _span(row: dict[Any, Any]) -> tuple[int, int]:
    """Read ``2`` or ``1-3`` as the first and last year, from 1."""
    first, _, last = row["years"].partition("-")
    span = int(first), int(last or first)
    if not 1 <= span[0] <= span[1] <= LONGEST_YEARS:
        raise CarelabError(
            f"target '{row['id']}' has the years '{row['years']}'; allowed are 1 to {LONGEST_YEARS}"
        )
    return span


def _path(run: "pd.DataFrame", row: dict[Any, Any]) -> "Array":
    """Return the outcome of a target month by month, shape (months, draws)."""
    import numpy as np
    import pandas as pd

    try:
        path = np.asarray(run.eval(row["outcome"], engine="python"))
    except (pd.errors.UndefinedVariableError, SyntaxError) as error:
        raise CarelabError(f"target '{row['id']}' cannot be read from a run: {error}") from None
    return path.reshape(run.attrs["months"], -1)


def _read(run: "pd.DataFrame", row: dict[Any, Any]) -> Any:
    """Return the value of the target's years, or its slope over their months."""
    import numpy as np

    (first, last), path, name = _span(row), _path(run, row), row["outcome"]
    if row["measure"].startswith("slope"):
        path = path[MONTHS * (first - 1) : MONTHS * last]
        return np.polyfit(np.arange(len(path)), path, 1)[0]
    years = list(years_of(({name: values} for values in path), (name,)))
    return value_of_span(years, name, first, last)


def verdict_of(model: float, low: float, high: float) -> str:
    """Say whether a value lies within a tolerance.

    >>> verdict_of(2.0, 1.0, float("nan")), verdict_of(0.5, 1.0, 3.0)
    ('within', 'outside')
    """
    if model != model:  # NaN: no scenario stands for it
        return NOT_ADDRESSED
    # A bound that is NaN is open: no comparison with it is true.
    return "outside" if above(low, model) or above(model, high) else "within"


def _why(row: dict[Any, Any]) -> str:
    """Say where the model lands, and for a miss or a gap what explains it."""
    if row["verdict"] == NOT_ADDRESSED:
        return str(row["why"])
    low, high = row["tolerance_low"], row["tolerance_high"]
    ends = ("" if low != low else f" from {low:.4g}") + (
        "" if high != high else f" up to {high:.4g}"
    )
    landed = f"The model gives {row['model']:.3g}; the tolerance runs{ends}."
    return f"{landed} {row['why']}".strip()
