"""What a page was made of: an edited claim, output or title leaves no page as it was."""

import functools
import gc
import io
import os
import shutil
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from docutils.parsers.rst import directives, roles
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from carelab.base import checksums, paths
from carelab.base.checksums import with_version
from carelab.sphinx_ext import dependencies
from carelab.sphinx_ext.registry_tables import LISTS

DATA = Path(paths.__file__).resolve().parents[3] / "data"
# A word can stand on any page: an edited one has all of them read again.
WORDS = {"words.csv", "words.csv.yml"}
# What writes its own text, or reads code alone.
NO_DATA = {"silent", "theory", "puzzle", "person", "thesis", "so-far", "by-hand", "lab-card"}
# Its titles and minutes are written last, and again whenever those of a chapter change.
NO_DATA |= {"course-path"}
# One text for each role and directive of the extension.
WRITTEN = {
    "claim": "Kept {claim}`S004-79`.",
    "num": "It was {num}`CN046`.",
    "param": "It is {param}`case_price`.",
    "silent": "{silent}`The source does not say.`",
    "lab": "{lab}`carelab/2/uk_place/uk_before <03-uk>`",
    "equation": "```{equation} retention.felt_share\n```",
    "mechanism": "```{mechanism} need\n```",
    "theory": "```{theory} retention\n```",  # reads code alone
    "puzzle": "```{puzzle}\nA fact.\n```",
    "person": "```{person}\nA patient.\n```",
    "thesis": "```{thesis}\nIt pays.\n```",
    "by-hand": "```{by-hand} Two and two\nFour.\n```",
    "so-far": "```{so-far}\nMuch.\n```",
    "lab-card": "```{lab-card} What pays?\nLook.\n```",
    "gloss": "{gloss}`siphon`",
    "evidence-browser": "```{evidence-browser}\nWithout a script.\n```",
    "welcome-lab": "```{welcome-lab}\n```",
    "course-path": "```{course-path}\nWho pays?: notebooks/03-uk\n```",
    "behind-numbers": "```{behind-numbers}\n```",
    "selfcheck": None,  # reads no data, see test_selfcheck.py
} | {f"registry-{name}": f"```{{registry}} {name}\n```" for name in LISTS}
NOTEBOOK = """\
---
file_format: mystnb
kernelspec:
  display_name: Python 3
  name: python3
---
# A chapter

```{code-cell}
print("finding")
```
"""
JUPYTEXT = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
"""
opened: list[str] = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))


def forget_what_was_read() -> None:
    """Empty every cache of the package but the version of all data, which stands on no page."""
    with_version(pd.DataFrame())
    for each in gc.get_objects():
        is_cache = isinstance(each, functools._lru_cache_wrapper)
        home = str(each.__module__) if is_cache else ""
        if home.startswith("carelab") and home != checksums.__name__:
            each.cache_clear()


def built(folder: Path, builder: str = "html", **settings: object) -> Sphinx:
    """Build a folder as the book is built, without its theme."""
    config = {
        "extensions": ["myst_nb", "carelab.sphinx_ext"],
        "html_theme": "basic",
        "html_math_renderer": "mathml",
        "nb_execution_mode": "off",
        "carelab_downloads": False,
        **settings,
    }
    with docutils_namespace():
        out = folder.with_name(f"{folder.name}-built")
        app = Sphinx(folder, None, out, out / "trees", builder, config, None, io.StringIO())
        app.read_pages = []
        app.connect("source-read", lambda app, page, _: app.read_pages.append(page))
        app.build()
        known = {**roles._roles, **directives._directives}
        app.ours = {
            name
            for name, each in known.items()
            if getattr(each, "__module__", "").startswith("carelab")
        }
    return app


def write(folder: Path, **pages: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def later(path: Path) -> None:
    """Date an edit after the build that went before, whatever the clock of the file system."""
    ahead = path.stat().st_mtime + 60
    os.utime(path, (ahead, ahead))


@pytest.fixture(scope="module")
def noted(tmp_path_factory) -> tuple[dict[str, set[str]], dict[str, set[str]], set[str]]:
    """Data files that roles and directives opened, those they named to Sphinx, and their names."""
    folder = tmp_path_factory.mktemp("noted")
    texts = {name: text for name, text in WRITTEN.items() if text}
    listed = "\n".join(texts)
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "03-uk.md").write_text("# UK\n", encoding="utf-8")
    write(folder, index=f"# All\n\n```{{toctree}}\nnotebooks/03-uk\n{listed}\n```\n")
    write(folder, **{name: f"# {name}\n\n{text}\n" for name, text in texts.items()})
    read: dict[str, set[str]] = {}

    def begin(app: Sphinx, page: str, _: list[str]) -> None:
        forget_what_was_read()
        opened.clear()

    def end(app: Sphinx, _: object) -> None:
        paths = {Path(each).resolve() for each in opened}
        below = {each for each in paths if each.is_relative_to(DATA)}
        read[app.env.docname] = {each.relative_to(DATA).as_posix() for each in below}

    original = dependencies.setup

    def watched(app: Sphinx) -> None:
        original(app)
        app.connect("source-read", begin)
        app.connect("doctree-read", end)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dependencies, "setup", watched)
        app = built(folder, "dummy")
    assert "unknown" not in app._warning.getvalue(), app._warning.getvalue()
    named = {
        page: {Path(each).relative_to(DATA).as_posix() for each in files if "/data/" in each}
        for page, files in app.env.dependencies.items()
    }
    return read, named, app.ours


def test_every_role_and_directive_of_the_extension_is_tried_here(noted):
    tried = {"registry" if name.startswith("registry") else name for name in WRITTEN}
    assert noted[2] == tried


@pytest.mark.parametrize("name", [name for name, text in WRITTEN.items() if text])
def test_a_role_or_directive_names_to_sphinx_every_data_file_that_it_reads(noted, name):
    read, named, _ = noted
    assert read[name] - WORDS - named.get(name, set()) == set()
    assert bool(read[name] - WORDS) == (name not in NO_DATA)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A copy of the data that a test may edit."""
    shutil.copytree(DATA, tmp_path / "data")
    monkeypatch.setattr(paths, "_HERE", tmp_path / "src" / "carelab" / "base" / "paths.py")
    forget_what_was_read()
    yield tmp_path
    forget_what_was_read()


