"""A reader's own case as a preset: in labs, scenarios and sweeps; and where it is absent."""

import json
import os
import shutil
import time

import numpy as np
import pytest

import carelab
from carelab.base import CarelabError
from carelab.cli import main
from carelab.engine import Scenario, preset_levers, yearly_outcomes
from carelab.evidence.cases.check import check_case
from carelab.evidence.cases.files import built_in_folder
from carelab.evidence.cases.presets import own_presets
from carelab.evidence.references import source_name
from carelab.lab import CareLab
from carelab.plots.experiments import label_of
from carelab.study import load_sweep, sweep
from carelab.study.many.scenario_files import read_scenario_file, write_scenario_file
from carelab.study.many.sweep import finish_block, read_plan

OPENING = Scenario("china_county", "anhui")
GOVERNED = (
    "  - {model: care_economy, lever: governance_share, value: 0.2, class: assumed, claims: [E1],"
    ' note: "Five of twenty-four centres."}\n'
    "  - {model: care_economy, lever: contract_share, value: 0.2, class: assumed,"
    ' note: "To try."}\n'
)


@pytest.fixture
def own(root, tmp_path, monkeypatch):
    """A folder with one case that sets levers of both labs."""
    folder = tmp_path / "mine"
    folder.mkdir()
    text = (root / "tests" / "cases" / "xishui.yml").read_text(encoding="utf-8")
    (folder / "xishui.yml").write_text(text.replace("lab:\n", f"lab:\n{GOVERNED}"), "utf-8")
    monkeypatch.setenv("CARELAB_CASES", str(folder))
    return folder


def copy_as(folder, name: str, old: str = "", new: str = "") -> None:
    text = (folder / "xishui.yml").read_text(encoding="utf-8").replace("id: xishui", f"id: {name}")
    assert old in text
    (folder / f"{name}.yml").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_lab_of_the_care_economy_lists_the_case_beside_the_presets_of_the_course(own):
    config = CareLab("Who gains?", scenario=OPENING).config
    assert config["presets"] == ["china_dilemma", "anhui", "hangzhou", "xishui"]
    offered = config["own"]["presets"]["xishui"]
    assert offered["label"] == "Xishui"
    assert offered["values"] == dict(preset_levers("xishui"))
    assert offered["values"]["governance_share"] == 0.2
    assert config["own"]["problems"] == []
    assert json.loads(json.dumps(config)) == config


def test_the_lab_says_of_each_setting_its_class_source_evidence_and_reason(own):
    why = CareLab("Who gains?", scenario=OPENING).config["own"]["presets"]["xishui"]["why"]
    told = why["governance_share"]
    assert told["class"] == "assumed"
    assert "Archives of Public Health" in told["source"]
    assert "your own case Xishui" in told["source"]
    assert told["evidence"] == "E1"
    assert told["note"] == "Five of twenty-four centres."
    assert why["contract_share"] == {
        "class": "assumed",
        "source": "your own case Xishui",
        "note": "To try.",
    }


def test_evidence_of_the_course_is_named_by_its_source(own):
    copy_as(own, "other", "claims: [E1], note", "claims: [CN220], note")
    why = CareLab("Who gains?", scenario=OPENING).config["own"]["presets"]["other"]["why"]
    assert why["governance_share"]["evidence"] == "CN220"
    key = carelab.indicators().set_index("id").loc["CN220", "source"]
    assert source_name(key) in why["governance_share"]["source"]


def test_the_small_lab_lists_the_case_too_and_fills_what_it_leaves_out(own):
    config = CareLab("Who gains?").config
    offered, told = config["presets"], config["registry"]["presets"]
    assert list(offered)[-1] == "xishui"
    assert set(offered["xishui"]) == set(offered["anhui_package"])
    assert offered["xishui"]["contract_share"] == 0.2
    assert told["xishui"]["why"]["contract_share"]["class"] == "assumed"
    assert told["anhui_package"]["why"]["leakage_charged_share"]["evidence"]
    assert CareLab("Who gains?", opening="xishui").levers["contract_share"] == 0.2


def test_further_cases_fold_away_with_the_other_presets(own):
    for name in ("one", "two", "three"):
        copy_as(own, name)
    config = CareLab("Who gains?", scenario=OPENING).config
    assert config["presets"][3:] == ["one", "three", "two"]
    assert set(config["own"]["presets"]) == {"one", "two", "three", "xishui"}
    assert CareLab("Who gains?", scenario=OPENING, presets=("xishui",)).config["presets"][0] == (
        "xishui"
    )


