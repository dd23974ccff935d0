"""Write a recorded period as a system-dynamics model in XMILE 1.0, the same bytes every time.

Stocks are what a period carries over to the next. Where the next value of a stock is its present
one and terms added to it and taken from it, these terms are its inflows and outflows; else one net
flow is the difference. Either way one Euler step of length one is one period.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from carelab.tracing.nodes import Node, TracingError
from carelab.tracing.python_code import inputs_read
from carelab.tracing.record import Trace

NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
_FUNCTIONS = {"maximum": "MAX", "minimum": "MIN", "exp": "EXP", "log": "LN"}
_RELATIONS = ("<", "<=", ">", ">=")
# Names of XMILE itself; it makes no difference between upper and lower case.
_RESERVED = re.compile(
    "abs|and|arccos|arcsin|arctan|cos|delay|delay1|delay3|delayn|dt|else|exp|exprnd|forcst|history"
    "|if|inf|init|int|ln|log10|lognormal|max|mean|min|mod|normal|not|or|pi|poisson|previous|pulse"
    "|ramp|random|rank|safediv|self|sin|size|smth1|smth3|smthn|sqrt|starttime|step|stddev|stoptime"
    "|sum|tan|then|time|trend|uniform",
    re.IGNORECASE,
)


def _number(value: float) -> str:
    # A minus sign alone: some readers take a bracket for the end of a condition.
    return repr(value).replace("inf", "INF")


def _element(tag: str, name: str, equation: str, note: str, more: str = "") -> str:
    told = f"<doc>{escape(note)}</doc>" if note else ""
    body = f"{told}<eqn>{escape(equation)}</eqn>{more}"
    return f'      <{tag} name="{name}">{body}</{tag}>'


@dataclass
class _Writer:
    """Turn nodes into equations; a choice becomes a variable of its own.

    Some readers misread a choice inside an expression, and brackets around its condition.
    """

    names: Mapping[str, str]
    flow: str = ""
    lines: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)

    def equation(self, node: Node) -> str:
        """Write what stands for a whole variable."""
        if node.operation in _RELATIONS:
            left, right = (self.atom(each) for each in node.arguments)
            return f"IF {left} {node.operation} {right} THEN 1 ELSE 0"
        if node.operation != "where":
            return self.expression(node)
        condition, *choices = node.arguments
        yes, no = (self.expression(each) for each in choices)
        if condition.operation in _RELATIONS:
            left, right = (self.atom(each) for each in condition.arguments)
            return f"IF {left} {condition.operation} {right} THEN {yes} ELSE {no}"
        return f"IF {self.atom(condition)} <> 0 THEN {yes} ELSE {no}"

    def expression(self, node: Node) -> str:
        """Write what may stand inside an equation."""
        if node.operation in ("number", "input", "named"):
            return self.atom(node)
        if node.operation in (*_RELATIONS, "where"):
            return self.part(self.equation(node))
        arguments = [self.expression(each) for each in node.arguments]
        if node.operation == "negative":
            return f"(-{arguments[0]})"
        if node.operation in _FUNCTIONS:
            return f"{_FUNCTIONS[node.operation]}({', '.join(arguments)})"
        sign = "^" if node.operation == "**" else node.operation
        return f"({arguments[0]} {sign} {arguments[1]})"

    def atom(self, node: Node) -> str:
        """Write a number or a name; what is neither gets one."""
        if node.operation == "number":
            return _number(node.number)
        if node.operation == "input":
            return self.names[node.name]
        return node.name if node.operation == "named" else self.part(self.expression(node))

    def part(self, equation: str) -> str:
        """Give an equation inside another a variable of its own and return its name."""
        if equation not in self.parts:
            number = sum(name.startswith(f"{self.flow}_part_") for name in self.parts.values()) + 1
            self.parts[equation] = f"{self.flow}_part_{number}"
            self.lines.append(_element("aux", self.parts[equation], equation, ""))
        return self.parts[equation]


def _names(trace: Trace, carried: Iterable[str]) -> dict[str, str]:
    """Return the variable of each input; one that shares its name with a flow is a setting."""
    flows = set(trace.flow_names)
    read = dict.fromkeys([*inputs_read(trace), *carried])
    return {name: f"{name}_setting" if name in flows else name for name in read}


def _check_names(lines: Iterable[str]) -> None:
    seen: set[str] = set()
    for line in lines:
        name = line.split('"')[1]
        if _RESERVED.fullmatch(name):
            raise TracingError(f"'{name}' is a word of XMILE; give it another name")
        if name.lower() in seen:
            raise TracingError(
                f"two variables of the XMILE model would be '{name.lower()}', in which upper and"
                " lower case are the same; give one another name"
            )
        seen.add(name.lower())


def _start(name: str, values: Mapping[str, float]) -> str:
    if name not in values:
        raise TracingError(f"no value was given for '{name}'")
    return _number(float(values[name]))


Term = tuple[bool, Node]


def _terms(node: Node, added: bool, stock: str, flows: Mapping[str, Node]) -> list[Term]:
    """Split a sum into what is added and what is taken, through every sum that holds the stock."""
    if node.operation in ("+", "-"):
        first, second = node.arguments
        later = added if node.operation == "+" else not added
        return [*_terms(first, added, stock, flows), *_terms(second, later, stock, flows)]
    if node.operation == "negative":
        return _terms(node.arguments[0], not added, stock, flows)
    if node.operation == "named":
        inner = _terms(flows[node.name], added, stock, flows)
        if any(_is_stock(term, stock) for _, term in inner):
            return inner
    return [(added, node)]


def _is_stock(node: Node, stock: str) -> bool:
    return node.operation == "input" and node.name == stock


def _moves(stock: str, following: str, flows: Mapping[str, Node]) -> list[Term] | None:
    """Return what flows into a stock and out of it; nothing where the stock is made anew."""
    terms = _terms(flows[following], True, stock, flows)
    own = [added for added, term in terms if _is_stock(term, stock)]
    if own != [True]:
        return None
    return [each for each in terms if not _is_stock(each[1], stock)]


@dataclass
class _Pipes:
    """Which flow runs into which stock and out of which; a flow has one end of each kind."""

    writer: _Writer
    taken: set[tuple[str, bool]] = field(default_factory=set)
    flows: set[str] = field(default_factory=set)
    copies: list[str] = field(default_factory=list)

    def pipe(self, variable: str, term: Term, count: int) -> str:
        """Return the variable that carries a term into a stock or out of it."""
        added, node = term
        if node.operation == "named" and (node.name, added) not in self.taken:
            self.taken.add((node.name, added))
            self.flows.add(node.name)
            return node.name
        way = "into" if added else "out_of"
        name = f"flow_{count}_{way}_{variable}"
        self.writer.flow = name
        self.copies.append(_element("flow", name, self.writer.equation(node), ""))
        return name

    def stock(self, variable: str, start: str, moves: list[Term], note: str) -> str:
        """Write a stock with its inflows and outflows."""
        ends = [
            (added, self.pipe(variable, (added, node), count))
            for count, (added, node) in enumerate(moves, start=1)
        ]
        inflows = "".join(f"<inflow>{name}</inflow>" for added, name in ends if added)
        outflows = "".join(f"<outflow>{name}</outflow>" for added, name in ends if not added)
        return _element("stock", variable, start, note, inflows + outflows)


def _net(variable: str, start: str, following: str, note: str) -> list[str]:
    change = f"change_of_{variable}"
    return [
        _element("stock", variable, start, note, f"<inflow>{change}</inflow>"),
        _element("flow", change, f"{following} - {variable}", ""),
    ]


def _group(name: str, variables: Iterable[str]) -> list[str]:
    inside = [f'        <entity name="{each}"/>' for each in variables]
    return [f'      <group name="{name}">', *inside, "      </group>"]


def _page(name: str, version: str, periods: int, time_units: str, lines: list[str]) -> str:
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<xmile version="1.0" xmlns="{NAMESPACE}">',
            "  <header>",
            "    <vendor>carelab</vendor>",
            f'    <product version="{escape(version)}" lang="en">carelab</product>',
            f"    <name>{escape(name)}</name>",
            "  </header>",
            f'  <sim_specs method="Euler" time_units="{escape(time_units)}">',
            f"    <start>0</start><stop>{periods - 1}</stop><dt>1</dt>",
            "  </sim_specs>",
            "  <model>",
            "    <variables>",
            *lines,
            "    </variables>",
            "  </model>",
            "</xmile>",
            "",
        ]
    )


def write_xmile(
    trace: Trace,
    values: Mapping[str, float],
    carried: Mapping[str, str],
    clock: Mapping[str, str],
    periods: int,
    *,
    notes: Mapping[str, str] | None = None,
    time_units: str = "Months",
    version: str = "1.0",
    groups: Mapping[str, Iterable[str]] | None = None,
) -> str:
    """Write a trace as an XMILE model of many periods.

    Parameters
    ----------
    trace : Trace
        A recorded period.
    values : mapping of str to float
        What every input is, stocks in the first period; names that are not read are passed over.
    carried : mapping of str to str
        Stock to the flow that gives its value in the next period.
    clock : mapping of str to str
        Inputs that each period has of its own, as XMILE expressions of ``TIME``, which is the
        number of the period from 0; without a choice in them.
    periods : int
        How many.
    notes : mapping of str to str, optional
        What a name means.
    time_units : str
        What a period is.
    version : str
        Version of the model.
    groups : mapping of str to iterable of str, optional
        Name of a group to the flows that stand in it.

    Returns
    -------
    str
        XMILE 1.0, with Euler's method and steps of one period. A quantity keeps its name; an
        input that shares its name with a flow is ``<name>_setting``.

    Raises
    ------
    TracingError
        When a value is missing or XMILE has no room for a name.

    References
    ----------
    XML Interchange Language for System Dynamics (XMILE) Version 1.0, OASIS Standard,
    14 December 2015.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def grow(inputs, flows):
    ...     flows.births = inputs.herd * 0.5
    ...     flows.next_herd = inputs.herd + flows.births
    >>> model = write_xmile(trace_model(grow, ["herd"]), {"herd": 4}, {"herd": "next_herd"}, {}, 3)
    >>> print(model.partition("<variables>")[2].partition("    </variables>")[0])
    <BLANKLINE>
          <stock name="herd"><eqn>4.0</eqn><inflow>births</inflow></stock>
          <flow name="births"><eqn>(herd * 0.5)</eqn></flow>
          <aux name="next_herd"><eqn>(herd + births)</eqn></aux>
    <BLANKLINE>
    """
    told = notes or {}
    names = _names(trace, carried)
    flows = dict(trace.flows)
    writer = _Writer(names)
    pipes = _Pipes(writer)
    for name, variable in names.items():
        note = told.get(name, "")
        if name in carried:
            start, moves = _start(name, values), _moves(name, carried[name], flows)
            if moves is None:
                writer.lines += _net(variable, start, carried[name], note)
            else:
                line = pipes.stock(variable, start, moves, note)
                writer.lines += [line, *pipes.copies]
                pipes.copies.clear()
        else:
            known = clock[name] if name in clock else _start(name, values)
            writer.lines.append(_element("aux", variable, known, note))
    for name, node in trace.flows:
        writer.flow = name
        equation = writer.equation(node)
        tag = "flow" if name in pipes.flows else "aux"
        writer.lines.append(_element(tag, name, equation, told.get(name, "")))
    _check_names(writer.lines)
    for group, inside in (groups or {}).items():
        writer.lines += _group(group, (each for each in trace.flow_names if each in set(inside)))
    return _page(trace.name, version, periods, time_units, writer.lines)
