"""A chapter taken away runs where the book is not."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from carelab.sphinx_ext.downloads import notebook_text, shared_files, write_archive

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.md"))
RUN = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
where = "import carelab, carelab.base as p; print(carelab.__file__, p.project_root())"
notebook.cells.append(nbformat.v4.new_code_cell(where))
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
print(notebook.cells[-1].outputs[0].text)
"""


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_page_links_its_notebook_and_its_archive(path, built_book):
    page = (built_book / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
    for kind in ("ipynb", "zip"):
        name = f"carelab-{path.stem}.{kind}"
        assert re.search(rf'href="\.\./_downloads/{name}" download', page)
        assert (built_book / "_downloads" / name).stat().st_size > 1000


def test_prose_pages_offer_no_notebook(built_book):
    for page in (built_book / "book").glob("*.html"):
        assert 'class="carelab-take"' not in page.read_text(encoding="utf-8")


def test_the_notebook_holds_every_cell_and_no_output(built_book):
    chapter = ROOT / "notebooks" / "02-payment.md"
    stored = (built_book / "_downloads" / "carelab-02-payment.ipynb").read_text(encoding="utf-8")
    notebook = json.loads(stored)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(code) == chapter.read_text(encoding="utf-8").count("```{code-cell}")
    assert all(cell["outputs"] == [] for cell in code)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook_text(chapter) == notebook_text(chapter)


def test_an_archive_holds_notebook_package_data_and_lock_and_nothing_private(built_book):
    with zipfile.ZipFile(built_book / "_downloads" / "carelab-02-payment.zip") as archive:
        names = set(archive.namelist())
    top = "carelab-02-payment/"
    assert all(name.startswith(top) for name in names)
    wanted = ("02-payment.ipynb", "README.txt", "requirements.lock", "LICENSE", "data/claims.csv")
    assert {top + name for name in wanted} <= names
    assert not any(
        re.search(r"__pycache__|instructor/|\.git|_build|tests/", each) for each in names
    )


def test_the_same_sources_make_the_same_archive(tmp_path):
    shared = shared_files()
    for name in ("a.zip", "b.zip"):
        write_archive(tmp_path / name, "02-payment", "{}", shared)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_an_archive_runs_in_an_empty_folder_without_the_project(built_book, tmp_path):
    data = (built_book / "_downloads" / "carelab-02-payment.zip").read_bytes()
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    folder = tmp_path / "carelab-02-payment"
    done = subprocess.run(
        [sys.executable, "-c", RUN, "02-payment.ipynb"],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    package, data_root = done.stdout.split()
    assert Path(package).is_relative_to(folder)
    assert Path(data_root) == folder


def test_binder_installs_the_lock_with_its_checksums():
    script = ROOT / ".binder" / "postBuild"
    text = script.read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in text
    assert "--no-deps --no-build-isolation --editable ." in text
    assert b"\r" not in script.read_bytes()
    version = (ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"python-3\.(1[1-9])", version)


def test_the_page_on_running_it_links_no_service(built_book):
    page = (built_book / "book" / "run-it-yourself.html").read_text(encoding="utf-8")
    article = page.split('<article class="bd-article"')[1].split("</article>")[0]
    assert not re.search(r'href="https?:', article)
    for service in ("Binder", "nbgitpuller", "Colab"):
        assert service in article
    assert page.count("Not tried") == 3


def test_an_archive_is_written_again_only_when_it_holds_something_else(tmp_path):
    shared, target = {"carelab/__init__.py": b"one"}, tmp_path / "a.zip"
    write_archive(target, "02-payment", "{}", shared)
    os.utime(target, (1, 1))
    write_archive(target, "02-payment", "{}", shared)
    assert target.stat().st_mtime == 1
    write_archive(target, "02-payment", "{}", {"carelab/__init__.py": b"two"})
    with zipfile.ZipFile(target) as archive:
        assert archive.read("carelab-02-payment/carelab/__init__.py") == b"two"
