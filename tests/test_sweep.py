"""Sweeps: the same numbers in any blocks, stopped and resumed, alone or on a cluster."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from carelab.base import CarelabError
from carelab.base.levers import levers_of
from carelab.engine import LEVERS, MODEL_VERSION, Scenario, yearly_outcomes
from carelab.evidence import load_quantities
from carelab.study import load_sweep, sweep
from carelab.study.many import sweep as sweeps
from carelab.study.many.sweep import SweepPlan, missing_spans

OUTCOMES = ("reach", "insured_spending", "next_hospital_balance", "siphon")
PLACE = "china_county"


def random_levers(size: int, seed: int = 4) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        name: lever.on_step(rng.uniform(lever.low, lever.high, size))
        for name, lever in levers_of().items()
    }


def run(folder, levers, years=2, **options):
    settings = {"progress": False, "block": 16, **options}
    return sweep(PLACE, levers, years, OUTCOMES, folder, **settings)


def files_of(folder) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("block-*.parquet")}


class StopError(Exception):
    """Somebody pulls the plug."""


@pytest.fixture
def stop_after(monkeypatch):
    """Let a number of blocks finish; then the next one fails half way."""

    true = sweeps.run_block

    def arm(finished: int) -> None:
        count = iter(range(1000))

        def failing(*arguments):
            if next(count) >= finished:
                raise StopError
            return true(*arguments)

        monkeypatch.setattr(sweeps, "run_block", failing)

    yield arm
    monkeypatch.undo()


@pytest.mark.parametrize("block", [1, 7, 16, 19, 20, 1000])
def test_results_are_identical_to_the_last_bit_whatever_the_block(tmp_path, block):
    levers = random_levers(20)
    whole = load_sweep(run(tmp_path / "whole", levers, block=20))
    parts = load_sweep(run(tmp_path / "parts", levers, block=block))
    pd.testing.assert_frame_equal(whole, parts, check_exact=True)
    assert len(files_of(tmp_path / "parts")) == -(-20 // block)


def test_a_sweep_gives_the_years_that_a_lab_shows(tmp_path):
    levers = random_levers(3)
    frame = load_sweep(run(tmp_path, levers, years=3)).set_index(["scenario", "year"])
    for number in range(3):
        changes = {name: float(values[number]) for name, values in levers.items()}
        alone = yearly_outcomes(Scenario(PLACE, "anhui", changes), OUTCOMES, years=3)
        for year in (1, 2, 3):
            for name in OUTCOMES:
                wanted = alone.loc[year, name]
                assert frame.loc[(number, year), name] == pytest.approx(wanted, rel=1e-9)
            for name, value in changes.items():
                assert frame.loc[(number, year), name] == value


def test_frame_mapping_and_single_numbers_say_the_same(tmp_path):
    values = [0.0, 0.25, 1.0]
    frame = pd.DataFrame({"surplus_kept_share": 1, "contract_share": values}, index=[7, 7, 9])
    mapping = {"contract_share": values, "surplus_kept_share": 1.0}
    first = load_sweep(run(tmp_path / "frame", frame))
    second = load_sweep(run(tmp_path / "mapping", mapping))
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert first["scenario"].tolist() == [0, 0, 1, 1, 2, 2]
    run(tmp_path / "frame", mapping)  # the same sweep: nothing to refuse


def test_levers_that_are_not_given_come_from_a_preset(tmp_path):
    base = load_sweep(run(tmp_path / "base", {"contract_share": [1.0]}))
    anhui = load_sweep(run(tmp_path / "anhui", {"contract_share": [1.0]}, preset="anhui"))
    assert anhui["reach"].iloc[-1] > base["reach"].iloc[-1]


def test_a_stopped_sweep_goes_on_without_repeating_a_finished_block(tmp_path, stop_after):
    levers = random_levers(50)
    wanted = load_sweep(run(tmp_path / "at_once", levers))
    stop_after(2)
    with pytest.raises(StopError):
        run(tmp_path / "stopped", levers)
    before = files_of(tmp_path / "stopped")
    assert len(before) == 2
    with pytest.raises(CarelabError, match="has 32 of 50 scenarios; run it again"):
        load_sweep(tmp_path / "stopped")
    stop_after(2)  # two are left; a third would fail
    run(tmp_path / "stopped", levers)
    after = files_of(tmp_path / "stopped")
    assert len(after) == 4
    assert {name: after[name] for name in before} == before
    pd.testing.assert_frame_equal(load_sweep(tmp_path / "stopped"), wanted, check_exact=True)


def test_a_finished_sweep_runs_nothing(tmp_path, stop_after):
    run(tmp_path, random_levers(20))
    stop_after(0)
    run(tmp_path, random_levers(20))


def test_a_sweep_may_go_on_in_blocks_of_another_size(tmp_path, stop_after):
    levers = random_levers(50)
    wanted = load_sweep(run(tmp_path / "at_once", levers))
    stop_after(1)
    with pytest.raises(StopError):
        run(tmp_path / "stopped", levers, block=20)
    stop_after(5)
    run(tmp_path / "stopped", levers, block=7)
    pd.testing.assert_frame_equal(load_sweep(tmp_path / "stopped"), wanted, check_exact=True)


def test_a_killed_process_leaves_whole_blocks_only(tmp_path):
    code = """
