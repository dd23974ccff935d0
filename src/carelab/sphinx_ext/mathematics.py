"""Formulas as MathML, made while the book is built: no script, no font, no request."""

import html
import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

from carelab.sphinx_ext.line_breaks import visible_length

_LOGGER = logging.getLogger(__name__)
# A formula of more letters is set smaller on a narrow page.
_SHORT = 34
# A bracket, or the half of one that is open at a line's end, around one line of letters.
_LOW = re.compile(
    r"\\left *([(.])((?:(?!\\left|\\right|\\frac|\\begin|\^).)*)\\right *([).])", re.DOTALL
)


def low_brackets(latex: str) -> str:
    r"""Let brackets around a single line of letters be letters, no higher than these.

    A browser without a font for mathematics draws every bracket that may grow much too high.

    Parameters
    ----------
    latex : str
        The formula.

    Returns
    -------
    str
        The formula, in which only brackets around fractions, powers and blocks grow.

    Examples
    --------
    >>> print(low_brackets(r"\left(1 - a\right) \left(\frac{1}{b}\right)"))
    (1 - a) \left(\frac{1}{b}\right)
    """
    before = ""
    while latex != before:
        before = latex
        latex = _LOW.sub(lambda part: f"{part[1]}{part[2]}{part[3]}".strip("."), latex)
    return latex


def to_mathml(latex: str, block: bool, where: Any = None) -> str:
    r"""Convert a formula; one that cannot be converted becomes a build warning.

    Parameters
    ----------
    latex : str
        The formula, without delimiters.
    block : bool
        Whether it stands on its own line.
    where : docutils node, optional
        Place for the warning.

    Returns
    -------
    str
        A ``<math>`` element, or the source as code.

    Examples
    --------
    >>> "<mfrac>" in to_mathml(r"\frac{a}{b}", block=False)
    True
    """
    try:
        text = str(tex2mathml(low_brackets(latex), as_block=block))
    except Exception as error:  # docutils raises several kinds
        _LOGGER.warning(
            "formula '%s' cannot be written as MathML: %s", latex, error, location=where
        )
        return f"<code>{html.escape(latex)}</code>"
    # A browser counts text as space: a sign between nothing but words would lose its own spaces.
    text = text.replace("<mtext>", "<mi>").replace("</mtext>", "</mi>")
    label = html.escape(latex, quote=True)
    return text.replace("<math ", f'<math aria-label="{label}" data-latex="{label}" ', 1)


def _visit_inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(to_mathml(node.astext(), block=False, where=node))
    raise nodes.SkipNode


def _visit_block(translator: Any, node: nodes.math_block) -> None:
    identity = f' id="{html.escape(node["ids"][0])}"' if node.get("ids") else ""
    number = f'<span class="carelab-number">({node["number"]})</span>' if node.get("number") else ""
    mathml = to_mathml(node.astext(), block=True, where=node)
    long = " carelab-long" if visible_length(node.astext()) > _SHORT else ""
    translator.body.append(
        f'<div class="carelab-math{long}"{identity} tabindex="0" role="group">'
        f"{mathml}{number}</div>"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer under the name ``mathml``."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
