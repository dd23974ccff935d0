"""What was looked for, what was not found, and findings that disagree."""

import shutil

import pandas as pd
import pytest

from carelab.base import CarelabError, project_root
from carelab.evidence import broken_links, references
from carelab.evidence.references import (
    load_findings,
    load_searches,
    never_found,
    reference_html,
    reference_parts,
    short_name,
    source_name,
)
from carelab.evidence.registry import load_indicators, load_sources
from carelab.sphinx_ext.literature_tables import (
    findings_html,
    grades_html,
    not_found_html,
    searches_html,
)


@pytest.fixture
def data(tmp_path):
    return shutil.copytree(project_root() / "data", tmp_path / "data")


def spoil(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_question_has_findings_that_disagree():
    answers = load_findings().groupby("question")["answer"].nunique()
    assert (answers > 1).all()
    assert len(answers) >= 10


def test_a_question_with_one_answer_is_one_clear_sentence(data):
    spoil(data, "findings.csv", ',no,"Ten years:', ',yes,"Ten years:')
    with pytest.raises(CarelabError, match=r"findings\.csv.*two answers at least"):
        load_findings(folder=data)


def test_a_question_worded_in_two_ways_is_refused(data):
    path = data / "findings.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("improve quality in Kinzigtal?", "help?", 1), encoding="utf-8")
    with pytest.raises(CarelabError, match="same wording"):
        load_findings(folder=data)


def test_a_finding_without_its_figure_and_a_search_without_its_source_are_found(data):
    spoil(data, "findings.csv", "UK280b; UK280c", "UK999; UK280c")
    spoil(data, "searches.csv", "gong-2024-luohu-efficiency", "nobody-2021")
    problems = " ".join(broken_links(data))
    assert "findings.csv names 'UK999', which does not exist" in problems
    assert "searches.csv names 'nobody-2021', which does not exist" in problems


def test_what_one_search_found_is_no_gap_however_many_failed():
    searches = load_searches()
    failed = searches[searches["result"] == "not found"]["looked_for"]
    found = searches[searches["result"] == "found"]["looked_for"]
    mended = set(failed) & set(found)
    assert mended
    gaps = never_found()
    assert set(gaps["looked_for"]) == set(searches["looked_for"]) - set(found)
    assert gaps["searches"].sum() == searches["looked_for"].isin(gaps["looked_for"]).sum()


def test_a_search_that_found_all_names_a_source_and_one_that_did_not_says_what_was_missing():
    searches = load_searches()
    found = searches["result"] == "found"
    assert (searches[found]["found"] != "").all()
    assert (searches[~found]["note"] != "").all()


def test_figures_stand_beside_their_finding_with_unit_and_mark():
    page = findings_html()
    assert "14.92 percentage points" in page
    assert page.count("<table") == load_findings()["question"].nunique()
    for each in load_findings()["evidence"].str.split("; ").explode():
        assert f'data-evidence="{each}"' in page


def test_the_protocol_counts_what_is_there():
    assert searches_html().count("<tr>") == len(load_searches()) + 1
    assert not_found_html().count('scope="row"') == len(never_found())
    for grade, number in load_indicators()["grade"].value_counts().items():
        assert f">{grade}</th>" in grades_html()
        assert f"<td>{number}</td>" in grades_html()


def test_a_source_links_to_its_doi_and_one_without_links_to_nothing():
    sources = load_sources()
    links = [reference_html(row).count("<a ") for _, row in sources.iterrows()]
    assert links == [int(doi not in ("", "unknown")) for doi in sources["doi"]]
    assert 50 < sum(links) < len(links)


FULL = {
    "key": "li-2020", "authors": "Li Wei; Wang Fang", "year": "2020", "title": "On care",
    "title_zh": "论", "container": "A Journal", "volume": "7", "issue": "2", "pages": "1-9",
    "publisher": "unknown", "doi": "10.1/x", "note": "A note.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("unknown", "name", "short", "head", "place"),
    [
        ((), "Li Wei; Wang Fang (2020), On care", "Li Wei and others (2020)",
         "Li Wei; Wang Fang (2020). On care", "A Journal, 7(2), 1-9, doi 10.1/x"),
        (("title",), "Li Wei; Wang Fang (2020), A note.", "Li Wei and others (2020)",
         "Li Wei; Wang Fang (2020). title unknown", "A Journal, 7(2), 1-9, doi 10.1/x"),
        (("authors", "issue"), "On care", "A Journal (2020)", "authors unknown (2020). On care",
         "A Journal, 7, 1-9, doi 10.1/x"),
        (("container", "volume", "issue", "pages", "doi"), "Li Wei; Wang Fang (2020), On care",
         "Li Wei and others (2020)", "Li Wei; Wang Fang (2020). On care", ""),
    ],
)  # fmt: skip
def test_a_source_is_called_by_what_is_known_of_it(monkeypatch, unknown, name, short, head, place):
    row = pd.Series(FULL | dict.fromkeys(unknown, "unknown"))
    monkeypatch.setattr(references, "_sources", lambda: {"li-2020": row})
    assert source_name("li-2020") == name
    assert source_name("ours") == "ours"
    assert short_name(row) == short
    assert reference_parts(row) == (head, "论", place)
    html = reference_html(row)
    assert html.startswith(f'{head} <span lang="zh-CN">论</span>. ')
    assert ('<a class="reference external" href="https://doi.org/10.1/x">10.1/x</a>' in html) == (
        "doi" not in unknown
    )


def test_a_source_without_title_and_note_is_called_by_its_key_and_one_author_stands_alone(
    monkeypatch,
):
    row = pd.Series(FULL | {"title": "unknown", "note": "", "authors": "Li Wei"})
    monkeypatch.setattr(references, "_sources", lambda: {"li-2020": row})
    assert source_name("li-2020") == "Li Wei (2020), li-2020"
    assert short_name(row) == "Li Wei (2020)"
    plain = reference_html(pd.Series(FULL | {"title_zh": ""}))
    assert "<span" not in plain
