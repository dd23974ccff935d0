"""What students exported is read for marking, whatever else lies in the folder."""

import csv
import json
import subprocess

import pandas as pd
import pytest

from carelab.base import CarelabError
from carelab.base.numbers import SIZES, size_of_change
from carelab.cli.main import main
from carelab.engine import Scenario, yearly_outcomes
from carelab.study.many import submissions
from carelab.study.many.submissions import budget_check, read_submissions, verdict

ANHUI = "carelab/2/china_county/anhui"


def prediction(direction: str, size: str, before: float | None, after: float | None) -> dict:
    shown = {} if before is None else {"revealed": {"before": before, "after": after}}
    asked = {"question": "What will happen?", "outcome": "reach", "direction": direction}
    return {**asked, "size": size, "made_at": "2026-11-23T09:30:00Z", **shown}


def exported(scenarios: list, predictions: list = ()) -> dict:
    kept = {"scenarios": scenarios, "predictions": list(predictions), "answers": []}
    return {"format": "carelab-scenarios", "version": 1, "model_version": "2", **kept}


def entry(text: str, author: str = "Li Hua", name: str = "Mine") -> dict:
    return {"name": name, "note": "", "author": author, "text": text}


@pytest.fixture
def folder(tmp_path):
    def write(name: str, content: object) -> None:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (tmp_path / name).write_text(text, encoding="utf-8")

    good = exported(
        [entry(f"{ANHUI}/leakage_charged_share=0"), entry("carelab/2/mars/anhui")],
        [prediction("up", "much", 0.1, 0.2), prediction("up", "bit", 0.1, 0.2),
         prediction("down", "bit", 0.1, 0.2), prediction("same", "none", None, None)],
    )  # fmt: skip
    write("good.json", good)
    write("other.json", exported([entry(ANHUI, "王芳", "=SUM(A1)")]))
    write("broken.json", "{")
    write("foreign.json", {"format": "something else"})
    write("old.json", exported([]) | {"model_version": "0"})
    write("notes.txt", "not an exported file")
    return tmp_path


def test_broken_files_get_a_sentence_and_the_rest_is_kept(folder):
    found = read_submissions([folder])
    assert {row["file"] for row in found.rows} == {"good.json", "other.json"}
    assert len(found.rows) == 6
    told = "\n".join(found.problems)
    for part in (
        "'broken.json' is not valid JSON",
        "'foreign.json' holds no scenarios",
        "'old.json' was made with model version 0",
        "place 'mars' is unknown",
    ):
        assert part in told
    assert "file 'notes.txt' has a name that does not end in .json" in told
    assert len(found.problems) == 5


def test_predictions_are_judged_as_the_lab_judges_them(folder):
    rows = [row for row in read_submissions([folder]).rows if row["kind"] == "prediction"]
    assert [row["verdict"] for row in rows] == ["right", "direction", "wrong", "open"]
    assert {row["author"] for row in rows} == {"Li Hua"}
    assert rows[1]["happened"] == "up_much"


