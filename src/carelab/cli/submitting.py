"""List what students exported from the lab, for marking."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from carelab.base import CarelabError
from carelab.cli.reporting import counted, say
from carelab.study.many.submissions import read_submissions

_TASK = "submissions"


def list_submissions(places: Sequence[str], output: str) -> None:
    """Print a line for each file and everything left out, and write a table."""
    target = Path(output).expanduser()
    found = read_submissions((Path(place).expanduser() for place in places), target)
    for problem in found.problems:
        say(_TASK, f"left out: {problem}")
    if not found.rows:
        raise CarelabError("no entry could be read, so no table was written")
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
    path = found.save(target)
    say(_TASK, f"wrote {path.name}, {counted(len(found.rows), 'row')}")
