"""The directive ``{registry} name``: a list of the data as a page reads it."""

import html
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.base import book_language
from carelab.evidence import (
    load_claims,
    load_glossary,
    load_indicators,
    load_levers,
    load_parameters,
    load_presets,
    load_quantities,
    load_sources,
)
from carelab.sphinx_ext.evidence_roles import source_name
from carelab.sphinx_ext.html_tables import class_badge, table_html
from carelab.sphinx_ext.measured_tables import benchmarks_html
from carelab.sphinx_ext.references import reference_parts


def glossary_html() -> str:
    """Write the glossary, both languages side by side.

    Returns
    -------
    str
        An HTML definition list.
    """
    entries = []
    for _, row in load_glossary().iterrows():
        source = (
            "" if row["source"] == "carelab" else f" <small>({html.escape(row['source'])})</small>"
        )
        entries.append(
            f'<div class="carelab-term" id="term-{row["id"]}">'
            f'<dt>{html.escape(row["term_en"])} <span lang="zh-CN">{html.escape(row["term_zh"])}'
            f"</span></dt><dd>{html.escape(row['meaning_en'])}{source}</dd>"
            f'<dd lang="zh-CN">{html.escape(row["meaning_zh"])}</dd></div>'
        )
    return f'<dl class="carelab-glossary">{"".join(entries)}</dl>'


def _reference(row: Any) -> str:
    head, chinese, place = map(html.escape, reference_parts(row))
    translated = f' <span lang="zh-CN">{chinese}</span>' if chinese else ""
    return f"{head}{translated}. {place}"


def sources_html() -> str:
    """Write every source with how much of it was read.

    Returns
    -------
    str
        An HTML table.
    """
    rows = [
        [
            f'<span id="source-{row["key"]}">{html.escape(row["key"])}</span>',
            _reference(row),
            html.escape(row["read_as"].replace("_", " ")),
            html.escape(row["note"]),
        ]
        for _, row in load_sources().iterrows()
    ]
    return table_html("Sources", ["Key", "Source", "Read as", "Note"], rows)


def claims_html() -> str:
    """Write every claim of the seed documents.

    Returns
    -------
    str
        An HTML table.
    """
    rows = [
        [
            row["id"],
            html.escape(row["text"]),
            class_badge(row["class"]),
            html.escape(row["theme"].replace("_", " ")),
            html.escape(row["case"].replace("_", " ")),
            html.escape(row["section"]),
        ]
        for _, row in load_claims().iterrows()
    ]
    heads = ["Id", "What the source says", "Class", "Theme", "Case", "Place"]
    return table_html("Claims", heads, rows)


def indicators_html() -> str:
    """Write every graded figure.

    Returns
    -------
    str
        An HTML table.
    """
    rows = []
    for _, row in load_indicators().iterrows():
        value = "" if row["value"] != row["value"] else f"{row['value']:,g}"
        span = "" if row["low"] != row["low"] else f" ({row['low']:g} to {row['high']:g})"
        rows.append(
            [
                row["id"],
                html.escape(f"{row['name']}, {row['place']}, {row['year']}"),
                html.escape(f"{value}{span} {row['unit']}".strip()),
                f"{class_badge(row['class'])} {row['grade']}",
                html.escape(source_name(row["source"])),
                html.escape(row["note"]),
            ]
        )
    return table_html("Figures", ["Id", "What", "Value", "Class, grade", "Source", "Note"], rows)


def levers_html(model: str) -> str:
    """Write every lever of a model.

    Parameters
    ----------
    model : str
        Name of the model.

    Returns
    -------
    str
        An HTML table.
    """
    label = f"label_{book_language()}"
    rows = [
        [
            html.escape(row[label]),
            f"<code>{row['name']}</code>",
            f"{row['low']:g} to {row['high']:g}, {row['default']:g}",
            class_badge(row["class"]),
            html.escape(row["note"]),
        ]
        for _, row in load_levers(model).iterrows()
    ]
    return table_html("Levers", ["Lever", "Name in code", "Range, default", "Class", "Note"], rows)


def parameters_html(*contexts: str) -> str:
    """Write every parameter of one or several places.

    Parameters
    ----------
    *contexts : str
        Names of places.

    Returns
    -------
    str
        An HTML table.
    """
    label = f"label_{book_language()}"
    rows = [
        [
            html.escape(row[label]),
            f"<code>{row['name']}</code>",
            html.escape(row["context"].replace("_", " ")),
            f"{row['value']:g} {html.escape(row['unit'])} ({row['low']:g} to {row['high']:g})",
            class_badge(row["class"]),
            html.escape(row["note"]),
        ]
        for context in contexts
        for _, row in load_parameters(context).iterrows()
    ]
    heads = ["Parameter", "Name in code", "Place", "Value (range)", "Class", "Note"]
    return table_html("Parameters", heads, rows)


def presets_html(model: str) -> str:
    """Write what every preset of a model sets.

    Parameters
    ----------
    model : str
        Name of the model.

    Returns
    -------
    str
        An HTML table.
    """
    label = f"label_{book_language()}"
    rows = [
        [
            html.escape(row[label]),
            f"<code>{row['lever']}</code>",
            f"{row['value']:g}",
            class_badge(row["class"]),
            html.escape(row["evidence"]),
            html.escape(row["note"]),
        ]
        for _, row in load_presets(model).iterrows()
    ]
    return table_html("Presets", ["Preset", "Lever", "Setting", "Class", "Evidence", "Note"], rows)


def quantities_html(model: str) -> str:
    """Write every named quantity that a model computes.

    Parameters
    ----------
    model : str
        Name of the model.

    Returns
    -------
    str
        An HTML table.
    """
    spoken = book_language()
    rows = [
        [
            html.escape(row[f"label_{spoken}"]),
            f"<code>{row['name']}</code>",
            html.escape(row["unit"]),
            html.escape(row[f"meaning_{spoken}"]),
        ]
        for _, row in load_quantities(model).iterrows()
    ]
    return table_html("Quantities", ["Quantity", "Name in code", "Unit", "Meaning"], rows)


_PLACES = ("any_place", "china_county", "hangzhou_district", "uk_place")
_LISTS: dict[str, Callable[[], str]] = {
    "benchmarks": benchmarks_html,
    "claims": claims_html,
    "glossary": glossary_html,
    "indicators": indicators_html,
    "levers": lambda: levers_html("retention"),
    "parameters": lambda: parameters_html("teaching_county"),
    "quantities": lambda: quantities_html("retention"),
    "care-economy-levers": lambda: levers_html("care_economy"),
    "care-economy-parameters": lambda: parameters_html(*_PLACES),
    "care-economy-presets": lambda: presets_html("care_economy"),
    "care-economy-quantities": lambda: quantities_html("care_economy"),
    "sources": sources_html,
}


class RegistryDirective(SphinxDirective):
    """Insert a list of the registry."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list as HTML."""
        name = self.arguments[0]
        if name not in _LISTS:
            raise self.error(f"registry '{name}' is unknown; known are {', '.join(_LISTS)}")
        return [nodes.raw("", _LISTS[name](), format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("registry", RegistryDirective)
