"""What the evidence browser is given: all claims and figures, their sources, their words."""

import json
import re
from pathlib import Path

import pytest

from carelab.evidence import load_claims, load_indicators, load_sources
from carelab.evidence.prose import orphan_numbers
from carelab.sphinx_ext.evidence_browser import (
    browser_data,
    browser_script,
    evidence_table,
    json_for_page,
    year_span,
)
from carelab.sphinx_ext.roles import num_html

STATIC = Path(__file__).resolve().parents[1] / "src" / "carelab" / "sphinx_ext" / "static"


def test_the_ends_of_an_interval_follow_the_registry_and_are_never_typed():
    figure = load_indicators().set_index("id").loc["CN265"]
    assert num_html("CN265 low").endswith(f">{figure['low']:g}</span>")
    assert num_html("CN265 high .1f").endswith(f">{figure['high']:.1f}</span>")
    assert "popovertarget" not in num_html("CN265 low")
    with pytest.raises(ValueError, match="low"):
        num_html("CN046 low")
    assert orphan_numbers("{num}`CN265`, from {num}`CN265 low` to {num}`CN265 high`") == []
    assert orphan_numbers("{num}`CN265`, from 0.61") == [(1, "0.61")]


def test_a_fall_is_written_without_its_sign_and_only_a_fall():
    assert ">22.13<" in num_html("CN223 fall")
    assert ">22<" in num_html("CN223 fall .0f")
    with pytest.raises(ValueError, match="fall"):
        num_html("CN224 fall")


def test_a_year_is_written_without_a_separator():
    assert ">2027<" in num_html("CN297")


@pytest.fixture(scope="module")
def data() -> dict:
    return json.loads(json_for_page(browser_data()))


def test_every_claim_and_figure_is_there_once_with_a_source(data):
    ids = [row[data["columns"].index("id")] for row in data["rows"]]
    assert ids == [*load_claims()["id"], *load_indicators()["id"]]
    sources = {row[data["columns"].index("source")] for row in data["rows"]}
    assert sources <= set(data["sources"]) == set(load_sources()["key"])


def test_what_is_unknown_is_said_and_not_left_out(data):
    seed = data["sources"]["seed-000-uk"]
    assert seed["title"] == seed["authors"] == "unknown"
    assert seed["read_as"] == "abstract only"
    assert "10.1186/s12939-017-0686-8" in data["sources"]["seed-001-hangzhou"]["reference"]


def test_every_word_and_label_that_the_script_uses_exists(data):
    used = set()
    for path in STATIC.glob("evidence_*.js"):
        used |= set(re.findall(r"\bwords\.(\w+)", path.read_text(encoding="utf-8")))
    used |= {f"column_{name}" for name in ("id", "text", "where", "theme", "class", "source")}
    assert len(used) > 30
    assert used <= set(data["words"])
    table = evidence_table()
    assert set(table["theme"]) | set(table["case"]) | set(table["class"]) <= {*data["labels"], ""}


def test_the_year_of_every_figure_that_names_one_is_read():
    table = evidence_table()
    named = table["year"].str.contains(r"(?:19|20)\d\d")
    assert (table["span"].notna() == named).all()
    assert all(1900 < first <= last < 2036 for first, last in table["span"].dropna())


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2016/17-2023/24", [2016, 2024]),
        ("2009-12", [2009, 2012]),
        ("2022-11", [2022, 2022]),
        ("2013-04-01", [2013, 2013]),
        ("2006 / 2014", [2006, 2014]),
        ("2004-", [2004, 2004]),
        ("before 2021", [2021, 2021]),
        ("after package payment", None),
    ],
)
def test_periods_are_read_as_a_reader_would(text, span):
    assert year_span(text) == span


def test_a_term_is_found_in_either_language(data):
    chinese = [zh for _, zh in data["terms"]]
    text, terms = (data["columns"].index(name) for name in ("text", "terms"))
    naming = [row for row in data["rows"] if "capitation" in row[text].lower()]
    assert len(naming) >= 2
    assert all(chinese.index("按人头付费") in row[terms] for row in naming)


def test_the_script_is_classic_and_fetches_nothing():
    script = browser_script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert not re.search(r"\bfetch\(|XMLHttpRequest|https?:|innerHTML|eval\(", script)
    names = re.findall(r"^(?:async )?(?:function|const|let|class)\s+(\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names)) > 15


def test_data_cannot_end_the_element_that_holds_it():
    assert "<" not in json_for_page({"text": "</script><!--<script>"})
