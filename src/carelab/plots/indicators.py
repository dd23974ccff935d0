"""Published figures drawn by their ids: bars, dots, or lines over the years."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from carelab.base import CarelabError, word
from carelab.base.numbers import format_number
from carelab.evidence import load_indicators
from carelab.plots.pictures import Picture
from carelab.plots.series import draw_series
from carelab.plots.values import KINDS, check_kind, finish_picture, values_picture

if TYPE_CHECKING:
    import pandas as pd


def _chosen(ids: Sequence[str]) -> "pd.DataFrame":
    frame = load_indicators().set_index("id", drop=False)
    unknown = [each for each in ids if each not in frame.index]
    if not ids:
        raise CarelabError("a chart needs the id of at least one indicator, such as 'CN046'")
    if unknown:
        raise CarelabError(f"indicator '{unknown[0]}' does not exist in indicators.csv")
    rows = frame.loc[list(ids)].reset_index(drop=True)
    empty = rows.loc[rows["value"].isna(), "id"].tolist()
    if empty:
        raise CarelabError(f"indicator '{empty[0]}' has no number to draw; see its note")
    units = rows["unit"].unique().tolist()
    if len(units) > 1:
        raise CarelabError(f"these indicators have different units: {', '.join(units)}; draw one")
    return rows


def year_number(text: str) -> int:
    """Return the first year that a period names.

    >>> year_number("2018/19"), year_number("before 2021")
    (2018, 2021)
    """
    found = re.search(r"\d{4}", text)
    if found is None:
        raise CarelabError(f"year is '{text}'; a line needs a year of four digits")
    return int(found.group())


def _plain_label(name: str, place: str, year: str) -> str:
    parts = [name, "" if place in name else place, "" if year in name else year]
    return ", ".join(part for part in parts if part)


def _went(rows: "pd.DataFrame", unit: str) -> str:
    """Say from what to what each line went."""
    parts = []
    for label, line in rows.sort_values("x", kind="stable").groupby("label", sort=False):
        first, last = (format_number(line["value"].iloc[at]) for at in (0, -1))
        parts.append(word("plot.values.went", label=str(label), first=first, last=last))
    return word("plot.values.unit", told=word("plot.comma").join(parts), unit=unit)


def _told_years(rows: "pd.DataFrame") -> str:
    return word("plot.space").join(
        word("plot.values.series", label=label, value=format_number(value), year=year)
        for label, value, year in rows[["label", "value", "year"]].to_numpy()
    )


def plot_indicators(
    ids: Sequence[str],
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    kind: str = "bars",
) -> Picture:
    """Draw published figures by their ids.

    Parameters
    ----------
    ids : sequence of str
        Ids of ``indicators.csv`` with one common unit, in the order wanted.
    labels : mapping of str to str, optional
        Id to label; name, place and year by default. In a line chart figures with the same
        label form one line; name and place by default.
    title : str, optional
        Caption.
    kind : str
        ``bars``, ``dots`` or ``lines`` (over the years).

    Returns
    -------
    Picture
        The table has name, place, year, grade, class and source of every figure.

    Raises
    ------
    CarelabError
        When an id is unknown, has no number, or the units differ.

    Examples
    --------
    >>> plot_indicators(["CN046"]).table["grade"].tolist()
    ['B']
    """
    check_kind(kind, KINDS)
    rows = _chosen([ids] if isinstance(ids, str) else list(ids))
    unit = rows["unit"].iloc[0] or word("plot.no_unit")
    years = [""] * len(rows) if kind == "lines" else rows["year"]
    plain = map(_plain_label, rows["name"], rows["place"], years)
    own = labels or {}
    rows["label"] = [own.get(each, text) for each, text in zip(rows["id"], plain, strict=True)]
    if kind != "lines":
        return values_picture(rows, kind, unit, title)
    rows["x"] = rows["year"].map(year_number)
    title = title or _went(rows, unit)
    return finish_picture(
        lambda width: draw_series(rows, unit, width), rows, kind, unit, title, _told_years(rows)
    )
