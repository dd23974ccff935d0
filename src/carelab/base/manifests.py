"""The manifest beside a data file: codebook and provenance."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carelab.base.errors import CarelabError
from carelab.base.paths import data_file
from carelab.base.yaml_files import load_yaml

CLASSES = ("observed", "stated", "derived", "assumed", "coded")
_REQUIRED = ("title", "class", "source", "licence", "retrieved", "columns", "sha256")


@dataclass(frozen=True)
class Manifest:
    """What a data file says about itself.

    Parameters
    ----------
    title, classes, source, licence, retrieved, sha256, note : str
        As written in the side-car file.
    columns : tuple of dict
        Each with name, dtype, unit and description.
    """

    title: str
    classes: str
    source: str
    licence: str
    retrieved: str
    sha256: str
    note: str
    columns: tuple[dict[str, Any], ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in file order."""
        return tuple(column["name"] for column in self.columns)


def load_manifest(name: str, folder: Path | None = None) -> Manifest:
    """Load the manifest of a data file.

    Parameters
    ----------
    name : str
        Name of the data file, such as ``claims.csv``; the manifest is ``claims.csv.yml``.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    Manifest
        The side-car's content.

    Raises
    ------
    CarelabError
        When the manifest is missing or lacks an entry.

    Examples
    --------
    >>> load_manifest("claims.csv").column_names[:2]
    ('id', 'source')
    """
    raw = load_yaml(data_file(f"{name}.yml", folder))
    missing = [key for key in _REQUIRED if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise CarelabError(f"manifest '{name}.yml' lacks {', '.join(missing)}")
    return Manifest(
        title=str(raw["title"]),
        classes=str(raw["class"]),
        source=str(raw["source"]),
        licence=str(raw["licence"]),
        retrieved=str(raw["retrieved"]),
        sha256=str(raw["sha256"]),
        note=str(raw.get("note", "")),
        columns=tuple(raw["columns"]),
    )