import os, sys, numpy as np
from carelab.study import sweep
from carelab.study.many import sweep as sweeps
true = sweeps.write_whole
def dying(path, write):
    if "000016-" in path.name:
        true(path, lambda file: (file.write(b"PAR1 half"), file.flush(), os._exit(9)))
    true(path, write)
sweeps.write_whole = dying
levers = {"contract_share": np.linspace(0, 1, 40)}
sweep("china_county", levers, 1, ["reach"], sys.argv[1], block=16, progress=False)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == 9
    assert len(files_of(tmp_path)) == 1
    assert len(list(tmp_path.glob(".*.part"))) == 1
    levers = {"contract_share": np.linspace(0, 1, 40)}
    sweep(PLACE, levers, 1, ["reach"], tmp_path, block=16, progress=False)
    assert len(load_sweep(tmp_path)) == 40
    assert list(tmp_path.glob(".*.part")) == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"years": 3}, "years"),
        ({"levers": random_levers(20, seed=5)}, "inputs_sha256"),
        ({"levers": random_levers(21)}, "scenarios"),
        ({"preset": "anhui"}, "preset"),
    ],
)
def test_a_folder_of_another_sweep_is_refused_in_one_sentence(tmp_path, change, name):
    levers = random_levers(20)
    run(tmp_path, levers)
    before = files_of(tmp_path)
    with pytest.raises(CarelabError, match=f"holds another sweep .*{name}") as caught:
        run(tmp_path, **{"levers": levers, **change})
    assert "\n" not in str(caught.value)
    assert files_of(tmp_path) == before


def test_another_version_of_the_model_is_another_sweep(tmp_path, monkeypatch):
    from carelab.study.many import sweep as sweeps

    run(tmp_path, random_levers(20))
    code = sweeps.code_identity
    monkeypatch.setattr(sweeps, "code_identity", lambda *names: code(*names) + "changed")
    sweeps.model_sha256.cache_clear()
    with pytest.raises(CarelabError, match=r"holds another sweep .model_sha256 differ"):
        run(tmp_path, random_levers(20))
    sweeps.model_sha256.cache_clear()


def test_a_worker_with_another_model_runs_nothing(tmp_path):
    plan = SweepPlan(PLACE, "anhui", 1, 1, ("contract_share",), OUTCOMES, "1", "other", "")
    with pytest.raises(CarelabError, match="a worker has another version of carelab"):
        sweeps.finish_block(plan, str(tmp_path), 0, {"contract_share": np.zeros(1)})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CarelabError, match="holds other files; give an empty one"):
        run(tmp_path, random_levers(2))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_damaged_or_foreign_block_is_named(tmp_path):
    levers = random_levers(20)
    run(tmp_path / "a", levers)
    run(tmp_path / "b", random_levers(20, seed=5))
    foreign = sorted((tmp_path / "b").glob("block-*"))[0]
    (tmp_path / "a" / foreign.name).write_bytes(foreign.read_bytes())
    with pytest.raises(CarelabError, match=f"'{foreign.name}' is no block of this sweep"):
        run(tmp_path / "a", levers)
    (tmp_path / "a" / foreign.name).write_bytes(b"PAR1")
    with pytest.raises(CarelabError, match=f"'{foreign.name}' is no whole block"):
        load_sweep(tmp_path / "a")
    (tmp_path / "b" / "sweep.json").write_text("{}")
    with pytest.raises(CarelabError, match=r"'sweep.json' in folder 'b' is damaged"):
        load_sweep(tmp_path / "b")


