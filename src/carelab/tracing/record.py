"""Run a model on numbers and arrays, or once on recorded quantities; keep what is asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from carelab.tracing.nodes import Node, TracingError, as_node

Model = Callable[[Any, Any], None]


@dataclass(frozen=True, eq=False)
class Trace:
    """A model written down.

    Parameters
    ----------
    name : str
        Name of the model.
    inputs : tuple of str
        Names of levers and parameters, in the order given.
    flows : tuple of (str, Node)
        Each assigned quantity and what it was made of, in the order of assignment.
    """

    name: str
    inputs: tuple[str, ...]
    flows: tuple[tuple[str, Node], ...]

    @property
    def flow_names(self) -> tuple[str, ...]:
        """Names of the assigned quantities, in order."""
        return tuple(name for name, _ in self.flows)

    def _written(self) -> list[tuple[object, ...]]:
        """List every node once, its arguments by their place in the list."""
        places: dict[int, int] = {}
        written: list[tuple[object, ...]] = []
        waiting = [node for _, node in reversed(self.flows)]
        while waiting:
            node = waiting[-1]
            missing = [each for each in node.arguments if id(each) not in places]
            if id(node) in places or not missing:
                waiting.pop()
            if id(node) not in places and not missing:
                places[id(node)] = len(written)
                arguments = tuple(places[id(each)] for each in node.arguments)
                written.append((node.operation, arguments, node.name, repr(node.number)))
            waiting += missing if id(node) not in places else []
        return [*written, *((name, places[id(node)]) for name, node in self.flows)]

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same model, written down in the same order."""
        if not isinstance(other, Trace):
            return NotImplemented
        heads = (self.name, self.inputs) == (other.name, other.inputs)
        return self is other or (heads and self._written() == other._written())

    def __hash__(self) -> int:
        """Hash by all names."""
        return hash((self.name, self.inputs, self.flow_names))


class _Recorder:
    """A ``flows`` namespace that remembers every assignment and hands back names."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in vars(self):
            raise TracingError(f"flow '{name}' is assigned twice; give the second value a new name")
        vars(self)[name] = as_node(value)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return super().__getattribute__(name)
        if name not in vars(self):
            raise TracingError(f"flow '{name}' is read before it is assigned")
        return Node("named", name=name)


def trace_model(model: Model, inputs: Iterable[str], name: str = "") -> Trace:
    """Record a model by running it once on symbols.

    Parameters
    ----------
    model : callable
        ``model(inputs, flows)``.
    inputs : iterable of str
        Names of every input the model may read.
    name : str
        Name of the trace; the function's own name by default.

    Returns
    -------
    Trace
        The record.

    Raises
    ------
    TracingError
        When the model does something that cannot be recorded.

    Examples
    --------
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> trace_model(double, ["amount"]).flow_names
    ('twice',)
    """
    names = tuple(inputs)
    symbols = SimpleNamespace(**{each: Node("input", name=each) for each in names})
    recorder = _Recorder()
    try:
        model(symbols, recorder)
    except AttributeError as error:
        raise TracingError(f"the model reads an input that was not declared: {error}") from None
    return Trace(name or model.__name__, names, tuple(vars(recorder).items()))


def evaluate(model: Model, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run a model on numbers or arrays.

    Parameters
    ----------
    model : callable
        ``model(inputs, flows)``.
    inputs : mapping of str to float or array
        Values; arrays broadcast against each other.

    Returns
    -------
    dict of str to float or array
        Each assigned quantity, in order.

    Examples
    --------
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> evaluate(double, {"amount": 3.0})
    {'twice': 6.0}
    """
    flows = SimpleNamespace()
    model(SimpleNamespace(**inputs), flows)
    return dict(vars(flows))


def read_by(node: Node) -> Iterator[str]:
    """Give every name that an equation reads; an input's carries ``inputs.`` before it."""
    if node.operation in ("input", "named"):
        yield f"inputs.{node.name}" if node.operation == "input" else node.name
    for argument in node.arguments:
        yield from read_by(argument)


def prune(
    trace: Trace, carried: Mapping[str, str], wanted: Iterable[str]
) -> tuple[Trace, dict[str, str]]:
    """Drop every flow that no wanted stock depends on, in this period or a later one.

    >>> from carelab.tracing import trace_model
    >>> def grow(inputs, flows):
    ...     flows.next_stock = inputs.stock * 2
    ...     flows.next_other = inputs.other + flows.next_stock
    >>> trace = trace_model(grow, ["stock", "other"])
    >>> kept, left = prune(trace, {"stock": "next_stock", "other": "next_other"}, ["stock"])
    >>> kept.flow_names, left
    (('next_stock',), {'stock': 'next_stock'})
    """
    nodes = dict(trace.flows)
    waiting = [carried[name] for name in wanted]
    kept: set[str] = set()
    while waiting:
        flow = waiting.pop()
        if flow in kept:
            continue
        kept.add(flow)
        for read in read_by(nodes[flow]):
            name = read.removeprefix("inputs.")
            waiting += [carried[name]] if read != name and name in carried else []
            waiting += [name] if read == name else []
    flows = tuple((name, node) for name, node in trace.flows if name in kept)
    return Trace(trace.name, trace.inputs, flows), {
        name: flow for name, flow in carried.items() if flow in kept
    }
