"""Hashes: of a data file and its seal, of the state of the data, of chapters and stored results."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carelab.base.identity import files_below, identity_of, identity_of_files
from carelab.base.manifests import load_manifest
from carelab.base.paths import project_path, project_root
from carelab.base.whole_files import write_whole
from carelab.base.words import book_language
from carelab.base.yaml_files import load_yaml

if TYPE_CHECKING:
    import pandas as pd

# Layers that never run inside a chapter: editing them must not re-execute the book.
_NEVER_IN_A_CHAPTER = ("cli", "sphinx_ext")


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


def data_version() -> str:
    """Return a short name of the data as they are.

    >>> len(data_version())
    12
    """
    data = project_root() / "data"
    total = hashlib.sha256()
    for file in files_below(data):
        line = f"{file.relative_to(data).as_posix()}\0{file_sha256(file)}\n"
        total.update(line.encode("utf-8", "surrogateescape"))
    return total.hexdigest()[:12]


@cache
def _version_now() -> str:
    return data_version()


def with_version(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Write into a frame from which state of the data it was made.

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
        beside its own cells (the package as it is parsed, data, lock), so that an edited line of
        code or table can never reuse old output, and a remark does. Cases of the reader's own
        are seen by no chapter.
    """
    package = project_path("src/carelab")
    code = [path for path in package.iterdir() if path.name not in _NEVER_IN_A_CHAPTER]
    lock = [path for path in [project_root() / "requirements.lock"] if path.is_file()]
    digest = identity_of_files([*code, project_root() / "data", *lock])
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
    return [
        f"stored result '{entry['path']}' is stale: what made it changed"
        f" ({', '.join(entry['made_by'])}, what they use, or a table that they read);"
        " run 'python3 run.py test --all' to make it again"
        for entry in load_yaml(root / "data" / "stored_results.yml")["results"]
        if identity_of(*entry["made_by"]) != entry["identity"]
        or not (root / entry["path"]).is_file()
    ]


def broken_seals(folder: Path | None = None) -> list[str]:
    """List data files that changed since their manifest was sealed.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    list of str
        One sentence per file; empty when every seal holds.

    Examples
    --------
    >>> broken_seals()
    []
    """
    base = folder or project_root() / "data"
    problems = []
    for path in sorted(base.glob("*.csv")):
        if not path.with_name(f"{path.name}.yml").is_file():
            problems.append(f"data file '{path.name}' has no manifest '{path.name}.yml'")
        elif load_manifest(path.name, base).sha256 != file_sha256(path):
            problems.append(
                f"data file '{path.name}' changed since its manifest was sealed;"
                " check it, then run 'python3 run.py check --fix'"
            )
    return problems


def seal_all(folder: Path | None = None) -> list[str]:
    """Write the present hash of every data file into its manifest.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    list of str
        Names of the files whose seal changed.
    """
    base = folder or project_root() / "data"
    changed = []
    for path in sorted(base.glob("*.csv")):
        manifest = path.with_name(f"{path.name}.yml")
        before = manifest.read_text(encoding="utf-8")
        after = re.sub(r"(?m)^sha256: .*$", f"sha256: {file_sha256(path)}", before)
        if after != before:
            write_whole(manifest, after)
            changed.append(path.name)
    return changed
