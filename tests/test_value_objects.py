"""What the package hands out can be copied, pickled, compared, and sent to another process."""

import copy
import importlib
import inspect
import json
import pickle
import pkgutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, is_dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carelab
from carelab.base import load_manifest
from carelab.base.found_files import Found
from carelab.base.frozen import FrozenMap
from carelab.base.levers import levers_of
from carelab.engine import Scenario, load_place, place_parameters, trace_step
from carelab.engine.places import place_at_rest
from carelab.evidence import load_case
from carelab.evidence.cases.presets import OwnPreset
from carelab.lab.economy_lab import EconomyChoice, Prediction
from carelab.plots.tables import Table
from carelab.study import qca
from carelab.study.compare.qca.sets import sufficiency
from carelab.study.explain.causal_maps import Course
from carelab.study.explain.formulas import Formula
from carelab.study.explain.responses import Mechanism
from carelab.study.many.experiment import load_experiment
from carelab.study.many.scenario_database import Collection
from carelab.study.many.scenario_files import SavedScenario, ScenarioFile
from carelab.study.many.submissions import Submissions
from carelab.study.many.sweep import SweepPlan
from carelab.study.trust.calibration import Fit
from carelab.study.trust.directional import DirectionalClaim, Run, Term
from carelab.study.trust.facts import FACTS
from carelab.theory.models import MODELS
from carelab.tracing.python_code import RunnableTrace

ANHUI = Scenario("china_county", "anhui", {"leakage_charged_share": 0.5}, "Half")
FRAME = pd.DataFrame({"a": [1.0, float("nan")], "b": ["x", "三"]})


def _draws():
    parameters = place_parameters("uk_place")
    name = next(iter(parameters))
    return place_at_rest("uk_place", {**parameters, name: np.full(2, parameters[name])}, months=2)


@cache
def objects() -> dict[str, object]:
    """One object of every public frozen class, and more of those that hold arrays."""
    case = load_case("anhui")
    experiment = carelab.base.data_file("experiments/charge_for_leaving.yml")
    data = pd.DataFrame({"A": [1, 1, 0], "Y": [1, 1, 0]}, index=["x", "y", "z"])
    run = Run("anhui", (("ratchet_share", 0.0),))
    term = Term(1.0, run, "reach", (1, 5))
    trace = trace_step()
    runnable = RunnableTrace(MODELS["retention"].trace())
    runnable(dict.fromkeys(runnable.inputs, 0.5))
    return {
        "Lever": levers_of()["contract_share"],
        "Manifest": load_manifest("claims.csv"),
        "Place": load_place("china_county"),
        "Place of draws": _draws(),
        "Scenario": ANHUI,
        "Case": case,
        "Coded": case.fields["level"],
        "Actor": case.actors[0],
        "Link": case.money[0],
        "OwnPreset": OwnPreset(case, ()),
        "Prediction": Prediction("What?", ANHUI, ("reach",)),
        "EconomyChoice": EconomyChoice("What?", ANHUI, ("ratchet_share",), ("reach",)),
        "Table": Table(FRAME, "A table", {"a": "A"}),
        "Picture": carelab.plot_governance("anhui"),
        "Grid": carelab.plot_heat_map(["anhui"]),
        "Fit of sets": sufficiency(np.array([1.0, 0.0]), np.array([1.0, 1.0])),
        "TruthTable": qca.truth_table(data, "Y", ["A"]),
        "Course": Course({("a", "b"): np.array([1.0, 2.0])}, {"month": np.arange(2)}),
        "Formula": Formula("f", "It is.", (("a", "b"),), "c", "", None),
        "Mechanism": Mechanism("pay", ("paid",), ("price",)),
        "Experiment": load_experiment(experiment),
        "Collection": Collection(FRAME, FRAME, FRAME, ()),
        "SavedScenario": SavedScenario(ANHUI, "Li"),
        "ScenarioFile": ScenarioFile((SavedScenario(ANHUI),), ({"question": "q"},)),
        "Submissions": Submissions([{"a": 1}], ["b"]),
        "SweepPlan": SweepPlan("a", "b", 1, 1, ("c",), ("d",), "1", "2", "3"),
        "Fit of targets": Fit(("a",), np.zeros(1), np.ones(2), np.ones((2, 1))),
        "Run": run,
        "DirectionalClaim": DirectionalClaim("a", "b", ("S004-01",), "china_county", (term,)),
        "Fact": FACTS[0],
        "Found": Found({"a": Path("a")}, ["b is left out"]),
        "TheoryModel": MODELS["retention"],
        "Trace": trace,
        "RunnableTrace": runnable,
    }


