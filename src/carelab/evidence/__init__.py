"""The evidence: sources, claims, cases, indicators, parameters, timeline, glossary.

Modules in reading order: ``tables`` (read a CSV file and refuse a bad one), ``vocabulary`` (the
words that a column may hold), ``schemas`` (what each table may hold),
``registry`` (loaders of the tables; that of the holders of levers is taken from there),
``cases``
(coded systems, the reader's own among them, a package of its own), ``references`` (what a source
is called; findings side by side, and what was looked for), ``links`` (do all the ids that one file
names exist in another), ``source_rules`` (what a row may take from its source), ``prose``
(numbers in prose that no source backs), ``wording`` (how long a chapter and its
sentences are).
"""

from carelab.evidence.cases.files import Case, load_case, load_cases
from carelab.evidence.links import broken_links
from carelab.evidence.registry import (
    load_claims,
    load_common_indicators,
    load_glossary,
    load_indicators,
    load_levers,
    load_parameters,
    load_presets,
    load_quantities,
    load_recoding,
    load_sources,
    load_timeline,
)

__all__ = [
    "Case",
    "broken_links",
    "load_case",
    "load_cases",
    "load_claims",
    "load_common_indicators",
    "load_glossary",
    "load_indicators",
    "load_levers",
    "load_parameters",
    "load_presets",
    "load_quantities",
    "load_recoding",
    "load_sources",
    "load_timeline",
]
