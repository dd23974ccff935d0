"""A case of the reader's own: write a template, say what a file lacks."""

from pathlib import Path

from carelab.cli.reporting import say
from carelab.evidence.cases.check import check_case, count_silent
from carelab.evidence.cases.files import load_case_file
from carelab.evidence.cases.template import write_template


def new_case(name: str, folder: str) -> int:
    """Write the template of a case and say what to do next."""
    path = write_template(name, Path(folder))
    say("new-case", f"{path.as_posix()} is written; fill it in, then: check-case {path.as_posix()}")
    return 0


def check_own_case(file: str) -> int:
    """Print one sentence for each thing that a case file lacks."""
    path = Path(file)
    problems = check_case(path)
    for sentence in problems:
        say("check-case", sentence)
    if problems:
        return 1
    say("check-case", f"{path.name} is ready; {count_silent(load_case_file(path))}")
    return 0
