"""A reader's own case: template, check, and its place in every comparison."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

import carelab
from carelab.base import CarelabError, execution_cache_path
from carelab.base.yaml_files import load_yaml
from carelab.cli.execution import hide_own_cases
from carelab.evidence.cases.check import check_case
from carelab.evidence.cases.files import (
    built_in_folder,
    case_files,
    load_case,
    load_case_file,
    load_cases,
)
from carelab.evidence.cases.model import FIELDS, MECHANISMS
from carelab.evidence.cases.template import case_template, write_template
from carelab.plots import plot_mechanisms
from carelab.study import claims_table, field_table, qca, silence_table


@pytest.fixture
def own(root, tmp_path, monkeypatch):
    """A folder of the reader's with one case, named in the environment."""
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(root / "tests" / "cases" / "xishui.yml", folder)
    monkeypatch.setenv("CARELAB_CASES", str(folder))
    return folder


def spoil(folder, old: str, new: str):
    path = folder / "xishui.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_valid_file_of_the_readers_is_ready_and_not_of_the_project(own):
    assert check_case(own / "xishui.yml") == []
    assert not (built_in_folder() / "xishui.yml").exists()


def test_the_case_stands_in_every_comparison_table_and_figure(own):
    assert list(load_cases())[-1] == "xishui"
    for frame in (None, "rainbow", "who", "holistic", "evaluation"):
        assert "xishui" in set(carelab.compare(frame=frame)["case"])
        assert "Xishui" in carelab.plot_heat_map(frame=frame).alt
    assert "xishui" in set(carelab.cases()["case"])
    assert "xishui" in set(field_table("governance")["case"])
    assert "xishui" in set(silence_table()["case"])
    assert "Xishui" in plot_mechanisms().alt
    assert "xishui" in qca.memberships(qca.condition_codes(outcome="economy"), "absent").index
    assert carelab.plot_governance("xishui").table["class"].tolist() == ["stated"]
    assert carelab.plot_timeline("xishui").table["date"].tolist() == ["2022-01"]
    row = carelab.differences(["xishui", "funan"], frame="evaluation").iloc[0]
    assert row["differing"] == "economy (worsened / improved)"
    assert row["claims"] == "E2; CN337"


def test_a_case_can_be_loaded_from_any_folder(root):
    cases = load_cases(root / "tests" / "cases")
    assert list(cases) == ["xishui"]
    assert carelab.compare(cases, frame="evaluation")["status"].tolist().count("silent") == 3


def test_the_case_offers_its_settings_to_the_lab(own):
    offered = carelab.case_presets("xishui")
    assert offered["label_en"] == "Xishui"
    assert offered["presets"] == {"retention": {"contract_share": 0.2}}
    from carelab.lab import CareLab

    lab = CareLab(question="Who gains?")
    lab.set(**offered["presets"]["retention"])
    assert lab.levers["contract_share"] == 0.2


def test_a_built_in_preset_of_a_case_is_offered_too():
    assert "care_economy" in carelab.case_presets("anhui")["presets"]


def test_its_own_sources_can_be_looked_up(own):
    case = load_case("xishui")
    assert [each.id for each in case.evidence] == ["E1", "E2"]
    with pytest.raises(CarelabError, match="'E1'"):
        claims_table(["E1"])


def test_a_changed_file_is_read_again(own):
    assert load_case("xishui").short_en == "Xishui"
    spoil(own, 'short_en: "Xishui"', 'short_en: "Xishui county"')
    assert load_case("xishui").short_en == "Xishui county"


def test_no_chapter_sees_the_readers_cases(own, monkeypatch):
    before = execution_cache_path()
    spoil(own, "Cost per case", "The cost per case")
    assert execution_cache_path() == before
    assert "xishui" in load_cases()
    hide_own_cases()
    assert "xishui" not in load_cases()


