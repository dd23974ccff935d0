"""Tables and badges of the registry as HTML."""

import html
import re

from carelab.base import word

# A cell of more letters is not squeezed to a word a line on a telephone.
_LONG = 40


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


def _cell(inner: str) -> str:
    long = len(re.sub(r"<[^>]*>", "", inner)) > _LONG
    return f'<td class="carelab-sentence">{inner}</td>' if long else f"<td>{inner}</td>"


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
        f'<tr><th scope="row">{row[0]}</th>' + "".join(map(_cell, row[1:]))
        + "</tr>"
        for row in rows
    )  # fmt: skip
    label = html.escape(caption, quote=True)
    return (
        f'<div class="carelab-scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="carelab-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
