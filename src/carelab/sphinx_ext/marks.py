"""Marks of provenance: every number and statement has its source one press away, quietly.

A number with its unit is underlined in the style of its class; a statement has a small dot behind
its full stop. Both are buttons that open a note, also without JavaScript. A paragraph that rests
on one source has one dot at its end; one that rests on several lets the keyboard open all of them
at one stop. Notes stand once a page, outside of its text, so that neither a search nor who copies
a sentence takes them along; on paper marks are numbers and the notes a list at the end.
"""

import html
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from carelab.base import word
from carelab.evidence import load_claims, load_indicators, load_parameters
from carelab.evidence.references import source_name

SILENT = "silent"
_CLAIM = re.compile(r"S\d+-\d")
_TEMPLATES = Path(__file__).with_name("templates")


class Note(NamedTuple):
    """What a mark opens: a class of evidence, a title, sentences, and where it was read."""

    kind: str
    title: str
    lines: tuple[str, ...]
    source: str
    meaning: str


@cache
def claims() -> dict[str, Any]:
    """Return the rows of the claims by id."""
    return {row["id"]: row for _, row in load_claims().iterrows()}


@cache
def indicators() -> dict[str, Any]:
    """Return the rows of the indicators by id."""
    return {row["id"]: row for _, row in load_indicators().iterrows()}


@cache
def parameters() -> dict[str, Any]:
    """Return the rows of the parameters: of the small models' own place by plain names."""
    rows = [row for _, row in load_parameters().iterrows()]
    named = {f"{row['context']}.{row['name']}": row for row in rows}
    plain = {row["name"]: row for row in rows if row["context"] == "teaching_county"}
    return named | plain


def _claim_note(ident: str) -> Note:
    row = claims()[ident]
    kind = row["class"]
    return Note(
        kind,
        " · ".join([word(f"class.{kind}"), word(f"claim.kind.{row['kind']}")]),
        (row["text"],),
        f"{source_name(row['source'])}; {row['section']}",
        f"{ident}. {word(f'class.{kind}.meaning')}",
    )


def _indicator_note(ident: str) -> Note:
    row = indicators()[ident]
    kind, grade = row["class"], row["grade"]
    span = "" if row["low"] != row["low"] else f" ({row['low']:g}–{row['high']:g})"
    value = f"{row['value']:g}{span}" if row["value"] == row["value"] else ""
    figure = " ".join(
        filter(None, [f"{row['name']}, {row['place']}, {row['year']}:", value, row["unit"]])
    )
    return Note(
        kind,
        f"{word(f'class.{kind}')} · {word('grade', grade=grade)}",
        (figure, *([row["note"]] if row["note"] else [])),
        source_name(row["source"]),
        f"{ident}. {grade}: {word(f'grade.{grade}')}",
    )


def _parameter_note(ident: str) -> Note:
    row = parameters()[ident]
    kind = row["class"]
    return Note(
        kind,
        word(f"class.{kind}"),
        (f"{row['value']:g} {row['unit']} ({row['low']:g}–{row['high']:g})", row["note"]),
        source_name(row["source"]),
        f"{ident}. {word(f'class.{kind}.meaning')}",
    )


def note_of(ident: str) -> Note:
    """Return what a mark opens, of a claim, an indicator, a parameter or a silence.

    >>> note_of("CN046").kind, note_of("silent").kind
    ('stated', 'silent')
    """
    if ident == SILENT:
        return Note(SILENT, word("class.silent"), (), "", word("class.silent.meaning"))
    # The form of an id says its table, so that a page reads no table which it does not show.
    if _CLAIM.match(ident):
        return _claim_note(ident)
    return _parameter_note(ident) if ident == ident.lower() else _indicator_note(ident)


def _source_of(ident: str) -> tuple[str, str]:
    note = note_of(ident)
    return note.kind, note.source.partition(";")[0]


def _class_of(idents: Iterable[str]) -> str:
    kinds = {note_of(each).kind for each in idents}
    # A dot for several classes shows the one that promises least.
    return kinds.pop() if len(kinds) == 1 else "stated"


def _label(idents: Iterable[str]) -> str:
    titles = dict.fromkeys(note_of(each).title.partition(" · ")[0] for each in idents)
    return ", ".join(titles)