@pytest.mark.parametrize("step", ["execute_chapters", "write_pages"])
def test_the_book_is_made_without_the_readers_cases(own, step, monkeypatch):
    from carelab.cli import building, execution

    monkeypatch.setattr(execution, "execution_cache_path", lambda: own / "cache")
    monkeypatch.setattr(execution, "chapters", lambda folder="": [])
    monkeypatch.setattr(building, "_forget_failed_build", lambda marker: 1 / 0)
    with suppress(ZeroDivisionError):
        {"execute_chapters": execution.execute_chapters, "write_pages": building.write_pages}[
            step
        ]()
    assert "xishui" not in load_cases()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("claims: [E2]}\nframes", "claims: [E9]}\nframes", "'E9' is cited but is no claim"),
        ("country: China", "country:", "'country' is 'None'"),
        ("status: partial", "status: much", "allowed is present, partial"),
        ("direction: worsened", "direction: down", "allowed is improved, mixed"),
        ("design: controlled", "design: guess", "allowed is randomised, controlled"),
        ("design: controlled, ", "", "has a direction and no 'design'"),
        ("kind: system", "kind: dream", "allowed is system, policy, advice, paper"),
        ("value: 0.2", "value: 7", "is 7; allowed is 0 to 1"),
        (
            "lever: contract_share",
            "lever: magic",
            "lever 'magic' is unknown; known are contract_share",
        ),
        ("rainbow.normative", "rainbow.colour", "a dimension of no frame"),
        ("id: xishui", "id: other", "the name of the file"),
        ("date: 2022-01", "date: soon", "such as 2019"),
        ("to: township, what", "to: nobody, what", "allowed is hospital, township"),
        ("basis:", "bases:", "the key is 'bases'"),
        ("  financing: silent\n", "", "off by ['financing']"),
        ("  surplus_kept: silent", "  surplus_kept: {status: absent, claims: [E1]}", "both silent"),
        ("source: E1\n", "source: nowhere\n", "neither a key of the registry nor"),
        ("not_stated:\n", "x_not:\n", "the key is 'x_not'"),
        ("How the integrated", "CHANGE ME: how the", "'CHANGE ME' still stands in not_stated"),
        ('short_en: "Xishui"', 'short_en: "Xishui county of Guizhou"', "20 at most fit"),
        ("  information: silent", "  information: {text: silent, claims: [E1]}", "none where"),
        (
            "  shared_information: silent",
            "  shared_information: {status: present, claims: [S004-47, S004-91]}",
            "'shared_information' is coded 'present' on S004-47, S004-91",
        ),
        ("controlled, claims: [E2]", "controlled, claims: [S003-87]", "ought to be or may come"),
    ],
)
def test_the_check_names_what_is_wrong_in_a_sentence(own, old, new, said):
    path = spoil(own, old, new)
    found = check_case(path)
    assert any(said in sentence for sentence in found), found
    assert all("\n" not in sentence and "Traceback" not in sentence for sentence in found)


def test_a_file_with_the_earlier_word_for_its_kind_is_still_read(own):
    path = spoil(own, "kind: system", "kind: comparison")
    assert load_case_file(path).is_system


@pytest.mark.parametrize(
    "code", ["{status: recommended, claims: [S004-47]}", "{status: present, claims: [S004-47, E1]}"]
)
def test_what_is_asked_for_may_be_coded_as_such_or_stand_beside_a_report(own, code):
    path = spoil(own, "  shared_information: silent", f"  shared_information: {code}")
    assert check_case(path) == []


def test_the_check_lists_every_malformed_part_and_not_only_the_first(own):
    spoil(own, "status: partial", "status: much")
    path = spoil(own, "direction: worsened", "direction: down")
    assert len(check_case(path)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x: !!python/object/apply:os.system ['true']", "tag"),
        ("a: &a [1]\nb: *a", "aliases"),
        ("[" * 3000, "nested too deeply"),
        ("x: 2019-99-99", "impossible value"),
        ("x: " + "9" * 5000, "impossible value"),
        ("- a\n- b", "a mapping of keys"),
        ("", "a mapping of keys"),
        ("a: [1", "line"),
        ("? [1, 2]\n: 3", "unhashable"),
        ("id: \0x", "not"),
        ("actors: {a: 1}\nfields: 3\nmechanisms: [1]\nframes: 7\nlab: [3]\nmoney: [3]", "text"),
    ],
)
def test_hostile_and_broken_files_get_a_sentence(tmp_path, text, said):
    path = tmp_path / "bad.yml"
    path.write_text(text, encoding="utf-8")
    found = check_case(path)
    assert any(said in sentence for sentence in found), found
    with pytest.raises(CarelabError):
        load_case_file(path)


def test_signs_with_a_meaning_elsewhere_are_shown_as_they_are(own):
    spoil(own, 'name_en: "Township centres"', 'name_en: "$x^{ <script>alert(1)</script> $5"')
    spoil(own, 'short_en: "Xishui"', 'short_en: "<b>$_{</b>"')
    for picture in (carelab.plot_governance("xishui"), carelab.plot_heat_map(["xishui"])):
        shown = picture._repr_html_()
        assert "<script>alert" not in shown
        assert "<b>$" not in shown
        assert "&lt;" in shown


