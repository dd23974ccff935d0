"""The menu of the book: minutes of every chapter, which of them hold a lab, and the way to it."""

import html
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from carelab.base import word
from carelab.sphinx_ext.reading import LAB_ANCHOR

# Words a minute of a reader whose first language may be another, and minutes to play a lab.
WORDS_A_MINUTE = 150
_MINUTES_OF_A_LAB = 10
_LABS = 'data-carelab="'
_ENTRY = re.compile(
    r'(?P<second><li class="toctree-l2[^"]*">)?'
    r'<a class="(?:current )?reference internal" href="(?P<uri>[^"]*)">(?P<title>.*?)</a>',
    re.DOTALL,
)
_AFTER_COURSE = re.compile(r'</ul>\s*(?=<p aria-level="2" class="caption")')


def minutes_of(words: int, labs: int) -> int:
    """Return how long a page takes, in steps of five minutes.

    >>> minutes_of(2400, 1), minutes_of(100, 0)
    (25, 5)
    """
    return max(5, 5 * round((words / WORDS_A_MINUTE + _MINUTES_OF_A_LAB * labs) / 5))


def _measure(app: Sphinx, doctree: nodes.document) -> None:
    """Count the words a reader reads, not those of code and tables, and the labs."""
    read = sum(
        len(each.astext().split())
        for each in doctree.findall(nodes.paragraph)
        if not isinstance(each.parent, nodes.entry)
    )
    labs = sum(_LABS in each.astext() for each in doctree.findall(nodes.raw))
    app.env.carelab_pages[app.env.docname] = (minutes_of(read, labs), labs)  # type: ignore[attr-defined]


def _prepare(_app: Sphinx, env: Any, _docname: str = "", *_: Any) -> None:
    if not hasattr(env, "carelab_pages"):
        env.carelab_pages = {}
    env.carelab_pages.pop(_docname, None)


def _merge(_app: Sphinx, env: Any, docnames: set[str], other: Any) -> None:
    env.carelab_pages |= {
        name: each for name, each in other.carelab_pages.items() if name in docnames
    }


def _pages_with_old_menus(_app: Sphinx, env: Any) -> list[str]:
    """Return every page when minutes or labs of one are no longer what they were."""
    before, env.carelab_menu = getattr(env, "carelab_menu", None), dict(env.carelab_pages)
    return [] if before == env.carelab_pages else sorted(env.all_docs)


def with_minutes(menu: str, pages: dict[str, tuple[int, int]]) -> str:
    """Write minutes and labs behind the chapters of a menu, and a list of labs behind the course.

    ``pages`` gives minutes and labs by address.

    >>> entry = '<a class="reference internal" href="2.html">2. Pay</a>'
    >>> with_minutes(f"<li>{entry}</li>", {"2.html": (25, 1)})[48:]
    '2. Pay<span class="carelab-minutes">25 min, lab</span></a></li>'
    """
    labs: list[str] = []

    def entry(found: re.Match[str]) -> str:
        uri = found["uri"]
        minutes, count = pages.get(uri, (0, 0))
        # The course's chapters bear a number, their second pages none.
        if not (found["second"] or re.match(r"\d", found["title"].strip())):
            return found[0]
        if count:
            title = re.sub(r"^\s*[\d.]+\s*", "", found["title"])
            labs.append(
                f'<li class="toctree-l1"><a class="reference internal" href='
                f'"{"" if uri == "#" else uri}#{LAB_ANCHOR}">{title.partition(":")[0]}</a></li>'
            )
        said = word("menu.minutes_lab" if count else "menu.minutes", minutes=minutes)
        return (
            found[0].removesuffix("</a>")
            + f'<span class="carelab-minutes">{html.escape(said)}</span></a>'
        )

    menu = _ENTRY.sub(entry, menu)
    # The theme gives the button that opens a chapter's pages a sign and no name.
    menu = menu.replace("<summary>", f'<summary aria-label="{word("menu.more")}">')
    title = (
        '<p aria-level="2" class="caption" role="heading">'
        f'<span class="caption-text">{word("menu.labs")}</span></p>'
    )
    listed = f'{title}<ul class="nav bd-sidenav carelab-labs">{"".join(labs)}</ul>'
    return _AFTER_COURSE.sub(rf"</ul>{listed}", menu, count=1) if labs else menu


def _page(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    known = app.env.carelab_pages  # type: ignore[attr-defined]
    pages = {
        "#" if each == name else app.builder.get_relative_uri(name, each): found
        for each, found in known.items()
    }
    context["carelab_menu"] = lambda menu: with_minutes(str(menu), pages)


def setup(app: Sphinx) -> None:
    """Register what measures pages and what writes the menu."""
    app.connect("builder-inited", lambda app: _prepare(app, app.env))
    app.connect("env-purge-doc", _prepare)
    app.connect("env-merge-info", _merge)
    app.connect("doctree-read", _measure)
    app.connect("env-updated", _pages_with_old_menus)
    app.connect("html-page-context", _page, priority=400)
