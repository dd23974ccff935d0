"""The directives ``{mechanism}`` and ``{theory}``: all that the code says of a part of a model."""

import html
import importlib
import re
import sys
from functools import cache
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.base import CarelabError, book_language, word
from carelab.base.html_tables import class_badge, table_html
from carelab.evidence import load_levers, load_parameters
from carelab.evidence.references import source_name
from carelab.sphinx_ext.dependencies import note_data
from carelab.sphinx_ext.equations import MODEL_DATA, equation_block, function_equations
from carelab.study.explain.formulas import Formula, describe_function, functions_of
from carelab.study.explain.responses import Mechanism, mechanism, month_parts, month_units

_ENGINE = "care_economy"
# Longer formulas are of no use to a reader; the code says it better.
_LONGEST = 1500


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def _folded(summary: str, inside: list[nodes.Node]) -> list[nodes.Node]:
    head = f'<details class="carelab-fold"><summary>{html.escape(summary)}</summary>'
    return [_raw(head), *inside, _raw("</details>")]


def _code(text: str) -> str:
    """Escape a text; set names between backticks as code, and powers as powers."""
    marked = re.sub(
        r"``(.+?)``|`(.+?)`",
        lambda found: f"<code>{found[1] or found[2]}</code>",
        html.escape(text),
    )
    return re.sub(r"\*\*(\w)", r"<sup>\1</sup>", marked)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _head(name: str, unit: str) -> nodes.raw:
    shown = f"<code>{html.escape(name)}</code>, {html.escape(unit)}"
    return _raw(f'<p class="carelab-equation-head">{shown}</p>')


def mechanism_equations(parts: list[Mechanism], docname: str) -> list[nodes.Node]:
    """Return every equation of some mechanisms, each under its name and unit."""
    units = month_units()
    return [
        node
        for part in parts
        for flow in part.flows
        for node in (_head(flow, units[flow]), equation_block(_ENGINE, flow, docname))
    ]


def _breakable(name: str) -> str:
    """Write a name in code so that a narrow column can break it."""
    return f"<code>{name.replace('_', '_<wbr>')}</code>"


def _value(row: Any, places: int) -> str:
    here = "" if places == 1 else f"{html.escape(row['context'].replace('_', ' '))}: "
    return f"{here}{row['value']:g}"


def parameter_rows(names: tuple[str, ...]) -> list[list[str]]:
    """Return the parameters of the care economy among some names, one row each."""
    frame = load_parameters()
    frame = frame[frame["context"] != "teaching_county"]
    rows = []
    for name in dict.fromkeys(names):
        found = [row for _, row in frame[frame["name"] == name].iterrows()]
        if found:
            first = found[0]
            classes = dict.fromkeys(row["class"] for row in found)
            sources = dict.fromkeys(source_name(row["source"]) for row in found)
            notes = dict.fromkeys(row["note"] for row in found)
            label = html.escape(first[f"label_{book_language()}"])
            unit = html.escape(first["unit"])
            values = "<br>".join(_value(row, len(found)) for row in found)
            rows.append(
                [
                    f"{label}<br>{_breakable(name)}",
                    f"{values}<br>{unit}",
                    f"{first['low']:g} to {first['high']:g}",
                    " ".join(map(class_badge, classes)),
                    "<br>".join(map(html.escape, sources)),
                    "<br>".join(map(html.escape, notes)),
                ]
            )
    return rows


def _read_otherwise(names: tuple[str, ...], parameters: set[str]) -> str:
    """Say which levers, stocks and constants of the place are read besides."""
    units, levers = month_units(), set(load_levers(_ENGINE)["name"])
    others = [name for name in names if name not in parameters]
    before = [name for name in others if name.removeprefix("baseline_") != name]
    told = [each for each in others if each not in before]
    moved = [f"<code>{name}</code> ({units[name]})" for name in told if name in levers]
    rest = [f"<code>{name}</code> ({units[name]})" for name in told if name not in levers]
    lines = [(word("model.levers"), moved), (word("model.stocks"), rest)]
    return "".join(f"<p>{head} {', '.join(each)}.</p>" for head, each in lines if each)


