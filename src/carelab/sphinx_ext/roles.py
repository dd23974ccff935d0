"""Roles of prose: a number or a claim with its source and class, a scenario with its lab.

- ``{claim}`S004-79` ``: a mark that opens what the source says, where, and of which class
- ``{num}`CN046` `` or ``{num}`CN020 .0f` ``: the figure itself, then the mark
- ``{num}`CN265 low` `` or ``{num}`CN191 high .0f` ``: an end of the figure's interval; the mark
  stands with the figure
- ``{param}`case_price` ``: a model parameter, then the mark
- ``{silent}`The seed does not say …` ``: a silence, marked as such
- ``{lab}`carelab/2/china_county/anhui <05-anhui>` ``: a scenario, linked to the lab of
  the care economy of a chapter
"""

import html
import re
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.nodes import split_explicit_title

from carelab.base import CarelabError, word
from carelab.base.numbers import format_number
from carelab.engine import Scenario
from carelab.evidence import load_claims, load_indicators, load_parameters
from carelab.evidence.references import source_name
from carelab.sphinx_ext.dependencies import note_data

_LOGGER = logging.getLogger(__name__)
_serial = count(1)


@cache
def _claims() -> dict[str, Any]:
    return {row["id"]: row for _, row in load_claims().iterrows()}


@cache
def _indicators() -> dict[str, Any]:
    return {row["id"]: row for _, row in load_indicators().iterrows()}


@cache
def _parameters() -> dict[str, Any]:
    # The small models' own place goes by plain names, every other place by place.name.
    rows = [row for _, row in load_parameters().iterrows()]
    named = {f"{row['context']}.{row['name']}": row for row in rows}
    plain = {row["name"]: row for row in rows if row["context"] == "teaching_county"}
    return named | plain


def mark(label: str, kind: str, lines: list[str], ident: str) -> str:
    """Write a small button that opens a note: works without JavaScript, closes with Escape."""
    name = f"carelab-note-{next(_serial)}"
    note = "".join(f'<span class="carelab-note-line">{html.escape(each)}</span>' for each in lines)
    return (
        f'<button type="button" class="carelab-badge carelab-{kind}" popovertarget="{name}"'
        f' data-evidence="{html.escape(ident)}">{html.escape(label)}'
        f'<span class="carelab-hidden"> {html.escape(ident)}</span></button>'
        f'<span popover id="{name}" class="carelab-note" role="note">{note}</span>'
    )


def _claim_mark(name: str) -> str:
    row = _claims()[name]
    kind = row["class"]
    return mark(
        word(f"class.{kind}"),
        kind,
        [
            " · ".join([name, word(f"class.{kind}"), word(f"claim.kind.{row['kind']}")]),
            row["text"],
            f"{source_name(row['source'])}; {row['section']}",
            word(f"class.{kind}.meaning"),
        ],
        name,
    )


def _figure_mark(name: str, row: Any) -> str:
    kind, grade = row["class"], row["grade"]
    weak = " carelab-weak" if grade == "C" else ""
    title = f"{name} · {word(f'class.{kind}')} · {word('grade', grade=grade)}"
    span = "" if row["low"] != row["low"] else f" ({row['low']:g}–{row['high']:g})"
    value = f"{row['value']:g}{span}" if row["value"] == row["value"] else ""
    return mark(
        f"{word(f'class.{kind}')} {grade}",
        kind + weak,
        [
            title,
            f"{row['name']}, {row['place']}, {row['year']}: {value} {row['unit']}".strip(),
            source_name(row["source"]),
            *([row["note"]] if row["note"] else []),
            f"{grade}: {word(f'grade.{grade}')}",
        ],
        name,
    )


def shown_number(value: float, form: str = "") -> str:
    """Write a number as prose does: grouped thousands, no needless decimals.

    >>> shown_number(1086.0), shown_number(0.44), shown_number(-23.9), shown_number(20.7, ".0f")
    ('1,086', '0.44', '−23.9', '21')
    """
    form = form.lstrip(",")  # thousands are grouped anyway
    text = format_number(value, f",{form or '.10f'}")
    return text if form else text.rstrip("0").rstrip(".")


def _claims_html(text: str) -> str:
    return "".join(_claim_mark(name) for name in re.split(r"[,\s]+", text.strip()))