def test_a_bad_file_is_named_and_left_out_and_the_rest_is_compared(own):
    shutil.copy(own / "xishui.yml", own / "second.yml")
    text = (own / "second.yml").read_text(encoding="utf-8").replace("id: xishui", "id: second")
    (own / "second.yml").write_text(text, encoding="utf-8")
    spoil(own, "claims: [E2]}\nframes", "claims: [E9]}\nframes")
    with pytest.warns(UserWarning, match=r"left out: case file 'xishui.yml'.*'E9' is cited"):
        compared = set(carelab.compare()["case"])
    assert "second" in compared and "xishui" not in compared
    with pytest.raises(CarelabError, match=r"xishui.yml.*'E9' is cited"):
        load_case("xishui")


def test_a_case_may_not_take_the_name_of_another(own):
    shutil.copy(built_in_folder() / "anhui.yml", own)
    with pytest.warns(UserWarning, match="name of another case"):
        assert "xishui" in load_cases()
    assert load_case_file(case_files()["anhui"]).has_seed


def test_a_folder_that_does_not_exist_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CARELAB_CASES", str(tmp_path / "gone"))
    with pytest.raises(CarelabError, match="'gone', which is no folder"):
        load_cases()


def test_without_a_setting_the_folder_cases_beside_the_reader_counts(own, monkeypatch):
    monkeypatch.delenv("CARELAB_CASES")
    shutil.copytree(own, own.parent / "cases")
    monkeypatch.chdir(own.parent)
    assert "xishui" in load_cases()


def test_the_template_asks_for_every_code_and_is_silent_until_told(tmp_path):
    path = write_template("my_town", tmp_path / "cases")
    raw = load_yaml(path)
    assert tuple(raw["fields"]) == FIELDS
    assert tuple(raw["mechanisms"]) == MECHANISMS
    assert set(raw["fields"].values()) == set(raw["mechanisms"].values()) == {"silent"}
    assert path.read_text(encoding="utf-8").count("\n  # ") >= len(FIELDS) + len(MECHANISMS)
    assert any("CHANGE ME" in sentence for sentence in check_case(path))


def test_a_filled_template_is_ready(tmp_path):
    path = write_template("my_town", tmp_path)
    text = re.sub(r"CHANGE ME: ", "", path.read_text(encoding="utf-8"))
    text = text.replace("  level: silent", '  level: {text: "A town.", claims: [E1]}')
    text = text.replace(
        "actors: []", 'actors:\n  - {id: a, name_en: "A", role: hospital, claims: [E1]}'
    )
    path.write_text(text, encoding="utf-8")
    assert check_case(path) == []


@pytest.mark.parametrize("name", ["My Town", "../x", "", "x", "a" * 60, "ümlaut"])
def test_a_name_that_cannot_be_an_id_is_refused(name):
    with pytest.raises(CarelabError, match="cannot be the id"):
        case_template(name)


def test_a_template_overwrites_nothing(tmp_path):
    write_template("my_town", tmp_path)
    with pytest.raises(CarelabError, match="nothing is written"):
        write_template("my_town", tmp_path)
    with pytest.raises(CarelabError, match="exists already"):
        write_template("anhui", tmp_path)


def run(*arguments: str, where) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CARELAB_CASES": ""}
    return subprocess.run(
        [sys.executable, "-m", "carelab", *arguments],
        cwd=where,
        env=env,
        capture_output=True,
        text=True,
    )


def test_the_commands_write_and_check_a_case(tmp_path, root):
    done = run("new-case", "my_town", where=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "cases" / "my_town.yml").is_file()
    done = run("check-case", "cases/my_town.yml", where=tmp_path)
    assert done.returncode == 1
    assert "CHANGE ME" in done.stdout
    done = run("check-case", str(root / "tests" / "cases" / "xishui.yml"), where=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "9 of 13 fields" not in done.stdout
    assert "8 of 13 fields and 13 of 14 mechanisms are silent" in done.stdout
    done = run("check-case", "nowhere.yml", where=tmp_path)
    assert done.returncode == 1
    assert "does not exist" in done.stdout
    assert run("new-case", "My Town", where=tmp_path).returncode == 1


def test_run_py_offers_both_commands_where_the_reader_stands(tmp_path, root):
    text = subprocess.run(
        [sys.executable, str(root / "run.py"), "help"], capture_output=True, text=True, check=True
    ).stdout
    assert "new-case NAME" in text
    assert "check-case FILE" in text
