"""The reference of a source as plain text, what is unknown said or left out."""

from typing import Any


def reference_parts(row: Any) -> tuple[str, str, str]:
    """Return what is known of a source as plain text.

    Parameters
    ----------
    row : mapping
        A row of ``sources.csv``.

    Returns
    -------
    tuple of str
        Authors, year and title; Chinese title or ``""``; where it was published, or ``""``.

    Examples
    --------
    >>> from carelab.evidence import load_sources
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