def test_an_edited_claim_is_new_on_its_pages_and_other_pages_are_not_read_again(project):
    book = project / "book"
    write(
        book,
        index="# First\n\n```{toctree}\ncited\nlisted\nplain\n```\n",
        cited="# Cited\n\nKept {claim}`S004-79`.\n",
        listed="# Listed\n\n```{registry} claims\n```\n",
        plain="# Plain\n\nNo evidence.\n",
    )
    assert set(built(book).read_pages) == {"index", "cited", "listed", "plain"}
    assert built(book).read_pages == []
    table = project / "data" / "claims.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    row = next(number for number, each in enumerate(rows) if each.startswith("S004-79,"))
    before = built_text(book, "cited")
    rows[row] = rows[row].replace("he ", "he edited claim ", 1)
    table.write_text("".join(rows), encoding="utf-8")
    later(table)
    forget_what_was_read()
    assert set(built(book).read_pages) == {"cited", "listed"}
    assert "edited claim" not in before
    assert "edited claim" in built_text(book, "cited")
    assert "edited claim" in built_text(book, "listed")


def built_text(book: Path, page: str) -> str:
    return (book.with_name(f"{book.name}-built") / f"{page}.html").read_text(encoding="utf-8")


def test_an_edited_title_is_new_on_pages_that_only_point_at_it(tmp_path):
    book = tmp_path / "book"
    write(book, index="# First\n\n```{toctree}\na\nb\n```\n", a="# Old title\n", b="# Last\n")
    built(book)
    assert "Old title" in built_text(book, "b")  # the way back
    write(book, a="# New title\n")
    later(book / "a.md")
    assert built(book).read_pages == ["a"]
    assert "New title" in built_text(book, "b")
    assert "Old title" not in built_text(book, "b")
    assert "New title" in built_text(book, "index")


def test_a_new_output_of_a_cell_is_on_the_page_though_its_source_and_place_are_the_same(
    tmp_path, monkeypatch
):
    book = tmp_path / "book"
    write(book, index="# First\n\n```{toctree}\nchapter\n```\n", chapter=NOTEBOOK)

    def execute(said: str) -> None:
        """Keep a chapter as executed, in a cache with a name of its own."""
        notebook = read_myst_markdown_notebook(NOTEBOOK)
        code = next(cell for cell in notebook.cells if cell.cell_type == "code")
        code.outputs = [nbformat.v4.new_output("stream", text=said)]
        cache = get_cache(tmp_path / "cache" / said)
        cache.cache_notebook_bundle(
            CacheBundleIn(notebook, str(book / "chapter.md")), check_validity=False
        )
        monkeypatch.setattr(dependencies, "execution_cache_path", lambda: tmp_path / "cache" / said)

    execute("before")
    built(book, nb_execution_mode="cache")
    assert "before" in built_text(book, "chapter")
    assert built(book, nb_execution_mode="cache").read_pages == []
    execute("after")
    assert built(book, nb_execution_mode="cache").read_pages == ["chapter"]
    assert "after" in built_text(book, "chapter")


def test_a_file_added_to_the_data_or_an_edited_module_has_every_page_read_again(
    project, monkeypatch
):
    book = project / "book"
    write(book, index="# First\n")
    built(book)
    (project / "data" / "cases" / "new.yml").write_text("id: new\n", encoding="utf-8")
    assert built(book).read_pages == ["index"]
    assert built(book).read_pages == []
    monkeypatch.setattr(dependencies, "package_hash", lambda: "another")
    assert built(book).read_pages == ["index"]


def test_an_archive_to_take_away_is_written_again_when_its_chapter_changes_and_only_then(tmp_path):
    book = tmp_path / "book"
    chapter = NOTEBOOK.replace("---\nfile_format: mystnb\n", JUPYTEXT)
    write(book, index="# First\n\n```{toctree}\none\ntwo\n```\n", one=chapter, two=chapter)
    folder = tmp_path / "book-built" / "_downloads"

    def archives() -> dict[str, int]:
        built(book, carelab_downloads=True)
        return {path.name: path.stat().st_mtime_ns for path in folder.glob("carelab-*")}

    before = archives()
    assert set(before) == {
        f"carelab-{n}.{kind}" for n in ("one", "two") for kind in ("ipynb", "zip")
    }
    assert archives() == before
    write(book, one=chapter.replace("finding", "another finding"))
    later(book / "one.md")
    after = archives()
    assert {name for name in after if after[name] != before[name]} == {
        "carelab-one.ipynb",
        "carelab-one.zip",
    }
    assert "another finding" in (folder / "carelab-one.ipynb").read_text(encoding="utf-8")
    write(book, index="# First\n\n```{toctree}\none\n```\n")
    (book / "two.md").unlink()
    assert set(archives()) == {"carelab-one.ipynb", "carelab-one.zip"}
