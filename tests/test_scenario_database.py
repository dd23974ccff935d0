"""Scenarios of a class: what is kept, what is refused, and that results are computed anew."""

import json
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carelab.base import CarelabError
from carelab.base.levers import levers_of
from carelab.cli import main
from carelab.engine import (
    BASELINE_PRESETS,
    LEVERS,
    MODEL_VERSION,
    Scenario,
    yearly_outcomes,
)
from carelab.evidence import load_quantities
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_files import (
    SavedScenario,
    read_scenario_file,
    write_scenario_file,
)
from carelab.study.many.scenario_store import load_scenarios

STATIC = Path(__file__).resolve().parents[1] / "src" / "carelab" / "lab" / "static"
ANHUI = Scenario("china_county", "anhui", {"leakage_charged_share": 0.5}, "Half the charge")
UK = Scenario("uk_place", "uk_integrated", name="三层 plan")
PREDICTION = {
    "question": "Does reach rise?",
    "outcome": "reach",
    "direction": "up",
    "size": "much",
    "made_at": "2026-11-23T09:30:00Z",
    "revealed": {"before": 0.1, "after": 0.25},
}
KEPT = {name: PREDICTION[name] for name in ("question", "outcome", "direction", "size", "made_at")}
KEPT |= {"shown_before": 0.1, "shown_after": 0.25}
ANSWER = {"question": "Who loses?", "answer": "the hospital", "made_at": None}


def raw(**changed) -> dict:
    """A file as the lab writes it."""
    scenarios = [
        {"name": "a", "note": "why", "author": "Li", "text": "carelab/2/china_county/anhui"}
    ]
    content = {
        "format": "carelab-scenarios",
        "version": 1,
        "model_version": "2",
        "scenarios": scenarios,
        "predictions": [PREDICTION],
        "answers": [ANSWER],
    }
    return content | changed


def put(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def group(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    (folder / "late").mkdir(parents=True)
    write_scenario_file(
        folder / "one.json", [SavedScenario(ANHUI, "Group 1", "to see")], [PREDICTION], [ANSWER]
    )
    write_scenario_file(folder / "late" / "two.json", [SavedScenario(UK, "Group 2"), ANHUI])
    return folder


def test_what_is_written_is_read_back(tmp_path):
    saved = SavedScenario(ANHUI, "Group 1", "line one\nline two")
    file = read_scenario_file(write_scenario_file(tmp_path / "a.json", [saved], [PREDICTION]))
    assert file.scenarios == (saved,)
    assert file.scenarios[0].scenario.name == "Half the charge"
    assert file.predictions == (KEPT,)
    assert file.problems == ()


@settings(max_examples=25)
@given(
    st.sampled_from(sorted(BASELINE_PRESETS)),
    st.dictionaries(st.sampled_from(LEVERS), st.floats(0, 1), max_size=5),
    st.text(st.characters(exclude_categories=("C",)), max_size=50).map(str.strip),
)
def test_any_scenario_and_name_survive_the_file(tmp_path_factory, context, shares, name):
    changes = {
        name: lever.on_step(lever.low + share * (lever.high - lever.low))
        for name, share in shares.items()
        for lever in [levers_of()[name]]
    }
    saved = SavedScenario(Scenario(context, BASELINE_PRESETS[context], changes, name), name, name)
    path = tmp_path_factory.mktemp("any") / "a.json"
    (read,) = read_scenario_file(write_scenario_file(path, [saved])).scenarios
    assert (read.author, read.note, read.scenario.name) == (name, name, name)
    assert read.scenario.levers == pytest.approx(saved.scenario.levers, rel=1e-9, abs=1e-12)


def test_a_file_that_the_lab_writes_is_read_and_one_of_ours_is_read_by_the_lab(node, tmp_path):
    ours = write_scenario_file(tmp_path / "ours.json", [SavedScenario(ANHUI, "Group 1", "why")])
    module = (STATIC / "scenarios" / "scenario_file.js").as_uri()
    script = f"""
        import {{ readFileSync, writeFileSync }} from "node:fs";
        const {{ exportFile, importFile }} = await import("{module}");
        const reading = {{ name: "ours.json", model: "{MODEL_VERSION}", t: String,
          readText: (given) => ({{ scenario: given }}) }};
        const found = importFile(readFileSync({json.dumps(str(ours))}), reading);
        const scenarios = [{{ name: "甲", note: "why", text: found.scenarios[0].text }}];
        const prediction = {json.dumps(PREDICTION)};
        const made = exportFile("{MODEL_VERSION}", scenarios, [prediction], [], "Li");
        writeFileSync({json.dumps(str(tmp_path / "theirs.json"))}, made);
        console.log(found.refused);
    """
    command = [node, "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "0"
    file = read_scenario_file(tmp_path / "theirs.json")
    assert file.problems == ()
    assert file.predictions == (KEPT,)
    (read,) = file.scenarios
    assert (read.author, read.scenario.name, read.note) == ("Li", "甲", "why")
    assert read.scenario.levers == ANHUI.levers


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"format": NaN}', "not valid JSON"),
        ("[]", "holds no scenarios"),
        ('{"format": "other"}', "holds no scenarios"),
        (json.dumps(raw(version=2)), "has version 2; this carelab reads 1"),
        (json.dumps(raw(model_version="0")), f"model version 0; this is version {MODEL_VERSION}"),
    ],
)
def test_a_foreign_or_broken_file_is_refused_in_one_sentence(content, said, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CarelabError, match=said) as caught:
        read_scenario_file(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (None, "no object"),
        ({"text": "hello"}, "is no scenario"),
        ({}, "is no scenario"),
        ({"text": "carelab/9/china_county/anhui"}, "model version 9"),
        ({"text": "carelab/2/mars/anhui"}, "place 'mars' is unknown"),
        ({"text": "carelab/2/china_county/none"}, "preset 'none' is unknown"),
        ({"text": "carelab/2/china_county/anhui/contract_share=1.4"}, "allowed is 0 to 1"),
        ({"text": "carelab/2/china_county/anhui/contract_share=nan"}, "allowed is 0 to 1"),
        ({"text": "carelab/2/china_county/anhui/contract_share=x"}, "is 'x'; allowed is 0 to 1"),
        ({"text": "carelab/2/china_county/anhui/magic=1"}, "lever 'magic' is unknown"),
        ({"text": "carelab/2/china_county/anhui", "name": 5}, "name is 5; allowed is text"),
        ({"text": "carelab/2/china_county/anhui", "note": "\0"}, "a character that is no text"),
        ({"text": "carelab/2/china_county/anhui", "name": "\ud800"}, "a character that is no text"),
        ({"text": "carelab/2/china_county/anhui", "author": "x" * 201}, "201 characters"),
    ],
)
def test_a_bad_entry_is_told_and_the_rest_is_kept(entry, said, tmp_path):
    good = raw()["scenarios"][0]
    file = read_scenario_file(put(tmp_path / "mixed.json", raw(scenarios=[entry, good])))
    assert len(file.scenarios) == 1
    (problem,) = file.problems
    assert "file 'mixed.json': entry 1 of 'scenarios' was left out" in problem
    assert said in problem


