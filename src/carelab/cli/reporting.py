"""Lines on the screen: what is done, how long it took, what went wrong."""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from carelab.base import CarelabError

# What a system says when nobody reads any more what is printed.
_NO_READER = (errno.EPIPE, errno.EINVAL)


class PatientStream:
    """A screen that may go away: when nobody reads any more, the work goes on without a word."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        """Be the stream in everything else."""
        return getattr(self.stream, name)

    def _tried(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except OSError as problem:
            if problem.errno not in _NO_READER:
                raise
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)
            return 0

    def write(self, text: str) -> Any:
        """Write, to whoever reads it."""
        return self._tried(lambda: self.stream.write(text))

    def flush(self) -> None:
        """Send what is written."""
        self._tried(self.stream.flush)


def outlive_readers() -> None:
    """Let this process end its work when ``head`` or ``less`` in front of it has ended."""
    sys.stdout, sys.stderr = PatientStream(sys.stdout), PatientStream(sys.stderr)


class TaskError(CarelabError):
    """A task cannot go on; the message is one sentence that says what to do."""


def counted(number: int, what: str) -> str:
    """Say how many there are of a thing.

    >>> counted(1, "answer"), counted(2000, "row")
    ('1 answer', '2,000 rows')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def say(task: str, text: str) -> None:
    """Print one line at once.

    >>> say("book", "ready")
    [book] ready
    """
    encoding = sys.stdout.encoding or "utf-8"
    print(f"[{task}] {text}".encode(encoding, "replace").decode(encoding), flush=True)


@contextmanager
def timed(task: str, text: str) -> Iterator[None]:
    """Announce a step, and tell when it is over how many seconds it took."""
    say(task, f"{text} ...")
    started = time.perf_counter()
    try:
        yield
    finally:
        say(task, f"{text}: {time.perf_counter() - started:.1f} s")
