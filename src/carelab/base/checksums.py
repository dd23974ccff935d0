"""Hashes: of a data file, of what a chapter depends on, of stored results."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carelab.base.paths import own_case_files, project_path, project_root
from carelab.base.words import book_language
from carelab.base.yaml_files import load_yaml

if TYPE_CHECKING:
    import pandas as pd

# Beside its own cells (which jupyter-cache hashes), an executed chapter depends on these.
_EXECUTION_DEPENDS_ON = ("src/carelab", "data", "requirements.lock")
# Layers that never run inside a chapter: editing them must not re-execute the book.
_EXECUTION_IGNORES = ("src/carelab/cli", "src/carelab/sphinx_ext")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a text file, whatever its line endings.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits; a checkout with Windows line endings hashes the same.

    Examples
    --------
    >>> from carelab.base import data_file
    >>> len(file_sha256(data_file("claims.csv")))
    64
    """
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _files_below(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    )


def hash_of_files(names: Iterable[str], ignore: tuple[str, ...] = ()) -> str:
    """Hash files and folders of the project together.

    Parameters
    ----------
    names : iterable of str
        Files or folders relative to the project root.
    ignore : tuple of str
        Relative path prefixes that do not count.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> hash_of_files(["data/claims.csv"]) == hash_of_files(["data/claims.csv"])
    True
    """
    total = hashlib.sha256()
    for name in names:
        base = project_path(name)
        for file in _files_below(base):
            below = file.relative_to(base).as_posix()
            relative = name if below == "." else f"{name}/{below}"
            if not relative.startswith(ignore or ("\0",)):
                total.update(f"{relative}\0{file_sha256(file)}\n".encode())
    return total.hexdigest()[:16]


def data_version() -> str:
    """Return a short name of the data as they are.

    Returns
    -------
    str
        12 hexadecimal digits; they change when anything in the data folder does.

    Examples
    --------
    >>> len(data_version())
    12
    """
    return hash_of_files(["data"])[:12]


@cache
def _version_now() -> str:
    return data_version()


def with_version(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Write into a frame from which state of the data it was made.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame; it is changed and returned.

    Returns
    -------
    pandas.DataFrame
        The same, with ``data_version`` among its ``attrs``; reckoned once a session.

    Examples
    --------
    >>> import pandas as pd
    >>> with_version(pd.DataFrame()).attrs["data_version"] == data_version()
    True
    """
    frame.attrs["data_version"] = _version_now()
    return frame


def execution_cache_path() -> Path:
    """Return the folder in which executed chapters are kept.

    Returns
    -------
    Path
        ``_build/cache/<language>-<hash>``: named by all that a chapter's result depends on
        beside its own cells (package, data, lock, the reader's own cases), so that an edited
        module or table can never reuse old output.
    """
    digest = hash_of_files(_EXECUTION_DEPENDS_ON, _EXECUTION_IGNORES)
    own = own_case_files()
    if own:
        content = "".join(map(file_sha256, own))
        digest = hashlib.sha256(f"{digest}{content}".encode()).hexdigest()[:16]
    return project_root() / "_build" / "cache" / f"{book_language()}-{digest}"


def stale_results() -> list[str]:
    """List stored results whose inputs changed since they were made.

    Returns
    -------
    list of str
        One sentence per stale file of ``data/stored_results.yml``; empty when all are fresh.

    Examples
    --------
    >>> stale_results()
    []
    """
    root = project_root()
    stored = load_yaml(root / "data" / "stored_results.yml")
    return [
        f"stored result '{entry['path']}' is stale: {', '.join(entry['depends_on'])} changed;"
        " run 'python3 run.py test --all' to make it again"
        for entry in stored["results"]
        if hash_of_files(entry["depends_on"]) != entry["hash"]
        or not (root / entry["path"]).is_file()
    ]
