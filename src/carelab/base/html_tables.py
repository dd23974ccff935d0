"""The one table and the one badge of pages, plots, labs and reports, as HTML."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from carelab.base.words import word

# A cell of more letters is not squeezed to a word a line on a telephone.
LONG_LETTERS = 40
NUMBER = ' class="carelab-number"'
SENTENCE = ' class="carelab-sentence"'


class Cell(NamedTuple):
    """A cell: its content as HTML, and the attributes that say how it looks."""

    inner: str
    look: str = ""


def badge(style: str, text: str, meaning: str = "") -> str:
    """Write a badge; a meaning is shown to a pointer that rests on it."""
    title = f' title="{html.escape(meaning)}"' if meaning else ""
    return (
        f'<span class="carelab-badge carelab-{html.escape(style)}"{title}>'
        f"{html.escape(text)}</span>"
    )


def class_badge(kind: str) -> str:
    """Write a class of evidence as a badge."""
    return badge(kind, word(f"class.{kind}"))


def _with_look(cell: "str | Cell") -> Cell:
    if isinstance(cell, Cell):
        return cell
    return Cell(cell, SENTENCE if len(re.sub(r"<[^>]*>", "", cell)) > LONG_LETTERS else "")


def table_element(
    caption: str, heads: Iterable[str | Cell], rows: Iterable[Sequence[str | Cell]]
) -> str:
    """Write a table of cells that are HTML, under heads that are text; the first names its row."""
    named = [each if isinstance(each, Cell) else Cell(each) for each in heads]
    head = "".join(f'<th scope="col"{each.look}>{html.escape(each.inner)}</th>' for each in named)
    body = ""
    for first, *rest in rows:
        title = first if isinstance(first, Cell) else Cell(first)
        cells = "".join(f"<td{each.look}>{each.inner}</td>" for each in map(_with_look, rest))
        body += f'<tr><th scope="row"{title.look}>{title.inner}</th>{cells}</tr>'
    return (
        f'<table class="carelab-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def table_html(
    caption: str,
    heads: Iterable[str | Cell],
    rows: Iterable[Sequence[str | Cell]],
    label: str = "",
) -> str:
    """Write a table that moves sideways where the page is narrow.

    The label names it for a screen reader, where the caption alone is not unique on a page.
    """
    return (
        f'<div class="carelab-scroll" role="region" aria-label="{html.escape(label or caption)}"'
        f' tabindex="0">{table_element(caption, heads, rows)}</div>'
    )
