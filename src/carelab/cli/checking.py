"""Lint, format, types and layers of the code; links, seals and numbers of the evidence."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from carelab.base import (
    CarelabError,
    broken_seals,
    project_root,
    seal_all,
    stale_results,
)
from carelab.cli.reporting import say
from carelab.evidence import broken_links
from carelab.evidence.prose import pages_with_orphans
from carelab.evidence.source_rules import unfounded_rows
from carelab.evidence.wording import chapters_too_long, remarks_on_chapters

_SCRIPTS = Path(sys.executable).parent
CHECKS: dict[str, tuple[str, ...]] = {
    "lint": (sys.executable, "-m", "ruff", "check", "--output-format=concise", "."),
    "format": (sys.executable, "-m", "ruff", "format", "--check", "--output-format=concise", "."),
    "types": (sys.executable, "-m", "mypy", "--no-error-summary"),
    "layers": (str(_SCRIPTS / "lint-imports"), "--no-cache", "--no-logo"),
}


def _run_check(command: tuple[str, ...]) -> tuple[list[str], float]:
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=project_root(), capture_output=True, encoding="utf-8", check=False
    )
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    problems = (lines or [f"exit code {done.returncode}"]) if done.returncode else []
    return problems, time.perf_counter() - started


EVIDENCE: dict[str, Callable[[], list[str]]] = {
    "seals": broken_seals,
    "links": broken_links,
    "grades": unfounded_rows,
    "numbers": lambda: pages_with_orphans(project_root()),
    "length": lambda: chapters_too_long(project_root()),
    "stored results": lambda: stale_results(),  # looked up when it runs
}


def _run_evidence(check: Callable[[], list[str]]) -> tuple[list[str], float]:
    started = time.perf_counter()
    try:
        problems = check()
    except CarelabError as problem:
        problems = [str(problem)]
    return problems, time.perf_counter() - started


def fix_all() -> None:
    """Seal edited data files."""
    for name in seal_all():
        say("check", f"sealed {name}")


def check_code() -> list[str]:
    """Run every check and print one line for each problem."""
    failed = []
    with ThreadPoolExecutor() as pool:
        running = {name: pool.submit(_run_check, command) for name, command in CHECKS.items()}
        running |= {name: pool.submit(_run_evidence, check) for name, check in EVIDENCE.items()}
        for name, future in running.items():
            problems, seconds = future.result()
            say("check", f"{name}: {'FAILED' if problems else 'ok'}, {seconds:.1f} s")
            for line in problems:
                print(f"    {line}", flush=True)
            if problems:
                failed.append(name)
    for line in remarks_on_chapters(project_root()):
        print(f"    to reread: {line}", flush=True)
    return failed
