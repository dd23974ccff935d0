"""Graded tasks and their solutions: sound, built by one command, and nowhere in the book."""

import re
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "instructor").glob("*.md"))
NUMBERED = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.md"))
# The second page of a chapter holds its lab and needs no tasks of its own.
SECOND = {path.with_stem(f"{path.stem}-lab") for path in NUMBERED}
CHAPTERS = [path for path in NUMBERED if path not in SECOND]
MARK = re.compile(r"copy mark (instructoronly\d\d[a-z]+)\.")
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```\s*$", re.DOTALL | re.MULTILINE)
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def sentences(page: Path) -> list[str]:
    """Give every paragraph of prose that is long enough to be known again, without markup."""
    text = CELL.sub("\n\n", FRONT.sub("", page.read_text(encoding="utf-8")))
    parts = [re.sub(r"\{[a-z]+\}`[^`]*`|[*`|]", " ", part) for part in re.split(r"\n\n|\|", text)]
    return [words for part in parts if len(words := " ".join(part.split())) >= 40]


def texts_of(folder: Path) -> dict[str, str]:
    """Give the text of every file below a folder, also of those inside archives."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    found[f"{path.name}/{name}"] = archive.read(name).decode("utf-8", "replace")
        elif path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_text("utf-8", "replace")
    return found


def test_every_chapter_has_two_graded_tasks_with_a_computed_solution_and_ten_points():
    assert [path.name for path in PAGES if path.name[0].isdigit()] == [p.name for p in CHAPTERS]
    worth = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
    for chapter in CHAPTERS:
        text = (ROOT / "instructor" / chapter.name).read_text(encoding="utf-8")
        tasks = re.split(r"^## Task ", text, flags=re.MULTILINE)[1:]
        assert len(tasks) == 2, chapter.name
        for task in tasks:
            assert re.findall(r"^### (\w+)", task, re.MULTILINE) == ["Task", "Solution", "Marking"]
            assert CELL.search(task.split("### Solution")[1]), chapter.name
            points = re.findall(r"^\| (\w+) \|", task.split("### Marking")[1], re.MULTILINE)
            assert sum(worth[each] for each in points if each in worth) == 10, chapter.name


def test_cells_keep_the_limits_of_the_chapters():
    for page in PAGES:
        for cell in CELL.findall(page.read_text(encoding="utf-8")):
            lines = [line for line in cell.splitlines() if line.strip()]
            assert len(lines) <= 15, page.name
            assert not re.search(r"^\s*(def|class)\s|https?://|open\(|Path\(", cell, re.MULTILINE)


def test_every_page_carries_a_mark_of_its_own():
    marks = [MARK.findall(page.read_text(encoding="utf-8")) for page in PAGES]
    assert all(len(each) == 1 for each in marks)
    assert len({each[0] for each in marks}) == len(PAGES) == 15


def test_nothing_of_it_is_in_the_book_its_search_or_its_downloads(built_book):
    book = texts_of(built_book)
    assert "_static/carelab-search-text.js" in book
    joined = {name: " ".join(text.split()).lower() for name, text in book.items()}
    for page in PAGES:
        phrases = sentences(page)
        assert len(phrases) >= 4, page.name
        wanted = [phrase.lower() for phrase in phrases]
        found = [
            (name, phrase)
            for name, text in joined.items()
            if name.endswith((".html", ".js", ".txt", ".md", ".ipynb", ".csv"))
            for phrase in wanted
            if phrase in text
        ]
        assert found == [], page.name
    assert [name for name, text in joined.items() if "instructoronly" in text] == []


def test_the_search_for_phrases_finds_what_is_there(tmp_path):
    page = PAGES[1]
    with zipfile.ZipFile(tmp_path / "chapter.zip", "w") as archive:
        archive.writestr("leak.md", page.read_text(encoding="utf-8"))
    text = " ".join(texts_of(tmp_path)["chapter.zip/leak.md"].split())
    assert sum(phrase in text for phrase in sentences(page)) >= 3
    assert "instructoronly" in text


@pytest.fixture(scope="module")
def edition() -> Path:
    from carelab.cli.building import build_instructor

    return build_instructor().parent


def test_the_edition_builds_apart_and_shows_the_numbers(edition, built_book):
    assert not edition.is_relative_to(built_book)
    for page in PAGES:
        html = (edition / f"{page.stem}.html").read_text(encoding="utf-8")
        assert MARK.findall(html), page.name
        wanted = len(CELL.findall(page.read_text(encoding="utf-8")))
        outputs = BeautifulSoup(html, "html.parser").select(".cell_output")
        assert len(outputs) == wanted, page.name
        assert all(re.search(r"\d", output.get_text()) for output in outputs), page.name


def test_the_edition_asks_no_other_host(edition):
    for path in edition.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"(?:src|srcset)=[\"'](?:https?:)?//|<link[^>]+href=[\"']https?:", text
        )
