"""A file is written whole or not at all, and what was there before is lost to nothing."""

import csv
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from carelab.base import CarelabError, seal_all
from carelab.base.whole_files import write_whole, written_beside
from carelab.cli import main
from carelab.engine import Scenario
from carelab.evidence.cases.template import write_template
from carelab.study import sweep
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_files import write_scenario_file
from carelab.study.many.scenario_store import TABLES, load_scenarios
from carelab.study.many.submissions import read_submissions

ANHUI = Scenario("china_county", "anhui")


@pytest.fixture
def exported(tmp_path) -> Path:
    folder = tmp_path / "Li"
    folder.mkdir()
    return write_scenario_file(folder / "lab.json", [ANHUI])


@pytest.fixture
def full_disk(monkeypatch):
    """Let every file be refused at the moment at which it must reach the disk."""

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    return lambda: monkeypatch.setattr("carelab.base.whole_files.os.fsync", refuse)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _seal(folder: Path) -> None:
    shutil.copy(Path(__file__).parents[1] / "data" / "claims.csv.yml", folder)
    (folder / "claims.csv").write_text("id\n", encoding="utf-8")
    seal_all(folder)


# Each writer, and the file of a folder that it writes.
WRITERS = {
    "class.parquet": lambda lab, folder: collect_scenarios(lab, years=1).save(
        folder / "class.parquet"
    ),
    "rows.csv": lambda lab, folder: read_submissions([lab]).save(folder / "rows.csv"),
    "mine.json": lambda lab, folder: write_scenario_file(folder / "mine.json", [ANHUI]),
    "my_town.yml": lambda lab, folder: write_template("my_town", folder),
    "claims.csv.yml": lambda lab, folder: _seal(folder),
    "sweep.json": lambda lab, folder: sweep(
        "china_county", {"contract_share": [0.0]}, 1, ["reach"], folder, progress=False
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_gets_a_sentence_and_leaves_nothing_half_written(
    name, exported, tmp_path, full_disk
):
    folder = tmp_path / "out"
    folder.mkdir()
    full_disk()
    with pytest.raises(CarelabError, match=f"{name}' cannot be written: no space left on device"):
        WRITERS[name](exported, folder)
    left = {each for each in names(folder) if not each.startswith("claims.csv")}
    assert left <= {".lock"}


@pytest.mark.parametrize("name", ["class.parquet", "rows.csv", "mine.json", "claims.csv.yml"])
def test_a_full_disk_keeps_the_earlier_file(name, exported, tmp_path, full_disk):
    folder = tmp_path / "out"
    folder.mkdir()
    WRITERS[name](exported, folder)
    if name == "claims.csv.yml":
        (folder / "claims.csv").write_text("id\nS001-01\n", encoding="utf-8")
        text = (folder / name).read_text(encoding="utf-8").replace("sha256: ", "sha256: 0")
        (folder / name).write_text(text, encoding="utf-8")
    before = (folder / name).read_bytes()
    full_disk()
    with pytest.raises(CarelabError, match="the earlier file is as it was"):
        seal_all(folder) if name == "claims.csv.yml" else WRITERS[name](exported, folder)
    assert (folder / name).read_bytes() == before
    assert not [each for each in names(folder) if each.endswith(".part")]


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of one and a half megabytes; it needs the right to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)]
    if os.name == "nt" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("NO FULL DISK: no right to mount one")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("kind", ["duckdb", "parquet"])
def test_a_database_survives_the_next_one_that_finds_no_room(tiny_disk, exported, kind, capsys):
    target = tiny_disk / f"class.{kind}"
    arguments = ["collect", str(exported), "-o", str(target)]
    assert main(arguments) == 0
    before = load_scenarios(target)
    (tiny_disk / "filler").write_bytes(b"0" * (os.statvfs(tiny_disk).f_bavail * 4096 - 4096))
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert f"class.{kind}' cannot be written" in told and "the earlier file is as it was" in told
    assert load_scenarios(target).equals(before)
    assert names(tiny_disk) == [f"class.{kind}", "filler"]


