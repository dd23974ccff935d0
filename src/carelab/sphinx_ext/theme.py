"""What the theme gets wrong, mended in the built pages: foreign scripts, names, icons.

Its icon fonts weigh more than a page: buttons draw their icons in ``pages.css``, and boxes have
none.
"""

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from carelab.base.whole_files import write_whole

# Whole elements that ask for, or prepare, something that this book does not have.
_REMOVED = (
    # Icons: half of the theme's weight; pages.css draws the few that are in use.
    r"<script[^>]*scripts/fontawesome\.js[^>]*></script>\n?",
    r"<link[^>]*scripts/fontawesome\.js[^>]*>\n?",
    # Bootstrap: a fold and a title do what this book would use it for.
    r"<script[^>]*scripts/bootstrap\.js[^>]*></script>\n?",
    r"<link[^>]*scripts/bootstrap\.js[^>]*>\n?",
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
    ('data-bs-title="', 'title="'),
)
_TIPS = re.compile(r'\s+data-bs-(?:toggle|placement)="[^"]*"')
# The menu of the header is a fold: it opens without a script, too.
_MENU = re.compile(
    r'<div class="dropdown (?P<name>[\w-]+)">\s*<button class="(?P<look>[^"]*)"(?P<said>[^>]*)>'
    r"(?P<head>.*?)</button>(?P<list>.*?</ul>)\s*</div>",
    re.DOTALL,
)
_STATE = re.compile(r'\s+(?:type|aria-expanded)="[^"]*"')
# The title of a solution underlines the space before the name of its exercise.
_SPACED = re.compile(r'(<p class="admonition-title">[^<]*\S)(<a class="reference internal"[^>]*>) ')
# The logo stands outside every landmark.
_LOGO = re.compile(r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand logo")')
# A summary holds lines of text: myst-nb writes paragraphs into it.
_SUMMARY = re.compile(r"<summary[^>]*>.*?</summary>", re.DOTALL)
# Every exercise and every solution of a page gets the same id, to which nothing leads.
_REPEATED_IDS = {"exercise-content", "solution-content"}
_REGION = re.compile(r'(role="region"[^>]*? aria-label=")([^"]*)"')
# The search is ours, see ``search.py``.
_SEARCH = re.compile(r"<script[^>]*(?:searchtools|language_data|searchindex)\.js[^>]*></script>\n?")
_FOR_SEARCH = ("_static/searchtools.js", "_static/language_data.js", "searchindex.js")
_UNUSED_FILES = (
    "_static/scripts/fontawesome.js",
    "_static/scripts/fontawesome.js.map",
    "_static/scripts/bootstrap.js",
    "_static/scripts/bootstrap.js.map",
    "_static/scripts/bootstrap.js.LICENSE.txt",
    "_static/sphinx-thebe.css",
    "_static/sphinx-thebe.js",
)


class DropRepeatedIds(SphinxPostTransform):
    """Leave each id of a page to one element."""

    default_priority = 300

    def run(self, **_: Any) -> None:
        """Change the page."""
        for each in self.document.findall(nodes.section):
            each["ids"] = [name for name in each["ids"] if name not in _REPEATED_IDS]


def _spans(found: re.Match[str]) -> str:
    return re.sub(r"<p\b", "<span", found[0]).replace("</p>", "</span>")


def _fold(found: re.Match[str]) -> str:
    said = _STATE.sub("", found["said"])
    head = f'<summary class="{found["look"]}"{said}>{found["head"]}</summary>'
    return f'<details class="dropdown {found["name"]}">{head}{found["list"]}</details>'


def _told_apart(page: str) -> str:
    """Give each region of a page a name of its own, by numbers."""
    seen: Counter[str] = Counter()

    def name(found: re.Match[str]) -> str:
        seen[found[2]] += 1
        count = seen[found[2]]
        return f'{found[1]}{found[2]}{f" ({count})" if count > 1 else ""}"'

    return _REGION.sub(name, page)


def mend(page: str) -> str:
    """Mend one page.

    >>> mend('<script defer src="_static/scripts/fontawesome.js?digest=1"></script><p>Text</p>')
    '<p>Text</p>'
    """
    page = _PATTERN.sub("", page)
    for old, new in _RENAMED:
        page = page.replace(old, new)
    page = _MENU.sub(_fold, _TIPS.sub("", page))
    page = _SPACED.sub(r"\1 \2", page)
    page = _SUMMARY.sub(_spans, page)
    page = _told_apart(page)
    return _LOGO.sub(
        '<div class="sidebar-primary-item" role="navigation" aria-label="carelab">', page
    )


def _mend_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    for path in folder.rglob("*.html"):
        before = path.read_text(encoding="utf-8")
        after = _SEARCH.sub("", mend(before))
        if after != before:
            write_whole(path, after)
    for name in (*_UNUSED_FILES, *_FOR_SEARCH):
        (folder / name).unlink(missing_ok=True)


_SHEET = Path("_static/styles/pydata-sphinx-theme.css")
_VENDOR = Path("_static/vendor/fontawesome")
# One rule for each of some two thousand icons.
_ICON_RULES = re.compile(r'(?:\.fa-[\w-]+:before,?)+\{content:"[^"]*"\}')
_FONT_FACE = re.compile(r"@font-face\{[^}]*\bfa-[a-z]+-\d+\.[^}]*\}")


def reduced_sheet(sheet: str) -> str:
    """Take the rules of icons and their fonts out of the theme's style sheet.

    >>> reduced_sheet('.fa-sun:before{content:"x"}b{color:red}')
    'b{color:red}'
    """
    return _FONT_FACE.sub("", _ICON_RULES.sub("", sheet))


def _reduce(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    sheet = folder / _SHEET
    if not sheet.is_file():
        return
    write_whole(sheet, reduced_sheet(sheet.read_text(encoding="utf-8")))
    shutil.rmtree(folder / _VENDOR, ignore_errors=True)


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.add_post_transform(DropRepeatedIds)
    app.connect("build-finished", _mend_pages, priority=900)
    app.connect("build-finished", _reduce, priority=900)
