"""Run the benchmarks, one after the other, so that none disturbs another."""

import subprocess
import sys

from carelab.base import project_root
from carelab.cli.reporting import TaskError, say, timed


def run_benchmarks(store: bool = False) -> None:
    """Run every ``benchmarks/bench_*.py``."""
    told = ["--store"] if store else []
    files = sorted((project_root() / "benchmarks").glob("bench_*.py"))
    if not files:
        say("bench", "there are no benchmarks yet")
    for file in files:
        with timed("bench", file.stem):
            code = subprocess.run(
                [sys.executable, str(file), *told], cwd=project_root(), check=False
            )
        if code.returncode:
            raise TaskError(f"{file.name} failed, see above.")
