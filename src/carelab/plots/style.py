"""One visual language: colours, dashes, markers, and a font that has Chinese characters."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.palette import LINES, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALETTE = tuple(colour(line) for line in LINES)
INK, MUTED, FAINT = (colour(name) for name in ("ink", "muted", "faint"))
PAPER = colour("drawn-paper")
# A colour never stands alone: series n has dash n, marker n and hatch n as well.
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (9, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---")
# Drawn at 115.2 px an inch: the column of a page, and a page of 390 px less its margins.
BROAD_IN = 5.8
NARROW_IN = 3.0
WIDTH_IN = BROAD_IN
TEXT_PT = 9.5
# 13.6 px on the page. Nothing is written smaller.
SMALL_PT = 8.5

_FONT_FILE = "fonts/NotoSansSC-Regular.ttf"
_STYLE: Any = {
    "font.family": ["Noto Sans SC", "DejaVu Sans"],
    "font.size": TEXT_PT,
    "axes.titlesize": TEXT_PT,
    "axes.labelsize": TEXT_PT,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "hatch.linewidth": 0.5,
    "hatch.color": PAPER,
    "lines.linewidth": 1.4,
    "svg.fonttype": "path",
    "svg.hashsalt": "carelab",
}


@cache
def _add_font() -> None:
    from matplotlib import font_manager

    package = find_spec("zhplot")
    if package is None or package.origin is None:
        raise CarelabError("package 'zhplot' is not installed; its font draws Chinese characters")
    font_manager.fontManager.addfont(Path(package.origin).parent / _FONT_FILE)


@contextmanager
def use_style() -> Iterator[None]:
    """Draw in the style of the book, and leave matplotlib's settings as they were.

    Yields
    ------
    None
        Figures made inside have the book's colours and fonts.

    Raises
    ------
    CarelabError
        When the package that carries the Chinese font is missing.

    Examples
    --------
    >>> with use_style():
    ...     float(new_figure(5, 3).get_figwidth())
    5.0
    """
    import matplotlib as mpl

    _add_font()
    with mpl.rc_context(_STYLE):
        yield


def new_figure(width_in: float = WIDTH_IN, height_in: float = 3.0) -> "Figure":
    """Make a figure that no window or global list knows about.

    Parameters
    ----------
    width_in, height_in : float
        Size in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Without axes.

    Examples
    --------
    >>> float(new_figure(5, 2).get_figheight())
    2.0
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in))


def blank_axes(figure: "Figure") -> "Axes":
    """Return axes that fill the figure, measured in inches from its lower left corner.

    >>> blank_axes(new_figure(5, 2)).get_xlim() == (0, 5)
    True
    """
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, figure.get_figwidth()), ylim=(0, figure.get_figheight()))
    axes.axis("off")
    return axes
