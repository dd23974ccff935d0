"""The directive ``{evidence-browser}``: search, filter, open and take away the evidence.

Its content is what stands on the page without JavaScript. Claims and figures in one table, sources,
words and script come with the book; nothing is fetched, so that the page also works from a disk.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab import __version__
from carelab.base import book_language, load_words, word
from carelab.base.checksums import data_version
from carelab.base.manifests import CLASSES
from carelab.base.words import LANGUAGES
from carelab.evidence import (
    load_cases,
    load_claims,
    load_glossary,
    load_indicators,
    load_sources,
)
from carelab.evidence.references import reference_parts, short_name
from carelab.evidence.vocabulary import KINDS, SPEAKERS, THEMES
from carelab.sphinx_ext.dependencies import note_data

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = ("id", "kind", "text", "unit", "case", "place", "theme", "class", "grade", "year")
_NUMBERS = ("value", "low", "high")
_COLUMNS = (*_TEXTS, "does", "speaker", "section", "note", "source", *_NUMBERS, "span", "terms")
_GROUP = "evidence."
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT = re.compile(r"((?:19|20)\d\d)[-/](\d\d)(?![-\d])")


def year_span(text: str) -> list[int] | None:
    """Read the first and last year that a text names.

    >>> year_span("2016/17-2023/24"), year_span("c.2021"), year_span("2010-11 to 2020-21")
    ([2016, 2024], [2021, 2021], [2010, 2021])
    >>> year_span("2022-11"), year_span("before")
    ([2022, 2022], None)
    """
    years = [int(found) for found in _YEAR.findall(text)]
    for start, end in _SHORT.findall(text):
        # 2010-11 is a financial year, 2009-12 a period, and 2022-11 can only be a month.
        years.append(max(int(start), int(start[:2] + end)))
    return [min(years), max(years)] if years else None


def _terms(texts: "pd.Series") -> list[list[int]]:
    """Find the terms of the glossary that a text names in either language."""
    glossary = load_glossary()
    chinese = [re.split(r"[（）]", term) for term in glossary["term_zh"]]
    needles = [
        [name.lower() for name in (english, *others) if name]
        for english, others in zip(glossary["term_en"], chinese, strict=True)
    ]
    return [
        [number for number, names in enumerate(needles) if any(each in text for each in names)]
        for text in texts.str.lower()
    ]


def evidence_table() -> "pd.DataFrame":
    """Return claims and figures in one table.

    >>> table = evidence_table().set_index("id")
    >>> table.loc["CN046", ["kind", "value"]].tolist()
    ['figure', 94.0]
    """
    import pandas as pd

    years = load_sources().set_index("key")["year"]
    claims = load_claims().rename(columns={"kind": "does"}).assign(kind="claim")
    claims["year"] = claims["source"].map(years)
    claims["value"] = claims["value"].astype(object)
    figures = load_indicators().assign(kind="figure").rename(columns={"name": "text"})
    figures["value"] = figures["value"].astype(object)
    table = pd.concat([claims, figures], ignore_index=True).reindex(columns=list(_COLUMNS))
    texts = [*_TEXTS, "does", "speaker", "section", "note", "source"]
    table[texts] = table[texts].fillna("")
    table["span"] = table["year"].map(year_span)
    searched = table[["text", "note", "place"]].agg("\n".join, axis=1)
    table["terms"] = pd.Series(_terms(searched), index=table.index)
    return table


def _source(row: Any) -> dict[str, str]:
    unknown = word("evidence.unknown")
    named = {
        name: unknown if row[name] == "unknown" else row[name] for name in ("title", "authors")
    }
    head, chinese, published = reference_parts(row)
    return {
        **named,
        "title_zh": chinese,
        "published": published.partition("doi ")[0].rstrip(", "),
        "year": row["year"],
        "doi": "" if row["doi"] == "unknown" else row["doi"],
        "read_as": word(f"evidence.read.{row['read_as']}"),
        "note": row["note"],
        "short": short_name(row),
        "reference": f"{head}. {published}".rstrip(". ") + ".",
    }


def _names() -> dict[str, list[str]]:
    """Name cases, themes and classes in every language, for searching and for the page."""
    words = {
        **{kind: f"claim.kind.{kind}" for kind in KINDS},
        **{speaker: f"claim.speaker.{speaker}" for speaker in SPEAKERS},
        **{f"{theme}": f"evidence.theme.{theme}" for theme in THEMES},
        **{kind: f"class.{kind}" for kind in CLASSES},
        **{kind: f"evidence.kind.{kind}" for kind in ("claim", "figure")},
        "general": "evidence.case.general",
    }
    named = {name: [word(key, each) for each in LANGUAGES] for name, key in words.items()}
    return named | {case.id: [case.short_en, case.short_zh] for case in load_cases().values()}


def _cell(value: Any) -> Any:
    """Write what is no number as null: JSON has no NaN."""
    return None if isinstance(value, float) and value != value else value


def browser_data() -> dict[str, Any]:
    """Return everything that the page needs, ready for JSON.

    >>> data = browser_data()
    >>> len(data["rows"]) == len(load_claims()) + len(load_indicators())
    True
    """
    table, names, language = evidence_table(), _names(), book_language()
    place = LANGUAGES.index(language)
    glossary = load_glossary()
    words = load_words()
    return {
        "columns": list(_COLUMNS),
        "rows": [[_cell(value) for value in row] for row in table.to_numpy(dtype=object).tolist()],
        "sources": {row["key"]: _source(row) for _, row in load_sources().iterrows()},
        "terms": glossary[["term_en", "term_zh"]].to_numpy().tolist(),
        "names": names,
        "labels": {name: texts[place] for name, texts in names.items()},
        "words": {
            key.removeprefix(_GROUP): text for key, text in words.items() if key.startswith(_GROUP)
        },
        "citation": word("evidence.citation", version=__version__, data=data_version()),
        "file": f"carelab-evidence-{__version__}.csv",
    }


SCRIPT = "carelab-evidence.js"
_STATIC = Path(__file__).with_name("static")
# In order of dependence; a number is written as in the lab.
_MODULES = (
    Path(__file__).parents[1] / "lab/static/kit/format.js",
    *(_STATIC / f"evidence_{name}.js" for name in ("rows", "table", "page")),
)
_IMPORT = re.compile(r"^import\s[^;]*?from\s\"\.[\w./]+\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_BOX = "data-carelab-evidence"


@cache
def browser_script() -> str:
    """Return the classic script of the browser: one function, nothing global, no import.

    >>> "import " in browser_script() or "export " in browser_script()
    False
    """
    modules = [path.read_text(encoding="utf-8") for path in _MODULES]
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in modules)
    return f'(() => {{\n"use strict";\n{joined}\nstartPage();\n}})();\n'


def browser_styles() -> str:
    """Return the style sheet of the browser."""
    return (_STATIC / "evidence.css").read_text(encoding="utf-8")


def json_for_page(data: Any) -> str:
    r"""Write data so that nothing in it can end the element that holds it.

    >>> json_for_page("</script>")
    '"\\u003c/script>"'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


class EvidenceBrowserDirective(SphinxDirective):
    """Insert the browser; what the directive holds stands for it without JavaScript."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the box with its data, and what stands on the page until the script runs."""
        self.assert_has_content()
        note_data(self.env, ".")  # a citation names the version of all data
        instead = nodes.container(classes=["carelab-without-script"])
        self.state.nested_parse(self.content, self.content_offset, instead)
        start = (
            f'<div class="carelab carelab-evidence" {_BOX}>'
            f'<script type="application/json">{json_for_page(browser_data())}</script>'
        )
        return [
            nodes.raw("", start, format="html"),
            instead,
            nodes.raw("", "</div>", format="html"),
        ]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("evidence-browser", EvidenceBrowserDirective)
