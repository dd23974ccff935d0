"""The directive ``{registry} name``: a list of the data, or of what was measured."""

import html
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.base import book_language, load_manifest, word
from carelab.base.html_tables import class_badge, table_html
from carelab.base.numbers import format_number
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
from carelab.evidence.references import reference_html, short_name, source_name
from carelab.evidence.tables import read_table
from carelab.plots.tables import show_table
from carelab.sphinx_ext.dependencies import note_data
from carelab.sphinx_ext.literature_tables import (
    agreement_html,
    findings_html,
    grades_html,
    not_found_html,
    readings_html,
    searches_html,
)


def glossary_html() -> str:
    """Write the glossary, both languages side by side."""
    entries = []
    names = {row["key"]: short_name(row) for _, row in load_sources().iterrows()}
    for _, row in load_glossary().iterrows():
        known = names.get(row["source"], "")
        source = f" <small>({html.escape(known)})</small>" if known else ""
        entries.append(
            f'<div class="carelab-term" id="term-{row["id"]}">'
            f'<dt>{html.escape(row["term_en"])} <span lang="zh-CN">{html.escape(row["term_zh"])}'
            f"</span></dt><dd>{html.escape(row['meaning_en'])}{source}</dd>"
            f'<dd lang="zh-CN">{html.escape(row["meaning_zh"])}</dd></div>'
        )
    return f'<dl class="carelab-glossary">{"".join(entries)}</dl>'


def _replaced(row: Any) -> str:
    return f"Replaced by {row['superseded_by']}." if row["superseded_by"] else ""


def sources_html() -> str:
    """Write every source with how much of it was read."""
    rows = [
        [
            f'<span id="source-{row["key"]}">{html.escape(row["key"])}</span>',
            reference_html(row),
            html.escape(row["read_as"].replace("_", " ")),
            html.escape(f"{row['note']} {_replaced(row)}".strip()),
        ]
        for _, row in load_sources().iterrows()
    ]
    return table_html("Sources", ["Key", "Source", "Read as", "Note"], rows)


def claims_html() -> str:
    """Write every claim of the seed documents."""
    rows = [
        [
            row["id"],
            html.escape(row["text"]),
            class_badge(row["class"]),
            html.escape(word(f"claim.kind.{row['kind']}")),
            html.escape(row["theme"].replace("_", " ")),
            html.escape(row["case"].replace("_", " ")),
            html.escape(row["section"]),
        ]
        for _, row in load_claims().iterrows()
    ]
    heads = ["Id", "What the source says", "Class", "Kind", "Theme", "Case", "Place"]
    return table_html("Claims", heads, rows)


def indicators_html() -> str:
    """Write every graded figure."""
    rows = []
    for _, row in load_indicators().iterrows():
        value = "" if row["value"] != row["value"] else format_number(row["value"])
        low, high = (format_number(row[end]) for end in ("low", "high"))
        span = "" if row["low"] != row["low"] else f" ({low} to {high})"
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
    """Write every lever of a model."""
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
    """Write every parameter of one or several places."""
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
    """Write what every preset of a model sets."""
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
    """Write every named quantity that a model computes."""
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


_MEASURED = {
    "measure": "What was measured",
    "value": "Value",
    "unit": "Unit",
    "goal": "Goal",
    "met": "Met",
}


def benchmarks_html() -> str:
    """Write what the benchmarks measured when they were last stored.

    >>> "Measured on" in benchmarks_html()
    True
    """
    manifest = load_manifest("benchmarks.csv")
    frame = read_table("benchmarks.csv")
    shown = show_table(frame, f"Speed and memory, measured {manifest.retrieved}", _MEASURED)
    return f"{shown._repr_html_()}<p>{html.escape(manifest.note)}</p>"


_PLACES = ("any_place", "china_county", "hangzhou_district", "uk_place")
# What a case is read with.
_CASES = ("cases", "claims.csv", "codebook.yml", "frames.csv", "indicators.csv")
# How a list is written, and the data that it is made of.
LISTS: dict[str, tuple[Callable[[], str], tuple[str, ...]]] = {
    "benchmarks": (benchmarks_html, ("benchmarks.csv",)),
    "claims": (claims_html, ("claims.csv",)),
    "glossary": (glossary_html, ("glossary.csv", "sources.csv")),
    "indicators": (indicators_html, ("indicators.csv", "sources.csv")),
    "levers": (lambda: levers_html("retention"), ("levers.csv",)),
    "parameters": (lambda: parameters_html("teaching_county"), ("parameters.csv",)),
    "quantities": (lambda: quantities_html("retention"), ("quantities.csv",)),
    "care-economy-levers": (lambda: levers_html("care_economy"), ("levers.csv",)),
    "care-economy-parameters": (lambda: parameters_html(*_PLACES), ("parameters.csv",)),
    "care-economy-presets": (lambda: presets_html("care_economy"), ("presets.csv",)),
    "care-economy-quantities": (lambda: quantities_html("care_economy"), ("quantities.csv",)),
    "sources": (sources_html, ("sources.csv",)),
    "agreement": (agreement_html, ("recoding.csv", *_CASES)),
    "findings": (findings_html, ("findings.csv", "indicators.csv", "sources.csv")),
    "grades": (grades_html, ("indicators.csv",)),
    "not-found": (not_found_html, ("searches.csv", "sources.csv")),
    "readings": (readings_html, ("sources.csv", *_CASES)),
    "searches": (searches_html, ("searches.csv",)),
}


class RegistryDirective(SphinxDirective):
    """Insert a list of the registry."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list as HTML."""
        name = self.arguments[0]
        if name not in LISTS:
            raise self.error(f"registry '{name}' is unknown; known are {', '.join(LISTS)}")
        write, files = LISTS[name]
        note_data(self.env, *files)
        return [nodes.raw("", write(), format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("registry", RegistryDirective)
