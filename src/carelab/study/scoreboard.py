"""Published results against the engine; what the engine misses stays on the board."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from carelab.engine import (
    BASELINE_PRESETS,
    MODEL_VERSION,
    Scenario,
    load_place,
    preset_levers,
    run_months,
)
from carelab.evidence.registry import load_targets
from carelab.provenance import CarelabError

if TYPE_CHECKING:
    import pandas as pd

# In the column ``comparison``: the first month, before any reform.
START = "start"
LONGEST_MONTHS = 120
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


def _change(after: float, before: float) -> float:
    return 100 * (after / before - 1)


# What is compared, from the value of the scenario and that of its comparison.
MEASURES: dict[str, Callable[[float, float], float]] = {
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
    runs: dict[tuple[str, str], pd.DataFrame] = {}
    frame = rows.assign(model=[_model_value(row, runs) for row in rows.to_dict("records")])
    frame["verdict"] = [
        _verdict(*bounds)
        for bounds in zip(
            frame["model"], frame["tolerance_low"], frame["tolerance_high"], strict=True
        )
    ]
    frame["why"] = [_why(row) for row in frame.to_dict("records")]
    return frame[list(SHOWN)]


def _model_value(row: dict[Any, Any], runs: "dict[tuple[str, str], pd.DataFrame]") -> float:
    if not row["scenario"]:
        return float("nan")
    if row["measure"] not in MEASURES:
        raise CarelabError(
            f"target '{row['id']}' has the measure '{row['measure']}';"
            f" allowed are {', '.join(MEASURES)}"
        )
    slope = row["measure"].startswith("slope")
    months = _months(row["id"], row["years"])
    after = _read(_run(row["context"], row["scenario"], runs), row, months, slope=slope)
    before = 0.0
    if row["comparison"] == START:
        base = _run(row["context"], BASELINE_PRESETS[row["context"]], runs)
        before = _read(base, row, slice(0, 1), slope=False)
    elif row["comparison"]:
        base = _run(row["context"], row["comparison"], runs)
        before = _read(base, row, months, slope=slope)
    return float(MEASURES[row["measure"]](after, before))


def _months(name: str, years: str) -> slice:
    """Turn ``2`` or ``1-3`` (years from 1) into months from 0."""
    first, _, last = years.partition("-")
    months = slice(12 * (int(first) - 1), 12 * int(last or first))
    if not 0 <= months.start < months.stop <= LONGEST_MONTHS:
        raise CarelabError(f"target '{name}' has the years '{years}'; allowed are 1 to 10")
    return months


def _run(context: str, text: str, runs: "dict[tuple[str, str], pd.DataFrame]") -> "pd.DataFrame":
    import pandas as pd

    if (context, text) not in runs:
        scenario = Scenario.from_text(f"carelab/{MODEL_VERSION}/{context}/{text}")
        preset_levers(scenario.preset)
        months = run_months(load_place(context), scenario.levers, LONGEST_MONTHS)
        runs[context, text] = pd.DataFrame(list(months))
    return runs[context, text]


def _read(run: "pd.DataFrame", row: dict[Any, Any], months: slice, *, slope: bool) -> float:
    import numpy as np
    import pandas as pd

    try:
        path = np.asarray(run.eval(row["outcome"], engine="python"))[months]
    except (pd.errors.UndefinedVariableError, SyntaxError) as error:
        raise CarelabError(f"target '{row['id']}' cannot be read from a run: {error}") from None
    if slope:
        return float(np.polyfit(np.arange(len(path)), path, 1)[0])
    return float(path.mean())


def _verdict(model: float, low: float, high: float) -> str:
    if model != model:  # NaN: no scenario stands for it
        return NOT_ADDRESSED
    # A bound that is NaN is open: no comparison with it is true.
    return "outside" if model < low or model > high else "within"


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