def test_a_block_over_another_is_named(tmp_path):
    run(tmp_path / "a", random_levers(20), block=10)
    run(tmp_path / "b", random_levers(20), block=12)
    twice = sorted((tmp_path / "b").glob("block-*"))[1]
    (tmp_path / "a" / twice.name).write_bytes(twice.read_bytes())
    with pytest.raises(CarelabError, match=f"'{twice.name}' holds scenarios of another block"):
        load_sweep(tmp_path / "a")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"levers": {"price": [1.0]}}, "lever 'price' is unknown"),
        ({"levers": {"contract_share": [0.1, 1.4]}}, "is 1.4 in scenario 1; allowed is 0 to 1"),
        ({"levers": {"contract_share": [float("nan")]}}, "is nan in scenario 0"),
        ({"levers": {"contract_share": ["a"]}}, "is not a column of numbers"),
        ({"levers": {"contract_share": []}}, "levers have 0 values"),
        ({"levers": {}}, "levers have 0 values"),
        ({"levers": {"contract_share": [0, 1], "ratchet_share": [1]}}, "levers have 1, 2 values"),
        ({"years": 16}, "allowed is a whole number from 1 to 15"),
        ({"block": 0}, "block is 0"),
        ({"outcomes": ["profit"]}, "outcome 'profit' is unknown"),
        ({"outcomes": []}, "allowed is at least one, each once"),
        ({"outcomes": ["reach", "reach"]}, "allowed is at least one, each once"),
        ({"context": "moon"}, "place 'moon' is unknown"),
        ({"preset": "nowhere"}, "preset 'nowhere' is unknown"),
    ],
)
def test_what_cannot_be_run_is_refused_before_a_folder_is_made(tmp_path, change, reason):
    settings = {"context": PLACE, "levers": {"contract_share": [0.5]}, "years": 1}
    settings |= {"outcomes": ["reach"], "folder": tmp_path / "new", **change}
    with pytest.raises(CarelabError, match=reason) as caught:
        sweep(**settings)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_every_block_says_what_it_was_made_from(tmp_path):
    import pyarrow.parquet as pq

    frame = load_sweep(run(tmp_path, random_levers(20)))
    manifest = json.loads((tmp_path / "sweep.json").read_text())
    assert frame.attrs["model_version"] == manifest["model_version"] == MODEL_VERSION
    assert frame.attrs["inputs_sha256"] == manifest["inputs_sha256"]
    for path in tmp_path.glob("block-*.parquet"):
        assert json.loads(pq.read_metadata(path).metadata[b"carelab_sweep"]) == manifest
        columns = ["scenario", "year", *LEVERS, *OUTCOMES]
        assert pd.read_parquet(path).columns.tolist() == columns


