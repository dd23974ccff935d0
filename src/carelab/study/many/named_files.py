"""The files of a class, each under a name that tells it from every other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir() or path.suffix)


def named_files(
    places: Iterable[str | Path], kinds: Sequence[str] = (".json",)
) -> tuple[dict[str, Path], list[str]]:
    """Find files, and name each so that two students' files of one name stay apart.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("Li/lab.json", "Wu/lab.JSON", "Wu/lab.json.txt"):
    ...         (Path(folder) / name).parent.mkdir(exist_ok=True)
    ...         _ = (Path(folder) / name).write_text("{}")
    ...     found, others = named_files([folder])
    >>> list(found), others
    (['Li/lab.json', 'Wu/lab.JSON'], ['Wu/lab.json.txt'])
    """
    found: list[tuple[str, Path]] = []
    others: list[str] = []
    for place in map(Path, places):
        for path in _below(place) if place.is_dir() else [place]:
            name = path.relative_to(place).as_posix() if place.is_dir() else path.name
            if place.is_dir() and path.suffix.lower() not in kinds:
                others += [name] if path.is_file() and not path.name.startswith(".") else []
            else:
                found.append((name, path))
    often = Counter(name for name, _ in found)
    told = {name if often[name] == 1 else path.as_posix(): path for name, path in found}
    return told, others
