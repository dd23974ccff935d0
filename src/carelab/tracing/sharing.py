"""Which expressions of a trace are the same: the writers work each out once."""

from collections import Counter
from dataclasses import dataclass, field

from carelab.tracing.nodes import Node

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
