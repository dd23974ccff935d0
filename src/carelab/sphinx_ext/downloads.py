"""Every chapter to take away: a notebook, and an archive that runs where this book is not.

The archive holds the notebook, the package, the data and the exact versions of everything else.
Whoever unpacks it and installs those versions can run the chapter in that folder.
"""

import hashlib
import html
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from carelab import __version__
from carelab.base import project_root, word
from carelab.base.whole_files import write_whole, written_beside

_FOLDER = "_downloads"
_PACKAGE = Path(__file__).resolve().parents[1]
_LOCK = "requirements.lock"
_FRONT = "---\njupytext:"
# The earliest date that an archive can tell: same sources, same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"__pycache__"}


def notebook_text(source: Path) -> str:
    """Convert a MyST text notebook.

    >>> chapter = project_root() / "notebooks" / "02-payment.md"
    >>> '"cell_type": "code"' in notebook_text(chapter)
    True
    """
    import jupytext

    notebook = jupytext.read(source, fmt="md:myst")
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
    return str(jupytext.writes(notebook, fmt="ipynb"))


def _files_below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _LEFT_OUT & set(path.parts):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def shared_files() -> dict[str, bytes]:
    """Return what every archive holds besides its chapter.

    >>> {"carelab/__init__.py", "data/claims.csv", "requirements.lock"} <= set(shared_files())
    True
    """
    root = project_root()
    files = dict(_files_below(_PACKAGE, "carelab")) | dict(_files_below(root / "data", "data"))
    for name in (_LOCK, "LICENSE", "LICENSE-text"):
        files[name] = (root / name).read_bytes()
    return files


def _comment_of(target: Path) -> bytes:
    try:
        with zipfile.ZipFile(target) as archive:
            return archive.comment
    except (OSError, zipfile.BadZipFile):
        return b""


def write_archive(target: Path, name: str, notebook: str, shared: dict[str, bytes]) -> None:
    """Write the archive of one chapter, unless it already holds the same."""
    files = {
        "README.txt": word("download.readme", name=name, version=__version__).encode(),
        f"{name}.ipynb": notebook.encode(),
        **shared,
    }
    # Its comment names what an archive holds: to pack it is most of a short build's time.
    content = hashlib.sha256()
    for inside, file in files.items():
        content.update(f"{inside}\0{len(file)}\0".encode() + file)
    name_of_content = content.hexdigest().encode()
    if _comment_of(target) == name_of_content:
        return
    with (
        written_beside(target) as part,
        zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.comment = name_of_content
        for inside, file in files.items():
            entry = zipfile.ZipInfo(f"carelab-{name}/{inside}", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file)


def _chapters(app: Sphinx) -> dict[str, Path]:
    """Return the pages that are notebooks, by page name."""
    if not app.config.carelab_downloads or app.builder.format != "html":
        return {}
    found = {page: Path(app.env.doc2path(page)) for page in app.env.found_docs}
    return {page: path for page, path in found.items() if _is_notebook(path)}


def _is_notebook(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return file.read(len(_FRONT)) == _FRONT


def _add_links(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None or pagename not in _chapters(app):
        return
    name = Path(pagename).name
    links = "".join(
        f'<li><a href="{context["pathto"](f"{_FOLDER}/carelab-{name}.{kind}", resource=True)}"'
        f" download>{html.escape(word(f'download.{kind}'))}</a></li>"
        for kind in ("ipynb", "zip")
    )
    title = html.escape(word("download.title"))
    context["body"] += (
        f'<aside class="carelab-take" aria-label="{title}">'
        f'<p class="carelab-take-title">{title}</p><ul>{links}</ul></aside>'
    )


def _write_all(app: Sphinx, exception: Exception | None) -> None:
    chapters = {} if exception else _chapters(app)
    if not chapters:
        return
    folder = Path(app.outdir) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"carelab-{path.stem}" for path in chapters.values()}
    for stale in folder.glob("carelab-*"):
        if stale.stem not in names:
            stale.unlink()
    shared = shared_files()
    for path in chapters.values():
        notebook = notebook_text(path)
        target = folder / f"carelab-{path.stem}.ipynb"
        if not target.is_file() or target.read_text(encoding="utf-8") != notebook:
            write_whole(target, notebook)
        write_archive(target.with_suffix(".zip"), path.stem, notebook, shared)


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.add_config_value("carelab_downloads", True, "html")
    app.connect("html-page-context", _add_links)
    app.connect("build-finished", _write_all)
