"""Write each equation of a recorded model as a JavaScript function of its own.

A run needs them all at once; an explanation needs one at a time, with one quantity changed.
"""

from collections.abc import Iterator

from carelab.tracing.javascript import javascript_number, javascript_operation
from carelab.tracing.nodes import Node
from carelab.tracing.record import Trace


def read_by(node: Node) -> Iterator[str]:
    """Give every name that an equation reads; an input's carries ``inputs.`` before it."""
    if node.operation in ("input", "named"):
        yield f"inputs.{node.name}" if node.operation == "input" else node.name
    for argument in node.arguments:
        yield from read_by(argument)


def _expression(node: Node, places: dict[str, int]) -> str:
    if node.operation == "number":
        return javascript_number(node.number)
    if node.operation in ("input", "named"):
        label = f"inputs.{node.name}" if node.operation == "input" else node.name
        return f"v[{places[label]}]"
    parts = [_expression(argument, places) for argument in node.arguments]
    return javascript_operation(node.operation, parts)


def write_javascript_equations(trace: Trace) -> str:
    """Write a trace as a list of functions, one an equation, in the order of the flows.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    str
        ``const <name>_equations = […];``, each ``{reads: […], of: (v) => …}``: ``reads`` names
        what the equation reads (inputs as ``inputs.<name>``), ``v`` holds their values in that
        order. Names stand once, in a list before; a page carries this text.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> print(write_javascript_equations(trace_model(double, ["amount"])))
    const double_equations = ((names) => [
      [[0], (v) => (2.0 * v[0])],
    ].map(([reads, of]) => ({reads: reads.map((at) => names[at]), of})))([
      "inputs.amount"
    ]);
    """
    known: dict[str, int] = {}
    lines = []
    for _, node in trace.flows:
        names = tuple(dict.fromkeys(read_by(node)))
        reads = [known.setdefault(name, len(known)) for name in names]
        places = {name: place for place, name in enumerate(names)}
        lines.append(f"  [{reads}, (v) => {_expression(node, places)}],")
    quoted = ", ".join(f'"{name}"' for name in known)
    return "\n".join(
        [
            f"const {trace.name}_equations = ((names) => [",
            *lines,
            "].map(([reads, of]) => ({reads: reads.map((at) => names[at]), of})))([",
            f"  {quoted}",
            "]);",
        ]
    )
