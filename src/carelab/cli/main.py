"""Choose the task and turn problems into one sentence and an exit code."""

import argparse
import sys
from collections.abc import Sequence

from carelab.provenance import CarelabError

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="carelab", allow_abbrev=False)
    tasks = parser.add_subparsers(dest="task", required=True, metavar="task")
    tasks.add_parser("book", help="execute changed chapters and build the pages")
    test = tasks.add_parser("test", help="check, book, then every test", allow_abbrev=False)
    test.add_argument("--all", action="store_true", help="regenerate stored results too")
    tasks.add_parser("live", help="open the chapters as notebooks in JupyterLab")
    serve = tasks.add_parser("serve", help="show the built book at a local address")
    serve.add_argument("--port", type=int, default=8000, help="8000 unless told")
    tasks.add_parser("check", help="lint, format, types and layers of the code")
    tasks.add_parser("bench", help="run the benchmarks")
    return parser


def _run(options: argparse.Namespace, pytest_arguments: Sequence[str]) -> int:
    # imported here, so that a task loads only what it needs
    match options.task:
        case "book":
            from carelab.cli.building import build_book

            build_book()
        case "test":
            from carelab.cli.testing import run_tests

            return run_tests(pytest_arguments, everything=options.all)
        case "live":
            from carelab.cli.notebooks import open_notebooks

            return open_notebooks()
        case "serve":
            from carelab.cli.serving import serve_book

            serve_book(options.port)
        case "check":
            from carelab.cli.checking import check_code

            return EXIT_FAILED if check_code() else 0
        case "bench":
            from carelab.cli.benchmarking import run_benchmarks

            run_benchmarks()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one task.

    Parameters
    ----------
    arguments : sequence of str, optional
        The task and its options; those of the command line by default.

    Returns
    -------
    int
        Exit code: 0 when all is well, 1 when something failed, 130 when interrupted.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.task != "test":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return _run(options, rest)
    except CarelabError as problem:
        print(f"[{options.task}] {problem}", file=sys.stderr, flush=True)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
