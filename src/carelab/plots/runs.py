"""Runs of the care economy: one outcome over the years, one panel a scenario."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.engine import Scenario, yearly_outcomes
from carelab.evidence import load_quantities
from carelab.plots.panels import draw_panels, tell_ends
from carelab.plots.pictures import Picture, both_widths

if TYPE_CHECKING:
    import pandas as pd

_MOST_LINES = 6


def yearly(scenarios: Mapping[str, Scenario], outcome: str, years: int) -> "pd.DataFrame":
    """Return one outcome year by year, as the lab shows it."""
    import pandas as pd

    columns = {
        name: yearly_outcomes(scenario, [outcome], years)[outcome].to_numpy()
        for name, scenario in scenarios.items()
    }
    return pd.DataFrame(columns, index=pd.Index(range(1, years + 1), name=word("plot.year")))


def quantity_of(outcome: str) -> Any:
    """Return the row of a quantity of the care economy, or say which are known."""
    rows = load_quantities("care_economy").set_index("name")
    if outcome not in rows.index:
        raise CarelabError(f"outcome '{outcome}' is unknown; known are {', '.join(rows.index)}")
    return rows.loc[outcome]


def plot_runs(
    scenarios: Mapping[str, Scenario], outcome: str, years: int = 10, title: str | None = None
) -> Picture:
    """Draw an outcome over the years for several scenarios.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        Name to scenario; at most six.
    outcome : str
        Name of a quantity of the care economy.
    years : int
        From 1 to 15.
    title : str, optional
        Caption; by default which scenario ends highest and which lowest.

    Returns
    -------
    Picture
        A panel a scenario, from year one, with a table twin.

    Raises
    ------
    CarelabError
        When there are too many scenarios or the outcome is unknown.

    Examples
    --------
    >>> base = {"fee-for-service": Scenario("china_county", "china_dilemma")}
    >>> plot_runs(base, "reach", years=2).table.shape
    (2, 2)
    """
    if not 1 <= len(scenarios) <= _MOST_LINES:
        raise CarelabError(f"{len(scenarios)} scenarios were given; allowed are 1 to {_MOST_LINES}")
    quantity = quantity_of(outcome)
    share = quantity["unit"] == "share"
    table = yearly(scenarios, outcome, years) * (100 if share else 1)
    unit = "%" if share else str(quantity["unit"])
    label = str(quantity[f"label_{book_language()}"])
    digits = 1 if share else int(quantity["digits"])
    figure, narrow = both_widths(lambda width: draw_panels(table, unit, width, digits))
    told = "; ".join(
        f"{name}: {column.iloc[0]:.{digits}f} → {column.iloc[-1]:.{digits}f}"
        for name, column in table.items()
    )
    caption = title or tell_ends(table, label, unit, years, digits)
    note = word("panels.note.runs", label=label, unit=unit)
    alt = word("plot.runs_alt", label=label, years=years, unit=unit, told=told)
    shown, source = table.round(digits).reset_index(), word("plot.source.model")
    return Picture(figure, alt, caption, shown, narrow, note, source)
