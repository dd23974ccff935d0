"""Write the sources as BibTeX, so that the bibliography never drifts from the registry."""

from typing import TYPE_CHECKING

from carelab.evidence.registry import load_sources

if TYPE_CHECKING:
    import pandas as pd

_TYPES = {
    "article": "article",
    "seed_article": "article",
    "seed_abstract": "article",
    "report": "techreport",
    "book": "book",
}
_FIELDS = (
    ("title", "title"),
    ("authors", "author"),
    ("year", "year"),
    ("container", "journal"),
    ("volume", "volume"),
    ("issue", "number"),
    ("pages", "pages"),
    ("publisher", "publisher"),
    ("doi", "doi"),
    ("language", "language"),
    ("note", "note"),
)


def _escape(text: str) -> str:
    for sign in "&%#_$":
        text = text.replace(sign, f"\\{sign}")
    return text


def _entry(row: "pd.Series") -> str:
    fields = []
    for column, name in _FIELDS:
        value = str(row[column])
        if value in ("", "unknown"):
            continue
        if name == "author":
            value = value.replace("; ", " and ")
        fields.append(f"  {name} = {{{value if name == 'doi' else _escape(value)}}},")
    kind = _TYPES.get(str(row["kind"]), "misc")
    return "\n".join([f"@{kind}{{{row['key']},", *fields, "}"])


def write_bibliography() -> str:
    """Return every source as BibTeX.

    Returns
    -------
    str
        Entries in the order of ``sources.csv``; fields that are unknown are left out.

    Examples
    --------
    >>> "@article{seed-004-anhui," in write_bibliography()
    True
    """
    frame = load_sources()
    head = "% Generated from data/sources.csv by 'python3 run.py check --fix'; do not edit.\n\n"
    return head + "\n\n".join(_entry(row) for _, row in frame.iterrows()) + "\n"
