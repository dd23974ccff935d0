"""The text of every page for the search of the book, in one script that a disk can load.

The search of Sphinx knows no Chinese word of two signs and fetches its excerpts, which a browser
refuses from a disk. Ours looks for strings in the text that a reader sees: this module takes it
from the finished pages, without code, formulas and notes that open at a press, and
``static/search.js`` ranks and shows it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from carelab.base import load_words
from carelab.base.whole_files import write_whole

SCRIPT = "carelab-search.js"
_SOURCE = Path(__file__).with_name("static") / "search.js"
_DATA = "carelab-search-text.js"
_PAGE = "search"
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    )
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What no reader sees as text: code, formulas, drawings, controls, words for a machine.
_UNSEEN_TAGS = frozenset(
    (
        "button",
        "math",
        "nav",
        "noscript",
        "pre",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
    )
)
_UNSEEN_CLASSES = frozenset(
    (
        "carelab-fallback",
        "carelab-hidden",
        "carelab-without-script",
        "cell_input",
        "headerlink",
        "hide",
        "section-number",
        "visually-hidden",
    )
)
# A question is shown above every lab, in its static picture as in itself.
_SEEN_CLASSES = frozenset({"carelab-question"})
_TERM = "carelab-term"
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BROKEN = re.compile(rf"(?<=[{_CHINESE}]) *\n\s*(?=[{_CHINESE}])")
_LOOSE = re.compile(r" (?=[.,;:)](?:\s|$))")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass
class Section:
    """A stretch of a page below one heading, or one term of the glossary."""

    anchor: str = ""
    kind: str = ""
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def _plain(parts: Iterable[str]) -> str:
    joined = _INVISIBLE.sub("", "".join(parts))
    # A mark of provenance has left its space before the punctuation.
    return _LOOSE.sub("", " ".join(_BROKEN.sub("", joined).split()))


def _is_unseen(tag: str, classes: set[str], given: Mapping[str, str]) -> bool:
    hidden = "popover" in given or "hidden" in given
    return hidden or tag in _UNSEEN_TAGS or bool(classes & _UNSEEN_CLASSES)


class _Reader(HTMLParser):
    """Collect what a reader sees of the article of a page, by section."""

    def __init__(self) -> None:
        super().__init__()
        self.sections = [Section()]
        self._open: list[tuple[str, bool, str]] = []  # tag, whether seen, anchor of its section
        self._title_of = ""

    @property
    def _inside(self) -> bool:
        return bool(self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if not self._inside and not (tag == "article" and "bd-article" in classes):
            return
        if tag not in _INLINE:
            self._write("\n" if tag == "br" else " ")
        if tag in _VOID:
            return
        _, seen, anchor = self._open[-1] if self._open else ("", True, "")
        seen = (seen or bool(classes & _SEEN_CLASSES)) and not _is_unseen(tag, classes, given)
        if tag == "section":
            anchor = given.get("id", anchor)
        if seen:
            self._begin_section(tag, classes, given.get("id", ""), anchor)
        self._open.append((tag, seen, anchor))

    def _begin_section(self, tag: str, classes: set[str], name: str, anchor: str) -> None:
        if _TERM in classes:
            self.sections.append(Section(name, "term"))
            self._title_of = "dt"
        elif tag in _HEADINGS and anchor != self.sections[-1].anchor:
            self.sections.append(Section(anchor))
            self._title_of = tag

    def handle_endtag(self, tag: str) -> None:
        # A forgotten end tag ends with what holds it.
        if tag not in {each for each, _, _ in self._open}:
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        if self._inside and tag not in _INLINE:
            self._write(" ")
        if tag == self._title_of:
            self._title_of = ""

    def handle_data(self, data: str) -> None:
        self._write(data)

    def _write(self, text: str) -> None:
        if not self._open or not self._open[-1][1]:
            return
        section = self.sections[-1]
        in_title = self._title_of and any(tag == self._title_of for tag, _, _ in self._open)
        (section.title if in_title else section.text).append(text)


def page_text(page: str) -> dict[str, Any] | None:
    """Return what a reader sees of a page: its title, and the text of its sections.

    Parameters
    ----------
    page : str
        HTML of a finished page.

    Returns
    -------
    dict or None
        ``title`` and ``sections``, each a list of anchor, title, text and kind (``term`` or
        empty); None for a page without an article.

    Examples
    --------
    >>> page_text('<article class="bd-article"><section id="a"><h1>Pay</h1><p>By <b>case</b>.'
    ...           '<span popover>Source</span><pre>code</pre></p></section></article>')
    {'title': 'Pay', 'sections': [['a', 'Pay', 'By case.', '']]}
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    made = [
        [each.anchor, _plain(each.title), _plain(each.text), each.kind] for each in reader.sections
    ]
    found = [each for each in made if each[1] or each[2]]
    if not found:
        return None
    return {"title": found[0][1], "sections": found}


def search_data(pages: Iterable[tuple[str, str]]) -> str:
    """Write the script that holds the text of pages, given as address and HTML in reading order."""
    texts = []
    for address, page in pages:
        if text := page_text(page):
            texts.append({"address": address, **text})
    words = {key: text for key, text in load_words().items() if key.startswith("search.")}
    content = json.dumps({"words": words, "pages": texts}, ensure_ascii=False)
    return f"globalThis.carelabSearch = {content};\n"


def script_text() -> str:
    """Return the script of the search page: classic, so that it runs from file://."""
    return _SOURCE.read_text(encoding="utf-8")


def _reading_order(app: Sphinx) -> Iterator[str]:
    seen: set[str] = set()

    def below(name: str) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        yield name
        for child in app.env.toctree_includes.get(name, []):
            yield from below(child)

    yield from below(str(app.config.root_doc))
    yield from (name for name in sorted(app.env.found_docs) if name not in seen)


def _without_index(app: Sphinx) -> None:
    # No index of Sphinx is made; its search page is made below all the same.
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield _PAGE, {}, "search.html"


def _write_data(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    files = [(f"{name}.html", folder / f"{name}.html") for name in _reading_order(app)]
    pages = [(name, path.read_text("utf-8")) for name, path in files if path.is_file()]
    data = search_data(pages)
    write_whole(folder / "_static" / _DATA, data)
    # A browser that keeps files must see when the text has changed.
    digest = hashlib.sha256(data.encode()).hexdigest()[:8]
    page = folder / f"{_PAGE}.html"
    text = page.read_text(encoding="utf-8")
    tag = f'<script defer="defer" src="_static/{_DATA}?v={digest}"></script>\n'
    ours = re.search(rf"<script[^>]*{re.escape(SCRIPT)}[^>]*></script>", text)
    if ours and _DATA not in text:
        write_whole(page, text[: ours.start()] + tag + text[ours.start() :])


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.connect("builder-inited", _without_index)
    app.connect("html-collect-pages", _search_page)
    # After the theme's pages were mended.
    app.connect("build-finished", _write_data, priority=950)
