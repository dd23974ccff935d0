"""Accessible HTML tables: caption, scopes, escaped text, numbers to the right, badges."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, load_words
from carelab.base.frozen import ComparedByContent
from carelab.base.html_tables import LONG_LETTERS, NUMBER, SENTENCE, Cell, badge, table_html
from carelab.base.manifests import CLASSES
from carelab.base.numbers import format_number
from carelab.evidence import load_cases
from carelab.evidence.cases.files import SILENT, case_files

if TYPE_CHECKING:
    import pandas as pd

_BADGED = ("class", "grade", "status")
_CASE_COLUMNS = ("case", "case_a", "case_b")
_MECHANISM_COLUMNS = ("mechanism", "agreeing", "differing")
# The number of a claim is not broken over two lines.
_CLAIM = re.compile(r"\bS\d{3}-\d+\b")


def heading(column: str) -> str:
    """Return what a column is called in the language of the book.

    >>> heading("questions_open"), heading("my_column")
    ('Questions left open', 'My column')
    """
    plain = column.replace("_", " ").strip() or "column"
    names = {f"plot.column.{column}": plain[0].upper() + plain[1:], **load_words()}
    return _known_cases().get(column, names[f"plot.column.{column}"])


def _badges(column: str, text: str) -> str:
    words = load_words()
    shown = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        group = "class" if part == SILENT and column != "status" else column
        name = words.get("plot.status." + part if group == "status" else f"class.{part}", part)
        meaning = words.get(f"{group}.{part}" if group == "grade" else f"class.{part}.meaning", "")
        style = f"grade-{part.lower()}" if group == "grade" else part
        shown.append(badge(style.replace(" ", "-"), name, meaning))
    return " ".join(shown)


def _is_badge(column: str, text: str) -> bool:
    known = {"class": (*CLASSES, SILENT), "grade": tuple("ABCD")}.get(column, ())
    words = load_words()
    parts = [part.strip() for part in text.split(";")]
    if column == "status":
        return all(f"plot.status.{part}" in words for part in parts)
    return text == SILENT or (column in _BADGED and all(part in known for part in parts))


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple, set)):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _inner(column: str, value: Any) -> str:
    if _is_number(value):
        return html.escape(format_number(float(value)))
    text = _plain(value)
    if _is_badge(column, text):
        return _badges(column, text)
    return _CLAIM.sub(r'<span class="carelab-id">\g<0></span>', html.escape(_name(column, text)))


def _name(column: str, text: str) -> str:
    """Return what an id in a column is called; other text as it is."""
    words = load_words()
    if column in _CASE_COLUMNS:
        return _known_cases().get(text, text)
    if column in _MECHANISM_COLUMNS:
        parts = text.split("; ")
        return "; ".join(words.get(f"study.mechanism.{part}", part) for part in parts)
    return words.get(f"study.field.{text}", text) if column == "field" else text


def _known_cases() -> dict[str, str]:
    return _case_names(book_language(), tuple(case_files()))


@cache
def _case_names(language: str, known: tuple[str, ...]) -> dict[str, str]:
    return {case.id: getattr(case, f"short_{language}") for case in load_cases().values()}


def _decimals(text: str) -> float:
    """Return the width of a number behind its units, in digits; the point is half a digit wide."""
    _, point, digits = text.partition(".")
    return len(digits) + 0.5 * bool(point)


def _cell(column: str, value: Any, first: bool, decimals: float | None) -> Cell:
    inner = _inner(column, value)
    look = "" if decimals is None else NUMBER
    if isinstance(value, str) and len(value) > LONG_LETTERS:
        look = SENTENCE
    if decimals and (short := decimals - _decimals(inner)):
        look += f' style="--carelab-short:{short:g}"'
    return Cell(inner or "–" if first else inner, look)


@dataclass(frozen=True, eq=False, repr=False)
class Table(ComparedByContent):
    """A table for reading.

    Parameters
    ----------
    frame : pandas.DataFrame
        What is shown.
    caption : str
        What it shows.
    headings : mapping of str to str
        Column name to heading.
    label : str
        Name of the table for a screen reader, where the caption alone is not unique on a page.
    """

    frame: "pd.DataFrame"
    caption: str
    headings: Mapping[str, str]
    label: str = ""

    def __repr__(self) -> str:
        """Return caption and plain text."""
        return f"{self.caption}\n{self.frame.to_string(index=False)}"

    def _repr_html_(self) -> str:
        places = {name: self._decimals(name) for name in self.headings}
        heads = [
            Cell(text, "" if places[name] is None else NUMBER)
            for name, text in self.headings.items()
        ]
        rows = [
            [
                _cell(name, value, position == 0, places[name])
                for position, (name, value) in enumerate(zip(places, row, strict=True))
            ]
            for row in self.frame[list(places)].itertuples(index=False, name=None)
        ]
        return table_html(self.caption, heads, rows, self.label)

    def _decimals(self, name: str) -> float | None:
        """Return the most decimals of a column of numbers; None for other columns."""
        cells = self.frame[name]
        if not (len(cells) and all(map(_is_number, cells))):
            return None
        return max(_decimals(format_number(float(each))) for each in cells)


def show_table(
    frame: "pd.DataFrame", caption: str, columns: Mapping[str, str] | Iterable[str] | None = None
) -> Table:
    """Show a frame as an accessible table.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame; a named index becomes the first column.
    caption : str
        What the table shows.
    columns : mapping of str to str, or iterable of str, optional
        Columns to keep, as names or as name to heading; all by default.

    Returns
    -------
    Table
        Shows itself in a notebook.

    Raises
    ------
    CarelabError
        When a column does not exist or the caption is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> table = show_table(pd.DataFrame({"id": ["a"], "class": ["stated"]}), "One claim")
    >>> '<span class="carelab-badge carelab-stated"' in table._repr_html_()
    True
    """
    if frame.index.name is not None or frame.index.nlevels > 1:
        frame = frame.reset_index()
    if not caption.strip():
        raise CarelabError("a table needs a caption that says what it shows")
    frame = frame.rename(columns=str)
    chosen = list(frame.columns) if columns is None else columns
    missing = [str(name) for name in chosen if name not in frame.columns]
    if missing:
        raise CarelabError(
            f"column '{missing[0]}' does not exist; the table has {', '.join(frame.columns)}"
        )
    given = chosen if isinstance(chosen, Mapping) else {}
    return Table(frame, caption, {name: given.get(name) or heading(name) for name in chosen})
