"""Tables and badges of the registry as HTML."""

import html

from carelab.provenance import word


def class_badge(kind: str) -> str:
    """Write a class of evidence as a badge.

    Parameters
    ----------
    kind : str
        One of the classes.

    Returns
    -------
    str
        HTML.
    """
    return f'<span class="carelab-badge carelab-{kind}">{html.escape(word("class." + kind))}</span>'


def table_html(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    """Write a table of ready HTML cells.

    Parameters
    ----------
    caption : str
        What it shows.
    heads : list of str
        Headings.
    rows : list of list of str
        Cells, as HTML.

    Returns
    -------
    str
        HTML.
    """
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )  # fmt: skip
    label = html.escape(caption, quote=True)
    return (
        f'<div class="carelab-scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="carelab-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
