"""What was looked for, and findings that answer one question differently."""

from pathlib import Path
from typing import TYPE_CHECKING

from carelab.evidence.tables import only_rows, read_table

if TYPE_CHECKING:
    import pandas as pd


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
