"""Cases on published frames, the comparison cases, and what ``import carelab`` gives."""

import subprocess
import sys

import pytest

import carelab
from carelab.base import CarelabError, data_file, load_yaml
from carelab.evidence import load_cases, load_claims, load_indicators, load_sources
from carelab.evidence.cases.check import check_case
from carelab.evidence.cases.files import (
    AXES,
    CASE_KINDS,
    DESIGNS,
    DIRECTIONS,
    MECHANISMS,
    STATUSES,
    case_files,
)
from carelab.evidence.registry import FRAMES, load_frames
from carelab.study.compare.tidy import case_events

COMPARISON = {name: case for name, case in load_cases().items() if not case.has_seed}


def test_import_is_light_and_gives_what_it_names():
    code = (
        "import sys, carelab; first = set(sys.modules); carelab.claims;"
        "print({'pandas', 'matplotlib', 'pandera'} & first or 'light')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "light"
    assert carelab.__all__ == sorted(carelab.__all__)
    assert len(carelab.__all__) <= 15
    assert set(carelab._WHERE) == set(carelab.__all__) <= set(dir(carelab))
    for name in carelab.__all__:
        assert getattr(carelab, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'magic'"):
        carelab.magic  # noqa: B018


def test_tidy_frames_hold_every_code_once():
    codes = carelab.cases()
    assert not codes.duplicated(["case", "group", "item"]).any()
    assert set(codes["case"]) == set(load_cases())
    spoken = codes[codes["code"] != "silent"]
    assert (spoken["claims"] != "").all()
    assert (codes.loc[codes["code"] == "silent", "claims"] == "").all()


def test_the_four_frames_have_the_dimensions_of_their_sources():
    frames = load_frames()
    count = frames.groupby("frame")["dimension"].count().to_dict()
    assert count == {"rainbow": 6, "who": 5, "holistic": 9, "evaluation": 4}
    assert tuple(load_frames("evaluation")["dimension"]) == AXES
    assert set(frames["source"]) <= set(load_sources()["key"])
    holistic = load_frames("holistic")["dimension"]
    assert {name.split("_")[0] for name in holistic} == {"levels", "functions", "sectors"}
    assert {name.split("_")[1] for name in holistic} == {"coordination", "integration", "incentive"}


@pytest.mark.parametrize("frame", ["rainbow", "who", "holistic"])
def test_every_mechanism_is_sorted_once_in_a_frame(frame):
    sorted_ = [each for listed in load_frames(frame)["mechanisms"] for each in listed.split("; ")]
    assert sorted(filter(None, sorted_)) == sorted(MECHANISMS)


@pytest.mark.parametrize("frame", [None, *FRAMES])
def test_every_code_on_a_frame_leads_to_evidence(frame):
    table = carelab.compare(frame=frame)
    assert not table.duplicated(["case", "dimension"]).any()
    spoken = table[table["status"] != "silent"]
    known = {*load_claims()["id"], *load_indicators()["id"]}
    assert len(spoken) > 0
    assert {each for ids in spoken["claims"] for each in ids.split("; ")} <= known
    assert (table.loc[table["status"] == "silent", "claims"] == "").all()


def test_the_status_of_a_dimension_is_the_strongest_and_names_what_drives_it():
    row = carelab.compare(["luohu"], frame="rainbow").set_index("dimension").loc["clinical"]
    assert row["status"] == "present"
    assert row["codes"] == "gatekeeping_or_lists: partial; referral_rules: present"
    assert row["claims"] == "CN327; CN328; CN291"
    own = carelab.compare(["china_dilemma"], frame="rainbow").set_index("dimension")
    assert own.loc["normative", "status"] == "absent"
    assert own.loc["normative", "claims"] == "S002-04"


def test_differences_add_up_and_never_count_silence():
    for frame in (None, *FRAMES):
        codes = carelab.compare(frame=frame).set_index(["case", "dimension"])["status"]
        for pair in carelab.differences(frame=frame).itertuples():
            same = list(filter(None, pair.agreeing.split("; ")))
            other = [each.split(" ")[0] for each in filter(None, pair.differing.split("; "))]
            assert len(same) + len(other) == pair.compared
            for name in (*same, *other):
                two = codes[(pair.case_a, name)], codes[(pair.case_b, name)]
                assert "silent" not in two
                assert (two[0] == two[1]) == (name in same)


def test_an_unknown_frame_or_case_is_named():
    with pytest.raises(CarelabError, match="'wheel' is unknown; known are codebook, rainbow"):
        carelab.compare(frame="wheel")
    with pytest.raises(CarelabError, match="'atlantis'"):
        carelab.differences(["atlantis"], frame="who")


def test_there_are_enough_cases_and_those_without_a_seed_say_so():
    assert len(load_cases()) >= 16
    assert len(COMPARISON) >= 8
    for case in COMPARISON.values():
        assert case.is_system
        assert case.basis.startswith("No seed describes this case.")
        assert len(case.basis) > 80
        assert case.source in set(load_sources()["key"])


@pytest.mark.parametrize("name", sorted(COMPARISON))
def test_a_comparison_case_passes_the_check_and_cites_figures(name):
    case = COMPARISON[name]
    assert check_case(case_files()[name]) == []
    assert any(each.startswith(("CN", "UK")) for each in case.claim_ids)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in actor.name_zh) for actor in case.actors)


