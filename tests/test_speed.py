"""The page about speed shows what was stored, and nothing else."""

import html
import re

from carelab.base import load_manifest, project_root
from carelab.evidence.tables import read_table
from carelab.sphinx_ext.registry_tables import benchmarks_html


def test_every_stored_measure_stands_in_the_table_with_its_machine():
    frame, page = read_table("benchmarks.csv"), benchmarks_html()
    assert len(frame) >= 15
    assert frame["measure"].is_unique
    assert (frame["value"] > 0).all()
    for measure in frame["measure"]:
        assert html.escape(measure) in page
    note = load_manifest("benchmarks.csv").note
    assert "processors" in note and "Python" in note and "node" in note
    assert html.escape(note) in page


def test_a_goal_is_met_when_the_value_says_so():
    frame = read_table("benchmarks.csv")
    judged = frame[frame["goal"] != ""]
    assert len(judged) == 10
    assert set(frame.loc[frame["goal"] == "", "met"]) == {""}
    for row in judged.itertuples():
        bound, limit = re.fullmatch(r"(at least|at most) (\d+)", row.goal).groups()
        reached = row.value >= float(limit) if bound == "at least" else row.value <= float(limit)
        assert row.met == ("yes" if reached else "no"), row.measure


def test_the_page_types_no_measured_number():
    text = (project_root() / "book" / "speed.md").read_text(encoding="utf-8")
    assert "{registry} benchmarks" in text
    assert not re.search(r"\d", re.sub(r"`[^`]*`", "", text))