def test_the_static_page_of_a_lab_carries_the_case(own):
    page = CareLab("Who gains?", scenario=OPENING)._repr_mimebundle_()[0]["text/html"]
    assert '"label": "Xishui"' in page
    shutil.rmtree(own)
    own.mkdir()
    page = CareLab("Who gains?", scenario=OPENING)._repr_mimebundle_()[0]["text/html"]
    assert "Xishui" not in page


def test_a_scenario_can_start_from_the_case_and_follows_its_file(own):
    scenario = Scenario("china_county", "xishui")
    assert scenario.levers["governance_share"] == 0.2
    assert Scenario.from_text(scenario.to_text()) == scenario
    reach = yearly_outcomes(scenario, ("reach",), 2)["reach"].tolist()
    assert (
        reach != yearly_outcomes(Scenario("china_county", "anhui"), ("reach",), 2)["reach"].tolist()
    )
    path = own / "xishui.yml"
    text = path.read_text(encoding="utf-8").replace(
        "value: 0.2, class: assumed, claims", "value: 0.35, class: assumed, claims"
    )
    path.write_text(text, encoding="utf-8")
    assert scenario.levers["governance_share"] == 0.35


def test_a_lab_can_open_at_the_case_and_be_moved_from_python(own):
    lab = CareLab("Who gains?", scenario=Scenario("china_county", "xishui"))
    lab.set(governance_share=0.5)
    assert lab.scenario.to_text() == "carelab/2/china_county/xishui/governance_share=0.5"
    assert set(lab.outcomes)


