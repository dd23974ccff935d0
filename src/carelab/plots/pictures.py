"""What a plot returns: figure as inline SVG, words for who cannot see it, and the frame around it.

The frame is a finding as title, one line of what and when, the drawing, and a menu that opens the
table, the sources and the code. A narrow page shows a drawing of its own: letters keep their size.
"""

import html
import io
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from carelab.base import CarelabError, word
from carelab.base.frozen import ComparedByContent
from carelab.base.palette import LINES, colour
from carelab.evidence import load_claims, load_indicators, load_sources
from carelab.plots.style import BROAD_IN, FAINT, INK, MUTED, NARROW_IN, PALETTE, PAPER, use_style
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
# A narrow drawing may fill a page that is not quite narrow.
_STRETCH = 1.2
_LISTS = ("source", "claim", "claims", "id")
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


def _opening_tag(svg: str, alt: str, stretch: float) -> str:
    found = re.search(r'viewBox="([^"]+)"', svg)
    box = found.group(1) if found else "0 0 360 216"
    width_px = float(box.split()[2]) * _POINTS_TO_PX * stretch
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' role="img" aria-label="{html.escape(alt)}" viewBox="{box}" width="100%"'
        f' style="max-width:{width_px:.0f}px;height:auto">'
    )


def write_svg(figure: "Figure", alt: str, stretch: float = 1.0) -> str:
    """Write a figure as SVG to stand inside an HTML page, at most so much larger than drawn.

    >>> from carelab.plots.style import new_figure
    >>> write_svg(new_figure(3, 1), "nothing").startswith("<svg xmlns=")
    True
    """
    raw = _raw_svg(figure)
    body = raw[raw.index(">") + 1 :]
    body = _COLOUR.sub(lambda match: _VARIABLES[match.group(0)], body)
    prefix = _prefix(raw + alt)
    return (
        _opening_tag(raw, alt, stretch)
        + _ID.sub(lambda match: match.group(1) + prefix, body).strip()
    )


def both_widths(draw: Callable[[float], "Figure"]) -> "tuple[Figure, Figure]":
    """Draw for a wide and for a narrow page, in the style of the book."""
    with use_style():
        return draw(BROAD_IN), draw(NARROW_IN)


def _code() -> str:
    """Return the code of the notebook cell that is being run; empty outside of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return str(shell.user_ns["In"][-1]).strip() if shell else ""


def _citation(row: "pd.Series") -> str:
    names = str(row["authors"]).split("; ")
    who = names[0] + (word("plot.and_others") if len(names) > 2 else "")
    who = word("plot.comma").join(names) if len(names) == 2 else who
    parts = (who, str(row["year"]), str(row["title"]))
    known = word("plot.comma").join(part for part in parts if part not in ("", "unknown"))
    return known or str(row["key"])


def _behind(table: "pd.DataFrame") -> dict[str, list[str]]:
    """Return the sources that a table names, and the ids of what it took from each."""
    import pandas as pd

    registry = pd.concat([load_claims(), load_indicators()])
    source_of = dict(zip(registry["id"], registry["source"], strict=True))
    found: dict[str, list[str]] = {}
    for column in (each for each in _LISTS if each in table):
        for cell in table[column].dropna().astype(str):
            for part in filter(None, re.split(r"[;,]\s*", cell)):
                taken = found.setdefault(source_of.get(part, part), [])
                if part in source_of and part not in taken:
                    taken.append(part)
    return found


def list_sources(table: "pd.DataFrame") -> str:
    """Write the sources that a table names as a list for a page.

    >>> import pandas as pd
    >>> list_sources(pd.DataFrame({"id": ["CN046"]})).endswith("CN046</span></li></ul>")
    True
    """
    cited = {str(row["key"]): _citation(row) for _, row in load_sources().iterrows()}
    items = [
        f"<li>{html.escape(cited.get(key, key))}"
        + (f' <span class="carelab-id">{html.escape(", ".join(ids))}</span>' if ids else "")
        + "</li>"
        for key, ids in _behind(table).items()
    ]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _part(name: str, caption: str, inner: str) -> str:
    if not inner:
        return ""
    summary = word(f"plot.menu.{name}")
    label = html.escape(f"{summary}: {caption}", quote=True)
    return (
        f'<details class="carelab-fold"><summary aria-label="{label}">'
        f"{html.escape(summary)}</summary>{inner}</details>"
    )


def frame_html(
    caption: str, note: str, drawing: str, table: "pd.DataFrame | None", source: str = ""
) -> str:
    """Put a drawing into its frame: title, one line, and the menu of table, source and code."""
    told = f'<span class="carelab-figure-note">{html.escape(note)}</span>' if note else ""
    sources = f"<p>{html.escape(source)}</p>" if source else ""
    if table is not None:
        sources += list_sources(table)
    code = _code()
    menu = (
        _part("table", caption, "" if table is None else show_table(table, caption)._repr_html_()),
        _part("source", caption, sources),
        _part("code", caption, code and f"<pre><code>{html.escape(code)}</code></pre>"),
    )
    return (
        f'<figure class="carelab-figure"><figcaption><span class="carelab-finding">'
        f"{html.escape(caption)}</span>{told}</figcaption>{drawing}"
        f'<div class="carelab-figure-menu">{"".join(menu)}</div></figure>'
    )


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
        Its title, above the picture: what it shows, in a sentence.
    table : pandas.DataFrame, optional
        The data of the figure.
    narrow : matplotlib.figure.Figure, optional
        The drawing for a narrow page.
    note : str
        One line below the title: what is shown, of when, in which unit.
    source : str
        Where the numbers come from, where the table does not name it.
    wide : bool
        Whether the figure keeps its size and is moved sideways where it does not fit.

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
    narrow: "Figure | None" = None
    note: str = ""
    source: str = ""
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
        return frame_html(self.caption, self.note, self._drawing(), self.table, self.source)

    def _drawing(self) -> str:
        svg = write_svg(self.figure, self.alt)
        if self.wide:
            label = html.escape(word("plot.drawing", caption=self.caption), quote=True)
            start = f'<div class="carelab-scroll carelab-wide" role="region" aria-label="{label}"'
            # Its letters keep their size: the page moves sideways instead.
            svg = f'{start} tabindex="0">{svg.replace("max-width:", "min-width:", 1)}</div>'
        if self.narrow is None:
            return svg
        # Hidden without our style sheet; with it, the page shows what fits.
        small = write_svg(self.narrow, self.alt, _STRETCH)
        return (
            f'<div class="carelab-broad">{svg}</div>'
            f'<div class="carelab-narrow" style="display:none">{small}</div>'
        )
