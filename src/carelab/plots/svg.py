"""A figure as inline SVG: it follows light and dark, scales on a phone, and has its own ids."""

import html
import io
import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from carelab.base.palette import LINES, colour
from carelab.plots.style import FAINT, INK, MUTED, PALETTE, PAPER, use_style

if TYPE_CHECKING:
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

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn with the colours of `carelab.plots.style`.
    alt : str
        What the figure says, in words.

    Returns
    -------
    str
        An ``svg`` element: colours are CSS variables with fallbacks, ids occur nowhere else on
        the page, text is drawn as paths.

    Examples
    --------
    >>> from carelab.base.palette import LINES, colour
    from carelab.plots.style import new_figure
    >>> write_svg(new_figure(3, 1), "nothing").startswith("<svg xmlns=")
    True
    """
    raw = _raw_svg(figure)
    body = raw[raw.index(">") + 1 :]
    body = _COLOUR.sub(lambda match: _VARIABLES[match.group(0)], body)
    prefix = _prefix(raw + alt)
    return _opening_tag(raw, alt) + _ID.sub(lambda match: match.group(1) + prefix, body).strip()
