"""Write a recorded model as one C function over a block, byte for byte the same every time."""

from collections.abc import Iterator

from carelab.tracing.nodes import Node
from carelab.tracing.record import Trace

_FUNCTIONS = {
    "maximum": "maximum",
    "minimum": "minimum",
    "exp": "exp",
    "log": "log",
    "**": "pow",
}
_HEAD = """\
#include <math.h>

static double maximum(double a, double b) { return b > a ? b : a; }
static double minimum(double a, double b) { return b < a ? b : a; }
"""


def _number(value: float) -> str:
    if value in (float("inf"), float("-inf")):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    return f"({value!r})" if value < 0 else repr(value)


def _expression(node: Node) -> str:
    arguments = [_expression(argument) for argument in node.arguments]
    if node.operation == "number":
        return _number(node.number)
    if node.operation in ("input", "named"):
        # A lever and what it is this month may share a name; C keywords are no names either.
        return f"{'input' if node.operation == 'input' else 'flow'}_{node.name}"
    if node.operation == "negative":
        return f"(-{arguments[0]})"
    if node.operation == "where":
        return f"({arguments[0]} ? {arguments[1]} : {arguments[2]})"
    if node.operation in _FUNCTIONS:
        return f"{_FUNCTIONS[node.operation]}({', '.join(arguments)})"
    number = "(double)" if node.operation[0] in "<>" else ""
    return f"{number}({arguments[0]} {node.operation} {arguments[1]})"


def _inputs_read(node: Node) -> Iterator[str]:
    if node.operation == "input":
        yield node.name
    for argument in node.arguments:
        yield from _inputs_read(argument)


def inputs_read(trace: Trace) -> tuple[str, ...]:
    """Return the inputs that a trace really reads, in the order in which they were declared.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    tuple of str
        A part of ``trace.inputs``.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> inputs_read(trace_model(double, ["idle", "amount"]))
    ('amount',)
    """
    read = {name for _, node in trace.flows for name in _inputs_read(node)}
    return tuple(name for name in trace.inputs if name in read)


def write_c(trace: Trace) -> str:
    """Write a trace as one C function over a block of scenarios, the same bytes every time.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    str
        C99. ``inputs[k]`` leads to the values of the k-th input that is read, ``strides[k]`` is
        0 where one value holds for all scenarios and else 1; flow k of scenario s is written to
        ``flows[k * count + s]``. What the model names is computed once and kept by its name.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> print(write_c(trace_model(double, ["amount"])).partition("void ")[2])
    double_block(long long count, const double *const *inputs, const long long *strides,
                 double *flows) {
      for (long long s = 0; s < count; s++) {
        const double input_amount = inputs[0][s * strides[0]];
        const double flow_twice = (2.0 * input_amount);
        flows[0 * count + s] = flow_twice;
      }
    }
    <BLANKLINE>
    """
    head = f"void {trace.name}_block("
    lines = [
        f"{head}long long count, const double *const *inputs, const long long *strides,",
        f"{' ' * len(head)}double *flows) {{",
        "  for (long long s = 0; s < count; s++) {",
    ]
    for place, name in enumerate(inputs_read(trace)):
        lines.append(f"    const double input_{name} = inputs[{place}][s * strides[{place}]];")
    for place, (name, node) in enumerate(trace.flows):
        lines.append(f"    const double flow_{name} = {_expression(node)};")
        lines.append(f"    flows[{place} * count + s] = flow_{name};")
    return "\n".join([_HEAD, *lines, "  }", "}", ""])
