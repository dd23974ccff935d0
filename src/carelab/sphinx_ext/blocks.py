"""Directives of a chapter's opening and of its turns, and the tips of glossary terms.

- ``{puzzle}``: one striking fact; its last paragraph is the question
- ``{person}``: whom it touches
- ``{thesis}``: the chapter in one sentence
- ``{by-hand} title``: a worked example with round numbers
- ``{so-far}``: what a reader holds now, in two plain sentences
- ``{lab-card} title``: what the lab asks, and the way to it
- ``{gloss}`siphon` ``: a term of the glossary; at its first use in a section it opens a tip
"""

import html
import re
from functools import cache
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import split_explicit_title

from carelab.base import word
from carelab.evidence import load_glossary
from carelab.sphinx_ext.dependencies import note_data
from carelab.sphinx_ext.reading import LAB_ANCHOR

_LONGEST_THESIS = 45
_ENDS = re.compile(r"[.!?](?=\s|$)")


class Block(nodes.General, nodes.Element):  # type: ignore[misc]
    """A part of a chapter that looks the same in every chapter."""


class _BlockDirective(SphinxDirective):
    has_content = True
    kind: ClassVar[str]
    tag: ClassVar[str] = "div"
    title_word: ClassVar[str] = ""

    def _block(self) -> Block:
        if not self.content:
            raise self.error(f"{self.name}: it says nothing; write its text below")
        block = Block("", kind=self.kind, tag=self.tag)
        self.state.nested_parse(self.content, self.content_offset, block)
        return block

    def _title(self, text: str) -> nodes.paragraph:
        found, messages = self.state.inline_text(text, self.lineno)
        return nodes.paragraph("", "", *found, *messages, classes=["carelab-block-title"])

    def run(self) -> list[nodes.Node]:
        """Return the block."""
        block = self._block()
        if self.title_word:
            block.insert(0, self._title(word(self.title_word)))
        return [block]


class Puzzle(_BlockDirective):
    """One striking fact; its last paragraph is the question."""

    kind = "puzzle"

    def run(self) -> list[nodes.Node]:
        """Return the puzzle, its question set apart."""
        block = self._block()
        last = block[-1]
        if not isinstance(last, nodes.paragraph) or not last.astext().rstrip().endswith("?"):
            raise self.error("puzzle: its last paragraph must be a question")
        last["classes"].append("carelab-question-asked")
        return [block]


class Person(_BlockDirective):
    """A patient, doctor or director whom the puzzle touches."""

    kind = "person"


class Thesis(_BlockDirective):
    """The chapter in one sentence, or two short ones, that a student can repeat tomorrow."""

    kind = "thesis"

    def run(self) -> list[nodes.Node]:
        """Return the thesis, if it is one that can be repeated."""
        block = self._block()
        words = len(block.astext().split())
        if len(block) != 1 or words > _LONGEST_THESIS:
            raise self.error(
                f"thesis: {len(block)} paragraphs of {words} words; allowed is one paragraph of"
                f" at most {_LONGEST_THESIS} words"
            )
        return [block]


class SoFar(_BlockDirective):
    """What a reader holds now, in two plain sentences."""

    kind = "so-far"
    title_word = "block.so_far"

    def run(self) -> list[nodes.Node]:
        """Return the box, if it is short."""
        block = self._block()
        if (count := len(_ENDS.findall(block.astext()))) > 2:
            raise self.error(f"so-far: {count} sentences; allowed are 2")
        block.insert(0, self._title(word(self.title_word)))
        return [block]


class ByHand(_BlockDirective):
    """A worked example with round numbers, before any equation."""

    kind = "by-hand"
    tag = "section"
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the example under its title."""
        block = self._block()
        block.insert(0, self._title(f"{word('block.by_hand')}: {self.arguments[0]}"))
        return [block]


class LabCard(_BlockDirective):
    """What the lab asks, how long it takes, and the way to it."""

    kind = "lab-card"
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {"minutes": directives.positive_int, "page": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the card with its button."""
        block = self._block()
        block.insert(0, self._title(f"{word('block.lab')}: {self.arguments[0]}"))
        page = self.options.get("page", "")
        said = word("block.play", minutes=self.options.get("minutes", 10))
        target = f"{html.escape(page)}.html#{LAB_ANCHOR}" if page else f"#{LAB_ANCHOR}"
        block += nodes.raw(
            "",
            f'<p class="carelab-go"><a class="carelab-button" href="{target}">'
            f"{html.escape(said)}</a></p>",
            format="html",
        )
        return [block]


def _open(self: Any, node: Block) -> None:
    self.body.append(f'<{node["tag"]} class="carelab-block carelab-{node["kind"]}">')


