"""Each kind of link between tables: an id that leads nowhere is found and named."""

import csv
import re
import shutil

import pytest

from carelab.base import CarelabError
from carelab.base.tables import read_cells
from carelab.evidence import broken_links
from carelab.evidence.links import _LINKS
from carelab.evidence.source_rules import unfounded_rows

# File, column, and an id that its rule allows and nothing defines.
BROKEN = [
    ("claims.csv", "source", "nobody-1900"),
    ("claims.csv", "case", "atlantis"),
    ("indicators.csv", "source", "nobody-1900"),
    ("common_indicators.csv", "source", "nobody-1900"),
    ("policy_timeline.csv", "source", "nobody-1900"),
    ("policy_timeline.csv", "case", "atlantis"),
    ("policy_timeline.csv", "claim", "S009-99"),
    ("policy_timeline.csv", "claim", "CN999"),
    ("glossary.csv", "source", "nobody-1900"),
    ("levers.csv", "source", "nobody-1900"),
    ("levers.csv", "evidence", "S009-99"),
    ("parameters.csv", "source", "nobody-1900"),
    ("parameters.csv", "evidence", "CN046; CN999"),
    ("presets.csv", "source", "nobody-1900"),
    ("presets.csv", "evidence", "S009-99"),
    ("presets.csv", "lever", "magic_share"),
    ("presets.csv", "model", "alchemy"),
    ("quantities.csv", "model", "alchemy"),
    ("frames.csv", "source", "nobody-1900"),
    ("frames.csv", "evidence", "S009-99"),
    ("roles.csv", "source", "nobody-1900"),
    ("roles.csv", "evidence", "S009-99"),
    ("roles.csv", "lever", "magic_share"),
    ("roles.csv", "context", "atlantis"),
    ("targets.csv", "source", "nobody-1900"),
    ("targets.csv", "evidence", "CN999"),
    ("targets.csv", "context", "atlantis"),
    ("calibration.csv", "source", "nobody-1900"),
    ("limits.csv", "targets", "dingyuan_outside_share; no_target"),
    ("recoding.csv", "case", "atlantis"),
    ("recoding.csv", "case", "S009-99"),
    *(("lab_stories.csv", f"rule_{number}", "magic_share") for number in (1, 2, 3)),
    ("lab_questions.csv", "lever", "magic_share"),
    ("searches.csv", "found", "nobody-1900"),
    ("findings.csv", "evidence", "CN226; CN999"),
]
# Column names that hold ids of another table wherever they stand.
ID_COLUMNS = {"source", "case", "claim", "evidence", "lever", "found", "targets"}
# A model's own result names claims of the study, not of the registry; the names of the other
# columns stand for something else there.
NO_LINK = {
    ("robustness.csv", "claim"),
    ("verdicts_before.csv", "claim"),
    ("robustness.csv", "evidence"),
    ("preset_checks.csv", "evidence"),
    # Held to the registry by test_ranges.
    ("history.csv", "evidence"),
    ("worked_example.csv", "case"),
}


@pytest.fixture
def data(root, tmp_path):
    return shutil.copytree(root / "data", tmp_path / "data")


def put(path, column, cell, place=0):
    header, rows = read_cells(path)
    rows[place][header.index(column)] = cell
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


def test_every_kind_of_link_is_broken_here(root):
    checked = {(file, column) for file, (_, columns) in _LINKS.items() for column in columns}
    assert {(file, column) for file, column, _ in BROKEN} == checked
    written = {
        (path.name, column)
        for path in sorted((root / "data").glob("*.csv"))
        for column in read_cells(path)[0]
        if column in ID_COLUMNS
    }
    assert written - NO_LINK <= checked


@pytest.fixture(scope="module")
def found(root, tmp_path_factory):
    """What is said when every kind of link is broken at once, each in a row of its own."""
    folder = shutil.copytree(root / "data", tmp_path_factory.mktemp("links") / "data")
    for place, (file, column, cell) in enumerate(BROKEN):
        put(folder / file, column, cell, place % 7)
    path = folder / "cases" / "luohu.yml"
    text = re.sub("(?m)^source: .*$", "source: nobody-1900", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    path = folder / "cases" / "anhui.yml"
    text = path.read_text(encoding="utf-8").replace("rainbow.normative", "rainbow.colour", 1)
    path.write_text(text, encoding="utf-8")
    return broken_links(folder)


@pytest.mark.parametrize(("file", "column", "cell"), BROKEN)
def test_an_id_of_a_table_that_leads_nowhere_is_named(found, file, column, cell):
    lost = cell.rpartition("; ")[2]
    alike = [each for each in BROKEN if each[0] == file and each[2].endswith(lost)]
    end = f" in {file} names '{lost}', which does not exist"
    assert len([each for each in found if each.endswith(end)]) == len(alike)


def test_an_id_of_a_case_that_leads_nowhere_is_named(found, data):
    assert "'luohu' in cases/luohu.yml names 'nobody-1900', which does not exist" in found
    assert any(
        "'rainbow.colour', which is a dimension of no frame" in each and "cases/anhui.yml" in each
        for each in found
    )
    path = data / "cases" / "anhui.yml"
    text = path.read_text(encoding="utf-8").replace("claims: [S004-", "claims: [S009-99, S004-", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CarelabError, match=r"anhui.yml.*'S009-99' is cited but is no claim"):
        broken_links(data)


def test_no_good_id_is_named(found):
    assert len(found) == len(BROKEN) + 2


def test_a_later_version_that_is_no_source_is_named(data):
    header, rows = read_cells(data / "sources.csv")
    place = next(n for n, row in enumerate(rows) if row[header.index("superseded_by")])
    put(data / "sources.csv", "superseded_by", "nobody-1900", place)
    key = rows[place][0]
    assert f"'{key}' in sources.csv is superseded by 'nobody-1900', no source" in unfounded_rows(
        data
    )
