"""Write a recorded model as JavaScript, byte for byte the same every time.

One function for a period; a function for each equation, since an explanation needs one at a time
with one quantity changed; and a function that runs many periods as fast as it can, with the same
operations in the same order: what no period changes is worked out before the first, and what is
needed twice is worked out once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from carelab.tracing.nodes import ATOMS, Node, Sharing
from carelab.tracing.python_code import inputs_read
from carelab.tracing.record import Trace, read_by

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


def _label(node: Node) -> str:
    return f"inputs.{node.name}" if node.operation == "input" else node.name


def _expression(node: Node, read: Callable[[Node], str] = _label) -> str:
    if node.operation == "number":
        return javascript_number(node.number)
    if node.operation in ATOMS:
        return read(node)
    return javascript_operation(
        node.operation, [_expression(each, read) for each in node.arguments]
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


def _read_from(names: tuple[str, ...]) -> Callable[[Node], str]:
    return lambda node: f"v[{names.index(_label(node))}]"


def write_javascript_equations(trace: Trace) -> str:
    """Write a trace as a list of functions, one an equation, in the order of the flows.

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
        lines.append(f"  [{reads}, (v) => {_expression(node, _read_from(names))}],")
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


_INPUT = re.compile(r"\bi_\w+")


@dataclass
class _Writer:
    """Turn nodes into text; shared and unchanging parts become constants of their own."""

    moving: set[str]
    sharing: Sharing = field(default_factory=Sharing)
    names: dict[int, str] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    known: dict[int, bool] = field(default_factory=dict)

    def moves(self, node: Node) -> bool:
        """Say whether a period may change the value."""
        if node.operation == "input":
            return f"i_{node.name}" in self.moving
        if node.operation == "named":
            return node.name in self.moving
        key = self.sharing.key(node)
        if key not in self.known:
            self.known[key] = any(self.moves(each) for each in node.arguments)
        return self.known[key]

    def text(self, node: Node, inside_moving: bool) -> str:
        """Write an expression, first what it shares with others."""
        if node.operation == "number":
            return javascript_number(node.number)
        if node.operation in ATOMS:
            return f"i_{node.name}" if node.operation == "input" else node.name
        key = self.sharing.key(node)
        if key in self.names:
            return self.names[key]
        still = not self.moves(node)
        parts = [self.text(each, inside_moving=not still) for each in node.arguments]
        written = javascript_operation(node.operation, parts)
        if self.sharing.used[key] < 2 and not (still and inside_moving):
            return written
        name = f"c{len(self.names)}"
        self.names[key] = name
        (self.before if still else self.within).append(f"const {name} = {written};")
        return name


def _body(
    trace: Trace, carried: Mapping[str, str], clock: Iterable[str], last_only: bool
) -> _Writer:
    writer = _Writer({f"i_{name}" for name in (*carried, *clock)})
    for _, node in trace.flows:
        writer.sharing.count(node)
    read = (parts for parts in writer.sharing.numbers if parts[0] == "named")
    needed = {*carried.values(), *(str(parts[1]) for parts in read)}
    for place, (name, node) in enumerate(trace.flows):
        moves = writer.moves(node)
        written = writer.text(node, inside_moving=moves)
        if moves:
            writer.moving.add(name)
        if moves and not last_only and name not in needed:
            writer.within.append(f"out[o + {place}] = {written};")
            continue
        (writer.within if moves else writer.before).append(f"const {name} = {written};")
        writer.within += [] if last_only else [f"out[o + {place}] = {name};"]
    return writer


def _take_inputs(writer: _Writer, still: Iterable[str]) -> list[str]:
    """Give a name to the inputs that are needed more than once; read the others in place."""
    met = Counter(_INPUT.findall("\n".join((*writer.before, *writer.within))))
    places = {f"i_{name}": place for place, name in enumerate(still)}
    once = {name: f"inputs[{place}]" for name, place in places.items() if met[name] == 1}
    named = [name for name in places if name not in once]
    for lines in (writer.before, writer.within):
        lines[:] = [_INPUT.sub(lambda name: once.get(name[0], name[0]), line) for line in lines]
    return [f"const {name} = inputs[{places[name]}];" for name in named]


def run_inputs(trace: Trace, carried: Mapping[str, str], clock: Iterable[str]) -> tuple[str, ...]:
    """Return the inputs that hold for a whole run, in the order in which the run takes them.

    >>> from carelab.tracing import trace_model
    >>> def grow(inputs, flows):
    ...     flows.next_stock = inputs.stock * inputs.factor
    >>> run_inputs(trace_model(grow, ["stock", "factor"]), {"stock": "next_stock"}, [])
    ('factor',)
    """
    apart = {*carried, *clock}
    return tuple(name for name in inputs_read(trace) if name not in apart)


def write_javascript_run(
    trace: Trace, carried: Mapping[str, str], clock: Iterable[str], last_only: bool = False
) -> str:
    """Write a trace as a JavaScript function over many periods.

    >>> from carelab.tracing import trace_model
    >>> def grow(inputs, flows):
    ...     flows.next_stock = inputs.stock * (1 + inputs.rate)
    >>> trace = trace_model(grow, ["stock", "rate"])
    >>> print(write_javascript_run(trace, {"stock": "next_stock"}, []))
    function grow_run(inputs, stocks, ticks, periods, out) {
      const c0 = (1.0 + inputs[0]);
      let i_stock = stocks[0];
      for (let m = 0, o = 0; m < periods; m += 1, o += 1) {
        const next_stock = (i_stock * c0);
        out[o + 0] = next_stock;
        i_stock = next_stock;
      }
    }
    """
    ticking = tuple(clock)
    writer = _body(trace, carried, ticking, last_only)
    lines = _take_inputs(writer, run_inputs(trace, carried, ticking))
    lines += writer.before
    lines += [f"let i_{name} = stocks[{place}];" for place, name in enumerate(carried)]
    inner = [
        f"const i_{name} = ticks[m * {len(ticking)} + {place}];"
        for place, name in enumerate(ticking)
    ]
    inner += writer.within
    inner += [f"i_{name} = {flow};" for name, flow in carried.items()]
    rows = "" if last_only else f", o += {len(trace.flows)}"
    first = "m = 0" if last_only else "m = 0, o = 0"
    loop = f"for (let {first}; m < periods; m += 1{rows}) {{"
    after = [f"  out[{place}] = i_{name};" for place, name in enumerate(carried)]
    parts = [f"function {trace.name}_run(inputs, stocks, ticks, periods, out) {{"]
    parts += [f"  {line}" for line in (*lines, loop)]
    parts += [*(f"    {line}" for line in inner), "  }", *(after if last_only else []), "}"]
    return "\n".join(parts)
