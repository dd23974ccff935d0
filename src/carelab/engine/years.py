"""Months to years: written here once; its twin in the page is ``yearValue`` of ``model.js``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

MONTHS = 12


def is_stock(name: str) -> bool:
    """Tell whether a quantity is a stock, read where a year ends; a flow has a mean.

    >>> is_stock("next_capability"), is_stock("reach")
    (True, False)
    """
    return name.startswith("next_")


def years_of(months: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Turn months into years: the mean of the twelve months, or a stock where the year ends.

    >>> months = ({"reach": month, "next_level": month} for month in range(24))
    >>> list(years_of(months, ("reach", "next_level")))
    [{'reach': 5.5, 'next_level': 11}, {'reach': 17.5, 'next_level': 23}]
    """
    wanted = tuple(names)
    totals: dict[str, Any] = {}
    for month, flows in enumerate(months):
        for name in wanted:
            starts = month % MONTHS == 0 or is_stock(name)
            totals[name] = flows[name] if starts else totals[name] + flows[name]
        if month % MONTHS == MONTHS - 1:
            yield {
                name: totals[name] if is_stock(name) else totals[name] / MONTHS for name in wanted
            }


def value_of_span(years: Sequence[Mapping[str, Any]], name: str, first: int, last: int) -> Any:
    """Return one value for several years: the mean of a flow, or a stock where the last one ends.

    >>> value_of_span([{"reach": 1.0}, {"reach": 3.0}], "reach", 1, 2)
    2.0
    """
    values = [year[name] for year in years[first - 1 : last]]
    return values[-1] if is_stock(name) else sum(values) / len(values)
