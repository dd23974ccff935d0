"""The colours of the project: one list for figures, labs, pages and reports.

Text, and lines 1 to 6, keep a contrast of 4.5 to 1 on paper, light and dark. Lines 1 to 5 are the
five actors and line 6 whoever is outside the place: hues that colour-blind readers tell apart
(no two nearer than 15 in CIE Lab). A colour never stands alone, a dash, a mark or a word goes
with it.
"""

import re
from collections.abc import Mapping

from carelab.base.errors import CarelabError

SHADES = ("light", "dark")
# On light paper, on dark paper; lower case, as matplotlib writes them.
COLOURS: Mapping[str, tuple[str, str]] = {
    "ink": ("#1c2733", "#e9edf1"),
    "soft": ("#46525e", "#b9c3cd"),
    "muted": ("#616b76", "#98a4b0"),
    "faint": ("#e4dfd5", "#2c353f"),
    "paper": ("#ffffff", "#14181e"),
    "panel": ("#f6f8fa", "#1b2128"),
    "accent": ("#005f99", "#6cb8ee"),
    "on-accent": ("#ffffff", "#0b1016"),
    "bad": ("#b42318", "#ff9b8f"),
    "1": ("#174a84", "#a9cbf5"),
    "2": ("#8e2a1e", "#f57c3e"),
    "3": ("#0a7864", "#39d9aa"),
    "4": ("#a03cad", "#c77be6"),
    "5": ("#806800", "#f4cd3e"),
    "6": ("#5b6570", "#a7b2bd"),
    # The line, dot or underline of an evidence class; blue comes from the world, the rest from us.
    "observed-line": ("#155a7d", "#7cc3e6"),
    "stated-line": ("#4a6a85", "#a3b9cc"),
    "derived-line": ("#5a55a3", "#b3aef2"),
    "assumed-line": ("#93560a", "#e8b15f"),
    "coded-line": ("#8c3b5e", "#ee9dbf"),
    "silent-line": ("#616b77", "#9aa5b0"),
    # Behind the letter of an evidence class; what a source leaves open counts as one.
    "badge-ink": ("#1f2933", "#f2f5f8"),
    "observed": ("#d6f0e4", "#17503a"),
    "stated": ("#dceaf7", "#1d4468"),
    "derived": ("#e4f3d2", "#3d5219"),
    "assumed": ("#fde6cf", "#6b4014"),
    "coded": ("#efe0f5", "#553163"),
    "silent": ("#e6e9ed", "#3d4753"),
    # The line under a number and the dot behind a statement: blue is from the world, the rest ours.
    "mark-observed": ("#155a7d", "#7cc3e6"),
    "mark-stated": ("#4a6a85", "#a3b9cc"),
    "mark-derived": ("#5a55a3", "#b3aef2"),
    "mark-assumed": ("#93560a", "#e8b15f"),
    "mark-coded": ("#8c3b5e", "#ee9dbf"),
    "mark-silent": ("#616b76", "#9aa5b0"),
    # Paper, ink and edges of a page.
    "page-card": ("#ffffff", "#1a2027"),
    "page-sunk": ("#f3f0e9", "#0d1115"),
    "page-ground": ("#fbfaf7", "#12161b"),
    "page-border": ("#e4dfd5", "#2c353f"),
    "page-surface": ("#f3f0e9", "#1a2027"),
    "page-text": ("#1c2733", "#e9edf1"),
    "page-muted": ("#46525e", "#b9c3cd"),
    "page-edge": ("#8a857a", "#77838f"),
    "page-focus": ("#155fc0", "#8fbeff"),
    # A hair from paper: a figure tells by it what turns with the page.
    "drawn-paper": ("#fffffe", "#fffffe"),
}
LINES = ("1", "2", "3", "4", "5", "6")
# Whose money, whose box: the line of each actor, in ribbons and in diagrams.
ACTORS: Mapping[str, str] = {
    "patients": "3",
    "hospital": "1",
    "primary": "2",
    "insurer": "5",
    "government": "4",
    "outside": "6",
}
_ASKED = re.compile(r"palette\((?P<name>[\w-]+)(?:, (?P<shade>\w+))?\)")


def colour(name: str, shade: str = "light") -> str:
    """Return a colour, or that of an actor, as matplotlib and CSS read it.

    >>> colour("ink"), colour("ink", "dark"), colour("insurer") == colour("5")
    ('#1c2733', '#e9edf1', True)
    """
    if shade not in SHADES:
        raise CarelabError(f"shade '{shade}' is unknown; allowed are {' and '.join(SHADES)}")
    named = ACTORS.get(name, name)
    if named not in COLOURS:
        known = ", ".join((*COLOURS, *ACTORS))
        raise CarelabError(f"colour '{name}' is unknown; known are {known}")
    return COLOURS[named][SHADES.index(shade)]


def paint(sheet: str) -> str:
    """Put colours into a style sheet where it asks for ``palette(name)``.

    >>> paint("p { color: palette(ink); --x: palette(ink, dark) } i { color: palette(insurer) }")
    'p { color: #1c2733; --x: #e9edf1 } i { color: var(--carelab-5) }'
    """

    def found(asked: re.Match[str]) -> str:
        if asked["name"] in ACTORS:
            return f"var(--carelab-{ACTORS[asked['name']]})"
        return colour(asked["name"], asked["shade"] or "light")

    return _ASKED.sub(found, sheet)
