"""How a reader's own case sets the levers: read from its file, as the engine reads its tables."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base import CarelabError
from carelab.base.frozen import FrozenMap
from carelab.base.own_files import LAB_KEYS, check_keys, check_once, load_own, own_case_files
from carelab.engine.tables import ENGINE


def _settings(path: Path, raw: Any) -> Iterator[tuple[str, float]]:
    entries = raw.get("lab", []) if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise CarelabError(f"case file '{path.name}': 'lab' is no list of settings")
    for entry in entries:
        if entry.get("model") == ENGINE:
            name, value = entry.get("lever"), entry.get("value")
            if not isinstance(name, str):
                raise CarelabError(f"case file '{path.name}': a lab setting names no lever")
            check_keys(entry, LAB_KEYS, f"case file '{path.name}': lab lever '{name}'")
            yield name, value


@cache
def _read(path: Path, changed_ns: int, size_bytes: int) -> Mapping[str, float]:
    """Read a file once for each time that it was changed."""
    settings = list(_settings(path, load_own(path)))
    check_once([name for name, _ in settings], f"case file '{path.name}': lab")
    return FrozenMap(settings)


def own_settings(case: str) -> Mapping[str, float]:
    """Return the levers of the care economy that a reader's own case sets.

    Parameters
    ----------
    case : str
        Id of the case.

    Returns
    -------
    mapping of str to float
        Lever to value as they stand in the file, not yet checked; empty where no own case has
        that id or it sets none.

    Raises
    ------
    CarelabError
        When the file cannot be read, or two folders hold a case of that id.

    Examples
    --------
    >>> dict(own_settings("nowhere"))
    {}
    """
    files = own_case_files(case)
    if len({path.parent for path in files}) > 1:
        raise CarelabError(
            f"case file '{files[0].name}' lies in {len(files)} folders of own cases; keep one"
        )
    for path in files:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    return FrozenMap({})


def own_setters() -> list[str]:
    """Return the ids of own cases that set a lever of the care economy; unreadable ones not.

    Returns
    -------
    list of str
        In the order in which their files are found.

    Examples
    --------
    >>> isinstance(own_setters(), list)
    True
    """
    found = []
    for path in own_case_files():
        try:
            if own_settings(path.stem):
                found.append(path.stem)
        except CarelabError:
            continue
    return found