def test_where_the_case_is_absent_its_scenarios_get_a_sentence_and_the_rest_is_kept(
    own, tmp_path, monkeypatch
):
    kept = write_scenario_file(tmp_path / "a.json", [Scenario("china_county", "xishui"), OPENING])
    assert read_scenario_file(kept).problems == ()
    monkeypatch.setenv("CARELAB_CASES", "")
    found = read_scenario_file(kept)
    assert [each.scenario for each in found.scenarios] == [OPENING]
    assert len(found.problems) == 1
    assert "preset 'xishui' is unknown" in found.problems[0]
    assert "once its file lies in your folder of cases" in found.problems[0]
    lab = CareLab("Who gains?", scenario=OPENING)
    with pytest.raises(CarelabError, match="preset 'xishui' is unknown"):
        lab.scenario_text = "carelab/2/china_county/xishui"
    assert lab.scenario == OPENING


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("broken", "fields:", "fields: [", "broken.yml"),
        ("far", "value: 0.2", "value: 7", "is 7; allowed is 0 to 1"),
        ("magic", "lever: governance_share", "lever: magic", "lever 'magic' is unknown"),
        ("twice", "lever: governance_share", "lever: contract_share", "is set twice"),
        ("uncited", "claims: [E1], note", "claims: [E9], note", "'E9' is cited"),
        ("classless", "class: assumed, claims", "class: guessed, claims", "allowed is observed"),
        ("uk_before", "", "", "a preset of the course has this name"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_sentence_and_the_others_stay(
    own, name, old, new, said
):
    copy_as(own, name, old, new)
    found = CareLab("Who gains?", scenario=OPENING).config["own"]
    assert list(found["presets"]) == ["xishui"]
    assert len(found["problems"]) == 1
    assert said in found["problems"][0]
    assert "Traceback" not in found["problems"][0]
    assert any(said in sentence for sentence in check_case(own / f"{name}.yml"))
    assert CareLab("Who gains?").config["problems"] == found["problems"]


def test_a_file_with_the_name_of_a_case_of_the_course_is_told_and_the_check_says_so(own):
    shutil.copy(built_in_folder() / "anhui.yml", own)
    found = CareLab("Who gains?", scenario=OPENING).config["own"]
    assert list(found["presets"]) == ["xishui"]
    assert "'anhui.yml' of the folder 'mine' has the name of another case" in found["problems"][0]
    assert any("another case is called 'anhui'" in each for each in check_case(own / "anhui.yml"))
    assert check_case(own / "xishui.yml") == []


def test_a_lab_does_not_open_at_a_case_that_it_would_leave_out(own):
    copy_as(own, "uncited", "claims: [E1], note", "claims: [E9], note")
    with pytest.raises(CarelabError, match=r"uncited.yml.*'E9' is cited"):
        CareLab("Who gains?", scenario=Scenario("china_county", "uncited"))
    with pytest.raises(CarelabError, match=r"uncited.yml.*'E9' is cited"):
        CareLab("Who gains?", opening="uncited")


def test_a_scenario_refuses_a_case_whose_levers_are_out_of_range(own):
    copy_as(own, "far", "value: 0.2", "value: 7")
    with pytest.raises(CarelabError, match=r"far.yml': lever 'governance_share' is 7"):
        Scenario("china_county", "far")
    (own / "flat.yml").write_text("lab: 3\n", encoding="utf-8")
    with pytest.raises(CarelabError, match=r"flat.yml': 'lab' is no list"):
        Scenario("china_county", "flat")


def test_two_folders_with_the_same_case_are_told(own, tmp_path, monkeypatch):
    shutil.copytree(own, tmp_path / "again")
    monkeypatch.setenv("CARELAB_CASES", os.pathsep.join([str(own), str(tmp_path / "again")]))
    with pytest.raises(CarelabError, match=r"'xishui.yml' lies in 2 folders"):
        Scenario("china_county", "xishui")
    offered, problems = own_presets("care_economy")
    assert list(offered) == ["xishui"]
    assert "has the name of another case" in problems[0]
    monkeypatch.setenv("CARELAB_CASES", str(tmp_path / "gone"))
    assert own_presets("care_economy") == ({}, ["CARELAB_CASES names 'gone', which is no folder"])


def test_a_folder_named_twice_is_one_folder(own, monkeypatch):
    monkeypatch.setenv("CARELAB_CASES", os.pathsep.join([str(own), f"{own}/../mine"]))
    assert Scenario("china_county", "xishui").levers["contract_share"] == 0.2
    assert "xishui" in set(carelab.cases()["case"])


@pytest.mark.parametrize("name", ["../mine/xishui", "/etc/passwd", "Xishui", "x" * 50, ""])
def test_a_name_that_is_no_case_reads_no_file(own, name):
    with pytest.raises(CarelabError, match="is unknown"):
        Scenario("china_county", name)


def test_a_sweep_starts_from_the_case_and_its_workers_need_no_file(own, tmp_path, monkeypatch):
    levers = {"surplus_kept_share": [0.0, 1.0]}
    done = sweep(
        "china_county", levers, 1, ["reach"], tmp_path / "s", preset="xishui", progress=False
    )
    every = {**preset_levers("xishui"), **levers}
    same = sweep("china_county", every, 1, ["reach"], tmp_path / "t", progress=False)
    assert load_sweep(done)["reach"].tolist() == load_sweep(same)["reach"].tolist()
    plan, settings = read_plan(done), tuple(preset_levers("xishui").items())
    monkeypatch.setenv("CARELAB_CASES", "")
    assert finish_block(plan, str(done), 0, {"surplus_kept_share": np.zeros(2)}, settings) == 2


def test_an_edited_case_is_another_sweep(own, tmp_path):
    levers = {"surplus_kept_share": [0.0, 1.0]}
    given = ("china_county", levers, 1, ["reach"], tmp_path / "s")
    sweep(*given, preset="xishui", progress=False)
    path = own / "xishui.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("value: 0.2", "value: 0.25"), encoding="utf-8")
    with pytest.raises(CarelabError, match=r"holds another sweep .model_sha256 differ"):
        sweep(*given, preset="xishui", progress=False)


def test_reports_call_the_case_by_its_name(own, monkeypatch):
    assert label_of("xishui") == "Xishui"
    monkeypatch.setenv("BOOK_LANG", "zh")
    path = own / "xishui.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "short_en:", 'name_zh: "习水县"\nshort_zh: "习水"\nshort_en:', 1
        ),
        encoding="utf-8",
    )
    assert label_of("xishui") == "习水"
    config = CareLab("谁受益？", scenario=OPENING).config["own"]["presets"]["xishui"]
    assert config["label"] == "习水"
    assert "自建案例" in config["why"]["contract_share"]["source"]


def test_the_report_of_an_experiment_says_what_the_case_sets(own, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.yml").write_text(
        "title: Ours\ncontexts: [china_county]\npresets: [china_dilemma, xishui]\nyears: 1\n"
        "outcomes: [reach]\nlevers: {surplus_kept_share: [0, 1]}\n",
        encoding="utf-8",
    )
    assert main(["experiment", "ours.yml"]) == 0, capsys.readouterr().err
    page = (tmp_path / "ours-results" / "report.html").read_text(encoding="utf-8")
    assert "Xishui is a case of our own; it sets Merged governance 20" in page
    assert "Contract share 20" in page


def test_a_class_of_forty_cases_does_not_slow_the_lab_down(own):
    for number in range(40):
        copy_as(own, f"group_{number}", "claims: [E1], note", "claims: [CN220], note")
    CareLab("Who gains?", scenario=OPENING)  # reads every file once
    started = time.perf_counter()
    config = CareLab("Who gains?", scenario=OPENING).config
    assert time.perf_counter() - started < 3
    assert len(config["own"]["presets"]) == 41
