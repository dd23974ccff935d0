"""Draws of the assumed parameters of a place, each draw at rest before any reform."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.levers import levers_of
from carelab.engine import (
    BASELINE_PRESETS,
    LEVERS,
    Place,
    place_at_rest,
    place_parameters,
    preset_levers,
    run_months,
)
from carelab.evidence import load_parameters
from carelab.evidence.tables import read_table
from carelab.tracing import evaluate, minimum

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

MOST_DRAWS = 20_000
# The size of a place changes no result; the calendar asks for one lag for all draws.
NOT_DRAWN = ("population", "settlement_lag_months")
# Least share of care that stays with the lead hospital.
_HOSPITAL_ROOM = 0.1
# Management that made patients worse, or ill people who need less care, would contradict the
# notes of the parameters: the first is drawn at or below the second.
_ORDERED = (
    ("managed_complication_rate", "unmanaged_complication_rate"),
    ("managed_death_rate", "unmanaged_death_rate"),
    ("unmanaged_mild_cases_year", "complicated_mild_cases_year"),
    ("managed_mild_cases_year", "unmanaged_mild_cases_year"),
    ("managed_serious_cases_year", "unmanaged_serious_cases_year"),
    ("healthy_mild_cases_year", "managed_mild_cases_year"),
    ("healthy_serious_cases_year", "managed_serious_cases_year"),
)
# A draw that leaves its state of rest by itself is rejected: the state is unstable, and under a
# reform the efforts of such a draw run away. Rejected rows are replaced from spare ones.
STEADY = ("healthy", "managed", "complicated", "capability")
STEADY_MONTHS = 120
MOST_DRIFT = 0.05
STILL = {"hospital_drift_year": 0.0}
ROWS_A_SPARE = 10
LEAST_SPARE = 2
_WEAKEST = 0.2
# When a reform starts and how long money flows, both in months, is no matter of its strength.
_UNIT_OF_TIME = "months"


def drawn_names(context: str) -> "pd.DataFrame":
    """List the parameters that are drawn in a place.

    >>> "population" in set(drawn_names("china_county")["name"])
    False
    """
    place_parameters(context)
    table = load_parameters()
    chosen = (
        table["context"].isin(["any_place", context])
        & (table["class"] == "assumed")
        & (table["low"] < table["high"])
        & ~table["name"].isin(NOT_DRAWN)
    )
    return table.loc[chosen, ["name", "low", "high"]].reset_index(drop=True)


def _check_count(rows: int) -> None:
    if isinstance(rows, bool) or not isinstance(rows, int) or not 1 <= rows <= MOST_DRAWS:
        raise CarelabError(f"draws is {rows!r}; allowed is a whole number from 1 to {MOST_DRAWS:,}")


def hypercube(rows: int, columns: int, seed: int) -> "Array":
    """Draw a Latin hypercube.

    >>> sorted((hypercube(4, 1, seed=1)[:, 0] * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    _check_count(rows)
    return _latin(rows, columns, seed)


def _latin(rows: int, columns: int, seed: int) -> "Array":
    from scipy.stats import qmc

    drawn: Array = qmc.LatinHypercube(columns, rng=seed).random(rows)
    return drawn


def draw_model(context: str) -> Callable[[Any, Any], None]:
    """Return the model that turns numbers from 0 to 1 into the drawn parameters of a place.

    >>> from carelab.tracing import evaluate
    >>> lowest = dict.fromkeys(drawn_names("uk_place")["name"], 0.0)
    >>> evaluate(draw_model("uk_place"), lowest)["onset_rate"]
    0.0006
    """
    table = drawn_names(context)
    ranges = {name: (float(low), float(high)) for name, low, high in table.itertuples(index=False)}
    upper = {low: high for low, high in _ORDERED if low in ranges and high in ranges}
    rooms = {f"{kind}_primary_share": f"{kind}_outside_share" for kind in ("visit", "mild")}

    def draw(inputs: Any, flows: Any) -> None:
        for name in (each for each in ranges if each not in upper and each not in rooms):
            _assign(inputs, flows, name, ranges[name])
        for name, above in upper.items():
            _assign(inputs, flows, name, ranges[name], getattr(flows, above))
        for name, outside in rooms.items():
            room = 1 - _HOSPITAL_ROOM - getattr(flows, outside)
            _assign(inputs, flows, name, ranges[name], room)

    return draw


def _assign(
    inputs: Any, flows: Any, name: str, ends: tuple[float, float], limit: Any = None
) -> None:
    low, high = ends
    highest = high if limit is None else minimum(high, limit)
    setattr(flows, name, low + getattr(inputs, name) * (highest - low))


def parameters_from(context: str, unit: "Array") -> dict[str, Any]:
    """Turn numbers from 0 to 1 into parameters of a place.

    >>> unit = hypercube(50, len(drawn_names("china_county")), seed=1)
    >>> drawn = parameters_from("china_county", unit)
    >>> bool((drawn["mild_primary_share"] + drawn["mild_outside_share"]).max() <= 0.9)
    True
    """
    names = drawn_names(context)["name"]
    units = {name: unit[:, column] for column, name in enumerate(names)}
    return {**place_parameters(context), **evaluate(draw_model(context), units)}


# Places found to meet every figure that describes them; the others have no such figures yet.
POSSIBLE_PLACES = {"china_county": "possible_places.csv"}


def possible_places(context: str) -> "pd.DataFrame | None":
    """Return the stored places that can exist, one a row and their parameters in columns.

    >>> len(possible_places("china_county")) >= 150, possible_places("uk_place")
    (True, None)
    """
    if context not in POSSIBLE_PLACES:
        return None
    return read_table(POSSIBLE_PLACES[context]).drop(columns="found_after")


def range_parameters(context: str, unit: "Array") -> dict[str, Any]:
    """Return the parameters of the runs of a range.

    Where places that can exist are stored, each run has one of them, in turn, and draws only what
    their figures do not know; elsewhere every parameter is drawn by itself.

    >>> unit = hypercube(2, len(drawn_names("china_county")), seed=1)
    >>> stored = possible_places("china_county")["onset_rate"]
    >>> bool((range_parameters("china_county", unit)["onset_rate"] == stored[:2]).all())
    True
    """
    import numpy as np

    drawn, places = parameters_from(context, unit), possible_places(context)
    if places is None:
        return drawn
    turn = np.arange(len(unit)) % len(places)
    return {**drawn, **{str(name): values.to_numpy()[turn] for name, values in places.items()}}


@lru_cache(maxsize=3)
def drawn_place(context: str, draws: int, seed: int) -> Place:
    """Return the places at rest of the runs of a range.

    >>> len(drawn_place("uk_place", draws=3, seed=1).stocks["managed"])
    3
    """
    _check_count(draws)
    unit = _latin(draws + spare_rows(draws), len(drawn_names(context)), seed)
    return steady_place(context, unit, draws)


def spare_rows(draws: int) -> int:
    """Say how many rows are drawn besides those wanted, since some do not stay at rest.

    >>> spare_rows(500), spare_rows(3)
    (50, 2)
    """
    return max(LEAST_SPARE, draws // ROWS_A_SPARE)


def steady_place(context: str, unit: "Array", draws: int) -> Place:
    """Return the first places of a range that stay at rest when nothing is reformed.

    >>> unit = hypercube(5, len(drawn_names("uk_place")), seed=1)
    >>> len(steady_place("uk_place", unit, 3).stocks["managed"])
    3
    """
    import numpy as np

    place = place_at_rest(context, range_parameters(context, unit))
    kept = np.flatnonzero(drift_at_rest(place) <= MOST_DRIFT)[:draws]
    if len(kept) < draws:
        raise CarelabError(f"only {len(kept)} of {len(unit)} draws of '{context}' stay at rest")
    return replace(
        place,
        parameters=_rows_of(place.parameters, kept),
        stocks=_rows_of(place.stocks, kept),
        baseline=_rows_of(place.baseline, kept),
    )


def _rows_of(values: Mapping[str, Any], kept: Any) -> dict[str, Any]:
    return {
        name: value[kept] if getattr(value, "ndim", 0) else value for name, value in values.items()
    }


def drift_at_rest(place: Place) -> "Array":
    """Measure how far a place moves in ten years in which nothing is reformed.

    >>> bool(drift_at_rest(drawn_place("uk_place", draws=3, seed=1)).max() < 0.02)
    True
    """
    import numpy as np

    months = run_months(
        replace(place, parameters={**place.parameters, **STILL}),
        preset_levers(BASELINE_PRESETS[place.name]),
        STEADY_MONTHS,
    )
    *_, last = months
    moved = [np.abs(last[f"next_{name}"] / place.stocks[name] - 1) for name in STEADY]
    return np.atleast_1d(np.max(np.broadcast_arrays(*moved), axis=0))


def strengths(draws: int, seed: int) -> dict[str, "Array"]:
    """Draw how much of the way each lever goes from the baseline to its setting."""
    unit = hypercube(draws, len(LEVERS), seed)
    return {
        name: _WEAKEST + (1 - _WEAKEST) * unit[:, column]
        for column, name in enumerate(LEVERS)
        if levers_of()[name].unit != _UNIT_OF_TIME
    }


def weakened(
    context: str, settings: Mapping[str, float], strength: Mapping[str, Any]
) -> dict[str, Any]:
    """Take each lever part of the way from the baseline of a place to its setting.

    >>> from carelab.engine import preset_levers
    >>> anhui = preset_levers("anhui")
    >>> weakened("china_county", anhui, {"contract_share": 0.5})["contract_share"]
    0.45
    """
    before = preset_levers(BASELINE_PRESETS[context])
    return {
        name: value
        if value == before[name]
        else before[name] + strength.get(name, 1.0) * (value - before[name])
        for name, value in settings.items()
    }
