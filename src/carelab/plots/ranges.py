"""Ranges: what the runs of a range say along the years, one panel a question, each on its scale.

A difference has its range around the difference. Published values stand on it as dots.
"""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.base.numbers import format_number
from carelab.engine import Scenario
from carelab.plots.panels import digits_for
from carelab.plots.pictures import Picture, both_widths
from carelab.plots.runs import quantity_of
from carelab.plots.style import BROAD_IN, FAINT, INK, MUTED, PALETTE, SMALL_PT, new_figure
from carelab.plots.wrapping import wrap_text
from carelab.study.many.page_draws import PAGE_DRAWS
from carelab.study.many.ranges import difference_range

if TYPE_CHECKING:
    import pandas as pd

_SCALE_IN, _GAP_IN, _TALL_IN, _LINE_IN, _FOOT_IN = 0.5, 0.25, 1.3, 0.165, 0.45
_NEEDED = ("panel", "unit", "year", "low", "median", "high")


def _draw(rows: "pd.DataFrame", width_in: float) -> Any:
    from matplotlib.ticker import MaxNLocator

    grouped = rows.groupby(["panel", "unit"], sort=False)
    panels = [(str(name), str(unit), told) for (name, unit), told in grouped]
    most = 3 if width_in == BROAD_IN else 2
    columns = min(len(panels), most)
    across = (width_in - columns * _SCALE_IN - 0.12 - (columns - 1) * _GAP_IN) / columns
    heads = [[*wrap_text(name, across * 72 / SMALL_PT), unit] for name, unit, _ in panels]
    head = 0.1 + _LINE_IN * max(map(len, heads))
    deep = -(-len(panels) // columns)
    height = deep * (head + _TALL_IN + _FOOT_IN)
    figure = new_figure(width_in, height)
    for at, ((*_, told), lines) in enumerate(zip(panels, heads, strict=True)):
        row, column = divmod(at, columns)
        left = _SCALE_IN + column * (across + _GAP_IN + _SCALE_IN)
        low = height - (row + 1) * (head + _TALL_IN + _FOOT_IN) + _FOOT_IN
        place = (left / width_in, low / height, across / width_in, _TALL_IN / height)
        axes = figure.add_axes(place)
        axes.fill_between(told["year"], told["low"], told["high"], color=FAINT, linewidth=0)
        axes.plot(told["year"], told["median"], color=INK, linewidth=2)
        if "published" in told:
            axes.plot(told["year"], told["published"], "o", color=PALETTE[1], zorder=4)
        axes.axhline(0, color=MUTED, linewidth=0.8, zorder=1)
        axes.set_title("\n".join(lines), loc="left", fontsize=SMALL_PT)
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4))
    return figure


def plot_ranges(frame: "pd.DataFrame", title: str, source: str = "") -> Picture:
    """Draw ranges along the years, a panel a question.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns panel, unit, year, low, median, high; published (a dot) where there is one.
    title : str
        The finding.
    source : str, optional
        Where the numbers come from; by default the model.

    Returns
    -------
    Picture
        With a table twin.

    Raises
    ------
    CarelabError
        When a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"panel": "Reach", "unit": "points", "low": 0, "median": 1, "high": 3}
    >>> plot_ranges(pd.DataFrame([row | {"year": 1}, row | {"year": 2}]), "Reach grows")
    Ranges along the years. Reach in year 2: 1 points, from 0 to 3.
    """
    for name in _NEEDED:
        if name not in frame.columns:
            raise CarelabError(
                f"column '{name}' does not exist; the table has {', '.join(map(str, frame))}"
            )
    ends = [told.iloc[-1] for _, told in frame.groupby("panel", sort=False)]
    told = word("plot.space").join(
        word("plot.ranges.end", label=end["panel"], year=int(end["year"]), unit=end["unit"],
             **{name: format_number(float(end[name])) for name in ("median", "low", "high")})
        for end in ends
    )  # fmt: skip
    figure, narrow = both_widths(lambda width: _draw(frame, width))
    seen = "published" in frame
    note = word("plot.ranges.seen" if seen else "plot.ranges.note")
    alt = word("plot.ranges.alt", told=told)
    return Picture(figure, alt, title, frame, narrow, note, source or word("plot.source.model"))


def plot_difference(
    scenario: Scenario,
    reference: Scenario,
    outcome: str,
    years: int = 10,
    runs: int = PAGE_DRAWS,
    title: str | None = None,
) -> Picture:
    """Draw what a scenario adds to a reference, with the range of the difference.

    Parameters
    ----------
    scenario, reference : Scenario
        Of one place.
    outcome : str
        Name of a quantity of the care economy.
    years : int
        From 1 to 15.
    runs : int
        Runs of the range; those of a lab by default.
    title : str, optional
        Caption; by default the difference in the last year and how firm its direction is.

    Returns
    -------
    Picture
        One band around one line, never two bands over two lines; with a table twin.

    Raises
    ------
    CarelabError
        When the outcome is unknown or the scenarios are of two places.

    Examples
    --------
    >>> before, after = (Scenario("uk_place", each) for each in ("uk_before", "uk_integrated"))
    >>> plot_difference(after, before, "reach", years=2, runs=3).table.shape
    (2, 6)
    """
    quantity = quantity_of(outcome)
    table = difference_range(scenario, reference, outcome, years, runs)
    share, label = quantity["unit"] == "share", str(quantity[f"label_{book_language()}"])
    unit = word("plot.ranges.points") if share else str(quantity["unit"])
    numbers = table[["low", "median", "high"]] * (100 if share else 1)
    digits, end = digits_for(numbers), table.iloc[-1]
    frame = numbers.round(digits).assign(panel=label, unit=unit, year=table["year"])
    way = max(("above", "near", "below"), key=lambda each: end[each])
    caption = title or word(
        f"plot.ranges.{way}",
        label=label,
        year=years,
        count=int(end[way]),
        runs=runs,
        firmness=word(f"firmness.{end['firmness']}"),
    )
    return plot_ranges(frame[["panel", "unit", "year", "low", "median", "high"]], caption)
