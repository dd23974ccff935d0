"""A Chinese county run over the years of the national series, beside them.

The county is run as it was before any reform: nothing of what these years brought is played.
Year one is 2009, and each series is compared by its change since its own first year.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carelab.engine import BASELINE_PRESETS, preset_levers
from carelab.engine.simulate import run_years
from carelab.evidence import load_indicators
from carelab.study.many.draws import drawn_place

if TYPE_CHECKING:
    import pandas as pd

CONTEXT = "china_county"
FIRST, LAST = 2009, 2023
YEARS = LAST - FIRST + 1
RUNS = 500
SEED = 20261130
POINTS, PERCENT = "points", "%"


@dataclass(frozen=True)
class Series:
    """A national series: its rows, the same in the model, how a change is told, what was fitted.

    A change told in per cent needs no scale: per month or a year, it is the same.
    """

    name: str
    rows: tuple[str, ...]
    model: Callable[[Mapping[str, Any]], Any]
    unit: str
    fitted: str


_READ = (
    "visits",
    "primary_visit_share",
    "mild_cases",
    "serious_cases",
    "mild_primary",
    "hospital_mild_income",
    "hospital_serious_income",
    "hospital_cases",
    "household_payments",
    "insured_spending",
    "public_health_income",
)


def _admissions(of: Mapping[str, Any]) -> Any:
    return of["mild_cases"] + of["serious_cases"]


def _spending(of: Mapping[str, Any]) -> Any:
    return of["insured_spending"] + of["household_payments"] + of["public_health_income"]


SERIES = (
    Series(
        "Primary care's share of visits",
        ("CN132", "CN063", "CN074"),
        lambda of: 100 * of["primary_visit_share"],
        POINTS,
        "drift",
    ),
    Series(
        "Hospitals' share of admissions",
        ("CN134", "CN133", "CN112"),
        lambda of: 100 * (1 - of["mild_primary"] / _admissions(of)),
        POINTS,
        "nothing",
    ),
    Series(
        "Visits per resident",
        ("CN069", "CN075", "CN101"),
        lambda of: of["visits"],
        PERCENT,
        "level",
    ),
    Series(
        "Admissions per 100 residents",
        ("UK127b", "UK127", "CN081"),
        _admissions,
        PERCENT,
        "level",
    ),
    Series(
        "Cost of a hospital admission",
        ("CN124", "CN077", "CN083", "CN103"),
        lambda of: (
            (of["hospital_mild_income"] + of["hospital_serious_income"]) / of["hospital_cases"]
        ),
        PERCENT,
        "nothing",
    ),
    Series(
        "Spending on health",
        ("CN058", "CN070", "CN078", "CN091"),
        _spending,
        PERCENT,
        "level",
    ),
    Series(
        "Patients' own share of spending",
        ("CN123", "CN059", "CN071", "CN079", "CN092"),
        lambda of: 100 * of["household_payments"] / _spending(of),
        POINTS,
        "nothing",
    ),
)


def history_table(runs: int = RUNS, seed: int = SEED) -> "pd.DataFrame":
    """Run the county without a reform and set each national series beside it.

    Returns
    -------
    pandas.DataFrame
        One row a published value after the first of its series: series, unit, since, year,
        published (change since then); low, median and high of the runs (5, 50, 95 %); inside (yes
        or no); fitted (what of it a figure of the fit group had set), evidence (the two rows).

    Examples
    --------
    >>> bool(history_table(runs=3)["year"].max() == LAST)
    True
    """
    import numpy as np
    import pandas as pd

    rows_of = {row["id"]: row for row in load_indicators().to_dict("records")}
    place, levers = drawn_place(CONTEXT, runs, seed), preset_levers(BASELINE_PRESETS[CONTEXT])
    lived = list(run_years(place, levers, YEARS, _READ))
    rows = []
    for series in SERIES:
        years = [int(rows_of[each]["year"]) for each in series.rows]
        values = [float(rows_of[each]["value"]) for each in series.rows]
        model = {year: series.model(lived[year - FIRST]) for year in years}
        for at in range(1, len(years)):
            told = _change(values[at], values[0], series.unit)
            change = _change(model[years[at]], model[years[0]], series.unit)
            low, median, high = np.quantile(np.broadcast_to(change, runs), [0.05, 0.5, 0.95])
            rows.append(
                {
                    "series": series.name,
                    "unit": series.unit,
                    "since": years[0],
                    "year": years[at],
                    "published": told,
                    "low": low,
                    "median": median,
                    "high": high,
                    "inside": "yes" if low <= told <= high else "no",
                    "fitted": series.fitted,
                    "evidence": f"{series.rows[0]}; {series.rows[at]}",
                }
            )
    return pd.DataFrame(rows)


def history_panels(past: "pd.DataFrame") -> "pd.DataFrame":
    """Return the history for a picture: a panel a series, which begins with no change.

    >>> from carelab.study import stored_table
    >>> history_panels(stored_table("history")).columns.tolist()
    ['panel', 'unit', 'year', 'low', 'median', 'high', 'published']
    """
    import pandas as pd

    rows = []
    for (name, unit, since), told in past.groupby(["series", "unit", "since"], sort=False):
        still = dict.fromkeys(["low", "median", "high", "published"], 0.0)
        rows.append({"panel": name, "unit": f"{unit} since {since}", "year": since, **still})
        for each in told.to_dict("records"):
            kept = {key: each[key] for key in ("year", "low", "median", "high", "published")}
            rows.append({"panel": name, "unit": f"{unit} since {since}", **kept})
    columns = ["panel", "unit", "year", "low", "median", "high", "published"]
    return pd.DataFrame(rows)[columns]


def series_told(past: "pd.DataFrame") -> "pd.DataFrame":
    """Say of each series, by its last year: direction, less or not, and inside the range or not.

    >>> from carelab.study import stored_table
    >>> bool(series_told(stored_table("history"))["direction"].isin(["yes", "no"]).all())
    True
    """
    last = past.groupby("series", sort=False).tail(1)
    same = (last["published"] * last["median"] > 0).map({True: "yes", False: "no"})
    less = (last["median"].abs() < last["published"].abs()).map({True: "yes", False: "no"})
    columns = ["series", "direction", "less", "inside"]
    return last.assign(direction=same, less=less)[columns].reset_index(drop=True)


def _change(after: Any, before: Any, unit: str) -> Any:
    return after - before if unit == POINTS else 100 * (after / before - 1)
