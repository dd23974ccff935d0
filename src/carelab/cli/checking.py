"""Lint, format, types, layers, freshness of stored results."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from carelab.cli.reporting import say
from carelab.provenance import CarelabError, project_root, stale_results

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


def _stored_results() -> tuple[list[str], float]:
    started = time.perf_counter()
    try:
        problems = stale_results()
    except CarelabError as problem:
        problems = [str(problem)]
    return problems, time.perf_counter() - started


def check_code() -> list[str]:
    """Run every check and print one line for each problem.

    Returns
    -------
    list of str
        The names of the checks that failed; empty when all is well.
    """
    failed = []
    with ThreadPoolExecutor() as pool:
        running = {name: pool.submit(_run_check, command) for name, command in CHECKS.items()}
        running["stored results"] = pool.submit(_stored_results)
        for name, future in running.items():
            problems, seconds = future.result()
            say("check", f"{name}: {'FAILED' if problems else 'ok'}, {seconds:.1f} s")
            for line in problems:
                print(f"    {line}", flush=True)
            if problems:
                failed.append(name)
    return failed
