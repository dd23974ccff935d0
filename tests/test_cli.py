"""The tasks: what they print, when they fail, and that they leave the user's settings alone."""

import functools
import json
import os
import threading
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from carelab.cli import (
    browser,
    building,
    checking,
    execution,
    main,
    serving,
    testing,
)
from carelab.cli.reporting import TaskError, timed

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
# A chapter

"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small book of its own: the tests must not touch the real one."""
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/welcome\n"
        "parts:\n- caption: One\n  chapters:\n  - file: notebooks/one\n  - file: notebooks/two\n"
    )
    (tmp_path / "book").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book" / "welcome.md").write_text("# Welcome\n")
    write_chapter(tmp_path / "notebooks" / "one.md", "1 + 1")
    write_chapter(tmp_path / "notebooks" / "two.md", "2 + 2")
    for module in (building, execution, serving, testing):
        monkeypatch.setattr(module, "project_root", lambda: tmp_path)
    monkeypatch.setattr(execution, "execution_cache_path", lambda: tmp_path / "_build/cache/en-0")
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_PREFER_ENV_PATH", "PYTHONHASHSEED"):
        monkeypatch.setenv(name, os.environ.get(name, "0"))
    return tmp_path


def write_chapter(path: Path, *cells: str) -> None:
    code = "".join(f"```{{code-cell}} python3\n{cell}\n```\n\n" for cell in cells)
    path.write_text(HEADER + code, encoding="utf-8")


# --- chapters -----------------------------------------------------------------------------------


def test_only_notebooks_of_the_contents_are_chapters(project: Path) -> None:
    write_chapter(project / "notebooks" / "draft.md", "0")
    assert [path.stem for path in execution.chapters()] == ["one", "two"]


def test_a_missing_page_is_named(project: Path) -> None:
    (project / "notebooks" / "two.md").unlink()
    with pytest.raises(TaskError, match=r"notebooks/two\.md"):
        execution.chapters()


def test_sections_of_chapters_are_pages_too() -> None:
    toc = {"root": "a", "parts": [{"chapters": [{"file": "b", "sections": [{"file": "c"}]}]}]}
    assert list(execution.pages_of_toc(toc)) == ["a", "b", "c"]


