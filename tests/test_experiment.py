"""Policy experiments: what a file may say, what is run, and what the report tells."""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from carelab.base import CarelabError
from carelab.cli import main
from carelab.cli.experiment_page import experiment_page
from carelab.engine import Scenario, yearly_outcomes
from carelab.study import load_sweep
from carelab.study.many import experiment as experiments
from carelab.study.many.experiment import (
    arm_folder,
    lever_effects,
    lever_profile,
    load_experiment,
    outcome_ranges,
    run_experiment,
    strongest_lever,
)

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "data" / "experiments" / "charge_for_leaving.yml"
SMALL = {
    "title": "Small",
    "contexts": ["china_county", "uk_place"],
    "presets": ["anhui"],
    "years": 2,
    "outcomes": ["reach", "kept_in_place_share"],
    "levers": {
        "leakage_charged_share": {"low": 0, "high": 1, "steps": 3},
        "contract_share": {"low": 0.2, "high": 1},
        "ratchet_share": 0.5,
    },
    "draws": 4,
    "seed": 1,
}


@pytest.fixture(autouse=True)
def called_in(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def put(folder: Path, content: object, name: str = "small.yml") -> Path:
    path = folder / name
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    experiment = load_experiment(put(folder, SMALL))
    return experiment, run_experiment(experiment, folder / "results", progress=False)


def test_a_design_is_every_step_with_every_draw_within_the_ranges(small):
    experiment, _ = small
    columns = experiment.design()
    assert experiment.scenarios == 12
    assert {name: len(values) for name, values in columns.items()} == dict.fromkeys(columns, 12)
    assert columns["leakage_charged_share"].tolist() == [0] * 4 + [0.5] * 4 + [1] * 4
    assert set(columns["ratchet_share"]) == {0.5}
    drawn = columns["contract_share"].reshape(3, 4)
    assert (drawn == drawn[0]).all()
    assert ((drawn[0] >= 0.2) & (drawn[0] <= 1)).all()
    assert sorted(((drawn[0] - 0.2) / 0.8 * 4).astype(int)) == [0, 1, 2, 3]
    assert experiment.varied == ("contract_share", "leakage_charged_share")


def test_an_arm_is_what_the_engine_computes(small):
    experiment, folder = small
    table = load_sweep(arm_folder(folder, "uk_place", "anhui"))
    design = experiment.design()
    for scenario in (0, 7):
        levers = {name: float(values[scenario]) for name, values in design.items()}
        last = yearly_outcomes(Scenario("uk_place", "anhui", levers), ["reach"], 2).loc[2, "reach"]
        row = table[(table["scenario"] == scenario) & (table["year"] == 2)]
        assert row["reach"].item() == pytest.approx(last)


def test_sums_are_those_of_numpy_and_scipy(small):
    from scipy.stats import spearmanr

    experiment, folder = small
    table = load_sweep(arm_folder(folder, "china_county", "anhui"))
    last = table[table["year"] == 2]
    ranges = outcome_ranges(experiment, folder)
    here = (ranges["context"] == "china_county") & (ranges["outcome"] == "reach")
    row = ranges[here & (ranges["year"] == 2)].iloc[0]
    wanted = np.quantile(last["reach"], [0.05, 0.5, 0.95])
    assert row[["low", "middle", "high"]].astype(float).to_numpy() == pytest.approx(wanted)
    effects = lever_effects(experiment, folder).set_index(["context", "outcome", "lever"])
    for lever in experiment.varied:
        told = effects.loc[("china_county", "reach", lever), "rank_correlation"]
        assert told == pytest.approx(spearmanr(last[lever], last["reach"]).statistic)
    profile = lever_profile(experiment, folder, "reach", "leakage_charged_share")
    means = last.groupby("leakage_charged_share")["reach"].mean()
    assert profile[profile["context"] == "china_county"]["mean"].tolist() == pytest.approx(
        means.tolist()
    )


def test_an_outcome_that_nothing_moves_has_no_strongest_lever(tmp_path):
    # Without a contract nothing is left to keep.
    content = SMALL | {
        "contexts": "china_county",
        "presets": "china_dilemma",
        "levers": {"contract_share": 0, "surplus_kept_share": {"low": 0, "high": 1}},
    }
    path = put(tmp_path, content)
    experiment = load_experiment(path)
    folder = run_experiment(experiment, tmp_path / "results", progress=False)
    effects = lever_effects(experiment, folder)
    assert effects["rank_correlation"].isna().all()
    assert strongest_lever(effects, "reach") is None
    assert "Nothing that was varied moves Reach" in experiment_page(experiment, folder, path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "title is ''; allowed is text"),
        ({"question": 5}, "question is '5'"),
        ({"contexts": ["mars"]}, "place 'mars' is unknown"),
        ({"contexts": []}, "contexts is '\\[\\]'; allowed is 1 to 3 names, each once"),
        ({"contexts": ["uk_place", "uk_place"]}, "each once"),
        ({"presets": ["none"]}, "preset 'none' is unknown"),
        ({"presets": {"a": 1}}, "a list of names"),
        ({"years": 16}, "years is '16'; allowed is a whole number from 1 to 15"),
        ({"years": True}, "years is 'True'"),
        ({"outcomes": ["joy"]}, "outcome 'joy' is unknown"),
        ({"draws": 0}, "draws is '0'"),
        ({"draws": 10**9}, "from 1 to 20,000"),
        ({"seed": "x"}, "seed is 'x'"),
        ({"levers": {}}, "levers is"),
        ({"levers": {"magic": 1}}, "lever 'magic' is unknown"),
        ({"levers": {"contract_share": 1.4}}, "lever 'contract_share' is 1.4; allowed is 0 to 1"),
        ({"levers": {"contract_share": "half"}}, "lever 'contract_share' is 'half'"),
        ({"levers": {"contract_share": float("nan")}}, "is nan; allowed is 0 to 1"),
        ({"levers": {"contract_share": [0, 0]}}, "each once"),
        ({"levers": {"contract_share": {"low": 1, "high": 0}}}, "a low below the high"),
        ({"levers": {"contract_share": {"low": 0}}}, "low and high"),
        ({"levers": {"contract_share": {"low": 0, "high": 1, "steps": 1}}}, "steps is '1'"),
        ({"levers": {"contract_share": [0, 1]}}, "no lever has a low and high to draw from"),
        ({"colour": "red"}, "entry 'colour' is unknown"),
    ],
)
def test_a_bad_file_gets_one_sentence(change, said, tmp_path):
    with pytest.raises(CarelabError, match=f"file 'small.yml': .*{said}") as caught:
        load_experiment(put(tmp_path, SMALL | change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "- a", "a: [", "title: !!python/object:os.system x"])