def test_the_case_figures_are_those_of_the_case():
    places = load_indicators().set_index("id")["place"]
    for name, word in (("luohu", "Luohu"), ("xiamen", "Xiamen"), ("better_care_fund", "England")):
        ids = COMPARISON[name].claim_ids
        assert all(word in places[each] for each in ids), name


def test_the_seeds_measured_nothing_on_the_axes():
    for case in load_cases().values():
        if case.has_seed:
            assert all(coded.is_silent for coded in case.evaluation.values())


def test_a_direction_names_the_design_by_which_it_was_found():
    for case in load_cases().values():
        for axis, coded in case.evaluation.items():
            assert coded.is_silent == (not coded.design), (case.id, axis)
    codes = carelab.cases().query("group == 'evaluation' and code != 'silent'")
    assert set(codes["design"]) <= set(DESIGNS)


def test_nothing_asked_for_or_expected_is_evidence_that_it_is_there():
    asked = load_claims().query(
        "kind in ('recommendation', 'prescription', 'expectation', 'goal')"
    )["id"]
    for case in load_cases().values():
        if not case.is_system:
            continue
        coded = [*case.mechanisms.values(), *case.evaluation.values(), *case.frames.values()]
        there = [each for each in coded if each.text != "recommended"]
        cited = {claim for each in (*there, *case.money) for claim in each.claims}
        assert not cited & set(asked), case.id


def test_only_systems_are_counted_and_the_rest_is_there_by_name():
    cases = load_cases()
    others = {name for name, case in cases.items() if not case.is_system}
    assert {cases[name].kind for name in others} == {"policy", "advice", "paper"}
    for table in (carelab.compare(), carelab.compare(frame="who")):
        assert set(table["case"]) == set(cases) - others
    assert set(carelab.compare(sorted(others))["case"]) == others
    pairs = carelab.differences()
    assert not others & {*pairs["case_a"], *pairs["case_b"]}


def test_the_codebook_says_what_each_mechanism_needs_as_evidence():
    codebook = load_yaml(data_file("codebook.yml"))
    assert tuple(codebook["evidence"]) == MECHANISMS
    for needs in codebook["evidence"].values():
        assert tuple(needs) == ("present", "partial", "not_enough")


def test_the_codebook_defines_axes_and_directions():
    codebook = load_yaml(data_file("codebook.yml"))
    assert tuple(codebook["axes"]) == AXES
    assert tuple(codebook["directions"]) == DIRECTIONS
    assert tuple(codebook["statuses"]) == STATUSES
    assert tuple(codebook["designs"]) == DESIGNS
    assert tuple(codebook["kinds"]) == CASE_KINDS


@pytest.mark.parametrize("frame", [None, *FRAMES])
def test_the_heat_map_says_in_words_and_in_a_table_what_it_shows(frame):
    picture = carelab.plot_heat_map(frame=frame)
    table = carelab.compare(frame=frame)
    assert len(picture.table) == (table["status"] != "silent").sum()
    html = picture._repr_html_()
    assert "<title" in html or "aria-label" in html
    for case in load_cases().values():
        assert case.short_en in picture.alt or not case.is_system
    assert "Casebook recs" not in picture.alt


def test_a_heat_map_needs_cases_and_each_once():
    with pytest.raises(CarelabError, match="each only once"):
        carelab.plot_heat_map(["anhui", "anhui"])
    with pytest.raises(CarelabError, match="at least one"):
        carelab.plot_heat_map([])


@pytest.mark.parametrize("name", sorted(COMPARISON))
def test_every_comparison_case_can_be_drawn(name):
    for plot in (carelab.plot_money_flow, carelab.plot_governance):
        assert plot(name).alt
    dated = len(case_events(name))
    if dated:
        assert len(carelab.plot_timeline(name).table) == dated


def test_a_case_without_dates_says_so():
    with pytest.raises(CarelabError, match="has no dated event"):
        carelab.plot_timeline("youxi")
