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


def javascript_number(number: float) -> str:
    """Write a constant so that JavaScript reads the same bits."""
    text = repr(number)
    return f"({text})" if number < 0 else text


def javascript_operation(operation: str, arguments: list[str]) -> str:
    """Write an operation on arguments that are written already.

    Parameters
    ----------
    operation : str
        As in `Node`; not ``input``, ``number`` or ``named``.
    arguments : list of str
        JavaScript expressions.

    Returns
    -------
    str
        A JavaScript expression.

    Examples
    --------
    >>> javascript_operation("maximum", ["a", "0.0"])
    'Math.max(a, 0.0)'
    """
    if operation == "negative":
        return f"(-{arguments[0]})"
    if operation == "where":
        return f"({arguments[0]} ? {arguments[1]} : {arguments[2]})"
    if operation in _FUNCTIONS:
        return f"{_FUNCTIONS[operation]}({', '.join(arguments)})"
    return f"({arguments[0]} {operation} {arguments[1]})"


def _expression(node: Node) -> str:
    if node.operation == "number":
        return javascript_number(node.number)
    if node.operation == "input":
        return f"inputs.{node.name}"
    if node.operation == "named":
        return node.name
    return javascript_operation(
        node.operation, [_expression(argument) for argument in node.arguments]
    )


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
