"""What stands on the page before, or without, JavaScript: a figure, a sentence, a table."""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carelab.base import word
from carelab.base.html_tables import table_element
from carelab.base.numbers import show_value


def text_table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Write a table of texts."""
    return table_element(caption, heads, [[*map(html.escape, row)] for row in rows])


def hospital_rows(
    config: Mapping[str, Any], now: Mapping[str, float], reference: Mapping[str, float]
) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the small lab's results: now and under the reference preset."""
    language = _language(config)
    named = config["registry"]["quantities"]
    heads = [word(f"lab.{key}", language) for key in ("result", "value", "baseline")]
    rows = [
        [named[name]["label"]]
        + [
            show_value(flows[name], named[name]["unit"], named[name]["digits"], language)
            for flows in (now, reference)
        ]
        for name in config["results"]
    ]
    return heads, rows


def _language(config: Mapping[str, Any]) -> str:
    return "zh" if config["language"].startswith("zh") else "en"


def static_html(config: Mapping[str, Any], table: str, figure_html: str = "") -> str:
    """Write the lab's place on a static page."""
    # "</script>" in a text would end the element early.
    data = json.dumps(config, ensure_ascii=False).replace("</", "<\\/")
    noscript = f"<noscript><p>{html.escape(word('lab.static', _language(config)))}</p></noscript>"
    return (
        f'<div class="carelab" data-carelab="{html.escape(config["kind"])}">'
        f'<div class="carelab-fallback">{noscript}'
        f'<p class="carelab-question">{html.escape(config["question"])}</p>'
        f"{figure_html}{table}</div>"
        f'<script type="application/vnd.carelab+json">{data}</script></div>'
    )
