"""Build the instructor's edition: graded tasks, solutions and marking, apart from the book."""

from pathlib import Path

from carelab.base import project_root
from carelab.cli.building import write_pages
from carelab.cli.execution import execute_chapters, isolate_jupyter
from carelab.cli.reporting import say, timed

_FOLDER = "instructor"
_TITLE = "carelab: instructor's edition"


def instructor_folder() -> Path:
    """Return the folder of the built instructor's edition."""
    return project_root() / "_build" / _FOLDER / "html"


def build_instructor() -> Path:
    """Execute the graded tasks and build their pages, with warnings as errors."""
    isolate_jupyter()
    with timed(_FOLDER, "executing tasks"):
        execute_chapters(_FOLDER)
    static = project_root() / "book" / "_static"
    with timed(_FOLDER, "building pages"):
        write_pages(
            project_root() / _FOLDER,
            instructor_folder(),
            html_title=_TITLE,
            project=_TITLE,
            carelab_downloads=False,
            html_static_path=[static.as_posix()],
            html_favicon=(static / "favicon.svg").as_posix(),
        )
    page = instructor_folder() / "index.html"
    say(_FOLDER, f"open {page}")
    return page
