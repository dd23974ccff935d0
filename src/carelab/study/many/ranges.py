"""What a difference between two scenarios is in every run of a range, as a lab draws it.

Both scenarios run on the same places, so the range is that of the differences. Two ranges side by
side would overlap even where every single run says the same.
"""

from typing import TYPE_CHECKING

from carelab.base import CarelabError, firmness_of
from carelab.engine import Scenario
from carelab.engine.simulate import check_years, run_years
from carelab.study.many.page_draws import PAGE_DRAWS, page_place

if TYPE_CHECKING:
    import pandas as pd

# A run within a thousandth of the other counts as equal to it; a page is given both numbers.
EQUAL_SHARE = 0.001
NOISE = 1e-9
SHARES = {"low": 0.05, "lower": 0.25, "median": 0.5, "upper": 0.75, "high": 0.95}


def difference_range(
    scenario: Scenario,
    reference: Scenario,
    outcome: str,
    years: int = 10,
    runs: int = PAGE_DRAWS,
) -> "pd.DataFrame":
    """Run two scenarios on the places of a range and sum their differences up.

    Returns
    -------
    pandas.DataFrame
        One row a year: year; low, lower, median, upper, high of the difference (5, 25, 50, 75,
        95 %); above, near, below (runs in which the scenario lies above the reference, beside it,
        below it); firmness of the most frequent of the three.

    Raises
    ------
    CarelabError
        When the scenarios are of two places or the years are out of range.

    Examples
    --------
    >>> before, after = (Scenario("uk_place", each) for each in ("uk_before", "uk_integrated"))
    >>> int(difference_range(after, before, "reach", years=2, runs=3)["above"].iloc[-1])
    3
    """
    import numpy as np
    import pandas as pd

    check_years(years)
    if scenario.context != reference.context:
        raise CarelabError(
            f"the scenarios are of '{scenario.context}' and '{reference.context}'; a difference"
            " needs one place"
        )
    place, rows = page_place(scenario.context, runs), []
    pairs = zip(
        *(run_years(place, each.levers, years, [outcome]) for each in (scenario, reference)),
        strict=True,
    )
    for year, pair in enumerate(pairs, start=1):
        now, before = (np.broadcast_to(each[outcome], runs) for each in pair)
        change = now - before
        size = np.maximum(np.abs(now), np.abs(before))
        near = np.abs(change) <= EQUAL_SHARE * size + NOISE
        counts = {
            "above": int(((change > 0) & ~near).sum()),
            "near": int(near.sum()),
            "below": int(((change < 0) & ~near).sum()),
        }
        shares = dict(zip(SHARES, np.quantile(change, list(SHARES.values())), strict=True))
        word = firmness_of(max(counts.values()), runs)
        rows.append({"year": year, **shares, **counts, "firmness": word})
    return pd.DataFrame(rows)