def test_bad_predictions_and_answers_do_not_cost_the_scenarios(tmp_path):
    bad = [
        PREDICTION | {"size": "big"},
        PREDICTION | {"direction": 1},
        PREDICTION | {"revealed": {"before": "x"}},
        "x",
        PREDICTION,
        PREDICTION | {"revealed": None},
    ]
    content = raw(predictions=bad, answers={"no": "list"})
    file = read_scenario_file(put(tmp_path / "a.json", content))
    assert (len(file.scenarios), len(file.predictions), len(file.problems)) == (1, 2, 5)
    assert "size is 'big'; allowed are much, bit, none" in file.problems[0]
    assert file.predictions[1]["shown_after"] is None


def test_results_are_the_years_that_a_lab_shows(group):
    table = collect_scenarios(group, years=3).scenarios
    assert table.groupby("scenario").size().tolist() == [3, 3, 3]
    assert table["scenario"].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert table["year"].tolist() == [1, 2, 3] * 3
    assert table.index.tolist() == list(range(9))
    for (text, year), rows in table.groupby(["text", "year"]):
        quantities = load_quantities("care_economy")["name"].tolist()
        shown = yearly_outcomes(Scenario.from_text(text), quantities, years=3).loc[year]
        for _, row in rows.iterrows():
            assert row[quantities].astype(float).to_numpy() == pytest.approx(shown.to_numpy())
        assert row[list(LEVERS)].to_dict() == pytest.approx(Scenario.from_text(text).levers)


def test_results_in_a_file_are_never_trusted(tmp_path):
    entry = raw()["scenarios"][0] | {"reach": 99.0, "results": {"reach": 99.0}, "year": 1}
    put(tmp_path / "a.json", raw(scenarios=[entry]))
    honest = collect_scenarios(put(tmp_path / "b.json", raw()), years=1).scenarios
    told = collect_scenarios(tmp_path / "a.json", years=1).scenarios
    assert told["reach"].tolist() == honest["reach"].tolist() != [99.0]


