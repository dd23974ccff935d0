"""A command that walks a folder reads everything in it or says what it leaves out, and why."""

import json
import os
import shutil
from pathlib import Path

import pytest

from carelab.base.errors import shown_name
from carelab.base.found_files import find_files
from carelab.cli import main
from carelab.engine import MODEL_VERSION
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_store import load_scenarios
from carelab.study.many.submissions import read_submissions

MADE_AT = "2026-11-23T09:30:00Z"


def exported(author: str = "Li", made_at: str | None = MADE_AT) -> str:
    text = f"carelab/{MODEL_VERSION}/china_county/anhui/leakage_charged_share=0.5"
    asked = {"question": "q", "made_at": made_at}
    guess = {"outcome": "reach", "direction": "up", "size": "much"}
    return json.dumps(
        {
            "format": "carelab-scenarios",
            "version": 1,
            "model_version": MODEL_VERSION,
            "scenarios": [{"name": "mine", "note": "", "author": author, "text": text}],
            "predictions": [{**asked, **guess, "revealed": {"before": 0.1, "after": 0.2}}],
            "answers": [{**asked, "answer": "a"}],
        }
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "class"
    (place / "Li").mkdir(parents=True)
    (place / "Li" / "lab.json").write_text(exported(), encoding="utf-8")
    return place


def counts(path: Path) -> list[int]:
    tables = {"scenarios": "DISTINCT scenario", "predictions": "*", "answers": "*"}
    return [
        int(load_scenarios(path, f"SELECT count({what}) AS n FROM {name}")["n"][0])
        for name, what in tables.items()
    ]


def test_a_database_in_its_own_folder_counts_the_same_however_often_it_is_made(folder, monkeypatch):
    monkeypatch.chdir(folder)
    for _ in range(3):
        assert main(["collect", ".", "-o", "class.duckdb", "--years", "1"]) == 0
        assert counts(folder / "class.duckdb") == [1, 1, 1]
    assert main(["collect", ".", "-o", "other.duckdb", "--years", "1"]) == 0
    assert main(["collect", ".", "-o", "class.duckdb", "--years", "1"]) == 0
    assert counts(folder / "class.duckdb") == [1, 1, 1]


def test_a_database_that_is_named_is_read_before_it_is_replaced(folder, tmp_path):
    target = tmp_path / "class.duckdb"
    assert main(["collect", str(folder), "-o", str(target), "--years", "1"]) == 0
    (folder / "Li" / "lab.json").write_text(exported("Wu"), encoding="utf-8")
    assert main(["collect", str(target), str(folder), "-o", str(target), "--years", "1"]) == 0
    assert counts(target) == [2, 2, 2]


def test_a_second_download_of_a_file_counts_once_in_every_command(folder):
    shutil.copy(folder / "Li" / "lab.json", folder / "Li" / "lab (1).json")
    found = collect_scenarios(folder, years=1)
    assert [len(found.scenarios), len(found.predictions), len(found.answers)] == [1, 1, 1]
    listed = read_submissions([folder])
    assert [row["kind"] for row in listed.rows] == ["scenario", "prediction", "answer"]
    assert any(
        "Li/lab.json': of its entries 3 stand in another" in each for each in listed.problems
    )


def test_the_same_words_of_two_students_count_twice(folder):
    (folder / "Wu.json").write_text(exported("Wu"), encoding="utf-8")
    found = collect_scenarios(folder, years=1)
    assert [len(found.predictions), len(found.answers)] == [2, 2]
    assert set(found.answers["author"]) == {"Li", "Wu"}
    for name in ("a.json", "b.json"):
        (folder / name).write_text(exported("", made_at=None), encoding="utf-8")
    found = collect_scenarios(folder, years=1)
    assert len(found.answers) == 4
    assert len(read_submissions([folder]).rows) == 12


@pytest.mark.skipif(os.name == "nt", reason="names in bytes are of Unix")
@pytest.mark.parametrize("task", ["collect", "submissions"])
def test_a_name_in_another_encoding_is_read_and_shown(task, folder, tmp_path, capsys):
    gbk = os.fsdecode("张三".encode("gbk") + b".json")
    broken = os.fsdecode("李四".encode("gbk") + b".json")
    (folder / gbk).write_text(exported("Zhang San"), encoding="utf-8")
    (folder / broken).write_text("{", encoding="utf-8")
    target = tmp_path / ("class.duckdb" if task == "collect" else "out.csv")
    assert main([task, str(folder), "-o", str(target)]) == 0
    said = capsys.readouterr().out
    assert f"left out: file '{shown_name(broken)}' is not valid JSON" in said
    assert target.is_file() and shown_name(gbk) == "\\xd5\\xc5\\xc8\\xfd.json"
    if task == "collect":
        assert set(load_scenarios(target)["file"]) == {"Li/lab.json", shown_name(gbk)}
        assert main([task, str(folder), "-o", str(tmp_path / "class.parquet")]) == 0
    else:
        assert "Zhang San" in target.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("task", ["collect", "submissions"])
def test_a_table_that_cannot_be_made_again_stays(task, folder, tmp_path):
    target = tmp_path / ("class.parquet" if task == "collect" else "out.csv")
    assert main([task, str(folder), "-o", str(target)]) == 0
    before = target.read_bytes()
    (folder / "Li" / "lab.json").write_text("{", encoding="utf-8")
    assert main([task, str(folder), "-o", str(target)]) == 1
    assert target.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
def test_everything_in_a_folder_is_read_or_named(folder, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lab.json").write_text(exported("Wu"), encoding="utf-8")
    (folder / "Wu").symlink_to(elsewhere)
    (folder / "up").symlink_to(tmp_path)
    (folder / "again").symlink_to(elsewhere)
    (folder / "round").symlink_to(folder)
    (folder / "same.json").symlink_to(folder / "Li" / "lab.json")
    (folder / "gone.json").symlink_to(folder / "nothing")
    (folder / "Xu.json.txt").write_text(exported("Xu"), encoding="utf-8")
    (folder / "all.zip").write_bytes(b"PK")
    (folder / "notes.docx").write_bytes(b"PK")
    (folder / "._lab.json").write_bytes(b"\x00\x05\x16\x07")
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / "folder.json").mkdir()
    (folder / "folder.json" / "lab.json").write_text(exported("Zhu"), encoding="utf-8")
    os.mkfifo(folder / "pipe.json")
    (folder / "closed").mkdir()
    real = Path.iterdir

    def closed(path: Path):
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", closed)
    found = collect_scenarios(folder, years=1)
    assert set(found.scenarios["author"]) == {"Li", "Wu", "Zhu"}
    told = "\n".join(found.problems)
    for part in (
        "folder 'up' is a link to a folder above this one",
        "folder 'round' is a link to a folder that is read already",
        "'gone.json' is a link to what does not exist",
        "'Xu.json.txt' has a name that ends in .txt; rename it so that it ends in .json",
        "'all.zip' is an archive; unpack it",
        "'notes.docx' has a name that does not end in .json or .parquet or .duckdb",
        "hidden files are no data: .DS_Store, ._lab.json",
        "'pipe.json' is no ordinary file",
        "folder 'closed' cannot be read: permission denied",
    ):
        assert part in told, told
    listed = read_submissions([folder])
    assert {row["author"] for row in listed.rows} == {"Li", "Wu", "Zhu"}
    assert "folder 'closed' cannot be read" in "\n".join(listed.problems)


def test_a_file_named_twice_is_read_once(folder):
    file = folder / "Li" / "lab.json"
    assert len(find_files([folder, file, folder / "Li" / ".." / "Li"], [".json"]).read) == 1


def test_one_damaged_file_of_any_kind_never_ends_the_rest(folder):
    bad = {
        "utf16.json": exported().encode("utf-16"),
        "gbk.json": '{"format": "张三"}'.encode("gbk"),
        "deep.json": b"[" * 100_000,
        "empty.json": b"",
        "number.json": b"7",
        "huge.json": b'{"format": ' + b"9" * 5000 + b"}",
        "cut.parquet": b"PAR1" + b"\x00" * 40 + b"PAR1",
        "cut.duckdb": b"\x00" * 4096,
        "object.json": exported().replace('"mine"', '{"a": 1}').encode(),
        "version.json": exported().replace('"version": 1', '"version": 2').encode(),
        "true.json": exported().replace('"version": 1', '"version": true').encode(),
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    found = collect_scenarios(folder, years=1)
    assert set(found.scenarios["author"]) == {"Li"}
    for name in bad:
        assert any(f"'{name}'" in each for each in found.problems), name
    assert all("\n" not in each for each in found.problems)


def test_a_missing_place_beside_a_good_one_is_named_and_the_rest_is_read(folder):
    found = collect_scenarios(folder, folder / "nowhere", years=1)
    assert found.problems == ("file 'nowhere' does not exist",)
    assert len(found.scenarios) == 1
