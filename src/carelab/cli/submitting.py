"""List what students exported from the lab, for marking."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from carelab.cli.reporting import counted, say
from carelab.study.many.submissions import read_submissions

_TASK = "submissions"
_LISTED = 5


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def list_submissions(places: Sequence[str], output: str) -> None:
    """Print a line for each file and everything left out, and write a table."""
    found = read_submissions(Path(place).expanduser() for place in places)
    for problem in found.problems:
        say(_TASK, f"left out: {problem}")
    if found.others:
        say(_TASK, f"not read, for the name does not end in .json: {_listed(found.others)}")
    for file in dict.fromkeys(row["file"] for row in found.rows):
        rows = [row for row in found.rows if row["file"] == file]
        verdicts = Counter(row["verdict"] for row in rows if row["kind"] == "prediction")
        designs = [row for row in rows if row["kind"] == "scenario"]
        held = sum(row["budget"] == "held" for row in designs)
        author = next((row["author"] for row in rows if row["author"]), "no name")
        judged = ", ".join(f"{count} {name}" for name, count in verdicts.items()) or "none"
        answers = sum(row["kind"] == "answer" for row in rows)
        say(_TASK, f"{file} ({author}): {counted(len(designs), 'scenario')}, {held} within the"
            f" budget; predictions: {judged}; {counted(answers, 'answer')}")  # fmt: skip
    path = found.save(Path(output).expanduser())
    say(_TASK, f"wrote {path.name}, {counted(len(found.rows), 'row')}")
