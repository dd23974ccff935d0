"""What a class hands in: its scenarios in one database, its exports in a list for marking."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from carelab.base import CarelabError
from carelab.cli.reporting import counted, say
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_store import check_target
from carelab.study.many.submissions import read_submissions


def collect(places: Sequence[str], output: str, years: int) -> None:
    """Write the database, and one line for each file or entry that was left out."""
    check_target(Path(output))
    collection = collect_scenarios(*places, years=years, output=output)
    for problem in collection.problems:
        say("collect", f"left out: {problem}")
    path = collection.save(output)
    table = collection.scenarios
    authors = table.loc[table["author"] != "", "author"].nunique()
    counts = (
        f"{counted(table['scenario'].nunique(), 'scenario')} by {counted(authors, 'named author')}"
    )
    others = ", ".join(
        (counted(len(collection.predictions), "prediction"),
         counted(len(collection.answers), "answer"))
    )  # fmt: skip
    kept = others if path.suffix == ".duckdb" else f"{others} (a .duckdb file keeps these too)"
    say("collect", f"{counts}, {kept}")
    say("collect", f"wrote {path.name}, {path.stat().st_size / 1000:,.0f} kB")


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
