"""What each function of a small model says of itself: equation, arguments, result, sources."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from carelab.tracing import Trace, TracingError, trace_model

_SECTION = re.compile(r"^(\w+)\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^(\S[^\n]*)\n((?:[ ]+[^\n]*\n?|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Formula:
    """A function of a small model, as its docstring and its trace describe it.

    Parameters
    ----------
    name : str
        Name in code.
    summary : str
        What it returns, in one sentence.
    arguments : tuple of (str, str)
        Names, and what they mean with unit and range; empty where another function says it.
    result : str
        What comes out, with its unit.
    references : str
        Where it comes from; empty where the model as a whole has one source.
    trace : Trace or None
        Its record; None where it cannot be recorded.
    """

    name: str
    summary: str
    arguments: tuple[tuple[str, str], ...]
    result: str
    references: str
    trace: Trace | None


def _joined(text: str) -> str:
    return " ".join(text.split())


def _entries(text: str) -> tuple[tuple[str, str], ...]:
    found = _ENTRY.findall(text + "\n")
    return tuple((head.split(" : ")[0], _joined(body)) for head, body in found)


def trace_function(function: Callable[..., Any]) -> Trace | None:
    """Record a function of a small model by its own argument names.

    >>> from carelab.theory.teams import team_effort
    >>> trace_function(team_effort).flow_names
    ('team_effort',)
    """
    names = tuple(inspect.signature(function).parameters)

    def model(inputs: Any, flows: Any) -> None:
        result = function(*(getattr(inputs, name) for name in names))
        parts = getattr(result, "_fields", None)
        if isinstance(result, tuple):
            for place, part in enumerate(result):
                label = parts[place] if parts else f"part_{place + 1}"
                setattr(flows, f"{function.__name__}_{label}", part)
        else:
            setattr(flows, function.__name__, result)

    try:
        return trace_model(model, names, function.__name__)
    except (TracingError, TypeError):
        return None


def describe_function(function: Callable[..., Any]) -> Formula:
    """Read what a function says of itself.

    >>> from carelab.theory.teams import first_best_team_effort
    >>> describe_function(first_best_team_effort).result
    'Units of effort per member.'
    """
    text = inspect.getdoc(function) or ""
    sections = dict(_SECTION.findall(text))
    returned = _entries(sections.get("Returns", ""))
    return Formula(
        function.__name__,
        _joined(text.split("\n\n")[0]),
        _entries(sections.get("Parameters", "")),
        returned[0][1] if returned else "",
        _joined(sections.get("References", "")),
        trace_function(function),
    )


def functions_of(module: ModuleType) -> tuple[Callable[..., Any], ...]:
    """Return the public functions that a model defines itself, in the order of the file.

    >>> from carelab.theory import mentoring
    >>> [each.__name__ for each in functions_of(mentoring)][0]
    'capability_next'
    """
    own = [
        each
        for name, each in vars(module).items()
        if inspect.isfunction(each) and each.__module__ == module.__name__ and name[0] != "_"
    ]
    return tuple(dict.fromkeys(sorted(own, key=lambda each: each.__code__.co_firstlineno)))
