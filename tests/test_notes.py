"""What the note of a claim, a figure and a parameter says: whole, in both languages."""

import pandas as pd
import pytest

from carelab.sphinx_ext import marks, roles
from carelab.sphinx_ext.marks import Note, note_of

CLAIM = {
    "class": "stated",
    "kind": "prescription",
    "text": "Money < need & must rise.",
    "source": "a-source",
    "section": "s3.4.2",
}
FIGURE = {
    "name": "Funding per head",
    "place": "China",
    "year": "2024",
    "value": 1094.5,
    "unit": "CNY",
    "low": float("nan"),
    "high": float("nan"),
    "grade": "B",
    "class": "stated",
    "source": "a-source",
    "note": "In Table 1.",
}
PARAMETER = {
    "value": 7674.0,
    "unit": "CNY per case",
    "low": 4000.0,
    "high": 11000.0,
    "class": "assumed",
    "source": "a-source",
    "note": "Near the bulletin.",
}


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(marks, "claims", lambda: {"S000-01": CLAIM})
    monkeypatch.setattr(marks, "parameters", lambda: {"case_price": PARAMETER})
    monkeypatch.setattr(marks, "source_name", lambda key: f"A. Author (2020), {key}")


def figure(monkeypatch, **changed):
    row = pd.Series(FIGURE | changed)
    for room in (marks, roles):
        monkeypatch.setattr(room, "indicators", lambda: {"CN001": row})


@pytest.mark.parametrize(
    ("language", "title", "meaning"),
    [
        (
            "en",
            "stated · prescription: what must be",
            "S000-01. Asserted by a source without measurement.",
        ),
        ("zh", "陈述 · 规范性要求", "S000-01. 来源有此陈述，但未经测量。"),
    ],
)
def test_the_note_of_a_claim_says_class_kind_text_source_and_section(
    monkeypatch, language, title, meaning
):
    monkeypatch.setenv("BOOK_LANG", language)
    source = "A. Author (2020), a-source; s3.4.2"
    note = note_of("S000-01")
    assert note == Note("stated", title, ("Money < need & must rise.",), source, meaning)


def test_signs_of_a_note_are_shown_as_they_are():
    written = marks._entry(note_of("S000-01"))
    assert "<p>Money &lt; need &amp; must rise.</p>" in written


def test_the_note_of_a_figure_says_what_it_counts_where_when_and_how_good_it_is(monkeypatch):
    figure(monkeypatch)
    assert note_of("CN001") == Note(
        "stated",
        "stated · grade B",
        ("Funding per head, China, 2024: 1094.5 CNY", "In Table 1."),
        "A. Author (2020), a-source",
        "CN001. B: read in a news copy of an official text",
    )
    assert roles._figure("CN001") == ("1,094.5", "CN001", True)


@pytest.mark.parametrize(
    ("grade", "meaning"),
    [
        ("A", "read in the paper, its abstract or an official page"),
        ("C", "read, but the source is weak"),
        ("D", "computed from figures read"),
    ],
)
def test_the_note_of_a_figure_with_an_interval_shows_it_and_its_grade(monkeypatch, grade, meaning):
    figure(monkeypatch, grade=grade, low=0.61, high=0.73)
    note = note_of("CN001")
    assert note.lines[0] == "Funding per head, China, 2024: 1094.5 (0.61–0.73) CNY"
    assert note.meaning == f"CN001. {grade}: {meaning}"
    assert roles._figure("CN001 low") == ("0.61", "CN001", False)
    assert roles._figure("CN001 high .1f") == ("0.7", "CN001", False)
    assert roles._figure("CN001 .0f") == ("1,094", "CN001", True)


def test_a_figure_without_a_value_shows_no_number(monkeypatch):
    figure(monkeypatch, value=float("nan"))
    assert note_of("CN001").lines[0] == "Funding per head, China, 2024: CNY"
    with pytest.raises(ValueError, match="low"):
        roles._figure("CN001 low")


def test_the_note_of_a_parameter_says_its_range_and_why():
    assert note_of("case_price") == Note(
        "assumed",
        "assumed",
        ("7674 CNY per case (4000–11000)", "Near the bulletin."),
        "A. Author (2020), a-source",
        "case_price. Our assumption, not evidence.",
    )


def test_a_silence_says_that_the_source_is_silent():
    shown = roles._silent("The paper does not say <who>.")[0].astext()
    assert "The paper does not say &lt;who&gt;." in shown
    assert note_of("silent").meaning == "The source says nothing about this."