def test_what_is_no_experiment_gets_one_sentence(text, tmp_path):
    with pytest.raises(CarelabError, match=r"small\.yml") as caught:
        load_experiment(put(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_missing_entry_and_too_many_scenarios_are_refused(tmp_path):
    with pytest.raises(CarelabError, match="entry 'years' is missing"):
        load_experiment(put(tmp_path, {name: SMALL[name] for name in SMALL if name != "years"}))
    grid = {"low": 0, "high": 1, "steps": 200}
    names = ("contract_share", "surplus_kept_share", "ratchet_share")
    many = SMALL | {"levers": {name: dict(grid) for name in names}, "draws": 1}
    with pytest.raises(CarelabError, match="16,000,000 scenarios are too many"):
        load_experiment(put(tmp_path, many))


def test_the_command_runs_resumes_and_reports_the_same(tmp_path, capsys, monkeypatch):
    path = put(tmp_path, SMALL)
    calls = []
    module = sys.modules["carelab.study.many.sweep"]  # the package has a function of this name
    real = module.finish_block

    def counted(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(module, "finish_block", counted)
    assert main(["experiment", str(path)]) == 130
    results = tmp_path / "small-results"
    assert not (results / "report.html").exists()
    assert main(["experiment", str(path)]) == 0
    assert len(calls) == 3
    said = capsys.readouterr()
    assert "24 scenarios in 2 arms" in said.out
    assert "arm 2/2, uk_place with anhui" in said.err
    # Apart from ids that number the pictures of one process, a second report is the same.
    plain = re.compile(r"c[0-9a-f]{8}(-\d+)?-")
    first = plain.sub("", (results / "report.html").read_text(encoding="utf-8"))
    assert main(["experiment", str(path)]) == 0
    assert len(calls) == 3
    assert plain.sub("", (results / "report.html").read_text(encoding="utf-8")) == first
    summary = pd.read_csv(results / "summary.csv")
    assert len(summary) == 2 * 2 * 2


def test_a_changed_file_does_not_mix_with_old_runs(tmp_path, capsys):
    path = put(tmp_path, SMALL)
    assert main(["experiment", str(path)]) == 0
    put(tmp_path, SMALL | {"seed": 2})
    assert main(["experiment", str(path)]) == 1
    assert "holds another sweep (inputs_sha256 differ)" in capsys.readouterr().err


def test_the_same_file_runs_on_a_dask_cluster(tmp_path, small):
    from distributed import LocalCluster

    _, alone = small
    path = put(tmp_path, SMALL)
    settings = {"threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with LocalCluster(2, protocol="tcp", **settings) as cluster:
        address = cluster.scheduler_address
        assert main(["experiment", str(path), "--cluster", address]) == 0
    for context in SMALL["contexts"]:
        there = load_sweep(arm_folder(tmp_path / "small-results", context, "anhui"))
        here = load_sweep(arm_folder(alone, context, "anhui"))
        pd.testing.assert_frame_equal(there, here, check_exact=True)


def test_no_cluster_and_no_file_get_one_sentence(tmp_path, capsys):
    path = put(tmp_path, SMALL)
    assert main(["experiment", str(path), "--cluster", "nonsense"]) == 1
    assert "no cluster answers at 'nonsense'" in capsys.readouterr().err
    assert main(["experiment", str(tmp_path / "none.yml")]) == 1
    assert "file 'none.yml' does not exist" in capsys.readouterr().err


def test_the_report_says_how_it_was_done_and_asks_nobody(small, tmp_path):
    experiment, folder = small
    path = put(tmp_path, SMALL)
    page = experiment_page(experiment, folder, path)
    for text in (
        "model version 2",
        "2 arms has 12 scenarios, 24 in all",
        "drawn 4 times by Latin hypercube (seed 1",
        "held at 50\u202f%",
        "Spearman rank correlations",
        "It is no margin of error and no forecast",
    ):
        assert text in page
    assert not re.search(r"""(?:src|href)=["'](?!#)|@import|url\(['"]?https?:|<script""", page)
    assert page.count("<svg") == 2 * 2 * 2
    assert page.count("<figcaption>") == page.count('role="img" aria-label=')


def test_text_of_the_file_is_shown_and_not_run(tmp_path):
    bad = "<script>alert(1)</script>"
    content = SMALL | {"title": bad, "question": bad, "author": bad, "contexts": "uk_place"}
    path = put(tmp_path, content)
    experiment = load_experiment(path)
    folder = run_experiment(experiment, tmp_path / "results", progress=False)
    page = experiment_page(experiment, folder, path)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 6


def test_the_worked_example_is_small_and_speaks_to_its_question(tmp_path):
    experiment = load_experiment(EXAMPLE)
    assert experiment.scenarios * len(experiment.arms) == 400
    folder = run_experiment(experiment, tmp_path, progress=False)
    effects = lever_effects(experiment, folder)
    assert strongest_lever(effects, "kept_in_place_share") == "leakage_charged_share"


def test_a_profile_has_the_settings_themselves_up_to_twelve_and_eight_bins_beyond(monkeypatch):
    class Asked:
        arms = (("uk_place", "anhui"),)
        years = 7

    def profile(count):
        frame = pd.DataFrame({"lever": np.repeat(np.linspace(0, 1, count), 21),
                              "reach": np.tile(np.arange(21.0), count)})  # fmt: skip
        asked = []
        monkeypatch.setattr(
            experiments, "_read", lambda *given: asked.append(given) or frame
        )  # fmt: skip
        table = lever_profile(Asked, Path("x"), "reach", "lever")
        assert asked == [(arm_folder(Path("x"), "uk_place", "anhui"), ["lever", "reach"], 7)]
        return table

    few, many = profile(12), profile(13)
    assert few["setting"].tolist() == pytest.approx(np.linspace(0, 1, 12))
    assert many["setting"].tolist() == pytest.approx(
        [0.0625 + 0.125 * n for n in range(8)], abs=1e-3
    )
    # Of 0 to 20: the middle nine tenths leave one at each end.
    for table in (few, many):
        assert (table["mean"] == 10).all() and (table["context"] == "uk_place").all()
    assert set(few["low"]) == {1.0} and set(few["high"]) == {19.0}


def test_the_strongest_lever_has_the_greatest_mean_size_of_rank_correlation():
    rows = [("reach", "a", 0.9), ("reach", "a", -0.1), ("reach", "b", -0.6), ("reach", "b", -0.6),
            ("reach", "c", 0.7), ("reach", "c", float("nan")), ("quality", "a", 1.0)]  # fmt: skip
    effects = pd.DataFrame(rows, columns=["outcome", "lever", "rank_correlation"])
    # Means of sizes: a 0.5, b 0.6, c 0.7 where it moves anything.
    assert strongest_lever(effects, "reach") == "c"
    assert strongest_lever(effects[effects["lever"] != "c"], "reach") == "b"
    assert strongest_lever(effects, "cost") is None


def test_a_range_with_steps_ends_where_it_says_and_lies_evenly():
    def of(given):
        return experiments._lever("leakage_charged_share", given)

    assert of({"low": 0, "high": 1, "steps": 5}) == (0, 0.25, 0.5, 0.75, 1)
    assert of({"low": 0.1, "high": 0.7, "steps": 3})[-1] == 0.7
    assert of({"low": 0.2, "high": 1}) == {"low": 0.2, "high": 1}
    assert of(0.5) == (0.5,) and of([0, 1]) == (0, 1)
    for bad in ({"low": 1, "high": 1}, {"low": 1}, {"low": 0, "high": 1, "by": 2}, [], [0, 0],
                {"low": 0, "high": 1, "steps": 1}):  # fmt: skip
        with pytest.raises(CarelabError):
            of(bad)
