"""Find the project's files, and refuse to leave the project."""

from pathlib import Path

from carelab.provenance.errors import CarelabError

_HERE = Path(__file__).resolve()


def project_root() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``.

    Returns
    -------
    Path
        The first folder above this file that has a ``data`` folder.

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
        if (folder / "data" / "claims.csv").is_file():
            return folder
    raise CarelabError(f"no data folder found above {_HERE.parent}; reinstall carelab")


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
    carelab.provenance.errors.CarelabError: data file '../run.py' lies outside the data folder
    """
    base = (folder or project_root() / "data").resolve()
    path = (base / name).resolve()
    if not path.is_relative_to(base):
        raise CarelabError(f"data file '{name}' lies outside the data folder")
    if not path.is_file():
        raise CarelabError(f"data file '{name}' does not exist in the folder '{base.name}'")
    return path
