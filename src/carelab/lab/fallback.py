"""What stands on the page before, or without, JavaScript: a figure, a sentence, a table."""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carelab.base import word


def shown_value(value: float, unit: str, language: str) -> str:
    """Write a value as the lab does.

    Parameters
    ----------
    value : float
        In its unit; a share between 0 and 1.
    unit : str
        As in ``quantities.csv``.
    language : str
        ``en`` or ``zh``.

    Returns
    -------
    str
        Value and unit, without decimals.

    Examples
    --------
    >>> shown_value(0.54, "share", "en")
    '54 %'
    """
    unit_word = word(f"unit.{unit}", language)
    return f"{value * 100:.0f} {unit_word}" if unit == "share" else f"{value:,.0f} {unit_word}"


def table_html(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Write a table with row headers; every text is escaped."""
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(text)}</td>" for text in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<table class="carelab-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def hospital_rows(
    config: Mapping[str, Any], now: Mapping[str, float], reference: Mapping[str, float]
) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the small lab's results: now and under the reference preset.

    Parameters
    ----------
    config : mapping
        From `hospital_configuration`.
    now, reference : mapping of str to float
        Results at the opening settings and under the reference preset.

    Returns
    -------
    tuple of list
        Heads and rows, as texts.
    """
    language = _language(config)
    named = {each["name"]: each for each in config["quantities"]}
    heads = [word(f"lab.{key}", language) for key in ("result", "value", "baseline")]
    rows = [
        [named[name]["label"]]
        + [shown_value(flows[name], named[name]["unit"], language) for flows in (now, reference)]
        for name in config["results"]
    ]
    return heads, rows


def _language(config: Mapping[str, Any]) -> str:
    return "zh" if config["language"].startswith("zh") else "en"


def static_html(config: Mapping[str, Any], table: str, figure_html: str = "") -> str:
    """Write the lab's place on a static page.

    Parameters
    ----------
    config : mapping
        What the front end reads.
    table : str
        Results at the opening settings, as an HTML table.
    figure_html : str
        A static figure, as HTML.

    Returns
    -------
    str
        HTML: fallback and configuration; the page script puts the lab in its place.
    """
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
