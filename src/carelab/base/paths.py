"""Find the project's files, and refuse to leave the project."""

import os
import re
from pathlib import Path

from carelab.base.errors import CarelabError

_HERE = Path(__file__).resolve()
_PACKAGE = _HERE.parents[1]
_MARK = "data/claims.csv"
_PACKAGE_IN_PROJECT = "src/carelab"
# What a case may be called: it stands in addresses, scenarios and file names.
CASE_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
CASE_NAME_TOLD = "2 to 40 lower-case letters, digits and underscores, a letter first"


def project_root() -> Path:
    """Return the folder that holds ``data/``.

    Returns
    -------
    Path
        The first folder above this file that has a ``data`` folder: the project, or the package
        itself where it was installed from a wheel, which carries its data inside.

    Raises
    ------
    CarelabError
        When the package was moved away from its data.

    Examples
    --------
    >>> (project_root() / "data").is_dir()
    True
    """
    for folder in _HERE.parents:
        if (folder / _MARK).is_file():
            return folder
    raise CarelabError(f"no data folder found above {_HERE.parent}; reinstall carelab")


def is_project() -> bool:
    """Tell whether the package stands in its project, with chapters, tests and settings."""
    return (project_root() / "_toc.yml").is_file()


def project_path(name: str) -> Path:
    """Return where a file or folder of the project is, also in an installed package.

    >>> (project_path("src/carelab/engine") / "step.py").is_file()
    True
    """
    if name == _PACKAGE_IN_PROJECT or name.startswith(f"{_PACKAGE_IN_PROJECT}/"):
        return _PACKAGE / name.removeprefix(_PACKAGE_IN_PROJECT).lstrip("/")
    return project_root() / name


def data_file(name: str | Path, folder: Path | None = None) -> Path:
    """Return the path of a data file, which must lie inside the data folder.

    Parameters
    ----------
    name : str or Path
        File name relative to the data folder, such as ``claims.csv``.
    folder : Path, optional
        Another data folder (a user's own cases); the project's by default.

    Returns
    -------
    Path
        Absolute path of an existing file.

    Raises
    ------
    CarelabError
        When the name leads out of the folder or the file does not exist.

    Examples
    --------
    >>> data_file("claims.csv").name
    'claims.csv'
    >>> data_file("../run.py")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: data file '../run.py' lies outside the data folder
    """
    base = Path(folder or project_root() / "data").resolve()
    path = (base / name).resolve()
    if not path.is_relative_to(base):
        raise CarelabError(f"data file '{name}' lies outside the data folder")
    if not path.is_file():
        raise CarelabError(f"data file '{name}' does not exist in the folder '{base.name}'")
    return path


def own_case_folders() -> list[Path]:
    """Return the folders in which readers keep cases of their own.

    >>> isinstance(own_case_folders(), list)
    True
    """
    named = os.environ.get("CARELAB_CASES")
    root = project_root()
    if named is None:
        usual = {each.resolve(): each for each in (Path.cwd() / "cases", root / "cases")}
        return [
            each for real, each in usual.items() if real.is_dir() and real.parent != root / "data"
        ]
    folders = [Path(each).expanduser() for each in named.split(os.pathsep) if each.strip()]
    for folder in folders:
        if not folder.is_dir():
            raise CarelabError(f"CARELAB_CASES names '{folder.name}', which is no folder")
    return list({each.resolve(): each for each in folders}.values())
