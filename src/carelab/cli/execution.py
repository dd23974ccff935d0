"""Execute the chapters that changed, in parallel, into the cache that the build reads."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from carelab.base import execution_cache_path, load_yaml, project_root
from carelab.cli.reporting import TaskError, say

_READER = {"name": "myst_nb_md", "type": "plugin"}
_CELL_SECONDS = 180
_CACHES_KEPT = 4
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def isolate_jupyter() -> None:
    """Keep the user's own Jupyter and IPython settings out of the book, and hashes steady."""
    settings = project_root() / "_build" / "jupyter"
    (settings / "ipython").mkdir(parents=True, exist_ok=True)
    os.environ["IPYTHONDIR"] = str(settings / "ipython")
    os.environ["JUPYTER_CONFIG_DIR"] = str(settings / "config")
    os.environ["MPLCONFIGDIR"] = str(settings / "matplotlib")
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["PYTHONHASHSEED"] = "0"


def hide_own_cases() -> None:
    """Keep the reader's own cases out of the book: a chapter that wants some names their folder."""
    os.environ["CARELAB_CASES"] = ""


def pages_of_toc(toc: Any) -> Iterator[str]:
    """Give every page that a table of contents names, in reading order.

    >>> list(pages_of_toc({"root": "a", "parts": [{"chapters": [{"file": "b"}]}]}))
    ['a', 'b']
    """
    if isinstance(toc, list):
        for entry in toc:
            yield from pages_of_toc(entry)
    elif isinstance(toc, dict):
        for key, value in toc.items():
            if key in ("root", "file"):
                yield str(value)
            else:
                yield from pages_of_toc(value)


def chapters(folder: str = "") -> list[Path]:
    """Return the executed chapters of the book in reading order."""
    from myst_nb.core.read import is_myst_markdown_notebook

    root = project_root() / folder
    paths = [root / f"{page}.md" for page in pages_of_toc(load_yaml(root / "_toc.yml"))]
    missing = [path.relative_to(root).as_posix() for path in paths if not path.is_file()]
    if missing:
        raise TaskError(f"_toc.yml names pages that do not exist: {', '.join(missing)}.")
    return [path for path in paths if is_myst_markdown_notebook(path.read_text("utf-8"))]


def first_error(notebook: Any) -> tuple[int, str]:
    """Find the code cell that raised."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return number, _COLOUR.sub("", f"{output.ename}: {output.evalue}")
    return 0, "a cell took too long or its kernel died"


def _execute(path: Path, notebook: Any) -> float:
    from jupyter_cache.executors.utils import single_nb_execution

    started = time.perf_counter()
    name = path.relative_to(project_root()).as_posix()
    result = single_nb_execution(
        notebook,
        cwd=str(path.parent),
        timeout=_CELL_SECONDS,
        allow_errors=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    if result.err is not None:
        cell, error = first_error(notebook)
        raise TaskError(f"{name}, code cell {cell}: {error.splitlines()[0]}.")
    return time.perf_counter() - started


def _is_cached(cache: Any, notebook: Any) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _execute_all(cache: Any, waiting: dict[Path, Any]) -> None:
    from jupyter_cache.base import CacheBundleIn

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        jobs = {pool.submit(_execute, path, notebook): path for path, notebook in waiting.items()}
        for job in as_completed(jobs):
            path = jobs[job]
            if job.exception():  # the others would only delay the message
                pool.shutdown(wait=False, cancel_futures=True)
            seconds = {"execution_seconds": job.result()}
            bundle = CacheBundleIn(waiting[path], str(path), data=seconds)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            say("book", f"executed {path.stem}: {seconds['execution_seconds']:.1f} s")


def remove_old_caches(folder: Path, kept: int = _CACHES_KEPT) -> None:
    """Remove all but the newest caches, which earlier versions of code and data left."""
    caches = [path for path in folder.iterdir() if path.is_dir()]
    caches.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in caches[kept:]:
        shutil.rmtree(path, ignore_errors=True)


def execute_chapters(folder: str = "") -> int:
    """Execute the chapters that are not in the cache; print a line as each one ends."""
    from jupyter_cache import get_cache
    from jupyter_cache.readers import get_reader

    isolate_jupyter()
    hide_own_cases()
    kept = execution_cache_path()
    kept.mkdir(parents=True, exist_ok=True)
    remove_old_caches(kept.parent)
    cache = get_cache(kept)
    read = get_reader(_READER)
    found = {path: read(str(path)) for path in chapters(folder)}
    waiting = {path: nb for path, nb in found.items() if not _is_cached(cache, nb)}
    say("book", f"{len(found)} chapters, {len(waiting)} to execute")
    _execute_all(cache, waiting)
    return len(waiting)
