"""The name of a file as a sentence, a table or a page may hold it."""

from pathlib import Path


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