def _button(idents: tuple[str, ...], name: str, role: str = "", value: str = "") -> str:
    kind, label = _class_of(idents), _label(idents)
    shown = word("mark.name", classes=label) if role != "stop" else word("mark.paragraph")
    if value:
        shown = f"{value}: {shown}"
    if len(idents) == 1 and role != "stop":
        grade = indicators()[idents[0]]["grade"] if idents[0] in indicators() else ""
        label = f"{label} {grade}".strip()
    extra = f" carelab-{role}" if role else ""
    stay = ' tabindex="-1"' if role in ("other", "inner") else ""
    return (
        f'<button type="button" class="{name}{extra}" data-class="{kind}"'
        f' data-evidence="{html.escape(" ".join(idents))}" data-label="{html.escape(label)}"'
        f' aria-label="{html.escape(shown)}"{stay}></button>'
    )


def number_html(value: str, ident: str) -> str:
    """Write a number with its unit: the text stays text, the button lies over it.

    >>> print(number_html("61.7 %", "CN134").partition("<button")[0])
    <span class="carelab-num" data-class="observed">61.7 %
    """
    return (
        f'<span class="carelab-num" data-class="{note_of(ident).kind}">{html.escape(value)}'
        f"{_button((ident,), 'carelab-open', value=value)}</span>"
    )


def dot_html(idents: tuple[str, ...], role: str = "") -> str:
    """Write the mark of a statement."""
    return _button(idents, "carelab-dot", role)


class Mark(nodes.Inline, nodes.Element):  # type: ignore[misc]
    """A mark in prose: of a number (``value``), or of a statement."""


def make_mark(idents: tuple[str, ...], value: str = "") -> Mark:
    """Return the node of a mark; an unknown id raises KeyError."""
    for each in idents:
        note_of(each)
    return Mark("", idents=idents, value=value, role="")


# Units that belong to the number before them; what they count stays outside.
_UNIT = re.compile(
    r"\s?(?:%|per cent\b|percentage points?\b|points?\b|mmHg\b|times\b"
    r"|(?:million |billion )?(?:yuan|pounds|dollars)\b|(?:million|billion)\b|years?\b)"
)
_CLOSING = re.compile(r"[.,;:!?)”’]+")
_LAST_WORD = re.compile(r"\S+$")


def _replace_text(node: nodes.Node, text: str) -> None:
    if text:
        node.parent.replace(node, nodes.Text(text))
    else:
        node.parent.remove(node)


def _neighbour(mark: nodes.Element, step: int) -> Any:
    parent: Any = mark.parent
    place = parent.index(mark) + step
    return parent[place] if 0 <= place < len(parent) else None


def _is_dot(node: nodes.Node | None) -> bool:
    return isinstance(node, Mark) and not node["value"] and SILENT not in node["idents"]


def _join(mark: Mark) -> bool:
    """Make one dot of two that stand side by side; the first takes what the second names."""
    before = _neighbour(mark, -1)
    space = before if isinstance(before, nodes.Text) and not before.strip() else None
    first = _neighbour(mark, -2) if space is not None else before
    if not _is_dot(mark) or not isinstance(first, Mark) or not _is_dot(first):
        return False
    first["idents"] = tuple(dict.fromkeys((*first["idents"], *mark["idents"])))
    if space is not None:
        mark.parent.remove(space)
    mark.parent.remove(mark)
    return True


def _take_unit(mark: Mark) -> None:
    behind = _neighbour(mark, 1)
    if isinstance(behind, nodes.Text) and (found := _UNIT.match(behind)):
        mark["value"] += found[0]
        _replace_text(behind, behind[found.end() :])


def _set_behind_stop(mark: Mark) -> None:
    """Move the punctuation behind a dot before it, and keep the last word at its side."""
    parent: Any = mark.parent
    before, behind = _neighbour(mark, -1), _neighbour(mark, 1)
    closing = _CLOSING.match(behind) if isinstance(behind, nodes.Text) else None
    stop = closing[0] if closing else ""
    if closing:
        _replace_text(behind, behind[closing.end() :])
    text = stop
    if isinstance(before, nodes.Text):
        text = before.rstrip() + stop
        parent.remove(before)
    found = _LAST_WORD.search(text)
    if found is None:
        return
    place = parent.index(mark)
    parent.remove(mark)
    kept = nodes.inline("", "", nodes.Text(found[0]), mark, classes=["carelab-keep"])
    parent.insert(place, kept)
    if found.start():
        parent.insert(place, nodes.Text(text[: found.start()]))


def _gather(paragraph: nodes.Element) -> None:
    """Give a paragraph one dot if one source carries it, else one stop for the keyboard."""
    marks = list(paragraph.findall(Mark))
    dots = [each for each in marks if not each["value"] and SILENT not in each["idents"]]
    if len(dots) < 2:
        return
    idents = tuple(dict.fromkeys(name for each in marks for name in each["idents"]))
    idents = tuple(each for each in idents if each != SILENT)
    one = len({_source_of(name) for each in dots for name in each["idents"]}) == 1
    for each in dots:
        each["role"] = "inner" if one else "other"
    last = make_mark(idents)
    last["role"] = "whole" if one else "stop"
    # The last dot of a paragraph ends it, or its neighbour does.
    home: Any = dots[-1].parent
    (home if home is paragraph[-1] else paragraph).append(last)