def test_python_and_the_lab_name_and_judge_a_change_alike(node, root):
    pairs = [(a, b) for a in (-2.0, -0.1, 0.0, 0.5, 1.0) for b in (-2.1, 0.0, 0.502, 0.55, 1.1)]
    choices = ["down_much", "down_bit", "same", "up_bit", "up_much"]
    static = (root / "src/carelab/lab/static").as_uri()
    script = f"""
    const {{ changeSize }} = await import("{static}/kit/format.js");
    const {{ judge }} = await import("{static}/views/predict.js");
    const found = {json.dumps(pairs)}.map(([a, b]) => changeSize(b, a, {json.dumps(dict(SIZES))}));
    const judged = found.map((each) => {json.dumps(choices)}.map((guess) => judge(guess, each)));
    console.log(JSON.stringify([found, judged]));
    """
    command = [node, "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found, judged = json.loads(done.stdout)
    assert [size_of_change(a, b) for a, b in pairs] == found
    for (before, after), theirs in zip(pairs, judged, strict=True):
        ours = []
        for choice in choices:
            direction, _, size = choice.partition("_")
            shown = {"shown_before": before, "shown_after": after}
            ours.append(verdict({"direction": direction, "size": size or "none", **shown}))
        assert ours == theirs, (before, after)


def test_the_budget_is_held_or_the_sentence_says_by_what_it_breaks():
    none = Scenario("china_county", "china_dilemma")
    assert budget_check(none)["budget"] == "held"
    assert budget_check(Scenario("china_county", "anhui", {"benchmark_share": 1.2}))[
        "budget"
    ].startswith("new money by benchmark_share; over by ")
    more = budget_check(none.change(public_health_multiplier=2.0))
    assert "new money by public_health_multiplier" in more["budget"]
    assert more["outlay"] > more["outlay_without_reform"]


def test_the_command_lists_students_and_writes_a_table_without_formulas(
    folder, capsys, monkeypatch
):
    monkeypatch.chdir(folder)
    assert main(["submissions", ".", "-o", "out.csv"]) == 0
    said = capsys.readouterr().out
    assert "good.json (Li Hua): 1 scenario, 0 within the budget" in said
    assert "1 right, 1 direction, 1 wrong, 1 open" in said
    assert "left out: file 'broken.json' is not valid JSON" in said
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert "left out: file 'notes.txt' has a name that does not end in .json" in said
    assert rows[-1]["author"] == "王芳"
    assert rows[-1]["name"] == "'=SUM(A1)"


def test_a_folder_without_files_is_told(tmp_path):
    with pytest.raises(CarelabError, match="no exported file found"):
        read_submissions([tmp_path])


def test_two_students_files_of_one_name_stay_apart_in_rows_and_sentences(folder, capsys):
    for student, name in (("Li", "lab.json"), ("Wu", "LAB.JSON"), ("Xu", "lab.json")):
        (folder / student).mkdir()
        content = "{" if student == "Xu" else json.dumps(exported([entry(ANHUI, student)]))
        (folder / student / name).write_text(content, encoding="utf-8")
    told = read_submissions([folder])
    assert {"Li/lab.json", "Wu/LAB.JSON"} <= {row["file"] for row in told.rows}
    assert "file 'Xu/lab.json' is not valid JSON" in told.problems
    each = read_submissions([folder / "Li" / "lab.json", folder / "Xu" / "lab.json"])
    assert each.rows[0]["file"].endswith("Li/lab.json")
    assert "Xu/lab.json' is not valid JSON" in each.problems[0]
    assert main(["collect", str(folder), "-o", str(folder / "class.parquet")]) == 0
    assert "left out: file 'Xu/lab.json' is not valid JSON" in capsys.readouterr().out


def test_what_a_marker_needs_stands_in_the_table(tmp_path):
    answer = {"question": "Why?", "answer": "Because", "made_at": "2026-11-23T10:00:00Z"}
    kept = entry(f"{ANHUI}/leakage_charged_share=0") | {"note": "no source gives its strength"}
    content = exported([kept], [prediction("up", "much", 0.1, 0.2)]) | {"answers": [answer]}
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    design, guess, said = read_submissions([tmp_path]).rows
    assert design["note"] == kept["note"] and design["text"] == kept["text"]
    assert (guess["shown_before"], guess["shown_after"]) == (0.1, 0.2)
    assert guess["made_at"] == "2026-11-23T09:30:00Z"
    assert (said["kind"], said["author"], said["answer"]) == ("answer", "Li Hua", "Because")
    paid = ["payoff_insurer", "payoff_hospital"]
    years = [
        yearly_outcomes(each, paid, 5).loc[5]
        for each in (Scenario("china_county", "china_dilemma"), Scenario.from_text(kept["text"]))
    ]
    change = 12 * (years[1] - years[0])
    assert design["gain_insurer"] == pytest.approx(change["payoff_insurer"], abs=0.06)
    assert design["gain_hospital"] == pytest.approx(change["payoff_hospital"], abs=0.06)
    assert design["gain_insurer"] < -10


def test_many_designs_of_one_setting_are_run_once(tmp_path, monkeypatch):
    runs = []

    def counted(*arguments):
        runs.append(arguments)
        return yearly_outcomes(*arguments)

    monkeypatch.setattr("carelab.study.many.submissions.yearly_outcomes", counted)
    text = f"{ANHUI}/contract_share=0.123"
    content = exported([entry(text, name=f"Number {at}") for at in range(50)])
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    assert len(read_submissions([tmp_path]).rows) == 50
    assert len(runs) <= 2


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula_does(sign, tmp_path):
    (tmp_path / "a.json").write_text(
        json.dumps(exported([entry(ANHUI, name=f"{sign}1+1")])), encoding="utf-8"
    )
    path = read_submissions([tmp_path]).save(tmp_path / "out.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["name"] == f"'{sign}1+1"


def test_gains_are_yearly_amounts_of_year_five_to_a_tenth_and_outlays_to_a_thousandth(monkeypatch):
    alone, design = Scenario("uk_place", "uk_before"), Scenario("uk_place", "uk_integrated")

    def years(scenario, names, count):
        assert count == 10
        base = 1.0 if scenario.preset == "uk_before" else 1.0123456
        gains = {name: [0.0] * 4 + [base * number] + [9.0] * 5
                 for number, name in enumerate(names[1:], start=1)}  # fmt: skip
        outlay = {names[0]: [100 * base] * 10}
        return pd.DataFrame(outlay | gains, index=range(1, 11)).rename_axis("year")

    monkeypatch.setattr(submissions, "yearly_outcomes", years)
    submissions._found.cache_clear()
    try:
        # Twelve months of 0.0123456 and of its multiples.
        assert submissions._gains(design) == {
            "gain_patients": 0.1, "gain_hospital": 0.3, "gain_primary": 0.4, "gain_insurer": 0.6,
            "gain_government": 0.7,
        }  # fmt: skip
        told = budget_check(design)
        assert (told["outlay"], told["outlay_without_reform"]) == (101.235, 100.0)
        assert told["budget"].endswith("over by 1.2 %")
        assert budget_check(alone)["budget"] == "held"
    finally:
        submissions._found.cache_clear()
