"""The files that readers write themselves, in YAML: where they are, and what is wrong with them.

Every command that reads such a file reads it here, so that all refuse the same in the same words:
keys that nobody knows, what stands twice, dates that no calendar has, numbers cut at a comma, and
templates that are not filled in.
"""

import datetime
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from carelab.base.errors import CarelabError
from carelab.base.found_files import Found, find_files
from carelab.base.paths import CASE_NAME, own_case_folders
from carelab.base.yaml_files import load_yaml

YAML_KINDS = (".yml", ".yaml")
# What a template asks to be replaced.
PLACEHOLDER = "CHANGE ME"
# The parts of a setting under ``lab`` in a case file.
LAB_KEYS = ("model", "lever", "value", "class", "note", "claims")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def find_own_cases() -> Found:
    """Find the files of readers' own cases, and name what else lies in their folders.

    >>> find_own_cases().read
    {}
    """
    return find_files([each.resolve() for each in own_case_folders()], YAML_KINDS, deep=False)


def own_case_files(name: str | None = None) -> list[Path]:
    """Return the files of readers' own cases, in the order in which they are found.

    >>> own_case_files("../../secret")
    []
    """
    if name is not None and not CASE_NAME.fullmatch(name):
        return []
    files = find_own_cases().read.values()
    return [path for path in files if name is None or path.stem == name]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


def unfilled(content: Any) -> list[str]:
    """Return the entries of a template in which something is still to be replaced.

    >>> unfilled({"id": "my_town", "country": "CHANGE ME: country"})
    ['country']
    """
    entries = content.items() if isinstance(content, Mapping) else ()
    return [
        str(key) for key, value in entries if any(PLACEHOLDER in text for text in _texts(value))
    ]


def load_own(path: Path) -> Any:
    """Load a file that a reader wrote; a template that is not filled in is named as a draft."""
    content = load_yaml(path)
    if left := unfilled(content):
        raise CarelabError(
            f"file '{path.name}' is a draft: '{PLACEHOLDER}' still stands in {', '.join(left)};"
            " fill it in, or move the file away"
        )
    return content


def check_keys(entry: Mapping[Any, Any], allowed: Iterable[str], where: str) -> None:
    """Refuse a key that nobody reads: a comma or a colon in a text without quotes makes one.

    >>> check_keys({"text": "A county", "its townships": None}, ["text"], "'level'")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: 'level' has the key 'its townships', which is unknown; \
known are text; a text with a comma or a colon needs quotes
    """
    known = tuple(allowed)
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise CarelabError(
            f"{where} has the key '{unknown[0][:60]}', which is unknown; known are"
            f" {', '.join(known)}; a text with a comma or a colon needs quotes"
        )


def check_once(names: Sequence[Hashable], where: str) -> None:
    """Refuse what stands twice where it can stand once.

    >>> check_once(["E1", "E2", "E1"], "evidence")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: evidence holds 'E1' twice; each may stand once
    """
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise CarelabError(f"{where} holds '{twice[0]}' twice; each may stand once")


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day of the calendar.

    >>> [is_date(text) for text in ("2019", "2021-07", "2023-02-28", "2022-13", "2023-02-29")]
    [True, True, True, False, False]
    """
    if not _DATE.fullmatch(text):
        return False
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
