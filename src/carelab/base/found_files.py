"""Walk folders for files: what is read, and in a sentence each what is left out and why."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from carelab.base.errors import CarelabError, shown_name

_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True)
class Found:
    """The files of some places.

    Parameters
    ----------
    read : dict of str to Path
        By a name that tells each from every other: its own, or from the folder on.
    left_out : list of str
        One sentence for everything else that is not hidden.
    hidden : list of str
        Names that begin with a dot: systems and editors leave such files, and none is data.
    """

    read: dict[str, Path] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        """Every sentence, one for all hidden files together."""
        hidden = [f"hidden files are no data: {', '.join(self.hidden)}"] if self.hidden else []
        return [*self.left_out, *hidden]


def _ending(path: Path, kinds: Sequence[str]) -> str:
    """Say why a file is none of those that are read; nothing where it is one."""
    ending = path.suffix.lower()
    if ending in kinds:
        return ""
    if ending in _ARCHIVES:
        return "is an archive; unpack it"
    hidden = [kind for kind in kinds if kind in (each.lower() for each in path.suffixes)]
    allowed = " or ".join(kinds)
    if hidden:
        return f"has a name that ends in {ending}; rename it so that it ends in {hidden[0]}"
    return f"has a name that does not end in {allowed}"


class _Walk:
    def __init__(self, kinds: Sequence[str], but: Iterable[Path], deep: bool) -> None:
        self.kinds, self.deep = tuple(kinds), deep
        self.but = {os.path.realpath(each) for each in but}
        self.seen: set[str] = set()
        self.read: list[tuple[str, Path]] = []
        self.left_out: list[str] = []
        self.hidden: list[str] = []

    def leave_out(self, what: str, name: str, why: str) -> None:
        self.left_out.append(f"{what} '{shown_name(name)}' {why}")

    def place(self, place: Path) -> None:
        """Take what was named: a file, also one that will be replaced, or a folder."""
        if place.is_dir():
            self.folder(place, place)
        elif place.exists():
            self.but.discard(os.path.realpath(place))
            self.file(place, place.name)
        else:
            self.leave_out("file", place.name, "does not exist")

    def file(self, path: Path, name: str) -> None:
        real = os.path.realpath(path)
        if not path.is_file():
            gone = path.is_symlink() and not path.exists()
            self.leave_out(
                "file", name, "is a link to what does not exist" if gone else "is no ordinary file"
            )
        elif real not in self.seen:
            self.seen.add(real)
            self.read.append((name, path))
        elif path.is_symlink():
            self.leave_out("file", name, "is a link to a file that is read already")

    def folder(self, folder: Path, place: Path) -> None:
        name = folder.relative_to(place).as_posix() if folder != place else folder.name
        real = os.path.realpath(folder)
        if real in self.seen:
            if folder.is_symlink():
                self.leave_out("folder", name, "is a link to a folder that is read already")
            return
        if os.path.realpath(place).startswith(real.rstrip(os.sep) + os.sep):
            self.leave_out("folder", name, "is a link to a folder above this one")
            return
        self.seen.add(real)
        try:
            inside = sorted(folder.iterdir())
        except OSError as problem:
            reason = (problem.strerror or type(problem).__name__).lower()
            self.leave_out("folder", name, f"cannot be read: {reason}")
            return
        for path in inside:
            self.inside(path, place)

    def inside(self, path: Path, place: Path) -> None:
        name = path.relative_to(place).as_posix()
        if path.name.startswith("."):
            self.hidden.append(shown_name(name))
        elif path.is_dir():
            if self.deep:
                self.folder(path, place)
            else:
                self.leave_out("folder", name, "lies in the folder; only files in it are read")
        elif os.path.realpath(path) in self.but:
            return
        elif why := _ending(path, self.kinds):
            self.leave_out("file", name, why)
        else:
            self.file(path, name)


def find_files(
    places: Iterable[str | Path],
    kinds: Sequence[str],
    but: Iterable[str | Path] = (),
    deep: bool = True,
) -> Found:
    """Find files, and name everything that is not read.

    Parameters
    ----------
    places : iterable of str or Path
        Files, and folders. A linked folder is read as any other, once.
    kinds : sequence of str
        Endings that are read in a folder, in small letters; capitals count alike.
    but : iterable of str or Path
        What is no input where it is met in a folder, such as the file that will be written.
    deep : bool
        Whether folders within the folders are read too.

    Returns
    -------
    Found
        What is read, and what is left out; a file counts once, however often it is named.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("Li/lab.json", "Wu/lab.JSON", "Wu/lab.json.txt"):
    ...         (Path(folder) / name).parent.mkdir(exist_ok=True)
    ...         _ = (Path(folder) / name).write_text("{}")
    ...     found = find_files([folder], [".json"])
    >>> list(found.read)
    ['Li/lab.json', 'Wu/lab.JSON']
    >>> found.left_out
    ["file 'Wu/lab.json.txt' has a name that ends in .txt; rename it so that it ends in .json"]
    """
    walk = _Walk(kinds, map(Path, but), deep)
    for place in map(Path, places):
        try:
            walk.place(place)
        except OSError as problem:  # a folder above it may not be entered
            reason = (problem.strerror or type(problem).__name__).lower()
            walk.leave_out("file", place.name, f"cannot be read: {reason}")
    return Found(dict(_named(walk.read)), walk.left_out, walk.hidden)


def _named(found: list[tuple[str, Path]]) -> Iterator[tuple[str, Path]]:
    often = Counter(name for name, _ in found)
    for name, path in found:
        yield shown_name(name if often[name] == 1 else path), path


def tried(problem: Exception, name: str) -> str:
    """Say in a sentence why a file that was found could not be read.

    >>> tried(CarelabError("file 'a.json' is not valid JSON"), "a.json")
    "file 'a.json' is not valid JSON"
    >>> tried(PermissionError(13, "Permission denied"), "a.json")
    "file 'a.json' cannot be read: permission denied"
    """
    if isinstance(problem, CarelabError):
        return str(problem)
    reason = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return f"file '{name}' cannot be read: {reason.splitlines()[0].lower()}"
