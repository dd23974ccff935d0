"""Which quantity moves which, and which way: the signed causal map of a recorded model.

Signs are those of partial derivatives along a run, found by automatic differentiation of each
quantity's own equation; nothing is estimated.
"""

from collections.abc import Collection, Mapping
from typing import Any

from carelab.base import CarelabError
from carelab.tracing.nodes import Node
from carelab.tracing.record import Trace

Link = tuple[str, str, int]
# Source to (partial derivative, sum of the sizes of its terms).
_Slopes = dict[str, tuple[Any, Any]]

# Terms that cancel to this part of their size are rounding, not an effect.
_FLAT = 1e-12
# What numpy calls the operations; it knows the others by their own names.
_SPELT = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "**": "power",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}


def _value(node: Node, parts: list[Any]) -> Any:
    import numpy as np

    return getattr(np, _SPELT.get(node.operation, node.operation))(*parts)


def _partials(operation: str, parts: list[Any], value: Any) -> tuple[Any, ...]:
    """Differentiate an operation by each of its arguments."""
    import numpy as np

    first, second = parts[0], parts[-1]
    if operation in ("maximum", "minimum"):
        # At a tie half of each, as a central difference would say.
        led = np.heaviside(first - second if operation == "maximum" else second - first, 0.5)
        return led, 1 - led
    if operation == "where":
        return 0.0, np.where(first, 1.0, 0.0), np.where(first, 0.0, 1.0)
    if operation == "/":
        return np.divide(1.0, second), np.divide(-first, second * second)
    if operation == "**":
        return second * np.power(first, second - 1), np.where(first > 0, value * np.log(first), 0)
    if operation[0] in "<>":
        return 0.0, 0.0
    simple = {
        "+": (1.0, 1.0),
        "-": (1.0, -1.0),
        "*": (second, first),
        "negative": (-1.0,),
        "exp": (value,),
    }
    return simple[operation] if operation in simple else (np.divide(1.0, first),)


def _differentiate(
    node: Node,
    known: Mapping[str, Any],
    names: frozenset[str],
    inner: Mapping[str, _Slopes],
) -> Any:
    """Return the value of an expression and its slopes by every quantity that it reads."""
    if node.operation == "number":
        return node.number, {}
    if node.operation in ("input", "named"):
        # A lever and what it is this month may share a name.
        shared = node.operation == "input" and node.name in names
        label = f"inputs.{node.name}" if shared else node.name
        return known[label], inner.get(label, {label: (1.0, 1.0)})
    parts = [_differentiate(argument, known, names, inner) for argument in node.arguments]
    value = _value(node, [part for part, _ in parts])
    partials = _partials(node.operation, [part for part, _ in parts], value)
    slopes: _Slopes = {}
    for partial, (_, inner) in zip(partials, parts, strict=True):
        for label, (slope, size) in inner.items():
            before, before_size = slopes.get(label, (0.0, 0.0))
            slopes[label] = (before + partial * slope, before_size + abs(partial) * size)
    return value, slopes


def _flattened(slope: Any, size: Any) -> Any:
    """Return a slope without what is only rounding."""
    import numpy as np

    return np.where((np.abs(slope) > _FLAT * size) | np.isinf(slope), slope, 0.0)


def _signs(slope: Any) -> tuple[int, ...]:
    """Return the signs that occur, in the order in which they first do; 0 alone when flat."""
    import numpy as np

    found = np.ravel(np.nan_to_num(np.sign(slope)))
    return tuple(dict.fromkeys(int(sign) for sign in found if sign)) or (0,)


def causal_slopes(
    trace: Trace, inputs: Mapping[str, Any], hidden: Collection[str] = ()
) -> dict[tuple[str, str], Any]:
    """Return how steeply each quantity moves each other in its own equation, along a run.

    >>> from carelab.tracing import trace_model
    >>> def model(inputs, flows):
    ...     flows.pay = 2 * inputs.cases
    >>> float(causal_slopes(trace_model(model, ["cases"]), {"cases": 3.0})["cases", "pay"])
    2.0
    """
    import numpy as np

    missing = [name for name in trace.inputs if name not in inputs]
    if missing:
        raise CarelabError(f"no value was given for {', '.join(missing)}")
    names = frozenset(trace.flow_names)
    known = {
        f"inputs.{name}" if name in names else name: np.asarray(inputs[name], float)
        for name in trace.inputs
    }
    found: dict[tuple[str, str], Any] = {}
    inner: dict[str, _Slopes] = {}
    with np.errstate(all="ignore"):
        for target, node in trace.flows:
            known[target], slopes = _differentiate(node, known, names, inner)
            if target in hidden:
                inner[target] = slopes
                continue
            found |= {(source, target): _flattened(*both) for source, both in slopes.items()}
    return found


def causal_map(
    trace: Trace, inputs: Mapping[str, Any], hidden: Collection[str] = ()
) -> tuple[Link, ...]:
    """Return which quantity moves which, with the sign along a run.

    Parameters
    ----------
    trace : Trace
        A recorded model.
    inputs : mapping of str to float or array
        Values of the inputs; arrays hold one value per month (or scenario) of the run.
    hidden : collection of str
        Flows that are passed through, as for `causal_slopes`.

    Returns
    -------
    tuple of (str, str, int)
        Source, target and the sign of the partial derivative in the target's own equation, all
        else equal; 0 where it is flat all along, or has no derivative. A link that turns is
        listed once with each sign, the earlier first. An input whose name a flow bears too is
        called ``inputs.<name>``.

    Raises
    ------
    CarelabError
        When an input has no value.

    Examples
    --------
    >>> from carelab.tracing import maximum, trace_model
    >>> def model(inputs, flows):
    ...     flows.margin = inputs.price - inputs.cost
    ...     flows.effort = maximum(0.0, flows.margin)
    >>> trace = trace_model(model, ["price", "cost"])
    >>> causal_map(trace, {"price": 3.0, "cost": 1.0})
    (('price', 'margin', 1), ('cost', 'margin', -1), ('margin', 'effort', 1))
    >>> causal_map(trace, {"price": 1.0, "cost": 3.0})[-1]
    ('margin', 'effort', 0)
    """
    return tuple(
        (source, target, sign)
        for (source, target), slope in causal_slopes(trace, inputs, hidden).items()
        for sign in _signs(slope)
    )
