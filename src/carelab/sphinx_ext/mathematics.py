"""Formulas: long ones broken into lines, all as MathML while the book is built.

A long equation of words is broken at outer sums and products, then inside brackets. A page needs no
script, no font and no request for its formulas.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

# Fits the text column, and, in the smaller type of a narrow page, the column of a telephone.
_LINE = 52
# A bracket shorter than this is not broken.
_LEAST = 24
_COMMAND = re.compile(r"\\(?:text|left|right|frac|cdot|quad|max|min|exp|ln|mathrm)|[{}\\&]")
_TEXT = re.compile(r"\\(?:text|mathrm)\{([^{}]*)\}")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_GROUP = re.compile(r"\^?\{([^{}]*)\}")
_ROWS = re.compile(r"\\begin\{(?:aligned|cases)\}((?:(?!\\begin).)*?)\\end\{(?:aligned|cases)\}")
_STEP = re.compile(
    r"\\left|\\right|\\begin\{cases\}|\\end\{cases\}|[{}]|(?<= )(?:\+|-|\\cdot)(?= )"
)
_LAST = r"\right)"
_FUNCTIONS = (r"\max", r"\min", r"\exp", r"\ln")
_OPENING, _CLOSING = (r"\left", r"\begin{cases}", "{"), (r"\right", r"\end{cases}", "}")


def visible_length(latex: str) -> int:
    r"""Return about how many letters a formula is wide.

    >>> visible_length(r"\text{unit cost}"), visible_length(r"\frac{1}{\text{unit cost}}")
    (9, 9)
    """
    bare, before = _TEXT.sub(r"\1", latex), ""
    while bare != before:
        before = bare
        bare = _ROWS.sub(lambda found: "x" * max(map(visible_length, _rows(found[1]))), bare)
        bare = _FRACTION.sub(lambda found: max(found.groups(), key=visible_length), bare)
        rest = r"\frac" in bare or r"\begin" in bare
        bare = _GROUP.sub(r"\1", bare) if bare == before and not rest else bare
    return len(" ".join(_COMMAND.sub("", bare).split()))


def _rows(block: str) -> list[str]:
    return block.split(r"\\")


def _closing_brace(latex: str, start: int) -> int:
    depth = 1
    while depth:
        start += 1
        depth += {"{": 1, "}": -1}.get(latex[start - 1], 0)
    return start - 1


def _long_powers(latex: str) -> str:
    """Write a long power of e as a function, whose bracket can be broken."""
    at = latex.find("e^{")
    while at >= 0:
        end = _closing_brace(latex, at + 3)
        power = latex[at + 3 : end]
        if visible_length(power) > _LEAST:
            latex = rf"{latex[:at]}\exp\left({power}\right){latex[end + 1 :]}"
        at = latex.find("e^{", at + 3)
    return latex


def _steps(latex: str) -> Iterator[tuple[str, int, int, int]]:
    """Give brackets and signs with start, end and the depth outside them."""
    depth = 0
    for found in _STEP.finditer(latex):
        token = found.group()
        depth -= token in _CLOSING
        yield token, found.start(), found.end(), depth
        depth += token in _OPENING


def _outer_parts(latex: str, signs: tuple[str, ...]) -> list[str]:
    """Split before every sign that stands in no bracket, fraction or power."""
    parts, start = [], 0
    for token, at, _, depth in _steps(latex):
        if depth == 0 and token in signs and latex[start:at].strip():
            parts.append(latex[start:at].strip())
            start = at
    return [*parts, latex[start:].strip()]


def _closes_at_its_end(bracketed: str) -> bool:
    """Say whether what follows an opening bracket is closed by the last sign and not before."""
    depth = 1
    for found in _STEP.finditer(bracketed):
        depth += {r"\left": 1, r"\right": -1}.get(found.group(), 0)
        if depth == 0:
            return bracketed[found.start() :] == _LAST
    return False


def _opened(factor: str) -> list[str]:
    """Split a factor that is one bracketed sum; each line has brackets of its own height."""
    head, opening, rest = factor.partition(r"\left(")
    if not _closes_at_its_end(rest):
        return [factor]
    *before, last = _outer_parts(rest.removesuffix(_LAST), ("+", "-"))
    if not before or head.endswith(_FUNCTIONS):
        return [factor]
    first, *between = (rf"{part} \right." for part in before)
    return [head + opening + first, *(rf"\left. {each}" for each in [*between, last + _LAST])]


def _pieces(latex: str, line: int) -> list[str]:
    """Return terms of a sum; a long term falls into its factors, a long factor into its terms."""
    pieces: list[str] = []
    for term in _outer_parts(latex, ("+", "-")):
        long = visible_length(term) > line
        for factor in _outer_parts(term, (r"\cdot",)) if long else [term]:
            terms = _opened(factor) if visible_length(factor) > line else [factor]
            # A bracket whose terms are too wide themselves is better broken inside.
            pieces += terms if max(map(visible_length, terms)) <= line else [factor]
    return pieces


def _insides(latex: str) -> Iterator[tuple[int, int]]:
    """Give where the outermost brackets, fractions and cases hold what may be broken."""
    opened, begun, fraction = "", 0, -1
    for token, at, end, depth in _steps(latex):
        if depth > 0:
            continue
        if token in _OPENING:
            of_fraction = token == "{" and (latex[:at].endswith(r"\frac") or at == fraction)
            opened = "frac" if of_fraction else token
            begun = end
        elif token in _CLOSING:
            first = opened == "frac" and begun - 1 != fraction
            fraction = end if first else -1
            if opened == "frac":
                yield begun, at
            elif opened == r"\left" and not latex[: begun - len(opened)].endswith("^ "):
                yield _after_comma(latex, begun + 1, at), at
            elif opened == r"\begin{cases}":
                yield begun, begun + latex[begun:at].index(" & ")


def _after_comma(latex: str, begun: int, end: int) -> int:
    """Skip the short first argument of a maximum or minimum."""
    first, comma, _ = latex[begun:end].partition(r",\, ")
    short = comma and r"\left" not in first and visible_length(first) <= _LEAST
    return begun + len(first) + len(comma) if short else begun


def _broken_inside(piece: str, line: int) -> str:
    """Break the widest brackets of a piece until it fits or nothing is left to break."""
    done: set[str] = set()
    while (wide := visible_length(piece)) > line:
        inside = {piece[start:end]: (start, end) for start, end in _insides(piece)}
        left = [each for each in inside if each not in done and visible_length(each) > _LEAST]
        if not left:
            break
        widest = max(left, key=visible_length)
        start, end = inside[widest]
        block = _block(widest, max(_LEAST, line - wide + visible_length(widest)))
        done.add(block)
        piece = piece[:start] + block + piece[end:]
    return piece


def _filled(latex: str, line: int, first: str = "") -> list[str]:
    lines = [first] if first else []
    for piece in _pieces(latex, line):
        longer = f"{lines[-1]} {piece}" if lines else piece
        fits = visible_length(longer) <= line
        lines = [*lines[:-1], longer] if fits else [*lines, _broken_inside(piece, line)]
    return lines


def _block(latex: str, line: int, first: str = "") -> str:
    if r"\begin{aligned}" in latex:
        return latex
    lines = _filled(latex, line, first)
    joined = r" \\ & \quad ".join(lines)
    return rf"\begin{{aligned}} & {joined} \end{{aligned}}" if len(lines) > 1 else lines[0]


def break_lines(latex: str, line: int = _LINE) -> str:
    r"""Break an equation that is wider than a line.

    >>> print(break_lines(r"\text{all} = \text{one thing} + \text{another thing}", line=20))
    \begin{aligned} & \text{all} = \text{one thing} \\ & \quad + \text{another thing} \end{aligned}
    """
    if visible_length(latex) <= line:
        return latex
    left, _, right = _long_powers(latex).partition(" = ")
    return _block(right, line, f"{left} =")


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
