"""Coded fields, silence, claims and common measures, laid out as tables."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.base.numbers import format_number
from carelab.evidence import (
    Case,
    load_case,
    load_cases,
    load_claims,
    load_common_indicators,
    load_indicators,
)
from carelab.evidence.cases.files import FIELDS
from carelab.study.compare.selection import Cases, select_cases

if TYPE_CHECKING:
    import pandas as pd


def field_table(name: str) -> "pd.DataFrame":
    """List one coded field over all cases, or all fields of one case.

    Parameters
    ----------
    name : str
        A field of the codebook, such as ``governance``, or the id of a case.

    Returns
    -------
    pandas.DataFrame
        Columns case (or field), text, claims; the text is ``silent`` where the source says
        nothing.

    Raises
    ------
    CarelabError
        When the name is neither a field nor a case.

    Examples
    --------
    >>> field_table("payment_incentive").columns.tolist()
    ['case', 'text', 'claims']
    """
    cases = load_cases()
    if name in FIELDS:
        return _coded("case", [(case.id, case, name) for case in cases.values()])
    if name in cases:
        return _coded("field", [(field, load_case(name), field) for field in FIELDS])
    raise CarelabError(
        f"'{name}' is neither a field nor a case; fields are {', '.join(FIELDS)};"
        f" cases are {', '.join(cases)}"
    )


def _coded(first: str, entries: list[tuple[str, Case, str]]) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (label, case.fields[field].text, "; ".join(case.fields[field].claims))
        for label, case, field in entries
    ]
    return pd.DataFrame(rows, columns=[first, "text", "claims"])


def silence_table(cases: Cases = None) -> "pd.DataFrame":
    """Count what each source leaves unsaid.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default; policies, advice and papers only when they are named.

    Returns
    -------
    pandas.DataFrame
        One row per case: case, fields_silent of fields, mechanisms_silent of mechanisms, and
        questions_open (what the coder wanted to know and the source does not say), all counts.

    Examples
    --------
    >>> silence_table(["anhui"])["mechanisms"].tolist()
    [14]
    """
    import pandas as pd

    rows = [
        {
            "case": case.id,
            "fields_silent": sum(coded.is_silent for coded in case.fields.values()),
            "fields": len(case.fields),
            "mechanisms_silent": sum(coded.is_silent for coded in case.mechanisms.values()),
            "mechanisms": len(case.mechanisms),
            "questions_open": len(case.not_stated),
        }
        for case in select_cases(cases)
    ]
    return pd.DataFrame(rows)


def common_table() -> "pd.DataFrame":
    """Set the same measures of the United Kingdom, England and China side by side.

    Returns
    -------
    pandas.DataFrame
        One row per measure: measure, unit, a column per place with value, year and grade, and
        how far the places compare. ``not found`` where a value was looked for in vain, empty
        where a place is not asked.

    Examples
    --------
    >>> common_table().set_index("measure").loc["People aged 65 and over", "China"]
    '15.4 (2023, B)'
    """
    rows = load_common_indicators()
    shown = rows["value"].map("{:g}".format) + " (" + rows["year"] + ", " + rows["grade"] + ")"
    shown = shown.where(rows["value"].notna(), "not found")
    units = rows.groupby("indicator", sort=False)["unit"].agg(
        lambda each: " or ".join(each.unique())
    )
    table = (
        rows.assign(shown=shown)
        .pivot_table(
            index="indicator", columns="place", values="shown", aggfunc="first", sort=False
        )
        .reindex(units.index)[["United Kingdom", "England", "China"]]
        .fillna("")
    )
    table.insert(0, "unit", units)
    last = rows.drop_duplicates("indicator", keep="last").set_index("indicator")["comparability"]
    table["comparability"] = last
    return table.rename_axis("measure").rename_axis(None, axis="columns").reset_index()


def claims_table(ids: Iterable[str]) -> "pd.DataFrame":
    """Look up claims and indicators by their ids.

    Parameters
    ----------
    ids : iterable of str
        Claim ids (``S004-78``) or indicator ids (``CN021``).

    Returns
    -------
    pandas.DataFrame
        Columns id, text, class, source, section, in the order given.

    Raises
    ------
    CarelabError
        When an id is unknown.

    Examples
    --------
    >>> claims_table(["S004-78"])["class"].tolist()
    ['stated']
    """
    import pandas as pd

    wanted = [ids] if isinstance(ids, str) else list(ids)
    columns = ["id", "text", "class", "source", "section"]
    figures = load_indicators()
    parts = figures["name"], figures["place"], figures["year"]
    text = parts[0] + ", " + parts[1] + ", " + parts[2] + ": " + _amounts(figures)
    figures = figures.assign(text=text.str.strip(": "), section="")
    known = pd.concat([load_claims()[columns], figures[columns]]).set_index("id", drop=False)
    unknown = [each for each in wanted if each not in known.index]
    if unknown:
        raise CarelabError(f"claim or indicator '{unknown[0]}' does not exist in the registry")
    return known.loc[wanted].reset_index(drop=True)


def _amounts(figures: "pd.DataFrame") -> "pd.Series":
    amounts = figures["value"].map(format_number)
    stated = amounts + " " + figures["unit"]
    return stated.where(figures["value"].notna(), figures["note"])