class MechanismDirective(SphinxDirective):
    """Insert the equations, parameters and other inputs of one or several mechanisms."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return two folds: equations with units, inputs with ranges, classes and sources."""
        note_data(self.env, *MODEL_DATA, "sources.csv")
        try:
            parts = [mechanism(name) for name in self.arguments[0].split()]
        except CarelabError as error:
            raise self.error(str(error)) from None
        names = tuple(dict.fromkeys(name for part in parts for name in part.inputs))
        rows = parameter_rows(names)
        title = word("model.of", what=", ".join(_plain(part.name) for part in parts))
        known = set(load_parameters()["name"])
        inputs = _read_otherwise(names, known)
        if rows:
            heads = [word(f"model.head.{each}") for each in _HEADS]
            inputs = table_html(word("model.parameters", of=title), heads, rows) + inputs
        equations = mechanism_equations(parts, self.env.docname)
        count = sum(len(part.flows) for part in parts)
        return [
            *_folded(word("model.equations", count=count), equations),
            *_folded(word("model.inputs", count=len(rows)), [_raw(inputs)]),
        ]


_HEADS = ("parameter", "value", "range", "class", "source", "note")


@cache
def used_by(model: str) -> tuple[str, ...]:
    """Return the files of the engine that call a small model.

    >>> used_by("mentoring")
    ('capability',)
    """
    modules = dict.fromkeys(part.__module__ for part in month_parts())
    home = f"carelab.theory.{model}"
    return tuple(
        name.rpartition(".")[2]
        for name in modules
        if any(getattr(each, "__module__", "") == home for each in vars(sys.modules[name]).values())
    )


def _block(latex: str, docname: str) -> nodes.math_block:
    block = nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
    block["docname"] = docname
    return block


def _formula(formula: Formula, docname: str) -> list[nodes.Node]:
    shown: list[nodes.Node] = [
        _raw(f'<p class="carelab-equation-head"><code>{formula.name}</code></p>'
             f"<p>{_code(formula.summary)}</p>")
    ]  # fmt: skip
    for latex in function_equations(formula.trace) if formula.trace else ():
        if len(latex) > _LONGEST:
            shown.append(_raw(f"<p>{word('model.long')}</p>"))
        else:
            shown.append(_block(latex, docname))
    if formula.trace is None:
        shown.append(_raw(f"<p>{word('model.numerical')}</p>"))
    entries = [*formula.arguments, (word("model.result"), formula.result)]
    if formula.references:
        entries.append((word("model.head.source"), formula.references))
    listed = "".join(f"<dt>{html.escape(_plain(name))}</dt><dd>{_code(text)}</dd>"
                     for name, text in entries if text)  # fmt: skip
    return [*shown, _raw(f'<dl class="carelab-arguments">{listed}</dl>')]


class TheoryDirective(SphinxDirective):
    """Insert what a small model says of itself: argument, equations, arguments, sources."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"show": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the model's own words, its main equations, then its functions in a fold."""
        name = self.arguments[0]
        try:
            module = importlib.import_module(f"carelab.theory.{name}")
        except ModuleNotFoundError:
            raise self.error(f"theory '{name}' is unknown; name a file of carelab.theory") from None
        text = (module.__doc__ or "").split("\nReferences\n")[0].strip()
        told = [_code(" ".join(each.split())) for each in text.split("\n\n")]
        paragraphs = "".join(f"<p>{each}</p>" for each in told)
        users = ", ".join(f"<code>{each}</code>" for each in used_by(name))
        used = word("model.used", names=users) if users else word("model.unused")
        functions = [each for each in functions_of(module) if each.__name__ != "retention_model"]
        inside = [node for each in functions
                  for node in _formula(describe_function(each), self.env.docname)]  # fmt: skip
        return [
            _raw(f"{paragraphs}<p>{used}</p>"),
            *self._shown(module),
            *_folded(word("model.functions", count=len(functions)), inside),
        ]

    def _shown(self, module: ModuleType) -> list[nodes.Node]:
        """Return the equations of the functions that the option ``show`` names."""
        blocks: list[nodes.Node] = []
        for name in self.options.get("show", "").split():
            trace = describe_function(getattr(module, name)).trace
            if trace is None:
                raise self.error(f"function '{name}' has no equation to show")
            blocks += [_block(latex, self.env.docname) for latex in function_equations(trace)]
        return blocks


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("mechanism", MechanismDirective)
    app.add_directive("theory", TheoryDirective)