def test_the_second_of_two_databases_on_a_small_disk_is_whole_or_refused(
    tiny_disk, exported, capsys
):
    target = tiny_disk / "class.duckdb"
    arguments = ["collect", str(exported), "-o", str(target)]
    for _ in range(2):
        code = main(arguments)
        told = capsys.readouterr()
        assert ("wrote" in told.out) is (code == 0)
        assert load_scenarios(target)["year"].tolist() == list(range(1, 11))
        assert names(tiny_disk) == ["class.duckdb"]


def test_a_database_holds_all_tables_and_leaves_no_log_of_an_earlier_one(exported, tmp_path):
    target = tmp_path / "class.duckdb"
    (tmp_path / "class.duckdb.wal").write_bytes(b"of an earlier database")
    collect_scenarios(exported, years=1).save(target)
    assert names(tmp_path) == ["Li", "class.duckdb"]
    counts = [
        load_scenarios(target, f"SELECT count(*) AS n FROM {name}")["n"][0] for name in TABLES
    ]
    assert counts == [1, 0, 0]


def test_what_cannot_be_read_back_as_it_was_written_is_refused(tmp_path, monkeypatch):
    place = tmp_path / "a.txt"
    write_whole(place, "before")
    monkeypatch.setattr("carelab.base.whole_files._sum_of", lambda part: b"other")
    with pytest.raises(CarelabError, match="what was read back is not what was written"):
        write_whole(place, "after")
    assert place.read_text(encoding="utf-8") == "before"


def test_a_writer_that_raises_leaves_the_earlier_file(tmp_path):
    place = tmp_path / "a.txt"
    write_whole(place, "before")
    with pytest.raises(ZeroDivisionError), written_beside(place) as part:
        part.write_text("half")
        1 / 0  # noqa: B018
    assert names(tmp_path) == ["a.txt"] and place.read_text(encoding="utf-8") == "before"


@pytest.mark.skipif(os.name == "nt", reason="links and modes of Unix")
def test_a_linked_file_is_written_where_it_lies_and_keeps_its_mode(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("before", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    write_whole(link, "after")
    assert link.is_symlink() and real.read_text(encoding="utf-8") == "after"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="devices of Unix")
def test_what_is_no_file_is_refused_and_stays(tmp_path):
    for place, told in ((Path(os.devnull), "no ordinary file"), (tmp_path, "is a folder")):
        with pytest.raises(CarelabError, match=told):
            write_whole(place, "text")
    assert not Path(os.devnull).is_file()


def test_a_file_of_the_longest_name_can_be_written(tmp_path):
    name = "n" * 250 + ".txt"
    assert write_whole(tmp_path / name, "whole").read_text(encoding="utf-8") == "whole"


def test_no_module_of_the_package_writes_past_the_one_that_writes_files(root):
    own = {"base/whole_files.py", "base/locks.py", "engine/tables.py"}
    ways = (".write_text(", ".write_bytes(", '.open("w', ".to_csv(path", ".to_parquet(", "np.save")
    package = root / "src" / "carelab"
    found = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(way in line for way in ways) and ">>>" not in line and "... " not in line
    ]
    assert set(found) <= own, found


def test_two_sweeps_in_one_folder_do_not_disturb_each_other(tmp_path):
    code = """
import sys
from carelab.study import sweep
levers = {"contract_share": [0.0, 0.5, 1.0]}
sweep("china_county", levers, 1, ["reach"], sys.argv[1], progress=False)
"""
    from carelab.base.locks import alone_in
    from carelab.study import load_sweep

    levers = {"contract_share": [0.0, 0.5, 1.0]}
    sweep("china_county", levers, 1, ["reach"], tmp_path, progress=False)
    half = tmp_path / ".of-the-run-at-work.part"
    half.write_bytes(b"half")
    with alone_in(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True
        )
    assert "another run is at work in folder" in done.stderr
    assert half.exists()
    sweep("china_county", levers, 1, ["reach"], tmp_path, progress=False)
    assert not half.exists() and len(load_sweep(tmp_path)) == 3


def test_the_table_of_submissions_can_be_read_again(exported, tmp_path):
    path = WRITERS["rows.csv"](exported, tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbffile,kind,author")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["kind"] for row in csv.DictReader(file)] == ["scenario"]