def test_a_forged_result_in_a_database_is_computed_anew(group, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    collection = collect_scenarios(group, years=1)
    path = collection.save(tmp_path / "class.parquet")
    table = pq.read_table(path)
    forged = table.set_column(
        table.column_names.index("reach"), "reach", pa.array([9.0] * table.num_rows)
    )
    pq.write_table(forged, path)
    again = collect_scenarios(path, years=1).scenarios
    assert again["reach"].tolist() == collection.scenarios["reach"].tolist()


@pytest.mark.parametrize("kind", ["parquet", "duckdb"])
def test_databases_are_kept_read_queried_and_merged(kind, group, tmp_path):
    collection = collect_scenarios(group, years=2)
    path = collection.save(tmp_path / f"class.{kind}")
    frame = load_scenarios(path)
    pd.testing.assert_frame_equal(frame, collection.scenarios, check_dtype=False)
    best = load_scenarios(
        path, "SELECT author, max(reach) AS reach FROM scenarios WHERE year = 2 GROUP BY author"
    ).set_index("author")["reach"]
    by_pandas = frame[frame["year"] == 2].groupby("author")["reach"].max()
    assert best.sort_index().to_dict() == pytest.approx(by_pandas.to_dict())
    other = write_scenario_file(tmp_path / "new.json", [SavedScenario(UK, "Group 9")])
    merged = collect_scenarios(path, other, group, years=2)
    assert merged.scenarios["scenario"].nunique() == 4
    assert merged.problems == ()
    if kind == "duckdb":
        # The database and the file that it was made of hold the same one.
        asked = load_scenarios(path, "SELECT question, size, shown_after FROM predictions")
        assert asked.values.tolist() == [["Does reach rise?", "much", 0.25]]
        assert merged.predictions.drop(columns="file").to_dict("records") == [
            {"author": "Group 1", **KEPT}
        ]
        assert load_scenarios(path, "SELECT answer FROM answers")["answer"].tolist() == [
            "the hospital"
        ]


def test_foreign_files_in_the_folder_are_told_and_the_rest_is_kept(group, tmp_path):
    (group / "broken.json").write_text("{", encoding="utf-8")
    (group / "notes.txt").write_text("not looked at", encoding="utf-8")
    (group / "other.parquet").write_bytes(b"PAR1")
    (group / "other.duckdb").write_bytes(b"nothing")
    pd.DataFrame({"a": [1]}).to_parquet(group / "frame.parquet")
    collection = collect_scenarios(group, years=1)
    assert collection.scenarios["scenario"].nunique() == 3
    assert len(collection.problems) == 5
    assert all("\n" not in each for each in collection.problems)


@pytest.mark.parametrize("kind", ["parquet", "duckdb"])
def test_a_database_of_another_model_is_refused(kind, group, tmp_path, monkeypatch):
    path = collect_scenarios(group, years=1).save(tmp_path / f"class.{kind}")
    monkeypatch.setattr("carelab.study.many.scenario_store.MODEL_VERSION", "9")
    with pytest.raises(CarelabError, match=f"model version {MODEL_VERSION}; this is version 9"):
        load_scenarios(path)


def test_a_wrong_query_gets_one_sentence(group, tmp_path):
    path = collect_scenarios(group, years=1).save(tmp_path / "class.parquet")
    with pytest.raises(CarelabError, match="cannot answer") as caught:
        load_scenarios(path, "SELECT nothing FROM nowhere")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["class.csv", "none/class.parquet"])
def test_a_database_that_cannot_be_is_refused(name, group, tmp_path):
    with pytest.raises(CarelabError, match=r"allowed are \.parquet|does not exist"):
        collect_scenarios(group, years=1).save(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_without_duckdb_a_query_says_what_to_install(group, tmp_path, monkeypatch):
    path = collect_scenarios(group, years=1).save(tmp_path / "class.parquet")
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    assert len(load_scenarios(path)) == 3
    with pytest.raises(CarelabError, match="install the package duckdb"):
        load_scenarios(path, "SELECT 1")


def test_the_command_tells_what_it_kept_and_can_be_run_again(group, capsys):
    (group / "broken.json").write_text("{", encoding="utf-8")
    output = group / "class.parquet"
    for _ in range(2):
        assert main(["collect", str(group), "-o", str(output), "--years", "1"]) == 0
        said = capsys.readouterr().out
        assert "left out: file 'broken.json' is not valid JSON" in said
        assert "3 scenarios by 2 named authors, 1 prediction, 1 answer" in said
    assert len(load_scenarios(output)) == 3


def test_the_command_counts_paths_from_where_the_user_is(group, monkeypatch, capsys):
    monkeypatch.chdir(group.parent)
    assert main(["collect", "class", "-o", "a.duckdb", "--years", "1"]) == 0
    assert (group.parent / "a.duckdb").is_file()


def test_the_command_refuses_an_empty_folder_and_a_missing_one(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for place, said in (("empty", "no scenario was collected"), ("none", "neither a file")):
        arguments = ["collect", str(tmp_path / place), "-o", str(tmp_path / "a.parquet")]
        assert main(arguments) == 1
        assert said in capsys.readouterr().err
    assert not (tmp_path / "a.parquet").exists()


def test_a_class_of_thirty_takes_seconds(tmp_path, capsys):
    rng = np.random.default_rng(1)
    for group in range(30):
        shares = rng.random(20)
        kept = [
            Scenario("china_county", "anhui", {"contract_share": float(share)}) for share in shares
        ]
        write_scenario_file(tmp_path / f"{group}.json", kept)
    started = time.perf_counter()
    path = collect_scenarios(tmp_path).save(tmp_path / "class.parquet")
    seconds = time.perf_counter() - started
    with capsys.disabled():
        size = path.stat().st_size / 1e6
        print(f"\n600 scenarios of 30 files over 10 years: {seconds:.1f} s, {size:.1f} MB")
    assert load_scenarios(path)["scenario"].nunique() == 600
    assert seconds < 60
