"""Build the book and the instructor's edition: execute what changed, then write the pages."""

import shutil
from pathlib import Path

from carelab.base import load_yaml, project_root
from carelab.cli.execution import execute_chapters, hide_own_cases, isolate_jupyter, pages_of_toc
from carelab.cli.reporting import TaskError, say, timed

# pages that Sphinx writes itself, without a source
_MADE_BY_SPHINX = {"genindex", "index", "search"}


def html_folder() -> Path:
    """Return the folder of the built pages."""
    return project_root() / "_build" / "html"


def first_page() -> Path:
    """Return the page that a reader opens."""
    return html_folder() / f"{load_yaml(project_root() / '_toc.yml')['root']}.html"


def _forget_failed_build(marker: Path) -> None:
    # Sphinx warns only of pages that it reads again: after a failed or interrupted build the
    # same warnings would be missing, and the build green
    if not marker.is_file():
        shutil.rmtree(marker.parent / ".doctrees", ignore_errors=True)
    marker.unlink(missing_ok=True)


def write_pages(source: Path | None = None, out: Path | None = None, **settings: object) -> None:
    """Run Sphinx as ``jupyter-book build -n -W --keep-going`` does."""
    from jupyter_book.sphinx import build_sphinx

    hide_own_cases()
    source, out = source or project_root(), out or html_folder()
    marker = out.parent / "last-build-passed"
    _forget_failed_build(marker)
    result = build_sphinx(
        source,
        out,
        noconfig=True,
        path_config=project_root() / "_config.yml",
        confoverrides={
            "external_toc_path": (source / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "nitpicky": True,
            **settings,
        },
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if result != 0:
        raise TaskError(
            "The book was not built: mend the warnings above, each of them is an error."
        )
    marker.touch()


def remove_stale_pages() -> None:
    """Remove built pages that the table of contents no longer names."""
    pages = set(pages_of_toc(load_yaml(project_root() / "_toc.yml"))) | _MADE_BY_SPHINX
    for folder in ("", "book", "notebooks"):
        for path in (html_folder() / folder).glob("*.html"):
            if path.relative_to(html_folder()).with_suffix("").as_posix() not in pages:
                path.unlink()


def build_book() -> Path:
    """Execute the changed chapters and build the pages."""
    isolate_jupyter()
    with timed("book", "executing chapters"):
        execute_chapters()
    with timed("book", "building pages"):
        write_pages()
    remove_stale_pages()
    say("book", f"open {first_page()}")
    return first_page()


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
