"""Roles of prose: a number or a claim with its source and class, a scenario with its lab.

- ``{claim}`S004-79` ``: a mark that opens what the source says, where, and of which class
- ``{num}`CN046` `` or ``{num}`CN020 .0f` ``: the figure itself, then the mark
- ``{num}`CN265 low` `` or ``{num}`CN191 high .0f` ``: an end of the figure's interval; the mark
  stands with the figure
- ``{num}`CN223 fall` `` or ``{num}`CN223 fall .0f` ``: the size of a fall, for "fell by …"
- ``{param}`case_price` ``: a model parameter, then the mark
- ``{silent}`The seed does not say …` ``: a silence, marked as such
- ``{lab}`carelab/2/china_county/anhui <05-anhui>` ``: a scenario, linked to the lab of
  the care economy of a chapter
"""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.nodes import split_explicit_title

from carelab.base import CarelabError
from carelab.base.numbers import format_number
from carelab.engine import Scenario
from carelab.sphinx_ext.dependencies import note_data
from carelab.sphinx_ext.marks import (
    SILENT,
    claims,
    dot_html,
    indicators,
    make_mark,
    number_html,
    parameters,
)


def shown_number(value: float, form: str = "") -> str:
    """Write a number as prose does: grouped thousands, no needless decimals.

    >>> shown_number(1086.0), shown_number(0.44), shown_number(-23.9), shown_number(20.7, ".0f")
    ('1,086', '0.44', '−23.9', '21')
    """
    form = form.lstrip(",")  # thousands are grouped anyway
    text = format_number(value, f",{form or '.10f'}")
    return text if form else text.rstrip("0").rstrip(".")


def _claims(text: str) -> list[nodes.Node]:
    names = tuple(re.split(r"[,\s]+", text.strip()))
    for name in names:
        claims()[name]
    return [make_mark(names)]


def _figure(text: str) -> tuple[str, str, bool]:
    """Read what the role ``num`` names: the number, its id, and whether it carries a mark."""
    name, _, form = text.strip().partition(" ")
    row = indicators()[name]
    bound, _, bound_form = form.partition(" ")
    if bound in ("low", "high"):
        if row[bound] != row[bound]:
            raise ValueError(bound)
        return shown_number(row[bound], bound_form), name, False
    if bound == "fall":
        if not row["value"] < 0:
            raise ValueError(bound)
        return shown_number(-row["value"], bound_form), name, True
    known = row["value"] == row["value"]
    if known and row["unit"] == "year":  # a date: 2027, not 2,027
        return f"{row['value']:.0f}", name, True
    return shown_number(row["value"], form) if known else "", name, True


def _end_html(value: str, name: str) -> str:
    return f'<span data-evidence="{name}">{value}</span>'


def num_html(text: str, unit: bool = False) -> str:
    """Write a figure of the registry with its mark, as the role ``num`` does.

    >>> num_html("CN265 low")
    '<span data-evidence="CN265">0.61</span>'
    """
    value, name, marked = _figure(text)
    if not marked:
        return _end_html(value, name)
    if not value:
        return dot_html((name,))
    behind = f" {indicators()[name]['unit']}" if unit else ""
    return number_html(value + behind, name)


def _num(text: str) -> list[nodes.Node]:
    value, name, marked = _figure(text)
    if not marked:
        return [nodes.raw("", _end_html(value, name), format="html")]
    return [make_mark((name,), value)]


def _param(text: str) -> list[nodes.Node]:
    name, _, form = text.strip().partition(" ")
    return [make_mark((name,), shown_number(parameters()[name]["value"], form))]


def _silent(text: str) -> list[nodes.Node]:
    said = f'<span class="carelab-silence">{html.escape(text)}</span>'
    return [nodes.raw("", said, format="html"), make_mark((SILENT,))]


# What writes a role, what its text names, and the data that it is made of.
_ROLES: dict[str, tuple[Callable[[str], list[nodes.Node]], str, tuple[str, ...]]] = {
    "claim": (_claims, "claim", ("claims.csv", "sources.csv")),
    "num": (_num, "indicator", ("indicators.csv", "sources.csv")),
    "param": (_param, "parameter", ("parameters.csv", "sources.csv")),
    "silent": (_silent, "silence", ()),
}


def _make_role(name: str) -> Any:
    write, what, files = _ROLES[name]

    def role(
        _name: str, raw: str, text: str, line: int, inliner: Any, *_: Any, **__: Any
    ) -> tuple[list[nodes.Node], list[nodes.Node]]:
        note_data(inliner.document.settings.env, *files)
        try:
            return write(text), []
        except KeyError as error:
            problem = f"{what} {error} does not exist"
        except ValueError:
            problem = (
                f"{what} '{text}' asks for what is not known; write a format such as .1f, or low or"
                " high where the figure has an interval, or fall where it is negative"
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