def _close(self: Any, node: Block) -> None:
    self.body.append(f"</{node['tag']}>\n")


def _pass(_self: Any, _node: nodes.Node) -> None:
    pass


class GlossaryTerm(nodes.Inline, nodes.TextElement):  # type: ignore[misc]
    """A term that the glossary explains."""


@cache
def _terms() -> dict[str, Any]:
    return {row["id"]: row for _, row in load_glossary().iterrows()}


def _term_role(
    _name: str, raw: str, text: str, line: int, inliner: Any, *_: Any, **__: Any
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    note_data(inliner.document.settings.env, "glossary.csv")
    given, shown, name = split_explicit_title(text)
    if name not in _terms():
        problem = f"term '{name}' is not in the glossary; write an id of glossary.csv"
        message = inliner.reporter.error(problem, line=line)
        return [inliner.problematic(raw, raw, message)], [message]
    said = shown if given else _terms()[name]["term_en"]
    return [GlossaryTerm(raw, said, ident=name, first=True)], []


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a term in a text, the longest first, and the id of each."""
    idents = {row["term_en"].lower(): name for name, row in _terms().items()}
    names = "|".join(map(re.escape, sorted(idents, key=len, reverse=True)))
    return re.compile(rf"\b({names})s?\b", re.IGNORECASE), idents


def _section_of(node: nodes.Node) -> int:
    while node.parent is not None and not isinstance(node, nodes.section):
        node = node.parent
    return id(node)


class FirstUses(SphinxTransform):
    """A term opens its tip at its first use in the prose of a section of a chapter."""

    # After marks have found their words.
    default_priority = 860

    def apply(self, **_: Any) -> None:
        """Change the page."""
        seen: set[tuple[int, str]] = set()
        for term in self.document.findall(GlossaryTerm):
            key = (_section_of(term), term["ident"])
            term["first"] = key not in seen
            seen.add(key)
        if not self.env.docname.startswith("notebooks/"):
            return
        note_data(self.env, "glossary.csv")
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if isinstance(paragraph.parent, (nodes.section, nodes.list_item, Block)):
                for text in [each for each in paragraph if isinstance(each, nodes.Text)]:
                    self._explain(text, seen)

    def _explain(self, text: nodes.Text, seen: set[tuple[int, str]]) -> None:
        pattern, idents = _names()
        parts: list[nodes.Node] = []
        end = 0
        section = _section_of(text)
        for found in pattern.finditer(text):
            ident = idents[found[1].lower()]
            if (section, ident) in seen:
                continue
            seen.add((section, ident))
            parts.append(nodes.Text(text[end : found.start()]))
            parts.append(GlossaryTerm("", found[0], ident=ident, first=True))
            end = found.end()
        if parts:
            parent: Any = text.parent
            parent.replace(
                text, [each for each in (*parts, nodes.Text(text[end:])) if each.astext()]
            )


def tip_html(ident: str) -> str:
    """Write the tip of a term.

    >>> "虹吸" in tip_html("siphon")
    True
    """
    row = _terms()[ident]
    return (
        f'<div popover id="tip-{ident}" class="carelab-note carelab-tip" role="note">'
        f'<p><strong>{html.escape(row["term_en"])}</strong> <span lang="zh-CN">'
        f"{html.escape(row['term_zh'])}</span></p><p>{html.escape(row['meaning_en'])}</p></div>"
    )


def _open_term(self: Any, node: GlossaryTerm) -> None:
    if node["first"]:
        self.body.append(f'<span class="carelab-gloss" data-term="{node["ident"]}">')


def _close_term(self: Any, node: GlossaryTerm) -> None:
    if node["first"]:
        name = html.escape(word("mark.term", term=_terms()[node["ident"]]["term_en"]))
        self.body.append(
            f'<button type="button" class="carelab-open" popovertarget="tip-{node["ident"]}"'
            f' aria-label="{name}"></button></span>'
        )


_TERM = re.compile(r'popovertarget="tip-(\w+)"')


def _tips(_app: Sphinx, _name: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    used = dict.fromkeys(_TERM.findall(context.get("body", "")))
    context["carelab_tips"] = "".join(map(tip_html, used))


def setup(app: Sphinx) -> None:
    """Register the directives, the role and what they become."""
    plain = (_pass, _pass)
    app.add_node(Block, html=(_open, _close), text=plain, latex=plain)
    app.add_node(GlossaryTerm, html=(_open_term, _close_term), text=plain, latex=plain)
    for kind in (Puzzle, Person, Thesis, SoFar, ByHand, LabCard):
        app.add_directive(kind.kind, kind)
    app.add_role("gloss", _term_role)
    app.add_transform(FirstUses)
    app.connect("html-page-context", _tips)
