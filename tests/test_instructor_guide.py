"""The guide for instructors says what the lab shows."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from carelab.engine import Scenario, yearly_outcomes
from carelab.evidence import load_quantities
from carelab.sphinx_ext.roles import setup

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "book" / "instructor-guide.md").read_text(encoding="utf-8")
MOVE = re.compile(
    r"\*Lab move\.\* From \{lab\}`(\S+) <[\w-]+>` to \{lab\}`(\S+) <[\w-]+>`: "
    r"by year ten (.+?)\.(?:\n|$)"
)
SEEN = re.compile(r"\*\*(.+?)\*\* (stays|rises|falls)(?: a (lot|little))?")
CHAPTERS = re.split(r"^### ", GUIDE.split("## Chapter by chapter")[1], flags=re.MULTILINE)[1:13]
SEEN_MOVES = [
    (start, end, *seen) for start, end, told in MOVE.findall(GUIDE) for seen in SEEN.findall(told)
]


def change(before: float, after: float) -> tuple[str, str]:
    """Say a change as the guide does: below a hundredth it stays, above a tenth it is a lot."""
    relative = (after - before) / abs(before)
    if abs(relative) < 0.01:
        return "stays", ""
    return "rises" if relative > 0 else "falls", "lot" if abs(relative) > 0.1 else "little"


@pytest.mark.parametrize("start, end, label, direction, size", SEEN_MOVES)
def test_a_lab_move_shows_what_the_guide_says(start, end, label, direction, size):
    names = load_quantities("care_economy").set_index("label_en")["name"]
    assert label in names, label
    values = [
        float(yearly_outcomes(Scenario.from_text(text), [names[label]])[names[label]].iloc[-1])
        for text in (start, end)
    ]
    assert change(*values) == (direction, size), values


def test_every_move_is_read_and_every_chapter_has_one():
    assert len(SEEN_MOVES) >= 20
    assert GUIDE.count("*Lab move.*") == len(MOVE.findall(GUIDE)) >= 14
    for chapter in CHAPTERS:
        assert MOVE.search(chapter), chapter[:20]


def test_every_chapter_has_its_two_plans_questions_and_misconceptions():
    pages = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.md"))
    pages = [name for name in pages if name.removesuffix("-lab") not in set(pages) - {name}]
    assert [re.search(r"notebooks/([\w-]+)\.md", each)[1] for each in CHAPTERS] == pages
    for chapter in CHAPTERS:
        assert "*Forty-five minutes.*" in chapter
        assert "*Ninety minutes.*" in chapter
        assert len(re.findall(r"^- .+\?$", chapter, re.MULTILINE)) >= 3
        assert chapter.count("*Misconception.*") == chapter.count("*Exposed by:*") >= 2


def test_a_changed_word_would_be_noticed():
    assert change(0.804, 0.653) == ("falls", "lot")
    assert change(-0.35, -0.338) == ("rises", "little")
    assert change(1.0, 1.005) == ("stays", "")


def test_every_link_of_a_move_leads_to_the_chapter_that_makes_it(built_book):
    page = (built_book / "book" / "instructor-guide.html").read_text(encoding="utf-8")
    links = re.findall(r'href="\.\./notebooks/([\w-]+)\.html#lab=([^"]+)"', page)
    for chapter in CHAPTERS:
        name = re.search(r"notebooks/([\w-]+)\.md", chapter)[1]
        wanted = [text for start, end, _ in MOVE.findall(chapter) for text in (start, end)]
        # A chapter may have a second page, for its lab.
        ours = {text for page, text in links if page in (name, f"{name}-lab")}
        assert [(name, text) for text in wanted if text not in ours] == []
    assert len(links) == 2 * len(MOVE.findall(GUIDE)) + GUIDE.split("## Role-play")[1].count(
        "{lab}"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("carelab/2/uk_place/uk_before", "names no chapter"),
        ("carelab/2/uk_place/uk_before <03-nowhere>", "names no chapter"),
        ("carelab/2/uk_place/uk_befor <03-uk>", "preset 'uk_befor' is unknown"),
    ],
)
def test_a_link_to_no_scenario_stops_the_build_with_a_sentence(text, told):
    said, noted = [], []
    reporter = SimpleNamespace(error=lambda problem, line: said.append(problem))
    inliner = SimpleNamespace(reporter=reporter, problematic=lambda *_: "problem")
    env = SimpleNamespace(found_docs={"notebooks/03-uk"}, docname="book/instructor-guide")
    env.note_dependency = noted.append
    builder = SimpleNamespace(get_relative_uri=lambda here, there: f"../{there}.html")
    roles = {}
    setup(SimpleNamespace(env=env, builder=builder, add_role=roles.__setitem__))
    assert roles["lab"]("lab", "", text, 1, inliner)[0] == ["problem"]
    assert told in said[0]
    assert any(each.endswith("data/presets.csv") for each in noted)
    good = roles["lab"]("lab", "", "carelab/2/uk_place/uk_before <03-uk>", 1, inliner)[0][0]
    assert good["refuri"] == "../notebooks/03-uk.html#lab=carelab/2/uk_place/uk_before"
