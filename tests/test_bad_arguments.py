"""What a user gets wrong is told in a sentence, and what `import carelab` promises is there."""

import importlib
import inspect
import subprocess
import sys

import pytest

import carelab
from carelab.base import CarelabError
from carelab.base.checksums import data_version
from carelab.base.yaml_files import load_yaml
from carelab.cli import main
from carelab.evidence.cases.check import check_case
from carelab.study import qca
from carelab.study.compare.tidy import case_events

# Packages whose names a reader imports, and modules of the studies that have no package of theirs.
PUBLIC = (
    *(
        "carelab",
        "carelab.evidence",
        "carelab.engine",
        "carelab.study",
        "carelab.study.compare.qca",
    ),
    *("carelab.plots", "carelab.theory", "carelab.lab", "carelab.tracing"),
    *(
        "carelab.study.compare.coders",
        "carelab.study.many.experiment",
        "carelab.study.many.experiment",
    ),
    *(
        "carelab.study.compare.frames",
        "carelab.study.many.scenario_database",
        "carelab.study.many.scenario_files",
    ),
    *(
        "carelab.study.many.scenario_store",
        "carelab.study.many.submissions",
        "carelab.study.compare.tidy",
    ),
)


def public_functions() -> list[tuple[str, str]]:
    found = []
    for name in PUBLIC:
        module = importlib.import_module(name)
        own = [each for each, it in vars(module).items() if getattr(it, "__module__", "") == name]
        names = getattr(module, "__all__", [each for each in own if not each.startswith("_")])
        found += [(name, each) for each in names if inspect.isfunction(getattr(module, each))]
    return found


@pytest.mark.parametrize(("module", "name"), public_functions())
def test_every_public_function_shows_itself_at_work(module, name):
    text = inspect.getdoc(getattr(importlib.import_module(module), name))
    assert ">>>" in text


def test_import_carelab_shows_what_it_promises_and_nothing_else():
    shown = [name for name in dir(carelab) if not name.startswith("__")]
    assert shown == sorted(carelab.__all__)
    assert all(getattr(carelab, name) is not None for name in shown)


@pytest.mark.parametrize(
    "frame",
    [
        lambda: carelab.cases("anhui"),
        lambda: carelab.claims("anhui"),
        lambda: carelab.indicators(),
        lambda: carelab.glossary(),
        lambda: carelab.frames("who"),
        lambda: carelab.compare(["anhui", "luohu"], frame="who"),
        lambda: carelab.differences(["anhui", "luohu"], frame="who"),
    ],
)
def test_every_frame_tells_from_which_data_it_was_made(frame):
    assert frame().attrs["data_version"] == data_version()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: carelab.compare(3), "cases is '3'; allowed are ids of cases"),
        (lambda: carelab.compare([["anhui"]]), "allowed is the id of one case"),
        (lambda: carelab.differences(["anhui"]), "a difference needs at least 2"),
        (lambda: carelab.cases(3), "allowed are ids of cases"),
        (lambda: carelab.claims(["anhui"]), "allowed is one text, or nothing"),
        (lambda: carelab.claims("kinzigtal"), "no claim of a seed document is about the case"),
        (lambda: carelab.case_presets(3), "case '3' is unknown"),
        (lambda: carelab.glossary("nowhere"), "does not exist in the folder 'nowhere'"),
        (lambda: carelab.plot_timeline(["anhui"]), "allowed is the id of one case"),
        (lambda: carelab.plot_money_flow(["anhui"]), "allowed is the id of one case"),
        (lambda: carelab.plot_governance(None), "allowed is the id of one case"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(call, said):
    with pytest.raises(CarelabError, match=said):
        call()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda codes, sets: qca.truth_table(sets, "economy", ["surplus_kept"], 2), "allowed is 0"),
        (lambda codes, sets: qca.memberships(codes.iloc[:0]), "the codes are empty"),
        (lambda codes, sets: qca.memberships(codes.drop(columns="role")), "lack 'role'"),
        (lambda codes, sets: qca.robustness(codes.iloc[:0]), "the codes are empty"),
    ],
)
def test_small_number_methods_refuse_what_they_cannot_read(call, said):
    codes = qca.condition_codes(None, ["surplus_kept"], outcome="economy")
    with pytest.raises(CarelabError, match=said):
        call(codes, qca.memberships(codes, "absent"))


