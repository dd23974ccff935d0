"""Collect the scenarios of a whole class into one database."""

from collections.abc import Sequence
from pathlib import Path

from carelab.cli.reporting import counted, say
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_store import check_target


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
