"""What a plot returns: figure, words for those who cannot see it, caption, table twin."""

import html
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carelab.base import CarelabError, word
from carelab.plots.svg import write_svg
from carelab.plots.tables import show_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class Picture:
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
