"""What a plot returns: figure as inline SVG, words for who cannot see it, caption, table twin."""

import html
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from carelab.base import CarelabError, word
from carelab.base.frozen import ComparedByContent
from carelab.base.palette import LINES, colour
from carelab.plots.style import FAINT, INK, MUTED, PALETTE, PAPER, use_style
from carelab.plots.tables import show_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_VARIABLES = {
    INK: f"var(--carelab-ink, {INK})",
    MUTED: f"var(--carelab-muted, {MUTED})",
    FAINT: f"var(--carelab-faint, {FAINT})",
    PAPER: f"var(--carelab-paper, {colour('paper')})",
    **{
        line: f"var(--carelab-{number}, {line})"
        for number, line in zip(LINES, PALETTE, strict=True)
    },
}
_COLOUR = re.compile("|".join(_VARIABLES))
_ID = re.compile(r'(\bid="|href="#|url\(#)')
# A fifth larger than on paper: letters come near those of the text around the figure.
_POINTS_TO_PX = 1.2 * 96 / 72
# How often this kernel drew the same picture: a second copy on a page needs other ids.
_drawn: Counter[str] = Counter()


def _raw_svg(figure: "Figure") -> str:
    stream = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with use_style():
        figure.savefig(stream, format="svg", metadata=nothing, transparent=True)
    text = stream.getvalue()
    body = text[text.index("<svg") :]
    return re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)


def _prefix(svg: str) -> str:
    digest = sha256(svg.encode()).hexdigest()[:8]
    _drawn[digest] += 1
    copy = _drawn[digest]
    return f"c{digest}-" if copy == 1 else f"c{digest}-{copy}-"


def _opening_tag(svg: str, alt: str) -> str:
    found = re.search(r'viewBox="([^"]+)"', svg)
    box = found.group(1) if found else "0 0 360 216"
    width_px = float(box.split()[2]) * _POINTS_TO_PX
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' role="img" aria-label="{html.escape(alt)}" viewBox="{box}" width="100%"'
        f' style="max-width:{width_px:.0f}px;height:auto">'
    )


def write_svg(figure: "Figure", alt: str) -> str:
    """Write a figure as SVG to stand inside an HTML page.

    >>> from carelab.plots.style import new_figure
    >>> write_svg(new_figure(3, 1), "nothing").startswith("<svg xmlns=")
    True
    """
    raw = _raw_svg(figure)
    body = raw[raw.index(">") + 1 :]
    body = _COLOUR.sub(lambda match: _VARIABLES[match.group(0)], body)
    prefix = _prefix(raw + alt)
    return _opening_tag(raw, alt) + _ID.sub(lambda match: match.group(1) + prefix, body).strip()


@dataclass(frozen=True, eq=False, repr=False)
class Picture(ComparedByContent):
    """A figure that also speaks, and whose numbers can be read as a table.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn in the style of the book.
    alt : str
        What the figure says, written from its data.
    caption : str
        Its title, above the picture.
    table : pandas.DataFrame, optional
        The data of the figure.
    key : bool
        Whether the table is the key to the figure and therefore always open.
    wide : bool
        Whether the figure keeps its size on a narrow screen and is moved sideways instead.

    Raises
    ------
    CarelabError
        When the alt text or the caption is empty.

    Examples
    --------
    >>> from carelab.plots.style import new_figure
    >>> Picture(new_figure(3, 1), "An empty figure.", "Nothing")
    An empty figure.
    """

    figure: "Figure"
    alt: str
    caption: str
    table: "pd.DataFrame | None" = None
    key: bool = False
    wide: bool = False

    def __post_init__(self) -> None:
        """Refuse a picture without words."""
        for name in ("alt", "caption"):
            if not getattr(self, name).strip():
                raise CarelabError(f"a picture needs a text for '{name}'")

    def __repr__(self) -> str:
        """Return the alt text."""
        return self.alt

    def _repr_html_(self) -> str:
        return (
            f'<figure class="carelab-figure"><figcaption>{html.escape(self.caption)}</figcaption>'
            f"{self._drawing()}{self._table_html()}</figure>"
        )

    def _drawing(self) -> str:
        svg = write_svg(self.figure, self.alt)
        if not self.wide:
            return svg
        label = html.escape(word("plot.drawing", caption=self.caption), quote=True)
        start = f'<div class="carelab-scroll carelab-wide" role="region" aria-label="{label}"'
        return f'{start} tabindex="0">{svg}</div>'

    def _table_html(self) -> str:
        if self.table is None:
            return ""
        if self.key:
            key = show_table(self.table, word("plot.key"))
            return replace(key, label=self.caption)._repr_html_()
        table = show_table(self.table, self.caption)._repr_html_()
        summary = html.escape(word("plot.data"))
        return f'<details class="carelab-fold"><summary>{summary}</summary>{table}</details>'
