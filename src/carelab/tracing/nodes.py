"""What a recorded quantity is, an operation on others; and which expressions are the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NoReturn


class TracingError(TypeError):
    """A model did something that cannot be recorded; the message says what to write instead."""


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One recorded quantity.

    Parameters
    ----------
    operation : str
        ``input``, ``number``, ``named``, ``+ - * / ** < <= > >=``, ``negative``, ``maximum``,
        ``minimum``, ``exp``, ``log`` or ``where``.
    arguments : tuple of Node
        The quantities it is made of.
    name : str
        Name of an input or of an assigned flow.
    number : float
        Value of a ``number``.
    """

    operation: str
    arguments: tuple[Node, ...] = ()
    name: str = ""
    number: float = 0.0

    # numpy must hand over to these methods rather than make an array of objects.
    __array_ufunc__ = None

    def __add__(self, other: object) -> Node:
        return combine("+", self, other)

    def __radd__(self, other: object) -> Node:
        return combine("+", other, self)

    def __sub__(self, other: object) -> Node:
        return combine("-", self, other)

    def __rsub__(self, other: object) -> Node:
        return combine("-", other, self)

    def __mul__(self, other: object) -> Node:
        return combine("*", self, other)

    def __rmul__(self, other: object) -> Node:
        return combine("*", other, self)

    def __truediv__(self, other: object) -> Node:
        return combine("/", self, other)

    def __rtruediv__(self, other: object) -> Node:
        return combine("/", other, self)

    def __pow__(self, other: object) -> Node:
        return combine("**", self, other)

    def __rpow__(self, other: object) -> Node:
        return combine("**", other, self)

    def __neg__(self) -> Node:
        return combine("negative", self)

    def __lt__(self, other: object) -> Node:
        return combine("<", self, other)

    def __le__(self, other: object) -> Node:
        return combine("<=", self, other)

    def __gt__(self, other: object) -> Node:
        return combine(">", self, other)

    def __ge__(self, other: object) -> Node:
        return combine(">=", self, other)

    def __bool__(self) -> NoReturn:
        raise TracingError(
            f"'{self.label}' was used in an if, and, or, not or while; write where(condition, a, b)"
        )

    def __eq__(self, other: object) -> NoReturn:
        raise TracingError(f"'{self.label}' was compared with == or !=; write < or > inside where")

    def __ne__(self, other: object) -> NoReturn:
        raise TracingError(f"'{self.label}' was compared with == or !=; write < or > inside where")

    def __hash__(self) -> int:
        return id(self)

    def __float__(self) -> NoReturn:
        raise TracingError(
            f"'{self.label}' was passed to a function that needs a number (math or numpy);"
            " use exp, log, maximum, minimum from carelab.tracing"
        )

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise TracingError(
            f"'{self.label}' was passed to numpy;"
            " use exp, log, maximum, minimum from carelab.tracing"
        )

    def __abs__(self) -> NoReturn:
        raise TracingError(f"'{self.label}' was passed to abs; write maximum(x, -x)")

    @property
    def label(self) -> str:
        """The name, or what kind of unnamed quantity this is."""
        return self.name or f"an unnamed result of {self.operation}"


def as_node(value: object) -> Node:
    """Return a quantity as a node; numbers become constants.

    >>> as_node(2).number
    2.0
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Node("number", number=float(value))
    raise TracingError(f"a {type(value).__name__} cannot be recorded; use numbers and flows")


def combine(operation: str, *values: object) -> Node:
    """Record an operation.

    >>> combine("+", 1, 2).operation
    '+'
    """
    return Node(operation, tuple(as_node(value) for value in values))


ATOMS = ("number", "input", "named")


@dataclass
class Sharing:
    """Tell equal expressions by a number, and count how often each is met."""

    used: Counter[int] = field(default_factory=Counter)
    known: dict[int, int] = field(default_factory=dict)
    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    # A node whose number is known must not be forgotten, or another would take its place.
    kept: list[Node] = field(default_factory=list)

    def key(self, node: Node) -> int:
        """Return what two equal expressions have in common."""
        known = self.known.get(id(node))
        if known is None:
            inner = tuple(self.key(each) for each in node.arguments)
            parts = (node.operation, node.name, repr(node.number), *inner)
            known = self.numbers.setdefault(parts, len(self.numbers))
            self.known[id(node)] = known
            self.kept.append(node)
        return known

    def count(self, node: Node) -> None:
        """Count how often each expression is met, a shared one's parts once."""
        key = self.key(node)
        self.used[key] += 1
        if self.used[key] == 1:
            for each in node.arguments:
                self.count(each)
