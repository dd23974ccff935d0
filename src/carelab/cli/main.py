"""Choose the task and turn problems into one sentence and an exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from carelab.base import CarelabError
from carelab.base.paths import is_project
from carelab.cli.reporting import outlive_readers, say

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


class _Version(argparse.Action):
    """Say which versions of code, model and data these are."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from carelab import __version__
        from carelab.base.checksums import data_version
        from carelab.engine import MODEL_VERSION

        print(f"carelab {__version__}, model version {MODEL_VERSION}, data {data_version()}")
        parser.exit()


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Keep the longest task and its help on one line."""
    formatter = argparse.HelpFormatter(prog)
    formatter._action_max_length = 15
    return formatter


def _add_teaching(tasks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the tasks of those who teach."""
    tasks.add_parser("instructor", help="build graded tasks and their solutions")
    submissions = tasks.add_parser("submissions", help="list what students exported from the lab")
    submissions.add_argument("places", nargs="+", help="files and folders of exported files")
    submissions.add_argument("-o", "--output", default="submissions.csv", help="a CSV file")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="carelab",
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="versions of code, model, data")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="task")
    tasks.add_parser("book", help="execute changed chapters and build the pages")
    test = tasks.add_parser("test", help="check, book, then every test", allow_abbrev=False)
    test.add_argument("--all", action="store_true", help="regenerate stored results too")
    test.add_argument("--seeded", action="store_true", help="only put faults in, to be noticed")
    test.add_argument("--mutants", action="store_true", help="only break code at random places")
    _add_teaching(tasks)
    tasks.add_parser("live", help="open the chapters as notebooks in JupyterLab")
    serve = tasks.add_parser("serve", help="show the built book at a local address")
    serve.add_argument("--port", type=int, default=8000, help="8000 unless told")
    serve.add_argument("--watch", action="store_true", help="build what is saved, reload the page")
    check = tasks.add_parser("check", help="lint code, layers, data and prose")
    check.add_argument("--fix", action="store_true", help="seal edited data files")
    bench = tasks.add_parser("bench", help="run the benchmarks", allow_abbrev=False)
    bench.add_argument("--store", action="store_true", help="keep what they measure")
    _add_own_cases(tasks)
    _add_studies(tasks)
    return parser


def _add_own_cases(tasks: Any) -> None:
    new = tasks.add_parser("new-case", help="write a commented template of a case of your own")
    new.add_argument("name", help="lower-case letters, digits and underscores")
    new.add_argument("--folder", default="cases", help="where to put it; cases unless told")
    own = tasks.add_parser("check-case", help="say what a case file lacks")
    own.add_argument("file", help="a YAML file named after the case")


def _add_studies(tasks: Any) -> None:
    collect = tasks.add_parser("collect", help="collect scenarios of a class into one database")
    collect.add_argument("places", nargs="+", help="files and folders of scenarios")
    collect.add_argument("-o", "--output", required=True, help="class.parquet or class.duckdb")
    collect.add_argument("--years", type=int, default=10, help="10 unless told")
    experiment = tasks.add_parser("experiment", help="run a policy experiment, write its report")
    experiment.add_argument("file", help="a YAML file of places, presets and levers")
    experiment.add_argument("-o", "--output", help="folder; named after the file unless told")
    experiment.add_argument("--workers", type=int, default=1, help="processes; 1 unless told")
    experiment.add_argument("--cluster", help="address of a Dask scheduler")


def _book(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.building import build_book

    build_book()
    return 0


def _test(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.testing import run_mutants, run_seeded_faults, run_tests

    if options.mutants:
        return run_mutants(rest)
    if options.seeded:
        return run_seeded_faults(rest)
    return run_tests(rest, everything=options.all)


def _instructor(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.building import build_instructor

    build_instructor()
    return 0


def _submissions(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.collecting import list_submissions

    list_submissions(options.places, options.output)
    return 0


def _live(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.serving import open_notebooks

    return open_notebooks()


def _serve(options: argparse.Namespace, rest: Sequence[str]) -> int:
    if options.watch:
        from carelab.cli.watching import watch_book

        watch_book(options.port)
        return 0
    from carelab.cli.serving import serve_book

    serve_book(options.port)
    return 0


def _check(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.checking import check_code, fix_all

    if options.fix:
        fix_all()
    return EXIT_FAILED if check_code() else 0


def _bench(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.testing import run_benchmarks

    run_benchmarks(store=options.store)
    return 0


def _new_case(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.evidence.cases.template import write_template

    path = write_template(options.name, Path(options.folder)).as_posix()
    say("new-case", f"{path} is written; fill it in, then: check-case {path}")
    return 0


def _check_case(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.evidence.cases.check import check_case, count_silent
    from carelab.evidence.cases.files import load_case_file

    path = Path(options.file)
    problems = check_case(path)
    for sentence in problems:
        say("check-case", sentence)
    if problems:
        return EXIT_FAILED
    say("check-case", f"{path.name} is ready; {count_silent(load_case_file(path))}")
    return 0


def _collect(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.collecting import collect

    collect(options.places, options.output, options.years)
    return 0


def _experiment(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from carelab.cli.experimenting import run_file

    run_file(options.file, options.output, options.cluster, options.workers)
    return 0


# Each task imports what it needs when it runs, and no more.
_TASKS: dict[str, Callable[[argparse.Namespace, Sequence[str]], int]] = {
    "book": _book,
    "test": _test,
    "instructor": _instructor,
    "submissions": _submissions,
    "live": _live,
    "serve": _serve,
    "check": _check,
    "bench": _bench,
    "new-case": _new_case,
    "check-case": _check_case,
    "collect": _collect,
    "experiment": _experiment,
}
_OF_THE_PROJECT = ("book", "test", "instructor", "live", "serve", "check", "bench")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one task."""
    if arguments is None:
        outlive_readers()
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.task != "test":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        if options.task in _OF_THE_PROJECT and not is_project():
            raise CarelabError(
                "this task needs the folder of the project, which an installed package lacks;"
                " get a copy of the project and use its run.py"
            )
        return _TASKS[options.task](options, rest)
    except CarelabError as problem:
        print(f"[{options.task}] {problem}", file=sys.stderr, flush=True)
        return EXIT_FAILED
    except UnicodeError:
        told = "a name or a text holds bytes that are no UTF-8; give files and folders other names"
        print(f"[{options.task}] {told}", file=sys.stderr, flush=True)
        return EXIT_FAILED
    except OSError as problem:
        where = Path(problem.filename).as_posix() if problem.filename else "the disk"
        reason = (problem.strerror or type(problem).__name__).lower()
        print(f"[{options.task}] '{where}': {reason}", file=sys.stderr, flush=True)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
