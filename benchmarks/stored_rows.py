"""What a benchmark measured: a line on the screen, and a row of ``data/benchmarks.csv``."""

import csv
import datetime
import io
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from engine_runs import NODE, call

from carelab.base import file_sha256, project_root
from carelab.base.whole_files import write_whole

FILE = "data/benchmarks.csv"
# How the measures of the lab begin.
LAB = "Lab: "
# How busy the machine was before anything was measured, where the system says so.
LOAD = os.getloadavg()[0] if hasattr(os, "getloadavg") else None


@dataclass(frozen=True)
class Row:
    """One measured value, and the goal it is held against."""

    measure: str
    value: float
    unit: str
    goal: tuple[str, float] | None = None

    @property
    def met(self) -> str:
        if self.goal is None:
            return ""
        bound, limit = self.goal
        return "yes" if (self.value >= limit) == (bound == "at least") else "no"

    def sentence(self) -> str:
        aim = ""
        if self.goal is not None:
            verdict = "met" if self.met == "yes" else "MISSED"
            aim = f" (goal: {self.goal[0]} {self.goal[1]:g}, {verdict})"
        return f"{self.measure}: {self.value:,.4g} {self.unit}{aim}"

    def cells(self) -> tuple[str, ...]:
        aim = "" if self.goal is None else f"{self.goal[0]} {self.goal[1]:g}"
        return self.measure, f"{self.value:.3g}", self.unit, aim, self.met


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*: (.+)", told)
    return found.group(1).strip() if found else platform.machine()


def machine() -> str:
    """Say on what was measured."""
    node = call([NODE, "--version"], check=True).stdout.strip()
    return (
        f"{platform.system()}, {_processor()}, {os.cpu_count()} processors,"
        f" Python {platform.python_version()}, node {node}"
    )


def _others(table: Path, lab: bool) -> list[tuple[str, ...]]:
    """Return the rows that the other benchmark stored: those of the lab, or all but those."""
    with table.open(encoding="utf-8", newline="") as file:
        _, *kept = csv.reader(file)
    return [tuple(row) for row in kept if row[0].startswith(LAB) is not lab]


def store_rows(rows: list[Row]) -> None:
    """Write the table, and the machine and month into its manifest; seal it.

    The rows of the lab and those of the engine are measured apart: the others stay.
    """
    table = project_root() / FILE
    lab = all(row.measure.startswith(LAB) for row in rows)
    new, kept = [row.cells() for row in rows], _others(table, lab)
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(("measure", "value", "unit", "goal", "met"))
    writer.writerows(kept + new if lab else new + kept)
    write_whole(table, content.getvalue())
    manifest = table.with_name(f"{table.name}.yml")
    text = manifest.read_text(encoding="utf-8")
    month = datetime.datetime.now(tz=datetime.UTC).strftime("%Y-%m")
    text = re.sub(r"(?m)^retrieved: .*$", f"retrieved: {month}", text)
    busy = "unknown" if LOAD is None else f"{LOAD:.1f}"
    # Each benchmark says under which load it was measured; the other's word stays.
    loads = re.search(r"machine before it: (\S+?)(?:; before the lab: (\S+?))?\. ", text)
    engine, page = loads.groups() if loads else (None, None)
    engine, page = (engine or busy, busy) if lab else (busy, page)
    before = engine if page is None else f"{engine}; before the lab: {page}"
    note = (
        f'note: "Measured on: {machine()}. Load of the machine before it: {before}. Other'
        ' processes may have run beside it."'
    )
    text = re.sub(r"(?m)^note: .*$", lambda _: note, text)
    text = re.sub(r"(?m)^sha256: .*$", f"sha256: {file_sha256(table)}", text)
    write_whole(manifest, text)
    print(f"  stored in {FILE}")
