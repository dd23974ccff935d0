"""The two type faces of the book, cut down and renamed when it is built.

The text is set in Source Sans 3, headings in Source Serif 4, both under a licence (OFL) which
reserves the word "Source": what is cut down goes by another name. Chinese is left to the system.
"""

import hashlib
import importlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx

from carelab.base.whole_files import write_whole


class Face(NamedTuple):
    """A face: its name on our pages, its package, and how much of it is kept."""

    name: str
    package: str
    file: str
    axes: Mapping[str, float | tuple[float, float]]
    weight: str
    characters: str
    features: tuple[str, ...] = ("kern", "mark", "ccmp", "tnum", "lnum")

    @property
    def target(self) -> str:
        """Return the name of its file, which changes with what it is made of."""
        made_of = (self, version(self.package.replace("_", "-")))
        digest = hashlib.sha256(repr(made_of).encode()).hexdigest()[:8]
        return f"{self.name.lower().replace(' ', '-')}-{digest}.woff2"


# Basic Latin, letters of Latin-1, dashes, quotation marks, narrow and thin spaces, arrows, and
# the true minus and other signs that a heading may hold.
_HEADINGS = (
    "".join(map(chr, (*range(0x20, 0x7F), 0xA0, 0xA3, 0xA5, 0xA7, 0xB0, 0xB7, *range(0xC0, 0x100))))
    + "\u2009\u202f\u2010–—‘’“”…€←→−×±≈≤≥½"
)
# The text has more: vowels of pinyin, subscripts and superscripts, Greek of our formulas.
CHARACTERS = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    + _HEADINGS
    + "āēīōūǎěǐǒǔǖǘǚǜ\u200a\u2011„•·‹›†‡′″№™↑↓↔÷≠∞√∑∂∆¼¾⅓⅔"
    + "⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉αβγδεθκλμπρστφωΔΣΩ"
)
FACES = (
    Face(
        "Carelab Sans",
        "fontpkg_source_sans_3",
        "SourceSans3[wght].ttf",
        {"wght": (400.0, 700.0)},
        "400 700",
        CHARACTERS,
    ),
    Face(
        "Carelab Serif",
        "fontpkg_source_serif_4",
        "SourceSerif4[opsz,wght].ttf",
        {"wght": 600.0, "opsz": 28.0},
        "600",
        _HEADINGS,
    ),
)
_FOLDER = "fonts"
_LICENCE = "OFL.txt"
# Names of a font that say what it is called: family, unique, full, PostScript, typographic family.
_NAMES = (1, 3, 4, 6, 16, 25)


def face_rules() -> str:
    """Write what tells a browser of the faces.

    >>> 'font-family:"Carelab Sans";' in face_rules()
    True
    """
    return "".join(
        f'@font-face{{font-family:"{face.name}";font-weight:{face.weight};font-display:swap;'
        f'src:url("{_FOLDER}/{face.target}") format("woff2")}}\n'
        for face in FACES
    )


def _package(face: Face) -> Path:
    return Path(str(importlib.import_module(face.package).__file__)).parent


def write_face(face: Face, target: Path) -> None:
    """Cut a face down to our characters and weights, rename it, and pack it."""
    from fontTools import subset
    from fontTools.varLib import instancer

    options = subset.Options(flavor="woff2", layout_features=list(face.features), hinting=False)
    options.name_IDs = ["*"]
    font = subset.load_font(_package(face) / "files" / face.file, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=face.characters)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, dict(face.axes))
    for record in font["name"].names:
        if record.nameID in _NAMES:
            plain = face.name.replace(" ", "") if record.nameID in (6, 25) else face.name
            record.string = plain
    part = target.with_suffix(".part")
    subset.save_font(font, part, options)
    part.replace(target)


def _write(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {face.target for face in FACES}
    for old in folder.glob("*.woff2"):
        if old.name not in wanted:
            old.unlink()
    for face in FACES:
        if not (folder / face.target).is_file():
            write_face(face, folder / face.target)
    text = (_package(FACES[0]) / "LICENSE").read_text(encoding="utf-8")
    write_whole(folder / _LICENCE, text)


def setup(app: Sphinx) -> None:
    """Register what writes the faces."""
    app.connect("builder-inited", _write)
