"""Differentiate a model while it is recorded: reverse mode, as more of the same record.

The slopes of a sum of flows, by inputs and by other flows, become flows themselves, so that every
writer writes them and every place that runs the model has them. At a kink the slope is that of one
side: of `maximum` and `minimum` the second argument counts at a tie, so a model writes a bound
first. Weights of the sum are held still: they are multiplied, never differentiated.
"""

from collections.abc import Collection, Mapping
from typing import Any

from carelab.tracing.nodes import Node, TracingError, as_node, combine
from carelab.tracing.sharing import ATOMS

_NOTHING, _ONE = as_node(0.0), as_node(1.0)


def _is(node: Node, number: float) -> bool:
    return node.operation == "number" and node.number == number


def plus(first: Any, second: Any) -> Node:
    """Add two quantities; what is nothing leaves no trace."""
    first, second = as_node(first), as_node(second)
    if _is(first, 0):
        return second
    if second.operation == "negative" and not _is(second, 0):
        return combine("-", first, second.arguments[0])
    return first if _is(second, 0) else combine("+", first, second)


def times(first: Any, second: Any) -> Node:
    """Multiply two quantities; nothing, one and minus one leave no trace of their own."""
    first, second = as_node(first), as_node(second)
    for this, other in ((first, second), (second, first)):
        if _is(this, 0):
            return _NOTHING
        if _is(this, 1):
            return other
        if _is(this, -1):
            return _negative(other)
    if first.operation == "negative":
        return _negative(times(first.arguments[0], second))
    if second.operation == "negative":
        return _negative(times(first, second.arguments[0]))
    return combine("*", first, second)


def over(first: Any, second: Any) -> Node:
    """Divide two quantities; nothing stays nothing."""
    first = as_node(first)
    if first.operation == "negative":
        return _negative(over(first.arguments[0], second))
    return first if _is(first, 0) else combine("/", first, second)


def _negative(node: Node) -> Node:
    if node.operation == "number":
        return as_node(-node.number)
    return node.arguments[0] if node.operation == "negative" else combine("negative", node)


def _where(condition: Node, yes: Node, no: Node) -> Node:
    return yes if _is(yes, 0) and _is(no, 0) else combine("where", condition, yes, no)


def _partials(node: Node, value: Node, slope: Node) -> tuple[Node, ...]:
    """Return what each argument of an operation passes on of a slope; `value` stands for it."""
    operation = node.operation
    first, second = node.arguments[0], node.arguments[-1]
    if operation in ("maximum", "minimum"):
        led = combine(">=" if operation == "maximum" else "<=", second, first)
        return _where(led, _NOTHING, slope), _where(led, slope, _NOTHING)
    if operation == "where":
        return (
            _NOTHING,
            _where(first, slope, _NOTHING),
            _where(first, _NOTHING, slope),
        )
    if operation == "+":
        return slope, slope
    if operation == "-":
        return slope, _negative(slope)
    if operation == "*":
        return times(slope, second), times(slope, first)
    if operation == "/":
        part = over(slope, second)
        return part, _negative(times(part, value))
    if operation == "**":
        power = combine("**", first, combine("-", second, 1.0))
        return times(slope, times(second, power)), times(slope, times(value, combine("log", first)))
    if operation == "negative":
        return (_negative(slope),)
    if operation == "exp":
        return (times(slope, value),)
    if operation == "log":
        return (over(slope, first),)
    return tuple(_NOTHING for _ in node.arguments)


class _Reach:
    """Which expressions depend on the inputs by which is differentiated."""

    def __init__(self, by: Collection[str]) -> None:
        self.by = frozenset(by)
        self.flows: set[str] = set()
        self.known: dict[int, bool] = {}

    def __call__(self, node: Node) -> bool:
        found = self.known.get(id(node))
        if found is None:
            if node.operation == "input":
                found = node.name in self.by
            elif node.operation == "named":
                found = node.name in self.flows
            else:
                found = any([self(each) for each in node.arguments])
            self.known[id(node)] = found
        return found


def pull_back(
    flows: Any,
    weights: Mapping[str, Any],
    by: Collection[str],
    prefix: str,
    keep: Collection[str] = (),
) -> dict[str, Node]:
    """Differentiate a weighted sum of flows by inputs, while the model is recorded.

    Parameters
    ----------
    flows : recorder
        Of a model that is being traced; it receives ``<prefix>_per_<flow>``, the slope of the
        sum by a flow, wherever that is used more than once or asked for.
    weights : mapping of str to float or recorded quantity
        Flow to its weight in the sum, held still.
    by : collection of str
        Inputs.
    prefix : str
        What the sum is called.
    keep : collection of str
        Flows by which the slope is wanted too.

    Returns
    -------
    dict of str to Node
        The slope by each input of ``by`` and each flow of ``keep``; the number 0 where the sum
        does not depend on it.

    Raises
    ------
    TracingError
        When the model runs on numbers instead of being recorded.

    Examples
    --------
    >>> from carelab.tracing import evaluate_trace, exp, trace_model
    >>> def model(inputs, flows):
    ...     flows.gain = inputs.effort * exp(-inputs.effort)
    ...     flows.slope = pull_back(flows, {"gain": 2.0}, ["effort"], "sum")["effort"]
    >>> evaluate_trace(trace_model(model, ["effort"]), {"effort": 0.0})["slope"]
    2.0
    """
    recorded: dict[str, Any] = dict(vars(flows))
    if not all(isinstance(node, Node) for node in recorded.values()):
        raise TracingError("a slope needs a recorded model; trace it and run the trace")
    reaches = _Reach(by)
    for name, node in recorded.items():
        if reaches(node):
            reaches.flows.add(name)
    slopes = {name: as_node(weight) for name, weight in weights.items()}
    found = dict.fromkeys(by, _NOTHING)

    def pass_on(node: Node, value: Node, slope: Node) -> None:
        if _is(slope, 0) or not reaches(node):
            return
        if node.operation == "input":
            found[node.name] = plus(found[node.name], slope)
        elif node.operation == "named":
            slopes[node.name] = plus(slopes.get(node.name, _NOTHING), slope)
        else:
            for argument, part in zip(node.arguments, _partials(node, value, slope), strict=True):
                pass_on(argument, argument, part)

    for name in reversed(recorded):
        slope = slopes.get(name, _NOTHING)
        if name in reaches.flows and not _is(slope, 0):
            if slope.operation not in ATOMS and (
                name in keep or _times_used(recorded[name], reaches) > 1
            ):
                setattr(flows, f"{prefix}_per_{name}", slope)
                slopes[name] = slope = getattr(flows, f"{prefix}_per_{name}")
            pass_on(recorded[name], Node("named", name=name), slope)
    return found | {name: slopes.get(name, _NOTHING) for name in keep}


def _times_used(node: Node, reaches: _Reach) -> int:
    """Count how many moving parts will take up the slope of a flow."""
    if not reaches(node):
        return 0
    if node.operation in ATOMS:
        return 1
    return sum(_times_used(each, reaches) for each in node.arguments)
