"""The directive ``{selfcheck}``: questions that explain every answer, right or wrong.

Its author writes YAML: questions or sentences come out. The page holds native radio buttons and,
folded below each, its explanation; the script ``static/selfcheck.js`` shows the explanation of the
answer chosen and keeps the score.
"""

import hashlib
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.base import CarelabError, load_words, word
from carelab.base.yaml_files import parse_yaml

FEWEST_QUESTIONS = 5
_OPTIONS = (3, 4)
# These open a note with a button of their own, which has no place inside a radio button's label.
_MARKS = re.compile(r"\{(?:claim|num|param|silent)\}`")


@dataclass(frozen=True)
class Option:
    """One answer to choose: its text, whether it is right, and why."""

    text: str
    right: bool
    because: str


@dataclass(frozen=True)
class Question:
    """A question and its options, exactly one of them right."""

    text: str
    options: tuple[Option, ...]


def _sentence(entry: Any, key: str, where: str) -> str:
    """Return a text of the YAML, or raise and say how to write it."""
    value = entry.get(key)
    if value is None or value == "":
        raise CarelabError(f"{where} has no '{key}:'")
    if not isinstance(value, str):
        raise CarelabError(f"{where}: '{key}: {value}' is not a text; set it in quotation marks")
    return value.strip()


def _read_option(entry: Any, where: str) -> Option:
    kinds = {"right", "wrong"} & set(entry) if isinstance(entry, dict) else set()
    if len(kinds) != 1 or set(entry) - {"right", "wrong", "because"}:
        raise CarelabError(f"{where} must have 'right:' or 'wrong:', then 'because:'")
    kind = kinds.pop()
    text = _sentence(entry, kind, where)
    if _MARKS.search(text):
        raise CarelabError(f"{where} holds a mark of provenance; write it under 'because:'")
    return Option(text, kind == "right", _sentence(entry, "because", where))


def _read_question(entry: Any, where: str) -> Question:
    if not isinstance(entry, dict) or set(entry) != {"question", "options"}:
        raise CarelabError(f"{where} must have 'question:' and 'options:', and nothing else")
    written = entry["options"]
    if not isinstance(written, list) or len(written) not in _OPTIONS:
        found = len(written) if isinstance(written, list) else 0
        raise CarelabError(f"{where} has {found} options; allowed are 3 or 4")
    options = tuple(
        _read_option(each, f"{where}, option {number}") for number, each in enumerate(written, 1)
    )
    right = sum(option.right for option in options)
    if right != 1:
        raise CarelabError(f"{where} has {right} right options; exactly one must be right")
    texts = {option.text for option in options}
    if len(texts) != len(options):
        raise CarelabError(f"{where} offers the same option twice")
    return Question(_sentence(entry, "question", where), options)


def read_questions(text: str) -> list[Question]:
    r"""Read the body of a self-check.

    >>> read_questions("- question: Who pays?\n  options: []")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: question 1 has 0 options; allowed are 3 or 4; 1 ...
    """
    written = parse_yaml(text, "the self-check")
    if not isinstance(written, list):
        raise CarelabError("a self-check is a list; begin each question with '- question:'")
    questions, problems = [], []
    for number, entry in enumerate(written, start=1):
        try:
            questions.append(_read_question(entry, f"question {number}"))
        except CarelabError as problem:
            problems.append(str(problem))
    if len(written) < FEWEST_QUESTIONS:
        count = f"{len(written)} question{'s' if len(written) != 1 else ''}"
        problems.append(f"{count} written, at least {FEWEST_QUESTIONS} are needed")
    if problems:
        raise CarelabError("; ".join(problems))
    return questions


SCRIPT = "carelab-selfcheck.js"
_SOURCE = Path(__file__).with_name("static") / "selfcheck.js"
# Words that the script needs, too.
_SPOKEN = ("right", "not_yet", "score", "kept", "not_kept", "again", "cleared")


def script_text() -> str:
    """Return the script of the page: classic, without import, so that it runs from file://.

    >>> "import " in script_text()
    False
    """
    return _SOURCE.read_text(encoding="utf-8")


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