def test_a_line_per_block_shows_progress_and_only_on_stderr(tmp_path, capsys, stop_after):
    levers = random_levers(40)
    stop_after(1)
    with pytest.raises(StopError):
        run(tmp_path, levers, progress=True)
    stop_after(2)
    run(tmp_path, levers, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert [line.rsplit(",", 1)[0] for line in lines] == [
        "sweep: block 1/3, 16 of 40 scenarios",
        "sweep: block 2/3, 32 of 40 scenarios",
        "sweep: block 3/3, 40 of 40 scenarios",
    ]
    assert all(line.endswith(" s") for line in lines)
    stop_after(3)
    run(tmp_path / "quiet", levers)
    assert capsys.readouterr() == ("", "")


def test_the_same_sweep_on_a_cluster_of_two_workers(tmp_path, stop_after):
    from distributed import Client, LocalCluster

    levers = random_levers(100)
    wanted = load_sweep(run(tmp_path / "alone", levers))
    stop_after(2)
    with pytest.raises(StopError):
        run(tmp_path / "cluster", levers)
    stop_after(1000)
    before = files_of(tmp_path / "cluster")
    settings = {"threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with LocalCluster(2, **settings) as cluster, Client(cluster) as client:
        run(tmp_path / "cluster", levers, client=client)
        after = files_of(tmp_path / "cluster")
        assert len(after) == 7
        assert {name: after[name] for name in before} == before
        stop_after(3)
        with pytest.raises(StopError):
            run(tmp_path / "broken", levers, client=client)
        stop_after(1000)
        run(tmp_path / "broken", levers, client=client)
    for name in ("cluster", "broken"):
        pd.testing.assert_frame_equal(load_sweep(tmp_path / name), wanted, check_exact=True)


def test_memory_is_bounded_by_the_block(tmp_path):
    import tracemalloc

    def peak(size: int) -> int:
        levers = {"contract_share": np.broadcast_to(0.5, size)}
        tracemalloc.start()
        sweep(PLACE, levers, 1, ["reach"], tmp_path / str(size), block=500, progress=False)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(500)
    assert peak(10_000) < 1.2 * peak(1000)


def test_missing_spans_cover_everything_once():
    rng = np.random.default_rng(2)
    for _ in range(200):
        cuts = sorted(rng.choice(60, size=8, replace=False).tolist())
        finished = dict.fromkeys(zip(cuts[::2], cuts[1::2], strict=True))
        spans = list(missing_spans(finished, 60, int(rng.integers(1, 20))))
        covered = sorted(n for start, stop in [*finished, *spans] for n in range(start, stop))
        assert covered == list(range(60))


def test_duckdb_reads_a_sweep(tmp_path):
    pytest.importorskip("duckdb", reason="DuckDB is optional and not installed")
    frame = load_sweep(run(tmp_path, random_levers(40)))
    sql = "SELECT year, avg(reach) AS reach FROM sweep GROUP BY year ORDER BY year"
    asked = load_sweep(tmp_path, sql)
    assert asked["reach"].to_numpy() == pytest.approx(frame.groupby("year")["reach"].mean())


def test_without_duckdb_a_query_gets_one_sentence(tmp_path, monkeypatch):
    run(tmp_path, random_levers(2))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(CarelabError, match="install the package duckdb"):
        load_sweep(tmp_path, "SELECT 1")


def test_no_lever_has_the_name_of_an_outcome_or_a_key():
    outcomes = set(load_quantities("care_economy")["name"])
    assert not outcomes & {*LEVERS, "scenario", "year"}
    assert not {"scenario", "year"} & set(LEVERS)


def test_the_heavy_packages_are_imported_only_when_needed():
    code = "import sys, carelab.study; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert not {"pyarrow", "distributed", "dask", "duckdb"} & set(done.stdout.split())


class Cluster:
    """Three threads on two workers; blocks end in the order in which they were given."""

    loop = None

    def __init__(self):
        self.waiting, self.most = [], []
        self.cancel = lambda futures: None

    def nthreads(self):
        return {"one": 1, "two": 2}

    def submit(self, task, plan, folder, start, *rest, pure):
        assert task is sweeps.finish_block and not pure
        self.waiting.append(start)
        self.most.append(len(self.waiting))
        return type("Future", (), {"result": staticmethod(lambda: start)})()


def test_a_cluster_has_twice_as_many_blocks_under_way_as_it_has_threads(monkeypatch):
    """Fewer would leave workers idle, more would fill their memory."""
    client, futures = Cluster(), []

    def as_completed(loop):
        def each():
            while futures:
                client.waiting.pop(0)
                yield futures.pop(0)

        made = each()
        return type("C", (), {"add": futures.append, "__iter__": lambda self: made})()

    module = type("D", (), {"as_completed": staticmethod(as_completed)})
    monkeypatch.setitem(sys.modules, "distributed", module)
    spans = [(first, first + 1) for first in range(20)]
    done = list(sweeps._on_cluster(client, spans, lambda span: ("p", "f", span[0], {}, ())))
    assert done == list(range(20))
    assert client.most == [1, 2, 3, 4, 5, 6] + [6] * 14


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_073])
def test_settings_are_hashed_and_checked_in_pieces_to_the_last(size):
    import hashlib

    values = np.linspace(0, 1, size)
    whole = hashlib.sha256(b"ratchet_share\0" + values.astype("<f8").tobytes()).hexdigest()
    columns = sweeps.lever_columns({"ratchet_share": values})
    assert sweeps.inputs_sha256(columns) == whole
    for bad in (0, 1, size // 2, size - 1):
        spoiled = values.copy()
        spoiled[bad] = 1.5
        with pytest.raises(CarelabError, match=f"is 1.5 in scenario {bad};"):
            sweeps.inputs_sha256(sweeps.lever_columns({"ratchet_share": spoiled}))