class SettleMarks(SphinxTransform):
    """Give numbers their units, set dots behind the full stop, and gather a paragraph's sources."""

    default_priority = 850

    def apply(self, **_: Any) -> None:
        """Change the page."""
        for mark in list(self.document.findall(Mark)):
            _join(mark)
        for mark in list(self.document.findall(Mark)):
            if mark["value"]:
                _take_unit(mark)
            else:
                _set_behind_stop(mark)
        for paragraph in list(self.document.findall(nodes.paragraph)):
            _gather(paragraph)


def _write(self: Any, node: Mark) -> None:
    idents = node["idents"]
    if node["value"]:
        self.body.append(number_html(node["value"], idents[0]))
    else:
        self.body.append(dot_html(idents, "silent" if SILENT in idents else node["role"]))
    raise nodes.SkipNode


def _write_value(self: Any, node: Mark) -> None:
    if node["value"]:
        self.add_text(node["value"])
    raise nodes.SkipNode


def _skip(_self: Any, _node: Mark) -> None:
    raise nodes.SkipNode


_MARKED = re.compile(r'<button type="button" class="carelab-(?:open|dot)[^>]*')
_EVIDENCE = re.compile(r' data-evidence="([^"]*)"')


def _note_name(idents: tuple[str, ...]) -> str:
    return "note-" + re.sub(r"[^\w-]+", "-", "--".join(idents))


def _entry(note: Note) -> str:
    lines = "".join(f"<p>{html.escape(each)}</p>" for each in note.lines if each)
    source = f'<p class="carelab-note-source">{html.escape(note.source)}</p>' if note.source else ""
    return (
        f'<p class="carelab-note-class" data-class="{note.kind}">{html.escape(note.title)}</p>'
        f'{lines}{source}<p class="carelab-note-meaning">{html.escape(note.meaning)}</p>'
    )


def _note_html(idents: tuple[str, ...], number: int) -> str:
    name = _note_name(idents)
    entries = [_entry(note_of(each)) for each in idents]
    inner = entries[0] if len(entries) == 1 else "".join(f"<li>{each}</li>" for each in entries)
    if len(entries) > 1:
        inner = f"<ul>{inner}</ul>"
    numbered = f' data-number="{number}"' if number else ""
    return f'<div popover id="{name}" class="carelab-note" role="note"{numbered}>{inner}</div>'


def with_notes(body: str) -> tuple[str, str]:
    """Tie the marks of a page to their notes, and return the page and its notes.

    >>> page, notes = with_notes(dot_html(("S004-17",)) + dot_html(("S004-17", "CN046")))
    >>> page.count('popovertarget="note-S004-17"'), notes.count("data-number")
    (1, 2)
    """
    numbers: dict[str, int] = {}
    several: dict[tuple[str, ...], None] = {}

    def tie(found: re.Match[str]) -> str:
        names = _EVIDENCE.search(found[0])
        if names is None:  # the button of a term, which opens a tip
            return found[0]
        idents = tuple(html.unescape(names[1]).split())
        for each in idents:
            if each != SILENT:
                numbers.setdefault(each, len(numbers) + 1)
        if len(idents) > 1 or SILENT in idents:
            several.setdefault(idents)
        printed = ", ".join(str(numbers[each]) for each in idents if each in numbers)
        return f'{found[0]} popovertarget="{_note_name(idents)}" data-printed="{printed}"'

    body = _MARKED.sub(tie, body)
    if not numbers and not several:
        return body, ""
    notes = [_note_html((each,), number) for each, number in numbers.items()]
    notes += [_note_html(each, 0) for each in several]
    title = html.escape(word("mark.notes"))
    return body, (
        f'<aside class="carelab-notes" aria-label="{title}">'
        f'<p class="carelab-notes-title">{title}</p>{"".join(notes)}</aside>'
    )


def _page(_app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    if "body" in context:
        context["body"], context["carelab_notes"] = with_notes(context["body"])


def setup(app: Sphinx) -> None:
    """Register the node, what settles it, and the notes of a page."""
    app.add_node(
        Mark,
        html=(_write, None),
        text=(_write_value, None),
        latex=(_skip, None),
        man=(_skip, None),
        texinfo=(_skip, None),
    )
    app.add_transform(SettleMarks)
    app.connect("config-inited", lambda _app, config: config.templates_path.append(str(_TEMPLATES)))
    app.connect("html-page-context", _page, priority=600)
