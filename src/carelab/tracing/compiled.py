"""Write a recorded model as C, and run it compiled where the machine has a C compiler.

C rather than numba: nothing to install, the source can be read, and no fast mathematics is
switched on, so that sums are taken in the order in which Python takes them.
"""

import ctypes
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carelab.provenance import CarelabError
from carelab.tracing.nodes import Node
from carelab.tracing.record import Trace

_COMPILERS = ("cc", "gcc", "clang")
# No fused multiply-add: it would round differently from Python.
_FLAGS = ("-std=c99", "-O2", "-ffp-contract=off", "-shared", "-fPIC")
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


def _compiler() -> list[str] | None:
    """Return the command of the C compiler: what ``CC`` says, else the first that is found."""
    for command in (os.environ.get("CC", ""), *_COMPILERS):
        parts = shlex.split(command)
        if parts and shutil.which(parts[0]):
            return parts
    return None


def _load(source: str) -> ctypes.CDLL:
    """Compile and load; nothing is left behind on disk where the system allows it."""
    command = _compiler()
    if command is None:
        raise CarelabError(
            "no C compiler (cc, gcc or clang) was found; the same model runs without one on"
            " numpy arrays"
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        written, library = Path(folder, "model.c"), Path(folder, "model.so")
        written.write_text(source, encoding="utf-8")
        call = [*command, *_FLAGS, str(written), "-o", str(library), "-lm"]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise CarelabError(f"the C compiler '{command[0]}' failed: {reason}")
        return ctypes.CDLL(str(library))


def compiler_available() -> bool:
    """Say whether this machine can compile: a compiler is found and an empty program works.

    Returns
    -------
    bool
        Whether `compile_trace` can be expected to work.

    Examples
    --------
    >>> compiler_available() in (True, False)
    True
    """
    try:
        _load("int nothing;\n")
    except (CarelabError, OSError):
        return False
    return True


@dataclass(frozen=True)
class CompiledTrace:
    """A model as machine code: called with values by name, as `evaluate` is.

    Parameters
    ----------
    source : str
        The C source, from `write_c`.
    inputs : tuple of str
        Inputs that it reads.
    flows : tuple of str
        Quantities that it gives.
    function : callable
        The loaded function.
    """

    source: str
    inputs: tuple[str, ...]
    flows: tuple[str, ...]
    function: Callable[..., None]

    def __call__(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run the model on a block.

        Parameters
        ----------
        inputs : mapping of str to float or array
            Values; arrays broadcast against each other. Names that it does not read are passed
            over.

        Returns
        -------
        dict of str to array
            Each flow, of the shape of the block (numpy floats when every input is one number).

        Raises
        ------
        CarelabError
            When an input is missing.
        """
        import numpy as np

        missing = [name for name in self.inputs if name not in inputs]
        if missing:
            raise CarelabError(f"no value was given for {', '.join(missing)}")
        values = [np.asarray(inputs[name], dtype=np.float64) for name in self.inputs]
        shape = np.broadcast_shapes(*{value.shape for value in values})
        values = [
            np.ascontiguousarray(value if value.size == 1 else np.broadcast_to(value, shape))
            for value in values
        ]
        results = np.empty((len(self.flows), *shape))
        count = results[0].size if self.flows else 0
        addresses = np.array([each.__array_interface__["data"][0] for each in values], np.uintp)
        strides = np.array([int(each.size > 1) for each in values], np.int64)
        pointers = (each.ctypes.data for each in (addresses, strides, results))
        self.function(count, *pointers)
        return dict(zip(self.flows, results, strict=True))


def compile_trace(trace: Trace) -> CompiledTrace:
    """Compile a trace with the system's C compiler.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    CompiledTrace
        Called like `evaluate`, without the model.

    Raises
    ------
    CarelabError
        When there is no compiler, or it fails.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> trace = trace_model(double, ["amount"])
    >>> float(compile_trace(trace)({"amount": 3.0})["twice"]) if compiler_available() else 6.0
    6.0
    """
    source = write_c(trace)
    function = getattr(_load(source), f"{trace.name}_block")
    pointers = [ctypes.c_void_p] * 3
    function.argtypes, function.restype = [ctypes.c_longlong, *pointers], None
    return CompiledTrace(source, inputs_read(trace), trace.flow_names, function)
