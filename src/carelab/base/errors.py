"""The one exception that a user of carelab meets, and how its sentence shows a file name."""

import re
from pathlib import Path

# Line ends and other signs that steer a terminal, wherever an input brought them along.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class CarelabError(ValueError):
    r"""A problem told in one sentence: the input, its value and what is allowed.

    Examples
    --------
    >>> str(CarelabError("lever 'contract_share' is 1.4; allowed is 0 to 1"))
    "lever 'contract_share' is 1.4; allowed is 0 to 1"
    >>> str(CarelabError("lever 'contract\nshare' is unknown"))
    "lever 'contract share' is unknown"
    """

    def __init__(self, sentence: str = "") -> None:
        super().__init__(_UNSEEN.sub(" ", sentence))


def shown_name(name: str | Path) -> str:
    r"""Return a name that any file and screen can hold, and that tells it from every other.

    Parameters
    ----------
    name : str or Path
        As the system gives it; a folder's parts are joined by ``/``.

    Returns
    -------
    str
        The name; bytes that are no UTF-8, and signs that do not print, as ``\x..``.

    Examples
    --------
    >>> shown_name("lab 三.json"), shown_name("\udcd5.json"), shown_name("a\nb")
    ('lab 三.json', '\\xd5.json', 'a\\x0ab')
    """
    text = name.as_posix() if isinstance(name, Path) else name
    told = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        sign if sign.isprintable() else "".join(f"\\x{byte:02x}" for byte in sign.encode())
        for sign in told
    )
