"""Write a file whole or not at all: beside its place, read back, then put where it belongs.

Every writer of the package uses this. Whatever fails on the way (a full disk, a folder that may
not be written, a content that cannot be read back) leaves what was there before as it was.
"""

import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from carelab.base.errors import CarelabError, shown_name

_PIECE = 1 << 20


def _refuse(path: Path, reason: str) -> CarelabError:
    kept = "; the earlier file is as it was" if path.is_file() else ""
    return CarelabError(f"'{shown_name(path)}' cannot be written: {reason}{kept}")


def _final_place(path: Path) -> Path:
    """Follow links, and refuse what is no file or may not be changed."""
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise _refuse(path, "it is a folder; name a file")
    if place.exists() and not place.is_file():
        raise _refuse(path, "it is no ordinary file")
    if place.exists() and not os.access(place, os.W_OK):
        raise _refuse(path, "permission denied")
    if not place.parent.is_dir():
        raise _refuse(path, f"folder '{shown_name(place.parent.name)}' does not exist")
    return place


def _remove(part: Path) -> None:
    """Remove what was written beside a file, and what a database left beside that."""
    for left in (part, part.with_name(f"{part.name}.wal"), part.with_name(f"{part.name}.tmp")):
        with suppress(OSError):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Give a place beside a file; what is written there replaces the file when all went well.

    Parameters
    ----------
    path : Path
        Where the file shall be in the end; a link is followed.

    Yields
    ------
    Path
        Where to write it, in the same folder. Check it there, before the block ends.

    Raises
    ------
    CarelabError
        Naming the file and the reason; what was there before is as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with written_beside(Path(folder) / "a.txt") as part:
    ...         _ = part.write_text("whole")
    ...     [each.name for each in Path(folder).iterdir()]
    ['a.txt']
    """
    try:
        place = _final_place(path)
        part = place.with_name(f".{uuid4().hex}.part")
    except OSError as problem:
        raise _refuse(path, _reason(problem)) from None
    try:
        yield part
        if place.exists():
            shutil.copymode(place, part)
        part.replace(place)
    except OSError as problem:
        raise _refuse(path, _reason(problem)) from None
    finally:
        _remove(part)


def _reason(problem: OSError) -> str:
    return (problem.strerror or str(problem) or type(problem).__name__).lower()


class _Summed(io.RawIOBase):
    """A file that adds up what is written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sum, self.written = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.file.write(data)
        self.sum.update(data)
        count = memoryview(data).nbytes
        self.written += count
        return count

    def tell(self) -> int:
        return self.written

    def flush(self) -> None:
        if not self.file.closed:
            self.file.flush()


def _sum_of(path: Path) -> bytes:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            total.update(piece)
    return total.digest()


def write_whole(path: Path, content: str | bytes | Callable[[IO[bytes]], Any]) -> Path:
    """Write a file that is never seen half finished, and read it back before it counts.

    Parameters
    ----------
    path : Path
        Where the file shall be.
    content : str, bytes or callable
        A text (kept in UTF-8, its line ends as they are), bytes, or what writes the content into
        an open file, from beginning to end.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CarelabError
        Naming the file and the reason; what was there before is as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "a.txt", "whole").read_text()
    'whole'
    """
    data = content.encode() if isinstance(content, str) else content
    with written_beside(path) as part:
        with part.open("wb") as file:
            summed = _Summed(file)
            if callable(data):
                data(summed)  # type: ignore[arg-type]
            else:
                summed.write(data)
            file.flush()
            os.fsync(file.fileno())
        if _sum_of(part) != summed.sum.digest():
            raise _refuse(path, "what was read back is not what was written")
    return path
