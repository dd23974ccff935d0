"""Find numbers in prose that neither a cell nor the registry produced.

The rule: a number written in prose must stand in a claim or an indicator that the same paragraph
cites. Numbers set by a role come from the registry, numbers shown by a cell from code. The ends
of an interval are always set by the role, so that they follow the registry.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base.yaml_files import read_text
from carelab.evidence.registry import load_claims, load_indicators

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|:{3,})(?P<name>.*)")
# Fences whose content is prose have another name in braces; code has a bare name or none.
_GENERATED = re.compile(r"\{(?:code-cell|equation|registry|math|course-path)\}|(?!\{)")
_CITED = re.compile(r"\{(?:claim|num)\}`([^`]+)`")
_ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
_PLAIN_CODE = re.compile(r"`[^`\n]*`")
_MATHEMATICS = re.compile(r"\$[^$\n]+\$")
_TARGET = re.compile(r"\]\([^)]*\)")
# The year of a cited work: Goodwin (2016).
_YEAR_OF_WORK = re.compile(r"(?<=\w )\((?:19|20)\d\d\)")
_OPTION = re.compile(r"^\s*:[a-z-]+:.*$", re.MULTILINE)
# Digits that belong to a name (A1, COVID-19, M5) are no numbers.
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*(?![\w])")
_ANY_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _plain(number: str) -> str:
    return number.rstrip(".,").replace(",", "")


@cache
def _numbers_of_registry() -> dict[str, frozenset[str]]:
    known: dict[str, frozenset[str]] = {}
    for _, row in load_claims().iterrows():
        known[row["id"]] = _numbers_in(row, ("text", "value", "unit"))
    for _, row in load_indicators().iterrows():
        known[row["id"]] = _numbers_in(row, ("name", "year", "value", "unit", "note"))
    return known


def _numbers_in(row: Any, columns: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for column in columns:
        value = row[column]
        text = f"{value:.10g}" if isinstance(value, float) else str(value)
        # An ISO date is three numbers, and a year span such as 2016-17 names two years.
        found.update(_plain(number).lstrip("0") or "0" for number in _ANY_NUMBER.findall(text))
    return frozenset(found)


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Give paragraphs with their first line number; a list item or table row is its own."""
    start = 1
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        begins_item = re.match(r"\s*(?:[-*|]|\d+\.) ?", line)
        if lines and (not line.strip() or begins_item):
            yield start, "\n".join(lines)
            lines = []
        if line.strip():
            if not lines:
                start = number
            # The number of a numbered list is markup.
            lines.append(re.sub(r"^\s*\d+\. ", "", line))


def blank(match: re.Match[str]) -> str:
    """Return as many empty lines as were found, so that lines keep their numbers."""
    return "\n" * match.group().count("\n")


def without_code(text: str) -> str:
    r"""Blank out front matter, code, what is generated and options; lines keep their numbers.

    >>> without_code("```{person}\nA.\n```\nB.\n```\nc\n```")
    '\nA.\n\nB.\n\n\n'
    """
    kept: list[str] = []
    fences: list[tuple[str, bool]] = []
    for line in _FRONT_MATTER.sub(blank, text).split("\n"):
        fence = _FENCE.match(line)
        if fence and fences and line.strip() == fences[-1][0]:
            fences.pop()
        elif fence and not (fences and fences[-1][1]):
            name = fence["name"].strip()
            fences.append((fence["fence"], bool(_GENERATED.match(name))))
            # A title in the line of the fence is prose.
            kept.append("" if fences[-1][1] else re.sub(r"^\{[^}]*\}", "", name))
            continue
        kept.append("" if fence or (fences and fences[-1][1]) else line)
    return _OPTION.sub("", "\n".join(kept))


def orphan_numbers(text: str) -> list[tuple[int, str]]:
    """List numbers in a page that no cited claim or indicator holds.

    >>> orphan_numbers("Anhui named 37 pilot counties {claim}`S004-08`.")
    []
    >>> orphan_numbers("Anhui named 38 pilot counties {claim}`S004-08`.")
    [(1, '38')]
    """
    orphans = []
    for line, paragraph in paragraphs(without_code(text)):
        known = _numbers_of_registry()
        cited = [part for group in _CITED.findall(paragraph) for part in re.split(r"[,\s]+", group)]
        allowed = set().union(*(known.get(name, frozenset()) for name in cited))
        prose = _ROLE.sub(" ", paragraph)
        for pattern in (_PLAIN_CODE, _MATHEMATICS, _TARGET, _YEAR_OF_WORK):
            prose = pattern.sub(" ", prose)
        orphans += [
            (line, number)
            for number in _NUMBER.findall(prose)
            if (_plain(number).lstrip("0") or "0") not in allowed
        ]
    return orphans


def pages_with_orphans(root: Path) -> list[str]:
    """Check every page and chapter of the book and of the instructor's edition."""
    return [
        f"{path.relative_to(root).as_posix()} line {line}: the number {number} stands in no claim"
        " or indicator that its paragraph cites"
        for folder in ("book", "notebooks", "instructor")
        for path in sorted((root / folder).glob("*.md"))
        for line, number in orphan_numbers(read_text(path))
    ]
