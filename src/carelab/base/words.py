"""Interface words: one table, every language, and a missing word is an error."""

import csv
import os
import re
from functools import cache
from pathlib import Path

from carelab.base.errors import CarelabError
from carelab.base.paths import data_file

LANGUAGES = ("en", "zh")
_FILE = "words.csv"
_GAP = re.compile(r"\{[^{}]*\}")


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


def read_words(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """Read the table of words: language to key to text, in the order of the rows."""
    words: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    with data_file(_FILE, folder).open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        if table.fieldnames != ["key", *LANGUAGES]:
            raise CarelabError(
                f"{_FILE} has columns {', '.join(table.fieldnames or ())}; "
                f"allowed are key, {', '.join(LANGUAGES)}"
            )
        for number, row in enumerate(table, start=2):
            _check_row(f"{_FILE}, row {number}, key '{row['key']}'", row, words["en"])
            for language in LANGUAGES:
                words[language][row["key"]] = row[language]
    return words


def _check_row(where: str, row: dict[str, str], before: dict[str, str]) -> None:
    if None in row or None in row.values():
        raise CarelabError(f"{where}: allowed are three cells, key, {', '.join(LANGUAGES)}")
    if row["key"] in before:
        raise CarelabError(f"{where}: the key stands twice; a key may stand once")
    empty = [language for language in LANGUAGES if not row[language].strip()]
    if empty and len(empty) < len(LANGUAGES):
        raise CarelabError(f"{where}: {empty[0]} is empty; a word stands in every language")
    gaps = [sorted(set(_GAP.findall(row[language]))) for language in LANGUAGES]
    if gaps[0] != gaps[1]:
        told = " and ".join(", ".join(each) or "none" for each in gaps)
        raise CarelabError(f"{where}: placeholders differ between languages: {told}")


@cache
def _all_words() -> dict[str, dict[str, str]]:
    return read_words()


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
    return dict(_all_words()[chosen])


def word(key: str, language: str | None = None, **values: object) -> str:
    """Return one interface word, its placeholders filled.

    Parameters
    ----------
    key : str
        Key in ``words.csv``.
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
        raise CarelabError(f"interface word '{key}' does not exist in {_FILE}")
    return words[key].format(**values)
