"""Keep a folder to one run at a time; the lock ends with the run, however that ends."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from carelab.base.errors import CarelabError, shown_name

_NAME = ".lock"
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


def _take(file: IO[Any]) -> None:
    if os.name == "nt":
        import msvcrt as windows

        locking: Any = windows
        file.seek(0)
        locking.locking(file.fileno(), locking.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder for this run alone.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name, alone_in(Path(name)):
    ...     try:
    ...         with alone_in(Path(name)):
    ...             pass
    ...     except CarelabError as problem:
    ...         str(problem).split(" in ")[0]
    'another run is at work'
    """
    with (folder / _NAME).open("ab") as file:
        try:
            _take(file)
        except OSError as problem:
            if problem.errno in _TAKEN:
                raise CarelabError(
                    f"another run is at work in folder '{shown_name(folder.name)}'; wait until it"
                    " ends, or give this one a folder of its own"
                ) from None
        yield
