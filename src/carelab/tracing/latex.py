"""Write a recorded model as equations, so that no chapter types one."""

from collections.abc import Mapping

from carelab.tracing.nodes import Node
from carelab.tracing.record import Trace

_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 4, 5
_RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


def _number(value: float) -> str:
    digits, _, power = f"{value:g}".partition("e")
    if not power:
        return digits
    factor = "" if digits == "1" else rf"{digits} \cdot "
    return f"{factor}10^{{{int(power)}}}"


def _wrapped(part: tuple[str, int], needed: int) -> str:
    text, strength = part
    return text if strength >= needed else rf"\left({text}\right)"


def _binary(
    operation: str, left: tuple[str, int], right: tuple[str, int], sign: str
) -> tuple[str, int]:
    if operation == "+":
        return f"{left[0]} + {right[0]}", _SUM
    if operation == "-":
        return f"{left[0]} - {_wrapped(right, _PRODUCT)}", _SUM
    if operation == "*":
        return f"{_wrapped(left, _PRODUCT)}{sign}{_wrapped(right, _PRODUCT)}", _PRODUCT
    if operation == "/":
        return rf"\frac{{{left[0]}}}{{{right[0]}}}", _ATOM
    if operation == "**":
        return f"{{{_wrapped(left, _ATOM)}}}^{{{right[0]}}}", _POWER
    return f"{left[0]} {_RELATIONS[operation]} {right[0]}", _SUM


def _is_nil(node: Node) -> bool:
    if node.operation == "number":
        return node.number == 0
    return node.operation == "*" and any(map(_is_nil, node.arguments))


def _without_nil(node: Node, parts: list[tuple[str, int]]) -> tuple[str, int] | None:
    """Return what is left of a sum when a term is nil, as where code switches a part off."""
    first, second = node.arguments
    if node.operation in ("+", "-") and _is_nil(second):
        return parts[0]
    return parts[1] if node.operation == "+" and _is_nil(first) else None


def _expression(node: Node, symbols: Mapping[str, str], product: str) -> tuple[str, int]:
    """Return LaTeX and how strongly it binds."""
    parts = [_expression(argument, symbols, product) for argument in node.arguments]
    if node.operation == "number":
        return _number(node.number), _ATOM
    if node.operation in ("input", "named"):
        return symbols[node.name], _ATOM
    if node.operation == "negative":
        return f"-{_wrapped(parts[0], _PRODUCT)}", _SUM
    if node.operation in ("maximum", "minimum"):
        name = {"maximum": r"\max", "minimum": r"\min"}[node.operation]
        return rf"{name}\left({parts[0][0]},\, {parts[1][0]}\right)", _ATOM
    if node.operation == "exp":
        return rf"e^{{{parts[0][0]}}}", _POWER
    if node.operation == "log":
        return rf"\ln\left({parts[0][0]}\right)", _ATOM
    if node.operation == "where":
        yes, no, condition = parts[1][0], parts[2][0], parts[0][0]
        return (
            rf"\begin{{cases}} {yes} & {condition} \\ {no} & \mathrm{{otherwise}} \end{{cases}}",
            _SUM,
        )
    # Two numbers side by side would read as one.
    sign = r" \cdot " if node.arguments[1].operation == "number" else product
    return _without_nil(node, parts) or _binary(node.operation, parts[0], parts[1], sign)


def write_latex(trace: Trace, symbols: Mapping[str, str], product: str = r"\,") -> dict[str, str]:
    r"""Write each assigned quantity of a trace as an equation.

    Parameters
    ----------
    trace : Trace
        A recorded model.
    symbols : mapping of str to str
        LaTeX symbol of every input and flow.
    product : str
        What stands between factors: a thin space, or a sign where symbols are words.

    Returns
    -------
    dict of str to str
        Flow name to LaTeX, such as ``y = 2\,x``.

    Raises
    ------
    KeyError
        When a quantity has no symbol.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> write_latex(trace_model(double, ["amount"]), {"amount": "x", "twice": "y"})
    {'twice': 'y = 2\\,x'}
    """
    return {
        name: f"{symbols[name]} = {_expression(node, symbols, product)[0]}"
        for name, node in trace.flows
    }
