"""The directive ``{selfcheck}``: questions that explain every answer, right or wrong.

The page holds native radio buttons and, folded below each, its explanation; the script
``static/selfcheck.js`` shows the explanation of the answer chosen and keeps the score.
"""

import hashlib
import html
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.base import CarelabError, load_words, word
from carelab.sphinx_ext.questions import Option, Question, read_questions

SCRIPT = "carelab-selfcheck.js"
_SOURCE = Path(__file__).with_name("static") / "selfcheck.js"
# Words that the script needs, too.
_SPOKEN = ("right", "not_yet", "score", "kept", "again", "cleared")


def script_text() -> str:
    """Return the script of the page: classic, without import, so that it runs from file://.

    Returns
    -------
    str
        JavaScript.

    Examples
    --------
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


def _page_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    if "data-check=" in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def _write_script(app: Sphinx) -> None:
    # Before the pages: Sphinx puts a hash of the file, as it then is, into its address.
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SCRIPT).write_text(script_text(), encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Register the directive and its script."""
    app.add_directive("selfcheck", SelfCheckDirective)
    app.connect("html-page-context", _page_script)
    app.connect("builder-inited", _write_script)