def num_html(text: str, unit: bool = False) -> str:
    """Write a figure of the registry with its mark, as the role ``num`` does.

    >>> num_html("CN265 low")
    '<span data-evidence="CN265">0.61</span>'
    """
    name, _, form = text.strip().partition(" ")
    row = _indicators()[name]
    bound, _, bound_form = form.partition(" ")
    if bound in ("low", "high"):
        if row[bound] != row[bound]:
            raise ValueError(bound)
        return f'<span data-evidence="{name}">{shown_number(row[bound], bound_form)}</span>'
    if row["value"] != row["value"]:
        return _figure_mark(name, row)
    behind = f" {html.escape(row['unit'])}" if unit else ""
    return f"{shown_number(row['value'], form)}{behind} {_figure_mark(name, row)}"


def _param_html(text: str) -> str:
    name, _, form = text.strip().partition(" ")
    row = _parameters()[name]
    kind = row["class"]
    lines = [
        f"{name} · {word(f'class.{kind}')}",
        f"{row['value']:g} {row['unit']} ({row['low']:g}–{row['high']:g})",
        source_name(row["source"]),
        row["note"],
    ]
    return f"{shown_number(row['value'], form)} {mark(word(f'class.{kind}'), kind, lines, name)}"


def _silent_html(text: str) -> str:
    badge = mark(word("class.silent"), "silent", [word("class.silent.meaning")], "silent")
    return f'<span class="carelab-silence">{html.escape(text)}</span> {badge}'


# What writes a role, what its text names, and the data that it is made of.
_ROLES: dict[str, tuple[Callable[[str], str], str, tuple[str, ...]]] = {
    "claim": (_claims_html, "claim", ("claims.csv", "sources.csv")),
    "num": (num_html, "indicator", ("indicators.csv", "sources.csv")),
    "param": (_param_html, "parameter", ("parameters.csv", "sources.csv")),
    "silent": (_silent_html, "silence", ()),
}


def _make_role(name: str) -> Any:
    write, what, files = _ROLES[name]

    def role(
        _name: str, raw: str, text: str, line: int, inliner: Any, *_: Any, **__: Any
    ) -> tuple[list[nodes.Node], list[nodes.Node]]:
        note_data(inliner.document.settings.env, *files)
        try:
            return [nodes.raw("", write(text), format="html")], []
        except KeyError as error:
            problem = f"{what} {error} does not exist"
        except ValueError:
            problem = (
                f"{what} '{text}' asks for what is not known; write a format such as .1f, or low or"
                " high where the figure has an interval"
            )
        message = inliner.reporter.error(problem, line=line)
        return [inliner.problematic(raw, raw, message)], [message]

    return role


# What a scenario is checked against.
SCENARIO_DATA = ("levers.csv", "parameters.csv", "presets.csv")


def lab_hash(text: str) -> str:
    """Write what stands behind a page's address so that its first lab shows a scenario.

    >>> lab_hash("carelab/2/uk_place/uk_before/pooled_share=1")
    '#lab=carelab/2/uk_place/uk_before/pooled_share=1'
    """
    Scenario.from_text(text)
    return f"#lab={quote(text, safe='/=;')}"


def _lab_role(app: Sphinx) -> Any:
    def role(
        _name: str, raw: str, text: str, line: int, inliner: Any, *_: Any, **__: Any
    ) -> tuple[list[nodes.Node], list[nodes.Node]]:
        given, scenario, chapter = split_explicit_title(text)
        env, page = app.env, f"notebooks/{chapter}"
        note_data(env, *SCENARIO_DATA)
        try:
            if not given or page not in env.found_docs:
                raise CarelabError(f"'{text}' names no chapter; write a scenario, then <05-anhui>")
            uri = app.builder.get_relative_uri(env.docname, page) + lab_hash(scenario)
        except CarelabError as problem:
            message = inliner.reporter.error(str(problem), line=line)
            return [inliner.problematic(raw, raw, message)], [message]
        shown = nodes.literal(scenario, scenario)
        return [nodes.reference("", "", shown, refuri=uri, internal=True)], []

    return role


def setup(app: Sphinx) -> None:
    """Register the roles."""
    for name in _ROLES:
        app.add_role(name, _make_role(name))
    app.add_role("lab", _lab_role(app))
