"""Keep of the theme's icons those that a page can show: its icon font weighs more than a page.

Buttons draw their icons in ``pages.css``. What is left are the marks of notes and warnings, which
the theme writes as characters of the font; the font is cut down to them.
"""

import logging
import re
from pathlib import Path

from sphinx.application import Sphinx

_SHEET = Path("_static/styles/pydata-sphinx-theme.css")
_FONTS = Path("_static/vendor/fontawesome/webfonts")
_FONT = "fa-solid-900"
# One rule for each of some two thousand icons.
_ICON_RULES = re.compile(r'(?:\.fa-[\w-]+:before,?)+\{content:"[^"]*"\}')
_FONT_FACE = re.compile(r"@font-face\{[^}]*\bfa-[a-z]+-\d+\.[^}]*\}")
_MARKS = re.compile(r'--pst-icon-[\w-]+:"([^"]+)"')
_ESCAPED = re.compile(r"\\([0-9a-fA-F]{1,6}) ?")


def icon_characters(sheet: str) -> str:
    r"""List the characters that the theme's marks are made of.

    Parameters
    ----------
    sheet : str
        Style sheet of the theme.

    Returns
    -------
    str
        Each character once, in order.

    Examples
    --------
    >>> icon_characters('html{--pst-icon-bell:"\\f0f3";--pst-icon-pen:"\\f0f3"}') == chr(0xF0F3)
    True
    """
    written = "".join(_MARKS.findall(sheet))
    return "".join(sorted(set(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), written))))


def reduced_sheet(sheet: str) -> str:
    """Take the rules of single icons out of the theme's style sheet, and all icon fonts but one.

    Parameters
    ----------
    sheet : str
        Style sheet of the theme.

    Returns
    -------
    str
        The sheet, whose font is now the reduced one; reducing twice changes nothing more.

    Examples
    --------
    >>> reduced_sheet('.fa-sun:before{content:"x"}b{color:red}')
    'b{color:red}'
    """

    def face(found: re.Match[str]) -> str:
        if _FONT not in found[0]:
            return ""
        source = f'src:url(../vendor/fontawesome/webfonts/{_FONT}.woff) format("woff")'
        return re.sub(r"src:[^}]*", source, found[0])

    return _FONT_FACE.sub(face, _ICON_RULES.sub("", sheet))


def write_reduced_font(font: Path, characters: str, target: Path) -> None:
    """Write a font that has only some characters.

    Parameters
    ----------
    font : Path
        TrueType font.
    characters : str
        What is kept.
    target : Path
        Where the WOFF goes.
    """
    from fontTools import subset

    # Its report of every table would bury what a build says.
    logging.getLogger("fontTools").setLevel(logging.WARNING)

    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=False)
    loaded = subset.load_font(font, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(loaded)
    subset.save_font(loaded, target, options)


def _reduce(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    sheet = folder / _SHEET
    fonts = folder / _FONTS
    whole = fonts / f"{_FONT}.ttf"
    if not whole.is_file():
        return
    text = sheet.read_text(encoding="utf-8")
    write_reduced_font(whole, icon_characters(text), fonts / f"{_FONT}.woff")
    sheet.write_text(reduced_sheet(text), encoding="utf-8", newline="\n")
    for path in (*fonts.glob("*.ttf"), *fonts.glob("*.woff2")):
        path.unlink()


def setup(app: Sphinx) -> None:
    """Register the hook."""
    app.connect("build-finished", _reduce, priority=900)
