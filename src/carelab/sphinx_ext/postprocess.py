"""Mend what the theme writes into every page: foreign scripts, icons, names for screen readers."""

import re
from pathlib import Path

from sphinx.application import Sphinx

# Whole elements that ask for, or prepare, something that this book does not have.
_REMOVED = (
    # Icons: half of the theme's weight; pages.css draws the few that are in use.
    r"<script[^>]*scripts/fontawesome\.js[^>]*></script>\n?",
    r"<link[^>]*scripts/fontawesome\.js[^>]*>\n?",
    # thebe would load a kernel client from another host.
    r"<link[^>]*sphinx-thebe\.css[^>]*>\n?",
    r'<script type="text/x-thebe-config">.*?</script>\n?',
    r"<script>const THEBE_JS_URL[^<]*</script>\n?",
    r"<script>kernelName = [^<]*</script>\n?",
    r"<script>let toggleHintShow[^<]*thebe[^<]*</script>\n?",
    # State of live widgets: the lab on the page has its own configuration.
    r'<script type="application/vnd\.jupyter\.widget-state\+json">.*?</script>\n?',
)
_PATTERN = re.compile("|".join(_REMOVED), re.DOTALL)
# What a screen reader hears must be what the page shows.
_RENAMED = (
    ('<summary aria-label="Toggle hidden content">', "<summary>"),
    ('aria-label="Search" data-bs-placement', "data-bs-placement"),
)
# A mark and the punctuation behind it, which may not begin a line; the mark's note lies between.
_MARKED = re.compile(
    r'(<button type="button" class="carelab-badge(?:(?!</button>).)*</button>)'
    r'(<span popover(?:="")? id="carelab-note(?:(?!</span></span>).)*</span></span>)'
    r"([.,;:)]+)",
    re.DOTALL,
)
# The title of a solution underlines the space before the name of its exercise.
_SPACED = re.compile(r'(<p class="admonition-title">[^<]*\S)(<a class="reference internal"[^>]*>) ')
# The logo stands outside every landmark.
_LOGO = re.compile(r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand logo")')
# The index of all pages weighs more than a page: only the page that searches needs it.
_SEARCH = re.compile(r"<script[^>]*(?:searchtools|language_data|searchindex)\.js[^>]*></script>\n?")
_SEARCH_PAGE = "search.html"
_UNUSED_FILES = (
    "_static/scripts/fontawesome.js",
    "_static/scripts/fontawesome.js.map",
    "_static/sphinx-thebe.css",
    "_static/sphinx-thebe.js",
)


def mend(page: str) -> str:
    """Mend one page.

    Parameters
    ----------
    page : str
        HTML as the theme wrote it.

    Returns
    -------
    str
        The page without foreign scripts and with true names; mending twice changes nothing more.

    Examples
    --------
    >>> mend('<script defer src="_static/scripts/fontawesome.js?digest=1"></script><p>Text</p>')
    '<p>Text</p>'
    """
    page = _PATTERN.sub("", page)
    for old, new in _RENAMED:
        page = page.replace(old, new)
    page = _MARKED.sub(r'<span class="carelab-keep">\1\3</span>\2', page)
    page = _SPACED.sub(r"\1 \2", page)
    return _LOGO.sub(
        '<div class="sidebar-primary-item" role="navigation" aria-label="carelab">', page
    )


def _mend_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    for path in folder.rglob("*.html"):
        before = path.read_text(encoding="utf-8")
        after = mend(before)
        if path.name != _SEARCH_PAGE:
            after = _SEARCH.sub("", after)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
    for name in _UNUSED_FILES:
        (folder / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Register the hook."""
    app.connect("build-finished", _mend_pages, priority=900)
