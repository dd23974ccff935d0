"""What stands on the page before, or without, JavaScript: a figure, a sentence, a table."""

import html
import json
from collections.abc import Mapping
from typing import Any

from carelab.provenance import word


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


def _table(
    config: Mapping[str, Any], now: Mapping[str, float], reference: Mapping[str, float]
) -> str:
    language = "zh" if config["language"].startswith("zh") else "en"
    named = {each["name"]: each for each in config["quantities"]}
    heads = [word(f"lab.{key}", language) for key in ("result", "value", "baseline")]
    rows = [
        f'<tr><th scope="row">{html.escape(named[name]["label"])}</th>'
        + "".join(
            f"<td>{shown_value(flows[name], named[name]['unit'], language)}</td>"
            for flows in (now, reference)
        )
        + "</tr>"
        for name in config["results"]
    ]
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    caption = html.escape(word("lab.opening", language))
    return (
        f'<table class="carelab-table"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def static_html(
    config: Mapping[str, Any],
    now: Mapping[str, float],
    reference: Mapping[str, float],
    figure_html: str = "",
) -> str:
    """Write the lab's place on a static page.

    Parameters
    ----------
    config : mapping
        From `build_configuration`.
    now, reference : mapping of str to float
        Results at the opening settings and under the reference preset.
    figure_html : str
        A static figure, as HTML.

    Returns
    -------
    str
        HTML: fallback and configuration; the page script puts the lab in its place.
    """
    language = "zh" if config["language"].startswith("zh") else "en"
    # "</script>" in a text would end the element early.
    data = json.dumps(config, ensure_ascii=False).replace("</", "<\\/")
    noscript = f"<noscript><p>{html.escape(word('lab.static', language))}</p></noscript>"
    return (
        f'<div class="carelab" data-carelab="{html.escape(config["model"])}">'
        f'<div class="carelab-fallback">{noscript}'
        f'<p class="carelab-question">{html.escape(config["question"])}</p>'
        f"{figure_html}{_table(config, now, reference)}</div>"
        f'<script type="application/vnd.carelab+json">{data}</script></div>'
    )
