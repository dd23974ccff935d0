"""Interface words: one file, every language, and a missing word is an error."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base.errors import CarelabError

LANGUAGES = ("en", "zh")
_WORDS_FILE = Path(__file__).with_name("words.json")


def book_language() -> str:
    """Return the language of the book being built: ``en`` unless ``BOOK_LANG`` says ``zh``.

    Returns
    -------
    str
        ``en`` or ``zh``.

    Raises
    ------
    CarelabError
        When ``BOOK_LANG`` names another language.
    """
    language = os.environ.get("BOOK_LANG", "en")
    if language not in LANGUAGES:
        raise CarelabError(f"BOOK_LANG is '{language}'; allowed are {' and '.join(LANGUAGES)}")
    return language


@cache
def _all_words() -> dict[str, Any]:
    return dict(json.loads(_WORDS_FILE.read_text(encoding="utf-8")))


def load_words(language: str | None = None) -> dict[str, str]:
    """Return every interface word in one language.

    Parameters
    ----------
    language : str, optional
        ``en`` or ``zh``; the book's language by default.

    Returns
    -------
    dict of str to str
        Key to text; texts may hold ``{placeholders}``.

    Examples
    --------
    >>> load_words("en")["lab.reset"]
    'Reset'
    """
    chosen = language or book_language()
    if chosen not in LANGUAGES:
        raise CarelabError(f"language '{chosen}' is unknown; allowed are {', '.join(LANGUAGES)}")
    return {key: texts[chosen] for key, texts in _all_words().items()}


def word(key: str, language: str | None = None, **values: object) -> str:
    """Return one interface word, its placeholders filled.

    Parameters
    ----------
    key : str
        Key in ``words.json``.
    language : str, optional
        ``en`` or ``zh``; the book's language by default.
    **values : object
        Values for the placeholders.

    Returns
    -------
    str
        The text.

    Raises
    ------
    CarelabError
        When the key does not exist.

    Examples
    --------
    >>> word("lab.reset", "zh")
    '重置'
    """
    words = load_words(language)
    if key not in words:
        raise CarelabError(f"interface word '{key}' does not exist in words.json")
    return words[key].format(**values)
