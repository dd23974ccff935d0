"""What the note of a claim, a figure and a parameter says: whole, in both languages."""

import re

import pandas as pd
import pytest

from carelab.sphinx_ext import roles

NOTE = re.compile(r'<span class="carelab-note-line">(.*?)</span>')
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
    monkeypatch.setattr(roles, "_claims", lambda: {"S000-01": CLAIM})
    monkeypatch.setattr(roles, "_parameters", lambda: {"case_price": PARAMETER})
    monkeypatch.setattr(roles, "source_name", lambda key: f"A. Author (2020), {key}")


def figure(monkeypatch, **changed):
    row = pd.Series(FIGURE | changed)
    monkeypatch.setattr(roles, "_indicators", lambda: {"CN001": row})


@pytest.mark.parametrize(
    ("language", "label", "lines"),
    [
        (
            "en",
            "stated",
            [
                "S000-01 · stated · prescription: what must be",
                "Money &lt; need &amp; must rise.",
                "A. Author (2020), a-source; s3.4.2",
                "Asserted by a source without measurement.",
            ],
        ),
        (
            "zh",
            "陈述",
            [
                "S000-01 · 陈述 · 规范性要求",
                "Money &lt; need &amp; must rise.",
                "A. Author (2020), a-source; s3.4.2",
                "来源有此陈述，但未经测量。",
            ],
        ),
    ],
)
def test_the_note_of_a_claim_says_class_kind_text_source_and_section(
    monkeypatch, language, label, lines
):
    monkeypatch.setenv("BOOK_LANG", language)
    written = roles._claims_html("S000-01")
    assert NOTE.findall(written) == lines
    assert f">{label}<span" in written
    assert 'data-evidence="S000-01"' in written
    target = re.search(r'popovertarget="([^"]+)"', written)[1]
    assert f'<span popover id="{target}"' in written


def test_two_claims_have_two_notes_of_their_own():
    written = roles._claims_html("S000-01, S000-01")
    targets = re.findall(r'popovertarget="([^"]+)"', written)
    assert len(set(targets)) == 2
    assert re.findall(r'popover id="([^"]+)"', written) == targets


def test_the_note_of_a_figure_says_what_it_counts_where_when_and_how_good_it_is(monkeypatch):
    figure(monkeypatch)
    written = roles.num_html("CN001")
    assert written.startswith("1,094.5 <button")
    assert ">stated B<span" in written
    assert NOTE.findall(written) == [
        "CN001 · stated · grade B",
        "Funding per head, China, 2024: 1094.5 CNY",
        "A. Author (2020), a-source",
        "In Table 1.",
        "B: read in a news copy of an official text",
    ]


@pytest.mark.parametrize(
    ("grade", "weak", "meaning"),
    [
        ("A", False, "read in the paper, its abstract or an official page"),
        ("C", True, "read, but the source is weak"),
        ("D", False, "computed from figures read"),
    ],
)
def test_a_weak_figure_is_marked_as_weak(monkeypatch, grade, weak, meaning):
    figure(monkeypatch, grade=grade, low=0.61, high=0.73)
    written = roles.num_html("CN001")
    assert ("carelab-weak" in written) == weak
    assert NOTE.findall(written)[1] == "Funding per head, China, 2024: 1094.5 (0.61–0.73) CNY"
    assert NOTE.findall(written)[-1] == f"{grade}: {meaning}"
    assert roles.num_html("CN001 low") == '<span data-evidence="CN001">0.61</span>'
    assert roles.num_html("CN001 high .1f") == '<span data-evidence="CN001">0.7</span>'
    assert roles.num_html("CN001 .0f").startswith("1,094 <button")


def test_a_figure_without_a_value_shows_no_number(monkeypatch):
    figure(monkeypatch, value=float("nan"))
    written = roles.num_html("CN001")
    assert written.startswith("<button")
    assert NOTE.findall(written)[1] == "Funding per head, China, 2024:  CNY"
    with pytest.raises(ValueError, match="low"):
        roles.num_html("CN001 low")


def test_the_note_of_a_parameter_says_its_range_and_why():
    written = roles._param_html("case_price")
    assert written.startswith("7,674 <button")
    assert NOTE.findall(written) == [
        "case_price · assumed",
        "7674 CNY per case (4000–11000)",
        "A. Author (2020), a-source",
        "Near the bulletin.",
    ]


def test_a_silence_says_that_the_source_is_silent():
    written = roles._silent_html("The seed does not say <who>.")
    assert "The seed does not say &lt;who&gt;." in written
    assert ">source silent<span" in written
    assert NOTE.findall(written) == ["The source says nothing about this."]
