"""Run a scenario month by month."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine.names import STOCKS
from carelab.engine.places import Place, load_place
from carelab.engine.recorded import month_of
from carelab.engine.scenario import Scenario
from carelab.engine.tables import rows_of
from carelab.engine.years import MONTHS, years_of

if TYPE_CHECKING:
    import pandas as pd

LONGEST_YEARS = 15


def clock(month: int, settlement_lag_months: float) -> dict[str, float]:
    """Return what the calendar says of a month.

    >>> clock(11, 6)["year_end"], clock(17, 6)["payday"]
    (1.0, 1.0)
    """
    return {
        "month": float(month),
        "year_end": float(month % MONTHS == MONTHS - 1),
        "payday": float((month + 1 - int(settlement_lag_months)) % MONTHS == 0 and month >= MONTHS),
    }


def run_months(place: Place, levers: Mapping[str, Any], months: int) -> Iterator[dict[str, Any]]:
    """Give every month's quantities, beside the stocks with which it began.

    Parameters
    ----------
    place : Place
        Parameters, baseline and first stocks.
    levers : mapping of str to float or array
        All levers; arrays run many scenarios at once.
    months : int
        How many.

    Yields
    ------
    dict of str to float or array
        Flows by name, stocks at the beginning of the month by name.

    Examples
    --------
    >>> from carelab.engine import load_place, preset_levers
    >>> months = list(run_months(load_place("uk_place"), preset_levers("uk_before"), 2))
    >>> months[1]["stock_capability"] == months[0]["next_capability"]
    True
    """
    stocks: dict[str, Any] = dict(place.stocks)
    fixed = {**place.fixed_inputs, **levers}
    lag = place.parameters["settlement_lag_months"]
    for month in range(months):
        flows = month_of({**fixed, **stocks, **clock(month, lag)})
        yield {**flows, **{f"stock_{name}": value for name, value in stocks.items()}}
        stocks = {name: flows[f"next_{name}"] for name in STOCKS}


def run_years(
    place: Place, levers: Mapping[str, Any], years: int, names: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Give the quantities of every year, as the lab, the figures and the databases show them.

    Parameters
    ----------
    place : Place
        Parameters, baseline and first stocks.
    levers : mapping of str to float or array
        All levers; arrays run many scenarios at once.
    years : int
        How many.
    names : iterable of str
        Quantities wanted.

    Yields
    ------
    dict of str to float or array
        As from `carelab.engine.years.years_of`.

    Examples
    --------
    >>> from carelab.engine import load_place, preset_levers
    >>> years = run_years(load_place("china_county"), preset_levers("anhui"), 2, ["reach"])
    >>> [round(float(year["reach"]), 3) for year in years][0]
    0.158
    """
    return years_of(run_months(place, levers, MONTHS * years), names)


def check_years(years: object) -> None:
    """Refuse a number of years that the engine is not made for."""
    whole = isinstance(years, int) and not isinstance(years, bool)
    if not whole or not 1 <= years <= LONGEST_YEARS:  # type: ignore[operator]
        raise CarelabError(
            f"years is {years!r}; allowed is a whole number from 1 to {LONGEST_YEARS}"
        )


def simulate(scenario: Scenario, years: int = 10) -> "pd.DataFrame":
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario
        Place, preset and changes.
    years : int
        From 1 to 15.

    Returns
    -------
    pandas.DataFrame
        One row per month and outcome: ``month`` (from 0), ``outcome``, ``value``, ``unit``.

    Raises
    ------
    CarelabError
        When the years are out of range or the place is unknown.

    Examples
    --------
    >>> frame = simulate(Scenario("china_county", "china_dilemma"), years=1)
    >>> sorted(frame.columns)
    ['month', 'outcome', 'unit', 'value']
    """
    import pandas as pd

    check_years(years)
    units = {row["name"]: row["unit"] for row in rows_of("quantities.csv")}
    rows = [
        (month, name, float(flows[name]), unit)
        for month, flows in enumerate(
            run_months(load_place(scenario.context), scenario.levers, MONTHS * years)
        )
        for name, unit in units.items()
    ]
    return pd.DataFrame(rows, columns=["month", "outcome", "value", "unit"])


def yearly_outcomes(scenario: Scenario, outcomes: Iterable[str], years: int = 10) -> "pd.DataFrame":
    """Run a scenario and return some outcomes year by year, as the lab shows them.

    Parameters
    ----------
    scenario : Scenario
        Place, preset and changes.
    outcomes : iterable of str
        Names of quantities.
    years : int
        From 1 to 15.

    Returns
    -------
    pandas.DataFrame
        One row a year from 1, one column an outcome: the mean of the twelve months, or for a
        stock (``next_…``) its value where the year ends; in the unit of the quantity.

    Raises
    ------
    CarelabError
        When an outcome or the place is unknown, or the years are out of range.

    Examples
    --------
    >>> yearly_outcomes(Scenario("china_county", "anhui"), ["reach"], years=2).shape
    (2, 1)
    """
    import pandas as pd

    check_years(years)
    known = [row["name"] for row in rows_of("quantities.csv")]
    wanted = tuple(outcomes)
    for name in wanted:
        if name not in known:
            raise CarelabError(f"outcome '{name}' is unknown; known are {', '.join(known)}")
    found = [
        {name: float(value) for name, value in year.items()}
        for year in run_years(load_place(scenario.context), scenario.levers, years, wanted)
    ]
    columns = {name: [year[name] for year in found] for name in wanted}
    return pd.DataFrame(columns, index=pd.RangeIndex(1, years + 1, name="year"))