class SelfCheckDirective(SphinxDirective):
    """Insert a self-check of at least five questions, written as YAML."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the questions as HTML around parsed MyST."""
        text = "\n".join(self.content)
        try:
            questions = read_questions(text)
        except CarelabError as problem:
            raise self.error(f"selfcheck: {problem}") from None
        name = f"selfcheck-{self.env.new_serialno('selfcheck') + 1}"
        words = load_words()
        spoken = json.dumps({key: words[f"check.{key}"] for key in _SPOKEN}, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        made: list[nodes.Node] = [
            _raw(
                f'<section class="carelab-check" aria-labelledby="{name}"'
                f' data-check="{html.escape(f"{self.env.docname}/{name}/{digest}")}"'
                f' data-words="{html.escape(spoken)}">'
                f'<p class="carelab-check-title" id="{name}">{html.escape(word("check.title"))}</p>'
                f'<p class="carelab-check-how">{html.escape(word("check.how"))}</p>'
            )
        ]
        for number, question in enumerate(questions, start=1):
            made += self._question(question, f"{name}-{number}", number)
        made.append(_raw('<div class="carelab-check-end"></div></section>'))
        return made

    def _question(self, question: Question, name: str, number: int) -> list[nodes.Node]:
        made: list[nodes.Node] = [
            _raw(f'<fieldset class="carelab-check-question"><legend><span>{number}.</span> '),
            *self._inline(question.text),
            _raw("</legend>"),
        ]
        for place, option in enumerate(question.options, start=1):
            made += self._option(option, f"{name}-{place}", name)
        made.append(_raw('<div class="carelab-check-said" role="status"></div></fieldset>'))
        return made

    def _option(self, option: Option, name: str, group: str) -> list[nodes.Node]:
        verdict = word("check.right" if option.right else "check.not_yet")
        return [
            _raw(
                f'<div class="carelab-check-option" data-right="{str(option.right).lower()}">'
                f'<input type="radio" id="{name}" name="{group}">'
                f'<label for="{name}">'
            ),
            *self._inline(option.text),
            _raw(
                f"</label><details><summary>{html.escape(word('check.why'))}</summary>"
                '<div class="carelab-check-because">'
                f'<p class="carelab-check-verdict">{html.escape(verdict)}</p>'
            ),
            *self._blocks(option.because),
            _raw("</div></details></div>"),
        ]

    def _inline(self, text: str) -> list[nodes.Node]:
        found, messages = self.state.inline_text(text, self.lineno)
        return [nodes.inline("", "", *found), *messages]

    def _blocks(self, text: str) -> list[nodes.Node]:
        holder = nodes.Element()
        lines = StringList(text.splitlines(), source=self.env.docname)
        self.state.nested_parse(lines, self.content_offset, holder)
        return list(holder.children)


def answers_html(body: str) -> str:
    """Write the right answers of a page's questions with their reasons, for its last sheet."""
    from bs4 import BeautifulSoup

    items = []
    for question in BeautifulSoup(body, "html.parser").select("fieldset.carelab-check-question"):
        right = question.select_one('[data-right="true"]')
        label = right and right.label
        because = right and right.select_one(".carelab-check-because")
        if label is None or because is None:
            continue
        for each in because.select(".carelab-check-verdict, button"):
            each.decompose()
        items.append(f"<li><p>{label.decode_contents()}</p>{because.decode_contents()}</li>")
    if not items:
        return ""
    title = html.escape(word("check.answers"))
    head = f'<p class="carelab-answers-title">{title}</p>'
    return f'<div class="carelab-answers">{head}<ol>{"".join(items)}</ol></div>'


def _page(_app: Sphinx, _name: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    body = context.get("body", "")
    context["carelab_answers"] = answers_html(body) if "data-check=" in body else ""


def setup(app: Sphinx) -> None:
    """Register the directive, and the answers on a last sheet."""
    app.add_directive("selfcheck", SelfCheckDirective)
    app.connect("html-page-context", _page)