def test_a_changed_chapter_alone_is_executed_again(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execution.execute_chapters() == 2
    assert execution.execute_chapters() == 0
    write_chapter(project / "notebooks" / "two.md", "2 + 3")
    assert execution.execute_chapters() == 1
    assert capfd.readouterr().out.count("executed two") == 2


def test_a_failing_chapter_is_named_with_its_cell_and_error(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_chapter(project / "notebooks" / "two.md", "1", "1 / 0")
    monkeypatch.setattr(building, "write_pages", lambda: pytest.fail("built all the same"))
    assert main(["book"]) == 1
    message = capfd.readouterr().err
    assert "notebooks/two.md, code cell 2: ZeroDivisionError: division by zero." in message
    assert "Traceback" not in message


def test_the_newest_caches_stay(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    execution.remove_old_caches(tmp_path, kept=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["middle", "new"]


# --- pages --------------------------------------------------------------------------------------


def test_a_warning_is_an_error_and_stays_one(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "_toc.yml").write_text("format: jb-book\nroot: book/welcome\n")
    (project / "_config.yml").write_text(
        "title: Trial\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: 'off'\n"
    )
    welcome = project / "book" / "welcome.md"
    welcome.write_text("# Welcome\n\n[lost](nowhere.md)\n")
    for _ in range(2):  # an unchanged second build must not turn green
        with pytest.raises(TaskError, match="not built"):
            building.write_pages()
    assert "nowhere.md" in capfd.readouterr().err
    welcome.write_text("# Welcome\n")
    building.write_pages()
    assert building.first_page().is_file()


def test_a_page_that_did_not_change_is_not_read_again(project: Path) -> None:
    (project / "_toc.yml").write_text("format: jb-book\nroot: book/welcome\n")
    (project / "_config.yml").write_text(
        "title: Trial\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: 'off'\n"
    )
    building.write_pages()
    read = project / "_build" / ".doctrees" / "book" / "welcome.doctree"
    os.utime(read, (1, 1))
    building.write_pages()
    assert read.stat().st_mtime == 1


def test_pages_that_left_the_contents_are_removed(project: Path) -> None:
    pages = project / "_build" / "html" / "notebooks"
    pages.mkdir(parents=True)
    for name in ("one.html", "dropped.html", "../search.html"):
        (pages / name).touch()
    building.remove_stale_pages()
    assert sorted(path.name for path in pages.parent.rglob("*.html")) == ["one.html", "search.html"]


def test_an_unbuilt_book_is_not_served(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve"]) == 1
    assert "python3 run.py book" in capsys.readouterr().err


def test_the_book_is_served_on_this_machine_alone(project: Path) -> None:
    page = building.first_page()
    page.parent.mkdir(parents=True)
    page.write_text("hello")
    with serving.book_server(0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/book/welcome.html"
        with urllib.request.urlopen(address) as reply:
            assert reply.read() == b"hello"
        server.shutdown()
    assert server.server_address[0] == "127.0.0.1"


def test_an_impossible_port_is_refused(project: Path) -> None:
    building.first_page().parent.mkdir(parents=True)
    building.first_page().touch()
    with pytest.raises(TaskError, match="--port"):
        serving.book_server(70_000)


# --- checks and tests ---------------------------------------------------------------------------


def test_a_failing_check_is_named_with_its_lines(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = checking.CHECKS["lint"][0]
    broken = (python, "-c", "print('x.py:1: wrong'); raise SystemExit(1)")
    monkeypatch.setattr(checking, "CHECKS", {"lint": broken, "types": (python, "-c", "")})
    monkeypatch.setattr(checking, "stale_results", lambda: ["stored result 'a' is stale"])
    assert checking.check_code() == ["lint", "stored results"]
    printed = capsys.readouterr().out
    assert "lint: FAILED" in printed
    assert "    x.py:1: wrong" in printed
    assert "types: ok" in printed


@pytest.mark.parametrize("failing", ["check", "book", "pytest", "javascript", None])
def test_one_failing_part_fails_the_test_task(
    failing: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = SimpleNamespace(is_file=lambda: failing != "book")
    monkeypatch.setattr(testing, "check_code", lambda: ["lint"] if failing == "check" else [])
    monkeypatch.setattr(testing, "build_book", lambda: page)
    monkeypatch.setattr(testing, "_run_pytest", lambda arguments: failing != "pytest")
    monkeypatch.setattr(testing, "_run_javascript_tests", lambda: failing != "javascript")
    monkeypatch.setenv("CARELAB_ALL", "")
    assert main(["test", "-k", "nothing"]) == (1 if failing else 0)
    assert capsys.readouterr().out.count("FAILED") == (1 if failing else 0)


def test_all_asks_for_regeneration(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(
        testing, "run_tests", lambda rest, everything: seen.append((rest, everything)) or 0
    )
    assert main(["test", "--all", "-x", "tests/test_run.py"]) == 0
    assert seen == [(["-x", "tests/test_run.py"], True)]


def test_the_javascript_of_a_test_file_is_run(project: Path) -> None:
    folder = project / "tests" / "js"
    folder.mkdir(parents=True)
    assert testing._run_javascript_tests()
    (folder / "a.test.js").write_text("require('node:test')('fails', () => { throw 1 })")
    assert not testing._run_javascript_tests()


def test_no_browser_fails_where_it_must_not_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "find_chromium", lambda: None)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(TaskError, match="NO BROWSER"):
        testing.offer_browser()


def test_no_browser_is_said_loudly_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testing, "find_chromium", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    testing.offer_browser()
    assert "DO NOT RUN" in capsys.readouterr().out


def test_the_browser_named_by_the_user_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.ENVIRONMENT_NAME, "my-browser")
    assert browser.installed_chromium() == Path("my-browser")


def test_a_browser_that_does_not_start_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(browser.ENVIRONMENT_NAME, raising=False)
    monkeypatch.setattr(browser, "_candidates", lambda: iter([tmp_path / "stub"]))
    (tmp_path / "stub").write_text("only says how to install it")
    monkeypatch.setattr(browser.sys, "platform", "linux")
    assert browser.installed_chromium() is None


# --- JupyterLab, benchmarks, the rest -----------------------------------------------------------


def test_lab_settings_stay_below_the_build_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"):
        monkeypatch.setenv(name, "")
    file = serving.write_lab_settings()
    viewers = json.loads(file.read_text())["@jupyterlab/docmanager-extension:plugin"]
    assert viewers["defaultViewers"]["markdown"] == "Jupytext Notebook"
    folders = [path for name, path in os.environ.items() if name.startswith("JUPYTERLAB_")]
    assert [file, *folders]
    assert all(Path(path).is_relative_to(project / "_build") for path in [file, *folders])


def test_a_failing_benchmark_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "benchmarks").mkdir()
    assert main(["bench"]) == 0
    (project / "benchmarks" / "bench_bad.py").write_text("raise SystemExit(3)")
    assert main(["bench"]) == 1
    assert "bench_bad.py failed" in capsys.readouterr().err


def test_a_benchmark_is_told_to_store_only_when_asked(project: Path) -> None:
    (project / "benchmarks").mkdir()
    script = "import pathlib, sys; pathlib.Path('told').write_text(str(sys.argv[1:]))"
    (project / "benchmarks" / "bench_good.py").write_text(script)
    for options, told in ((["bench"], "[]"), (["bench", "--store"], "['--store']")):
        assert main(options) == 0
        assert (project / "told").read_text() == told


def test_a_step_tells_its_seconds_even_when_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), timed("book", "dividing"):
        _ = 1 / 0
    assert "[book] dividing: 0.0 s" in capsys.readouterr().out


def test_an_unknown_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["book", "--fast"])
    assert "--fast" in capsys.readouterr().err


def test_a_served_page_asks_for_the_next_build_and_the_file_stays_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from carelab.cli import watching

    class Builds:
        value = 3

    monkeypatch.setattr(watching.ReloadingHandler, "builds", Builds)
    page = serving.html_folder() / "book" / "welcome.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html><body>Hello</body></html>", encoding="utf-8")
    handler = functools.partial(watching.ReloadingHandler, directory=str(serving.html_folder()))
    with serving.book_server(0, handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{address}/book/welcome.html") as reply:
            assert b"/__built" in reply.read()
        with urllib.request.urlopen(f"{address}/__built") as reply:
            assert reply.read() == b"3"
        server.shutdown()
    assert "/__built" not in page.read_text(encoding="utf-8")


def test_a_saved_a_new_and_a_removed_file_are_all_changes(tmp_path: Path) -> None:
    from carelab.cli.watching import changed, state_of

    for name in ("book/a.md", "data/b.csv", "_toc.yml", "book/_static/picture.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one", encoding="utf-8")
    before = state_of(tmp_path)
    (tmp_path / "book/a.md").write_text("two, longer", encoding="utf-8")
    os.utime(tmp_path / "book/a.md", (1, 1))
    (tmp_path / "data/b.csv").unlink()
    (tmp_path / "data/c.csv").write_text("new", encoding="utf-8")
    assert changed(before, state_of(tmp_path)) == ["book/a.md", "data/b.csv", "data/c.csv"]
