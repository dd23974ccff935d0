"""Plain YAML: text, numbers, lists and mappings, and nothing that can execute or multiply."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from carelab.base.errors import CarelabError
from carelab.base.words import word

_LARGEST_BYTES = 1_000_000


class _PlainLoader(yaml.SafeLoader):
    """Safe loader that also refuses aliases, tags and repeated keys."""

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
