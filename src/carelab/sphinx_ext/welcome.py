"""What only the welcome page has: a lab, the path of the chapters, what stands behind the numbers.

- ``{welcome-lab}``: one rule, a hundred people, what each actor has in hand
- ``{course-path}``: lines of ``question: chapter, chapter``, each with its minutes
- ``{behind-numbers}``: classes of evidence as two bars, results met and missed
"""

import html
from collections import Counter
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.base import book_language, word
from carelab.evidence import load_claims, load_indicators, load_parameters
from carelab.evidence.tables import read_table
from carelab.lab.welcome_lab import welcome_html
from carelab.sphinx_ext.dependencies import note_data
from carelab.study import scoreboard
from carelab.study.trust.fair_score import FORECASTS, fair_scoreboard, scored_rows

CLASSES = ("observed", "stated", "derived", "assumed", "coded")


class WelcomeLab(SphinxDirective):
    """Insert the lab of the welcome page."""

    def run(self) -> list[nodes.Node]:
        """Return its place on the page."""
        note_data(self.env, "parameters.csv", "presets.csv", "levers.csv", "possible_places.csv")
        return [nodes.raw("", welcome_html(), format="html")]


class CoursePathNode(nodes.General, nodes.Element):  # type: ignore[misc]
    """The chapters by question; minutes are known when all pages are read."""


class CoursePath(SphinxDirective):
    """Insert the chapters, each with its minutes."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the path, each chapter one that the book has."""
        groups = []
        for line in filter(None, map(str.strip, self.content)):
            question, _, names = line.rpartition(":")
            pages = [name.strip() for name in names.split(",")]
            for page in pages:
                if page not in self.env.found_docs:
                    raise self.error(f"course-path: the book has no page '{page}'")
            groups.append((question, pages))
        if not groups:
            raise self.error("course-path: it names no chapter; write 'question: page, page'")
        return [CoursePathNode("", groups=groups)]


def path_html(groups: Iterable[tuple[str, list[str]]], env: Any, address: Any) -> str:
    """Write the path: a list a question, chapters with number, title, minutes."""
    parts = []
    for question, pages in groups:
        steps = "".join(_step(page, env, address(page)) for page in pages)
        parts.append(
            f'<div class="carelab-course-part"><p>{html.escape(question)}</p><ol>{steps}</ol></div>'
        )
    return f'<div class="carelab-course">{"".join(parts)}</div>'


def _step(page: str, env: Any, address: str) -> str:
    minutes, labs = env.carelab_pages[page]
    said = word("menu.minutes_lab" if labs else "menu.minutes", minutes=minutes)
    number = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
    title = env.titles[page].astext().partition(":")[0]
    shown = f'<b aria-hidden="true">{number}</b>' if number else ""
    return (
        f'<li><a href="{html.escape(address)}">{shown}<span>{html.escape(title)}'
        f"<small>{html.escape(said)}</small></span></a></li>"
    )


def _visit_path(self: Any, node: CoursePathNode) -> None:
    builder = self.builder
    here = builder.current_docname
    self.body.append(
        path_html(node["groups"], builder.env, lambda page: builder.get_relative_uri(here, page))
    )
    raise nodes.SkipNode


def bar_html(counts: Counter[str], title: str) -> str:
    """Write one bar: its parts as wide as their counts, the same in words below.

    >>> bar_html(Counter(observed=3, assumed=1), "Four values").count("flex-grow")
    2
    """
    present = [name for name in CLASSES if counts[name]]
    bar = "".join(
        f'<i class="carelab-part-{name}" style="flex-grow:{counts[name]}"></i>' for name in present
    )
    key = "".join(
        f'<li><i class="carelab-part-{name}"></i>'
        + html.escape(word("welcome.bar_part", count=counts[name], kind=word(f"class.{name}")))
        + "</li>"
        for name in present
    )
    return (
        f'<p class="carelab-shares-title">{html.escape(title)}</p>'
        f'<div class="carelab-shares" aria-hidden="true">{bar}</div>'
        f'<ul class="carelab-shares-key">{key}</ul>'
    )


def behind_numbers_html() -> str:
    """Count what stands behind the numbers: statements and figures, values, results met."""
    claims, figures, values = load_claims(), load_indicators(), load_parameters()
    statements = Counter([*claims["class"], *figures["class"]])
    sources = len({*claims["source"], *figures["source"]})
    inside = Counter(values["class"])
    return bar_html(
        statements,
        word("welcome.bar_statements", count=statements.total(), sources=sources),
    ) + bar_html(inside, word("welcome.bar_values", count=inside.total()))


def held_out() -> dict[str, int]:
    """Return how many held-out results the model meets and misses, and how many signs are right.

    >>> sorted(held_out())
    ['met', 'missed', 'signs', 'studies']
    """
    board = scoreboard()
    verdicts = Counter(board[board["used_for"] == "test"]["verdict"])
    scores = fair_scoreboard(scored_rows(read_table("fair_scores.csv"))).set_index("forecast")
    model: dict[Any, Any] = scores.to_dict("index")[FORECASTS["range"]]
    return {
        "met": verdicts["within"],
        "missed": verdicts["outside"],
        "signs": round(model["signs"]),
        "studies": int(model["of_signs"]),
    }


class BehindNumbers(SphinxDirective):
    """Insert the two bars and the held-out results."""

    def run(self) -> list[nodes.Node]:
        """Return them as HTML and a paragraph."""
        note_data(
            self.env,
            *("claims.csv", "indicators.csv", "parameters.csv", "levers.csv", "presets.csv"),
            *("targets.csv", "fair_scores.csv", "target_marks.csv"),
        )
        told = nodes.paragraph("", word("welcome.held_out", book_language(), **held_out()))
        told["classes"].append("carelab-held-out")
        return [nodes.raw("", behind_numbers_html(), format="html"), told]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("welcome-lab", WelcomeLab)
    app.add_directive("course-path", CoursePath)
    app.add_directive("behind-numbers", BehindNumbers)
    app.add_node(CoursePathNode, html=(_visit_path, None))
