"""The questions of a self-check as they are written: YAML in, questions or sentences out."""

import re
from dataclasses import dataclass
from typing import Any

from carelab.base import CarelabError
from carelab.base.yaml_files import parse_yaml

FEWEST_QUESTIONS = 5
_OPTIONS = (3, 4)
# These open a note with a button of their own, which has no place inside a radio button's label.
_MARKS = re.compile(r"\{(?:claim|num|param|silent)\}`")


@dataclass(frozen=True)
class Option:
    """One answer to choose: its text, whether it is right, and why."""

    text: str
    right: bool
    because: str


@dataclass(frozen=True)
class Question:
    """A question and its options, exactly one of them right."""

    text: str
    options: tuple[Option, ...]


def _sentence(entry: Any, key: str, where: str) -> str:
    """Return a text of the YAML, or raise and say how to write it."""
    value = entry.get(key)
    if value is None or value == "":
        raise CarelabError(f"{where} has no '{key}:'")
    if not isinstance(value, str):
        raise CarelabError(f"{where}: '{key}: {value}' is not a text; set it in quotation marks")
    return value.strip()


def _read_option(entry: Any, where: str) -> Option:
    kinds = {"right", "wrong"} & set(entry) if isinstance(entry, dict) else set()
    if len(kinds) != 1 or set(entry) - {"right", "wrong", "because"}:
        raise CarelabError(f"{where} must have 'right:' or 'wrong:', then 'because:'")
    kind = kinds.pop()
    text = _sentence(entry, kind, where)
    if _MARKS.search(text):
        raise CarelabError(f"{where} holds a mark of provenance; write it under 'because:'")
    return Option(text, kind == "right", _sentence(entry, "because", where))


def _read_question(entry: Any, where: str) -> Question:
    if not isinstance(entry, dict) or set(entry) != {"question", "options"}:
        raise CarelabError(f"{where} must have 'question:' and 'options:', and nothing else")
    written = entry["options"]
    if not isinstance(written, list) or len(written) not in _OPTIONS:
        found = len(written) if isinstance(written, list) else 0
        raise CarelabError(f"{where} has {found} options; allowed are 3 or 4")
    options = tuple(
        _read_option(each, f"{where}, option {number}") for number, each in enumerate(written, 1)
    )
    right = sum(option.right for option in options)
    if right != 1:
        raise CarelabError(f"{where} has {right} right options; exactly one must be right")
    texts = {option.text for option in options}
    if len(texts) != len(options):
        raise CarelabError(f"{where} offers the same option twice")
    return Question(_sentence(entry, "question", where), options)


def read_questions(text: str) -> list[Question]:
    r"""Read the body of a self-check.

    Parameters
    ----------
    text : str
        YAML: a list of at least five entries, each with ``question`` and ``options``; an option
        is ``right`` or ``wrong`` with its text, and ``because`` with the explanation.

    Returns
    -------
    list of Question
        In the order written.

    Raises
    ------
    CarelabError
        With one sentence for every mistake: an explanation is missing, no or two right options,
        fewer than five questions.

    Examples
    --------
    >>> read_questions("- question: Who pays?\n  options: []")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: question 1 has 0 options; allowed are 3 or 4; 1 ...
    """
    written = parse_yaml(text, "the self-check")
    if not isinstance(written, list):
        raise CarelabError("a self-check is a list; begin each question with '- question:'")
    questions, problems = [], []
    for number, entry in enumerate(written, start=1):
        try:
            questions.append(_read_question(entry, f"question {number}"))
        except CarelabError as problem:
            problems.append(str(problem))
    if len(written) < FEWEST_QUESTIONS:
        count = f"{len(written)} question{'s' if len(written) != 1 else ''}"
        problems.append(f"{count} written, at least {FEWEST_QUESTIONS} are needed")
    if problems:
        raise CarelabError("; ".join(problems))
    return questions
