"""Write a recorded model as one JavaScript function, byte for byte the same every time."""

from carelab.tracing.nodes import Node
from carelab.tracing.record import Trace

_FUNCTIONS = {
    "maximum": "Math.max",
    "minimum": "Math.min",
    "exp": "Math.exp",
    "log": "Math.log",
    "**": "Math.pow",
}


def _expression(node: Node) -> str:
    arguments = [_expression(argument) for argument in node.arguments]
    if node.operation == "number":
        text = repr(node.number)
        return f"({text})" if node.number < 0 else text
    if node.operation == "input":
        return f"inputs.{node.name}"
    if node.operation == "named":
        return node.name
    if node.operation == "negative":
        return f"(-{arguments[0]})"
    if node.operation == "where":
        return f"({arguments[0]} ? {arguments[1]} : {arguments[2]})"
    if node.operation in _FUNCTIONS:
        return f"{_FUNCTIONS[node.operation]}({', '.join(arguments)})"
    return f"({arguments[0]} {node.operation} {arguments[1]})"


def write_javascript(trace: Trace) -> str:
    """Write a trace as a JavaScript function.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    str
        ``function <name>(inputs) { … return {…}; }``: plain, without any dependency.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> print(write_javascript(trace_model(double, ["amount"])))
    function double(inputs) {
      const twice = (2.0 * inputs.amount);
      return {twice};
    }
    """
    lines = [f"  const {name} = {_expression(node)};" for name, node in trace.flows]
    returned = ", ".join(trace.flow_names)
    return "\n".join(
        [f"function {trace.name}(inputs) {{", *lines, f"  return {{{returned}}};", "}"]
    )
