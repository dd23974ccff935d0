"""How the evidence was gathered, as a page reads it: findings side by side, searches, agreement."""

import html
from typing import Any

from carelab.base import word
from carelab.base.html_tables import table_html
from carelab.evidence import load_indicators, load_sources
from carelab.evidence.references import load_findings, load_searches, never_found
from carelab.plots.tables import show_table
from carelab.sphinx_ext.roles import num_html
from carelab.study.compare.coders import coder_agreement


def _finding(row: Any, years: dict[str, str]) -> list[str]:
    ids = row["evidence"].split("; ")
    return [
        html.escape(row["answer"]),
        html.escape(row["finding"]),
        html.escape(row["design"]),
        html.escape("; ".join(dict.fromkeys(years[each] for each in ids))),
        "".join(f"<div>{num_html(each, unit=True)}</div>" for each in ids),
    ]


def findings_html() -> str:
    """Write every question with its findings, and our reading below them.

    >>> findings_html().count("<table") == len(set(load_findings()["question"]))
    True
    """
    years = {row["id"]: row["year"] for _, row in load_indicators().iterrows()}
    heads = ["Answer", "Finding", "Design", "Years", "Figures, class, grade"]
    parts = []
    for _, rows in load_findings().groupby("question", sort=False):
        first = rows.iloc[0]
        cells = [_finding(row, years) for _, row in rows.iterrows()]
        parts.append(table_html(first["asks"], heads, cells))
        parts.append(f"<p><b>Our reading.</b> {html.escape(first['reading'])}</p>")
    return "".join(parts)


def _keys(text: str) -> str:
    return ", ".join(
        f'<a href="sources.html#source-{key}">{html.escape(key)}</a>'
        for key in (text.split("; ") if text else [])
    )


def searches_html() -> str:
    """Write every search for newer literature."""
    rows = [
        [
            html.escape(row["looked_for"]),
            html.escape(row["query"]),
            html.escape(f"{row['corpus']}, {row['date']}"),
            html.escape(row["result"]),
            f"{_keys(row['found'])} {html.escape(row['note'])}".strip(),
        ]
        for _, row in load_searches().iterrows()
    ]
    heads = ["Looked for", "Words sent", "Where and when", "Result", "Sources; what was missing"]
    return table_html(f"The {len(rows)} searches", heads, rows)


def not_found_html() -> str:
    """Write what no search found in full."""
    heads = {"looked_for": "Looked for", "searches": "Searches", "missing": "What was missing"}
    return show_table(never_found(), "Looked for and not found in full", heads)._repr_html_()


def agreement_html() -> str:
    """Write how far two coders agreed on each case that was coded twice."""
    heads = {
        "case": "Case",
        "codes": "Codes",
        "same": "The same",
        "share": "Share",
        "kappa": "Kappa",
        "kappa_spoken": "Kappa: does the source speak?",
    }
    return show_table(coder_agreement().round(2), "Agreement of two coders", heads)._repr_html_()


def readings_html() -> str:
    """Write how much of each kind of source was read."""
    import pandas as pd

    sources = load_sources()
    counts = pd.crosstab(sources["kind"], sources["read_as"])
    counts.columns = [name.replace("_", " ") for name in counts.columns]
    counts.index = pd.Index([name.replace("_", " ") for name in counts.index], name="Kind")
    return show_table(counts, "How much of each kind of source was read")._repr_html_()


def grades_html() -> str:
    """Write how many figures carry each grade, and what the grade means."""
    counts = load_indicators()["grade"].value_counts().sort_index()
    rows = [
        [str(grade), html.escape(word(f"grade.{grade}")), str(number)]
        for grade, number in counts.items()
    ]
    return table_html("Figures of each grade", ["Grade", "What it means", "Figures"], rows)
