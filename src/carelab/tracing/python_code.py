"""Write a recorded model as straight-line Python and run it, on numbers and on blocks of them.

One text serves both: on numbers its functions are Python's, on arrays they are numpy's. What is
needed twice is worked out once, in the order in which the model says it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from carelab.base import CarelabError
from carelab.tracing import operations
from carelab.tracing.nodes import ATOMS, Node, Sharing
from carelab.tracing.record import Trace


def _inputs_of(node: Node, seen: set[int]) -> Iterator[str]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.operation == "input":
        yield node.name
    for argument in node.arguments:
        yield from _inputs_of(argument, seen)


def inputs_read(trace: Trace) -> tuple[str, ...]:
    """Return the inputs that a trace really reads, in the order in which they were declared.

    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> inputs_read(trace_model(double, ["idle", "amount"]))
    ('amount',)
    """
    seen: set[int] = set()
    read = {name for _, node in trace.flows for name in _inputs_of(node, seen)}
    return tuple(name for name in trace.inputs if name in read)


def _number(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "(-inf)"
    return f"({value!r})" if value < 0 else repr(value)


@dataclass
class _Writer:
    sharing: Sharing = field(default_factory=Sharing)
    names: dict[int, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def text(self, node: Node) -> str:
        if node.operation == "number":
            return _number(node.number)
        if node.operation in ATOMS:
            return f"{'i' if node.operation == 'input' else 'f'}_{node.name}"
        key = self.sharing.key(node)
        if key in self.names:
            return self.names[key]
        written = self._written(node, [self.text(each) for each in node.arguments])
        if self.sharing.used[key] < 2:
            return written
        name = self.names[key] = f"c{len(self.names)}"
        self.lines.append(f"{name} = {written}")
        return name

    @staticmethod
    def _written(node: Node, parts: list[str]) -> str:
        if node.operation == "negative":
            return f"(-{parts[0]})"
        if node.operation[0].isalpha():
            return f"{node.operation}({', '.join(parts)})"
        return f"({parts[0]} {node.operation} {parts[1]})"


def write_python(trace: Trace) -> str:
    """Write a trace as one Python function.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    str
        ``def <name>(…):`` of the inputs that are read, each ``i_<name>``; it gives a tuple of
        all flows. The functions that it calls are those of `carelab.tracing.operations`.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> print(write_python(trace_model(double, ["amount"])))
    def double(i_amount):
        f_twice = (2.0 * i_amount)
        return (f_twice,)
    """
    writer = _Writer()
    for _, node in trace.flows:
        writer.sharing.count(node)
    for name, node in trace.flows:
        writer.lines.append(f"f_{name} = {writer.text(node)}")
    given = ", ".join(f"i_{name}" for name in inputs_read(trace))
    returned = "".join(f"f_{name}, " for name in trace.flow_names).strip()
    returned = returned if len(trace.flows) == 1 else returned.rstrip(",")
    return "\n".join(
        [
            f"def {trace.name}({given}):",
            *(f"    {line}" for line in writer.lines),
            f"    return ({returned})",
        ]
    )


def _on_numbers() -> dict[str, Any]:
    def where(condition: bool, if_true: float, if_false: float) -> float:
        return if_true if condition else if_false

    # Python's own order of arguments decides only which of two equal numbers is returned.
    return {
        "maximum": max, "minimum": min, "where": where, "inf": math.inf,
        "exp": operations.exp, "log": operations.log,
    }  # fmt: skip


def _on_arrays() -> dict[str, Any]:
    import numpy as np

    names = ("maximum", "minimum", "where", "exp", "log", "inf")
    return {name: getattr(np, name) for name in names}


@dataclass(frozen=True)
class RunnableTrace:
    """A trace that runs: called with values by name, one number each or arrays.

    Parameters
    ----------
    trace : Trace
        A recorded model.
    """

    trace: Trace

    def __reduce__(self) -> tuple[Any, ...]:
        """Compile again where it is copied to: compiled code stays in its process."""
        return RunnableTrace, (self.trace,)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The inputs that it reads."""
        return inputs_read(self.trace)

    @cached_property
    def _code(self) -> Any:
        return compile(write_python(self.trace), f"<{self.trace.name}>", "exec")

    def _function(self, functions: dict[str, Any]) -> Any:
        exec(self._code, functions)
        return functions[self.trace.name]

    @cached_property
    def _numbers(self) -> Any:
        return self._function(_on_numbers())

    @cached_property
    def _arrays(self) -> Any:
        return self._function(_on_arrays())

    def __call__(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run the model once.

        Parameters
        ----------
        inputs : mapping of str to float or array
            Values; arrays broadcast against each other. Names that it does not read are passed
            over.

        Returns
        -------
        dict of str to float or array
            Each flow in its order.

        Raises
        ------
        CarelabError
            When an input is missing.
        """
        missing = [name for name in self.inputs if name not in inputs]
        if missing:
            raise CarelabError(f"no value was given for {', '.join(missing)}")
        values = [inputs[name] for name in self.inputs]
        if all(isinstance(value, (float, int)) for value in values):
            results = self._numbers(*values)
        else:
            import numpy as np

            with np.errstate(all="ignore"):
                results = self._arrays(*values)
        return dict(zip(self.trace.flow_names, results, strict=True))

    def run(
        self,
        inputs: Mapping[str, Any],
        clock: Iterable[Mapping[str, float]],
        carried: Mapping[str, str],
    ) -> Iterator[dict[str, Any]]:
        """Run the model period after period.

        Parameters
        ----------
        inputs : mapping of str to float or array
            Values of the first period.
        clock : iterable of mapping of str to float
            For each period, the numbers that are its own.
        carried : mapping of str to str
            Input to the flow that gives its value in the next period.

        Yields
        ------
        dict of str to float or array
            The flows of each period.
        """
        values = dict(inputs)
        for tick in clock:
            values.update(tick)
            flows = self(values)
            yield flows
            for name, flow in carried.items():
                values[name] = flows[flow]


def evaluate_trace(trace: Trace, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run a trace once.

    Parameters
    ----------
    trace : Trace
        A recorded model.
    inputs : mapping of str to float or array
        Values by name.

    Returns
    -------
    dict of str to float or array
        Each flow in its order.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> evaluate_trace(trace_model(double, ["amount"]), {"amount": 3.0})
    {'twice': 6.0}
    """
    return RunnableTrace(trace)(inputs)