def _public_frozen() -> set[str]:
    found = set()
    for module in pkgutil.walk_packages(carelab.__path__, "carelab."):
        if module.name.endswith("__main__"):
            continue
        for name, kind in vars(importlib.import_module(module.name)).items():
            ours = inspect.isclass(kind) and kind.__module__ == module.name and is_dataclass(kind)
            if ours and kind.__dataclass_params__.frozen and not name.startswith("_"):
                found.add(name)
    return found


def test_every_public_frozen_class_is_tried():
    # Of the pages and of diagrams' lines, which no caller ever holds; a node is part of a trace.
    inner = {"Option", "Question", "Box", "Route", "MadeBy", "HospitalChoice", "Node", "Series"}
    parts = {"Event", "LeverSetting", "OwnEvidence"}
    tried = {type(each).__name__ for each in objects().values()}
    assert _public_frozen() - tried <= inner | parts


NAMES = sorted(objects())


@pytest.mark.parametrize("way", ["copy", "deepcopy", "pickle"])
@pytest.mark.parametrize("name", NAMES)
def test_a_value_object_survives_a_copy(name, way):
    one = objects()[name]
    ways = {"copy": copy.copy, "deepcopy": copy.deepcopy,
            "pickle": lambda each: pickle.loads(pickle.dumps(each))}  # fmt: skip
    other = ways[way](one)
    if name == "Picture":  # of a drawing every copy is another one; the words and the table count
        assert (other.alt, other.caption) == (one.alt, one.caption)
        assert other.table.equals(one.table)
        return
    assert other == one


@pytest.mark.parametrize("name", ["Table", "TruthTable", "Collection", "Course", "Fit of targets"])
def test_a_difference_in_one_cell_is_a_difference(name):
    one = objects()[name]
    other = copy.deepcopy(one)
    for each in vars(other).values():
        if isinstance(each, pd.DataFrame):
            each.iloc[0, 0] = 7
        elif isinstance(each, np.ndarray):
            each.flat[0] = 7
        elif isinstance(each, dict) and isinstance(next(iter(each.values())), np.ndarray):
            next(iter(each.values())).flat[0] = 7
    assert other != one
    assert one != "something else"


@pytest.mark.parametrize("name", ["Scenario", "Place", "Case", "Experiment", "SavedScenario"])
def test_a_value_object_can_be_laid_open_and_written_as_json(name):
    assert json.loads(json.dumps(asdict(objects()[name])))


@pytest.mark.parametrize("name", ["Scenario", "Case", "Experiment", "SavedScenario"])
def test_equal_objects_stand_once_in_a_set(name):
    one = objects()[name]
    assert len({one, copy.deepcopy(one)}) == 1


def _name_of(scenario: Scenario) -> str:
    return f"{scenario.name}: {scenario.levers['leakage_charged_share']}"


def _stock(place) -> float:
    return place.stocks["capability"]


def test_scenarios_and_places_go_to_other_processes():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(_name_of, [ANHUI])) == ["Half: 0.5"]
        place = load_place("uk_place")
        assert list(pool.map(_stock, [place])) == [place.stocks["capability"]]


def test_a_frozen_mapping_refuses_every_change():
    frozen = FrozenMap({"a": 1})
    changes = (
        lambda: frozen.__setitem__("a", 2), lambda: frozen.__delitem__("a"), frozen.clear,
        lambda: frozen.update(a=2), lambda: frozen.pop("a"), frozen.popitem,
        lambda: frozen.setdefault("b", 2), lambda: frozen.__ior__({"b": 2}),
    )  # fmt: skip
    for change in changes:
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    assert frozen == {"a": 1} and {**frozen, "b": 2} == {"a": 1, "b": 2}
    assert ANHUI.changes == {"leakage_charged_share": 0.5}
    with pytest.raises(TypeError):
        ANHUI.changes["ratchet_share"] = 1.0
    with pytest.raises(TypeError):
        load_case("anhui").fields["level"] = None


def test_what_computes_is_frozen_but_for_what_writes():
    # Writers of a trace gather lines; nobody is handed one.
    writers = {"_Writer", "_Pipes", "Sharing"}
    for room in ("theory", "tracing", "evidence", "study"):
        package = importlib.import_module(f"carelab.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"carelab.{room}."):
            for kind in vars(importlib.import_module(module.name)).values():
                if inspect.isclass(kind) and kind.__module__ == module.name and is_dataclass(kind):
                    loose = not kind.__dataclass_params__.frozen
                    assert loose == (kind.__name__ in writers), kind
