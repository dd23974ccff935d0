"""Plain YAML: text, numbers, lists and mappings, and nothing that can execute or multiply."""

import itertools
import re
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml

from carelab.base.errors import CarelabError
from carelab.base.words import word

_LARGEST_BYTES = 1_000_000


# In YAML 1.1 no is false, 010 is eight and 1:30 is ninety. Here, as in YAML 1.2, they are texts.
_OTHERWISE = {
    "tag:yaml.org,2002:bool": r"true|True|TRUE|false|False|FALSE",
    "tag:yaml.org,2002:int": r"[-+]?(?:0|[1-9][0-9]*)",
    "tag:yaml.org,2002:float": r"[-+]?(?:(?:0|[1-9][0-9]*)?\.[0-9]+|(?:0|[1-9][0-9]*)\."
    r"|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?[eE][-+]?[0-9]+|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)",
}
_DIGITS = re.compile(r"[-+]?[0-9]+")


def _cut_at_a_comma(first: Any, second: Any) -> bool:
    """Tell whether two entries are the halves of a number such as 0,8."""
    return (
        isinstance(first, yaml.ScalarNode)
        and isinstance(second, yaml.ScalarNode)
        and first.style is None
        and second.style is None
        and bool(_DIGITS.fullmatch(first.value))
        and second.value[:1].isdigit()
        and first.end_mark is not None
        and second.start_mark is not None
        and first.end_mark.index + 1 == second.start_mark.index
        and "." not in second.value
    )


def _refuse_comma(nodes: Sequence[Any]) -> None:
    for first, second in itertools.pairwise(nodes):
        if _cut_at_a_comma(first, second):
            whole = f"{first.value},{second.value}"
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"{whole} has a comma; write {whole.replace(',', '.', 1)}, or"
                f" {whole.replace(',', ', ', 1)} for two numbers",
                first.start_mark,
            )


class _PlainLoader(yaml.SafeLoader):
    """Safe loader that also refuses aliases, tags, repeated keys and numbers cut at a comma."""

    def construct_sequence(self, node: Any, deep: bool = False) -> Any:
        if node.flow_style:
            _refuse_comma(node.value)
        return super().construct_sequence(node, deep)

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(
                None,
                None,
                "aliases are not allowed",
                event.start_mark,  # type: ignore[arg-type]
            )
        if getattr(event, "tag", None):
            raise yaml.constructor.ConstructorError(
                None, None, f"the tag {event.tag} is not allowed", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[Any] = set()
        if node.flow_style:
            for (_, value), (key, _) in itertools.pairwise(node.value):
                _refuse_comma([value, key])
        for written, _ in node.value:
            if written.tag == "tag:yaml.org,2002:merge":
                problem = "the key << is not allowed"
                raise yaml.constructor.ConstructorError(None, None, problem, written.start_mark)
            key = self.construct_object(written, deep=True)
            if not isinstance(key, Hashable):
                break  # refused below
            if key in seen:
                problem = f"the key '{str(key)[:60]}' appears twice"
                raise yaml.constructor.ConstructorError(None, None, problem, written.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHERWISE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern in _OTHERWISE.items():
    _PlainLoader.add_implicit_resolver(
        _tag, re.compile(f"^(?:{_pattern})$"), list("tTfF" if "bool" in _tag else "-+.0123456789")
    )


def read_text(path: Path, largest_bytes: int = _LARGEST_BYTES, name: str = "") -> str:
    """Read a UTF-8 text file of a reasonable size."""
    shown = name or path.name or str(path)
    if path.is_dir():
        raise CarelabError(f"'{name or path.as_posix()}' is a folder; name one file in it")
    if not path.is_file():
        raise CarelabError(f"file '{shown}' does not exist")
    if path.stat().st_size > largest_bytes:
        most = f"{largest_bytes:,}"
        raise CarelabError(word("lab.file_large", "en", name=shown, most=most))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CarelabError(word("lab.file_encoding", "en", name=shown)) from None
    except OSError as error:
        raise CarelabError(
            f"file '{shown}' cannot be read: {(error.strerror or 'unknown').lower()}"
        ) from None


def load_yaml(path: Path) -> Any:
    """Load a plain YAML file.

    Parameters
    ----------
    path : Path
        The file; at most one megabyte of UTF-8.

    Returns
    -------
    object
        Mappings, lists, texts, numbers, dates, booleans or None.

    Raises
    ------
    CarelabError
        When the file is not plain YAML: tags, aliases, repeated keys, broken syntax.

    Examples
    --------
    >>> from carelab.base import data_file
    >>> load_yaml(data_file("claims.csv.yml"))["title"]
    'Claims of the five seed documents'
    """
    return parse_yaml(read_text(path), f"file '{path.name}'")


def parse_yaml(text: str, name: str) -> Any:
    """Read plain YAML from a text.

    >>> parse_yaml("- right: yes, it does", "a question")
    [{'right': 'yes, it does'}]
    """
    try:
        return yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "the text is not valid YAML"
        raise CarelabError(f"{name}{line}: {problem}") from None
    except RecursionError:
        raise CarelabError(f"{name} is nested too deeply") from None
    except ValueError as error:  # a date or a number that does not exist
        raise CarelabError(f"{name} holds an impossible value: {error}") from None