def test_a_timeline_tells_every_event_that_rests_on_the_evidence_of_the_case():
    events = {name: case_events(name)["claim"].tolist() for name in ("vanguards", "guizhou_trial")}
    assert events == {"vanguards": ["UK093"], "guizhou_trial": ["CN216"]}
    assert len(case_events("dingyuan")) == 1
    assert {"CN232", "CN233"} <= set(case_events("sanming")["claim"])
    told = set(carelab.plot_timeline("better_care_fund").table["date"])
    assert told == {"2013-04-01", "2014", "2015", "2017"}


def test_a_case_may_be_given_as_it_is():
    from carelab.evidence import load_case

    assert set(carelab.compare(load_case("anhui"), frame="who")["case"]) == {"anhui"}


def test_a_file_with_very_many_keys_is_read_at_once(tmp_path):
    path = tmp_path / "many.yml"
    path.write_text("\n".join(f"k{number}: 1" for number in range(60_000)), encoding="utf-8")
    code = "import sys, pathlib; from carelab.evidence.cases.check import check_case\n"
    code += "print(check_case(pathlib.Path(sys.argv[1]))[0])"
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "the key is 'k0'" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<<: {id: x}\nid: y", "line 1: the key << is not allowed"),
        ("id: a\nb: 1\nid: c", "line 3: the key 'id' appears twice"),
        ("", "the file is 'empty'"),
        ("id: My-Town", "'id' is 'My-Town'; allowed is 2 to 40 lower-case letters"),
    ],
)
def test_the_check_of_a_case_speaks_plainly(tmp_path, root, text, said):
    path = tmp_path / "case.yml"
    if text.startswith("id: My"):
        sound = (root / "tests" / "cases" / "xishui.yml").read_text(encoding="utf-8")
        text = sound.replace("id: xishui", text)
    path.write_text(text, encoding="utf-8")
    assert any(said in each for each in check_case(path)), check_case(path)


def test_a_folder_in_place_of_a_file_is_named(tmp_path):
    (tmp_path / "cases").mkdir()
    with pytest.raises(CarelabError, match=r"cases' is a folder; name one file in it"):
        load_yaml(tmp_path / "cases")


def test_a_file_in_place_of_a_folder_is_told_by_every_command(tmp_path, capsys, root):
    there = tmp_path / "there"
    there.write_text("", encoding="utf-8")
    file = str(root / "data" / "experiments" / "charge_for_leaving.yml")
    for command in (
        ["new-case", "my_town", "--folder", str(there)],
        ["new-case", "my_town", "--folder", str(there / "deeper")],
        ["experiment", file, "-o", str(there)],
        ["submissions", str(root / "tests"), "-o", str(there / "a.csv")],
    ):
        assert main(command) == 1, command
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.count("cannot be written") == 2
    assert "there/runs': not a directory" in said


def test_workers_below_one_are_refused(capsys, root):
    file = str(root / "data" / "experiments" / "charge_for_leaving.yml")
    assert main(["experiment", file, "--workers", "0"]) == 1
    assert "workers is 0; allowed is 1 or more" in capsys.readouterr().err


def test_a_database_that_cannot_be_written_is_told_before_anything_is_computed(
    tmp_path, capsys, monkeypatch
):
    module = importlib.import_module("carelab.cli.collecting")

    def computed(*arguments, **options):
        raise AssertionError("the scenarios were computed first")

    monkeypatch.setattr(module, "collect_scenarios", computed)
    (tmp_path / "d.parquet").mkdir()
    for output, said in (
        ("a.csv", "'a.csv' is no database"),
        ("gone/a.parquet", "folder 'gone' does not exist"),
        ("d.parquet", "'d.parquet' is a folder"),
    ):
        assert main(["collect", str(tmp_path), "-o", str(tmp_path / output)]) == 1
        assert said in capsys.readouterr().err
