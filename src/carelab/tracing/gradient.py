"""Differentiate a model while it is recorded: reverse mode, as more of the same record.

The slopes of a sum of flows, by inputs and by other flows, become flows themselves, so that every
writer writes them and every place that runs the model has them. At a kink the slope is that of one
side: of `maximum` and `minimum` the second argument counts at a tie, so a model writes a bound
first. Weights of the sum are held still: they are multiplied, never differentiated.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from carelab.tracing.nodes import ATOMS, Node, TracingError, as_node, combine

_NOTHING = as_node(0.0)


def _is(node: Node, number: float) -> bool:
    return node.operation == "number" and node.number == number


def plus(first: Any, second: Any) -> Node:
    """Add two quantities; what is nothing leaves no trace."""
    one, other = as_node(first), as_node(second)
    if _is(one, 0):
        return other
    if other.operation == "negative":
        return combine("-", one, other.arguments[0])
    return one if _is(other, 0) else combine("+", one, other)


def times(first: Any, second: Any) -> Node:
    """Multiply two quantities; nothing, one and minus one leave no trace of their own."""
    one, two = as_node(first), as_node(second)
    for this, other in ((one, two), (two, one)):
        if this.operation == "number" and abs(this.number) in (0, 1):
            return _NOTHING if _is(this, 0) else other if _is(this, 1) else _negative(other)
        if this.operation == "negative":
            return _negative(times(this.arguments[0], other))
    return combine("*", one, two)


def over(first: Any, second: Any) -> Node:
    """Divide two quantities; nothing stays nothing."""
    upper = as_node(first)
    if upper.operation == "negative":
        return _negative(over(upper.arguments[0], second))
    return upper if _is(upper, 0) else combine("/", upper, second)


def _negative(node: Node) -> Node:
    if node.operation == "number":
        return as_node(-node.number)
    return node.arguments[0] if node.operation == "negative" else combine("negative", node)


def _where(condition: Node, yes: Node, no: Node) -> Node:
    return yes if _is(yes, 0) and _is(no, 0) else combine("where", condition, yes, no)


def _one_side(node: Node, _: Node, slope: Node) -> tuple[Node, ...]:
    first, second = node.arguments
    led = combine(">=" if node.operation == "maximum" else "<=", second, first)
    return _where(led, _NOTHING, slope), _where(led, slope, _NOTHING)


def _chosen(node: Node, _: Node, slope: Node) -> tuple[Node, ...]:
    condition = node.arguments[0]
    return _NOTHING, _where(condition, slope, _NOTHING), _where(condition, _NOTHING, slope)


def _quotient(node: Node, value: Node, slope: Node) -> tuple[Node, ...]:
    part = over(slope, node.arguments[1])
    return part, _negative(times(part, value))


def _power(node: Node, value: Node, slope: Node) -> tuple[Node, ...]:
    base, exponent = node.arguments
    less = combine("**", base, combine("-", exponent, 1.0))
    return times(slope, times(exponent, less)), times(slope, times(value, combine("log", base)))


# What each argument of an operation passes on of a slope; `value` stands for the operation.
_PARTIALS: Mapping[str, Callable[[Node, Node, Node], tuple[Node, ...]]] = {
    "maximum": _one_side,
    "minimum": _one_side,
    "where": _chosen,
    "+": lambda _, __, slope: (slope, slope),
    "-": lambda _, __, slope: (slope, _negative(slope)),
    "*": lambda node, _, slope: (
        times(slope, node.arguments[1]),
        times(slope, node.arguments[0]),
    ),
    "/": _quotient,
    "**": _power,
    "negative": lambda _, __, slope: (_negative(slope),),
    "exp": lambda _, value, slope: (times(slope, value),),
    "log": lambda node, _, slope: (over(slope, node.arguments[0]),),
}


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
                found = any(self(each) for each in node.arguments)
            self.known[id(node)] = found
        return found


def pull_back(
    flows: Any,
    weights: Mapping[str, Any],
    by: Collection[str],
    prefix: str,
    keep: Mapping[str, str] | None = None,
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
    keep : mapping of str to str, optional
        Flows by which the slope is wanted too, each with the name that it gets.

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
    back = _Back(recorded, weights, by)
    named = dict(keep or {})
    for name in reversed(recorded):
        slope = back.slopes.get(name, _NOTHING)
        if name in back.reaches.flows and not _is(slope, 0):
            repeated = slope.operation not in ATOMS and back.uses(recorded[name]) > 1
            if repeated or name in named:
                label = named.get(name, f"{prefix}_per_{name}")
                setattr(flows, label, slope)
                back.slopes[name] = slope = getattr(flows, label)
            back.pass_on(recorded[name], Node("named", name=name), slope)
    return back.found | {name: back.slopes.get(name, _NOTHING) for name in named}


class _Back:
    """Slopes on their way from the sum back to the inputs."""

    def __init__(
        self, recorded: Mapping[str, Node], weights: Mapping[str, Any], by: Collection[str]
    ) -> None:
        self.reaches = _Reach(by)
        for name, node in recorded.items():
            if self.reaches(node):
                self.reaches.flows.add(name)
        self.slopes = {name: as_node(weight) for name, weight in weights.items()}
        self.found = dict.fromkeys(by, _NOTHING)

    def pass_on(self, node: Node, value: Node, slope: Node) -> None:
        """Hand a slope to what a quantity is made of."""
        if _is(slope, 0) or not self.reaches(node):
            return
        if node.operation == "input":
            self.found[node.name] = plus(self.found[node.name], slope)
        elif node.operation == "named":
            self.slopes[node.name] = plus(self.slopes.get(node.name, _NOTHING), slope)
        elif node.operation in _PARTIALS:
            parts = _PARTIALS[node.operation](node, value, slope)
            for argument, part in zip(node.arguments, parts, strict=True):
                self.pass_on(argument, argument, part)

    def uses(self, node: Node) -> int:
        """Count how many moving parts will take up the slope of a flow."""
        if not self.reaches(node):
            return 0
        if node.operation in ATOMS:
            return 1
        return sum(self.uses(each) for each in node.arguments)
