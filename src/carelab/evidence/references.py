"""What a source is called; what was looked for; findings that answer one question differently."""

import html
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from carelab.base import word
from carelab.evidence.registry import load_sources
from carelab.evidence.tables import only_rows, read_table

if TYPE_CHECKING:
    import pandas as pd


@cache
def _sources() -> dict[str, Any]:
    return {row["key"]: row for _, row in load_sources().iterrows()}


def source_name(key: str) -> str:
    """Return authors, year and title of a source; a key of none, such as our own, as it is.

    >>> source_name("seed-004-anhui").partition("),")[0]
    'Cui Zhaohan; Wang Hufeng (2021'
    """
    if key not in _sources():
        return key
    row = _sources()[key]
    title = row["title"] if row["title"] != "unknown" else row["note"] or key
    author = f"{row['authors']} ({row['year']}), " if row["authors"] != "unknown" else ""
    return f"{author}{title}"


def short_name(row: Any) -> str:
    """Return the first author of a row of ``sources.csv``, or else where it stood, and the year.

    >>> rows = load_sources().set_index("key", drop=False)
    >>> short_name(rows.loc["seed-004-anhui"]), short_name(rows.loc["hsj-7024091"])
    ('Cui Zhaohan and others (2021)', 'HSJ')
    """
    first, *others = row["authors"].split(";")
    year = "" if row["year"] == "unknown" else f" ({row['year']})"
    if first != "unknown":
        return f"{first.strip()}{word('plot.and_others') if others else ''}{year}"
    known = [row[part] for part in ("container", "title") if row[part] not in ("", "unknown")]
    return f"{shorten(known[0], 44, placeholder=' …')}{year}" if known else str(row["key"])


def reference_parts(row: Any) -> tuple[str, str, str]:
    """Return authors, year and title of a row; its Chinese title; where it was published.

    >>> row = load_sources().set_index("key", drop=False).loc["seed-001-hangzhou"]
    >>> reference_parts(row)[2]
    'International Journal for Equity in Health, 16(1), 185, doi 10.1186/s12939-017-0686-8'
    """
    known = {key: "" if row[key] == "unknown" else row[key] for key in row.index}
    issue = f"{known['volume']}({known['issue']})" if known["issue"] else known["volume"]
    doi = f"doi {known['doi']}" if known["doi"] else ""
    parts = known["container"], issue, known["pages"], known["publisher"], doi
    place = ", ".join(part for part in parts if part)
    title = known["title"] or "title unknown"
    head = f"{known['authors'] or 'authors unknown'} ({row['year']}). {title}"
    return head, known["title_zh"], place


def reference_html(row: Any) -> str:
    """Return the whole reference of a row, its DOI as a link."""
    head, chinese, place = map(html.escape, reference_parts(row))
    translated = f' <span lang="zh-CN">{chinese}</span>' if chinese else ""
    if row["doi"] not in ("", "unknown"):
        doi = html.escape(row["doi"])
        link = f'<a class="reference external" href="https://doi.org/{doi}">{doi}</a>'
        place = place.removesuffix(doi) + link
    return f"{head}{translated}. {place}"


def load_findings(question: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load findings side by side: a question, the answers of studies, and our reading of both.

    >>> load_findings("kinzigtal")["answer"].tolist()
    ['yes', 'no']
    """
    return only_rows(read_table("findings.csv", folder), "question", question)


def load_searches(folder: Path | None = None) -> "pd.DataFrame":
    """Load the searches for newer literature, also those that found nothing.

    >>> sorted(load_searches()["result"].unique().tolist())
    ['found', 'in part', 'not found']
    """
    return read_table("searches.csv", folder)


def never_found(folder: Path | None = None) -> "pd.DataFrame":
    """List what no search found in full, with what was missing.

    >>> gaps = never_found().set_index("looked_for")
    >>> int(gaps.loc["Anhui's plan of 2024 and its goals for 2027", "searches"])
    3
    """
    searches = load_searches(folder)
    found = searches["looked_for"][searches["result"] == "found"]
    gaps = searches[~searches["looked_for"].isin(found)].groupby("looked_for", sort=False)
    return gaps.agg(
        searches=("query", "size"),
        missing=("note", lambda notes: " ".join(dict.fromkeys(notes))),
    ).reset_index()
