"""Lines on the screen: what is done, how long it took, what went wrong."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from carelab.base import CarelabError


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
