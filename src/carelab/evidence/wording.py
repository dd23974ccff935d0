"""How a chapter reads: how long it may be, which sentences are long, which words to avoid.

Only the length of a chapter is a rule; the rest helps its writer. Tables, captions, exercises and
the self-check are not counted.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from carelab.base.yaml_files import read_text
from carelab.evidence.prose import blank, paragraphs, without_code

MOST_WORDS = 2400
# Words of a sentence: of none more than the first, on average fewer than the second.
LONGEST = 35
AVERAGE = 20
# What to avoid, and what to say instead.
BETTER = {
    "nil": "zero",
    "nought": "zero",
    "hangs on": "depends on",
    "by halves": "partly",
    "bears out": "supports",
    "the seed": "its authors and year",
    "charge for leaving": "leakage charge",
    "outside care charged": "leakage charge",
}
_CHAPTER = re.compile(r"\d\d-.*\.md")
_NOT_COUNTED = re.compile(
    r"^## (?:Exercises|Check yourself)\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE
)
_NO_PROSE = re.compile(r"[|#:`]")
_MARK = re.compile(r"\s*\{(?:claim|silent)\}`[^`]*`")
_NUMBER = re.compile(r"\{(?:num|param)\}`[^`]*`")
_NAMED = re.compile(r"\{[a-z:]+\}`([^`<]*)(?:<[^`]*)?`")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)*]*\s+(?=[\"“‘(*]*[A-Z0-9])")
_WORD = re.compile(r"\w[\w'’.,%-]*")


def prose_of(text: str) -> Iterator[tuple[int, str]]:
    r"""Give the paragraphs and list items that count, as they are read, with their lines.

    >>> list(prose_of("It fell {claim}`S004-79`.\n\n| a |\n\n- See [two](2.md)."))
    [(1, 'It fell.'), (5, 'See two.')]
    """
    kept = _NOT_COUNTED.sub(blank, without_code(text))
    for line, paragraph in paragraphs(kept):
        if _NO_PROSE.match(paragraph.lstrip()):
            continue
        said = _NUMBER.sub("0", _MARK.sub("", paragraph))
        said = _LINK.sub(r"\1", _NAMED.sub(r"\1", said))
        yield line, re.sub(r"^[-*] |[*`]|\n", lambda found: " " * (found[0] == "\n"), said.strip())


def _words(said: str) -> int:
    return len(_WORD.findall(said))


def too_long(text: str) -> list[str]:
    """Say by how much a chapter is too long.

    >>> too_long("word " * 2401)
    ['2401 words of paragraphs and lists; a chapter has at most 2400']
    """
    words = sum(_words(said) for _, said in prose_of(text))
    rule = f"{words} words of paragraphs and lists; a chapter has at most {MOST_WORDS}"
    return [rule] if words > MOST_WORDS else []


def remarks(text: str) -> list[str]:
    """Name sentences that are long and words for which there are better ones.

    >>> remarks("The gap is nil.")
    ["line 1: say 'zero', not 'nil': The gap is nil."]
    """
    found, lengths = [], []
    for line, said in prose_of(text):
        for sentence in _SENTENCE.split(said):
            lengths.append(_words(sentence))
            if lengths[-1] > LONGEST:
                found.append(f"line {line}: {lengths[-1]} words: {sentence[:60]} …")
            found += [
                f"line {line}: say '{better}', not '{word}': {sentence[:60]}"
                for word, better in BETTER.items()
                if re.search(rf"\b{word}\b", sentence, re.IGNORECASE)
            ]
    if lengths and sum(lengths) / len(lengths) >= AVERAGE:
        found.append(f"{sum(lengths) / len(lengths):.1f} words a sentence; aim below {AVERAGE}")
    return found


def chapters(root: Path) -> list[Path]:
    """Return the chapters of the course, second pages too."""
    return [path for path in sorted((root / "notebooks").glob("*.md")) if _CHAPTER.match(path.name)]


def chapters_too_long(root: Path) -> list[str]:
    """Name each chapter that is too long."""
    return [f"{path.name}: {told}" for path in chapters(root) for told in too_long(read_text(path))]


def remarks_on_chapters(root: Path) -> list[str]:
    """Name page and sentence of every remark."""
    return [f"{path.name} {told}" for path in chapters(root) for told in remarks(read_text(path))]
