"""Break a long equation of words into lines, at its sums and products."""

import re

_LINE = 60
_COMMAND = re.compile(r"\\(?:text|left|right|frac|cdot|max|min|ln|mathrm|begin|end)|[{}\\]")
_TEXT = re.compile(r"\\(?:text|mathrm)\{([^{}]*)\}")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_GROUP = re.compile(r"\^?\{([^{}]*)\}")
_CLOSING = r"\right)"
_STEP = re.compile(r"\\left|\\right|[{}]|(?<= )(?:\+|-|\\cdot)(?= )")


def visible_length(latex: str) -> int:
    r"""Return about how many letters a formula is wide.

    Parameters
    ----------
    latex : str
        A formula in words.

    Returns
    -------
    int
        Letters; a fraction counts as the longer of numerator and denominator.

    Examples
    --------
    >>> visible_length(r"\text{unit cost}"), visible_length(r"\frac{1}{\text{unit cost}}")
    (9, 9)
    """
    bare, before = _TEXT.sub(r"\1", latex), ""
    while bare != before:
        before = bare
        bare = _FRACTION.sub(lambda found: max(found.groups(), key=len), bare)
        bare = _GROUP.sub(r"\1", bare) if bare == before and r"\frac" not in bare else bare
    return len(" ".join(_COMMAND.sub("", bare).split()))


def _outer_parts(latex: str, signs: tuple[str, ...]) -> list[str]:
    """Split before every sign that stands in no bracket, fraction or power."""
    parts, start, depth = [], 0, 0
    for found in _STEP.finditer(latex):
        token = found.group()
        if token in ("{", r"\left"):
            depth += 1
        elif token in ("}", r"\right"):
            depth -= 1
        elif depth == 0 and token in signs and latex[start : found.start()].strip():
            parts.append(latex[start : found.start()].strip())
            start = found.start()
    return [*parts, latex[start:].strip()]


def _closes_at_its_end(bracketed: str) -> bool:
    """Say whether what follows an opening bracket is closed by the last sign and not before."""
    depth = 1
    for found in _STEP.finditer(bracketed):
        depth += {r"\left": 1, r"\right": -1}.get(found.group(), 0)
        if depth == 0:
            return bracketed[found.start() :] == _CLOSING
    return False


def _opened(factor: str) -> list[str]:
    """Split a factor that is one bracketed sum; each line has brackets of its own height."""
    head, opening, rest = factor.partition(r"\left(")
    if not _closes_at_its_end(rest):
        return [factor]
    *before, last = _outer_parts(rest.removesuffix(_CLOSING), ("+", "-"))
    if not before:
        return [factor]
    first, *between = (rf"{part} \right." for part in before)
    return [head + opening + first, *(rf"\left. {each}" for each in [*between, last + _CLOSING])]


def _pieces(latex: str, line: int) -> list[str]:
    """Return terms of a sum; a long term falls into its factors, a long factor into its terms."""
    pieces: list[str] = []
    for term in _outer_parts(latex, ("+", "-")):
        long = visible_length(term) > line
        for factor in _outer_parts(term, (r"\cdot",)) if long else [term]:
            pieces += _opened(factor) if visible_length(factor) > line else [factor]
    return pieces


def break_lines(latex: str, line: int = _LINE) -> str:
    r"""Break an equation that is wider than a line.

    Parameters
    ----------
    latex : str
        ``left = right``, in words.
    line : int
        Letters that fit.

    Returns
    -------
    str
        The equation as it is, or as an ``aligned`` block: what does not fit runs on below, with
        the sign in front; what cannot be split keeps its width.

    Examples
    --------
    >>> print(break_lines(r"\text{all} = \text{one thing} + \text{another thing}", line=20))
    \begin{aligned} & \text{all} = \text{one thing} \\ & \quad + \text{another thing} \end{aligned}
    """
    if visible_length(latex) <= line or r"\begin" in latex:
        return latex
    left, _, right = latex.partition(" = ")
    lines = [f"{left} ="]
    for piece in _pieces(right, line):
        longer = f"{lines[-1]} {piece}"
        lines = [*lines[:-1], longer] if visible_length(longer) <= line else [*lines, piece]
    joined = r" \\ & \quad ".join(lines)
    return rf"\begin{{aligned}} & {joined} \end{{aligned}}"
