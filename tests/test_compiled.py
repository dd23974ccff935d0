"""The compiled kernel: what Python computes, the same source every time, one sentence else."""

import math
import os

import numpy as np
import pytest
from carelab.tracing.c_source import inputs_read, write_c

from carelab.base import CarelabError
from carelab.engine import LEVERS, STOCKS, Scenario, load_place, run_months, step
from carelab.engine.names import CLOCK
from carelab.engine.scenario import lever_ranges
from carelab.engine.simulate import clock
from carelab.theory import MODELS
from carelab.tracing import (
    compile_trace,
    compiler_available,
    evaluate,
    exp,
    log,
    maximum,
    minimum,
    trace_model,
    where,
)

needs_compiler = pytest.mark.skipif(
    not compiler_available(), reason="NO C COMPILER: the compiled kernel was not tested"
)


def every_operation(inputs, flows):
    flows.total = inputs.first + 2 * inputs.second - 1
    flows.ratio = -inputs.first / maximum(inputs.second * inputs.second, 0.5)
    flows.power = (1 + maximum(inputs.first, -inputs.first)) ** 1.5
    flows.bounded = minimum(flows.total, flows.power)
    flows.grown = exp(minimum(inputs.first, 3.0))
    flows.logged = log(1 + flows.power)
    flows.chosen = where(inputs.first > inputs.second, flows.grown, flows.logged)
    flows.at_most = where(inputs.first <= 0, 3 - inputs.second, -2e-9)
    flows.first = inputs.first - flows.total  # an input and a flow of one name
    flows.double = flows.first * flows.first  # a word of C


def random_months(count: int) -> list[dict[str, float]]:
    rng = np.random.default_rng(17)
    place = load_place("china_county")
    rows = []
    for _ in range(count):
        levers = {
            name: float(rng.choice([low, high, rng.uniform(low, high)]))
            for name, (low, high, _) in lever_ranges().items()
        }
        stocks = {name: value * rng.uniform(0.7, 1.3) for name, value in place.stocks.items()}
        month = int(rng.integers(0, 180))
        rows.append({**place.fixed_inputs, **levers, **stocks, **clock(month, 6)})
    return rows


def worst_relative_error(model, rows, flows) -> float:
    worst = 0.0
    for index, row in enumerate(rows):
        for name, value in evaluate(model, row).items():
            gap = abs(value - float(flows[name][index]))
            worst = max(worst, gap / max(abs(value), 1e-300) if gap else 0.0)
            assert math.isfinite(value)
    return worst


def block_of(rows):
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.fixture(scope="module")
def month_trace():
    place = load_place("china_county")
    return trace_model(step, (*{**place.fixed_inputs, **place.stocks}, *LEVERS, *CLOCK))


@pytest.fixture(scope="module")
def kernel(month_trace):
    return compile_trace(month_trace)


@needs_compiler
def test_the_kernel_equals_python_over_a_thousand_random_months(kernel):
    rows = random_months(1000)
    assert worst_relative_error(step, rows, kernel(block_of(rows))) <= 1e-12


@needs_compiler
def test_the_kernel_equals_python_on_every_operation():
    names = ("first", "second")
    draws = np.random.default_rng(7).normal(0, 3, (1000, 2)).tolist()
    rows = [dict(zip(names, pair, strict=True)) for pair in draws]
    flows = compile_trace(trace_model(every_operation, names))(block_of(rows))
    assert list(flows) == list(evaluate(every_operation, rows[0]))
    assert worst_relative_error(every_operation, rows, flows) <= 1e-12


@needs_compiler
def test_the_kernel_equals_python_on_the_retention_model():
    model = MODELS["retention"]
    rng = np.random.default_rng(2)
    rows = [{name: float(rng.uniform(0.1, 1.0)) for name in model.inputs} for _ in range(300)]
    flows = compile_trace(model.trace())(block_of(rows))
    assert worst_relative_error(model.function, rows, flows) <= 1e-12


@needs_compiler
def test_extremes_are_what_they_are_in_python():
    def model(inputs, flows):
        flows.overflown = exp(inputs.amount * 1000)
        flows.nothing = log(inputs.amount * 0)
        flows.bound = minimum(float("inf"), inputs.amount)
        flows.floor = maximum(float("-inf"), inputs.amount)

    assert compile_trace(trace_model(model, ["amount"]))({"amount": 2}) == {
        "overflown": math.inf,
        "nothing": -math.inf,
        "bound": 2.0,
        "floor": 2.0,
    }


@needs_compiler
def test_numbers_and_arrays_broadcast_as_they_do_in_python():
    kernel = compile_trace(trace_model(every_operation, ["first", "second"]))
    first = np.arange(12.0)[::2]
    for values in (
        {"first": first, "second": 2},
        {"first": first, "second": np.array(0.5)},
        {"first": first, "second": np.array([3.0])},
        {"first": first.reshape(2, 3), "second": np.array([1.0, 2.0, 3.0])},
        {"first": np.array([1.5]), "second": 1.0},
        {"first": np.empty(0), "second": 1.0},
    ):
        ours = evaluate(every_operation, {n: np.asarray(v) for n, v in values.items()})
        for name, flow in kernel(values).items():
            assert flow.shape == np.broadcast_shapes(*(np.shape(v) for v in values.values()))
            assert np.allclose(flow, ours[name], rtol=1e-13, atol=0)


@needs_compiler
@pytest.mark.parametrize("size", [None, 5])
def test_a_run_of_ten_years_equals_that_of_python(kernel, size):
    place = load_place("china_county")
    levers = Scenario("china_county", "anhui").levers
    if size:
        levers["leakage_charged_share"] = np.linspace(0, 1, size)
    lag = place.parameters["settlement_lag_months"]
    ours = list(run_months(place, levers, 120))
    theirs = list(
        kernel.run(
            {**place.fixed_inputs, **levers, **place.stocks},
            [clock(month, lag) for month in range(120)],
            {name: f"next_{name}" for name in STOCKS},
        )
    )
    assert len(theirs) == 120
    # Balances that nearly cancel are compared with the money that flows.
    floor = 1e-3 * place.baseline["premium"]
    for left, right in zip(ours, theirs, strict=True):
        for name, flow in right.items():
            gap = np.abs(left[name] - flow)
            assert (gap <= 1e-10 * np.maximum(np.abs(left[name]), floor)).all(), name


def test_writing_twice_gives_the_same_bytes(month_trace):
    place = load_place("china_county")
    again = trace_model(step, (*{**place.fixed_inputs, **place.stocks}, *LEVERS, *CLOCK))
    assert write_c(month_trace).encode() == write_c(again).encode()


def test_each_named_flow_is_computed_once_and_unread_inputs_are_left_out(month_trace):
    source = write_c(month_trace)
    for name in month_trace.flow_names:
        assert source.count(f"const double flow_{name} = ") == 1
    assert source.count("const double input_") == len(inputs_read(month_trace))
    assert "population" not in inputs_read(month_trace)


@needs_compiler
def test_a_missing_input_is_told_in_one_sentence():
    kernel = compile_trace(trace_model(every_operation, ["first", "second"]))
    with pytest.raises(CarelabError, match="no value was given for second"):
        kernel({"first": 1.0})


def test_without_a_compiler_one_sentence_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    assert compiler_available() is False
    with pytest.raises(CarelabError, match=r"no C compiler .* was found") as caught:
        compile_trace(MODELS["retention"].trace())
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for the compiler")
def test_a_compiler_that_fails_is_told_in_one_sentence(monkeypatch, tmp_path):
    broken = tmp_path / "broken-cc"
    broken.write_text("#!/bin/sh\necho 'licence expired' >&2\necho more >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    assert compiler_available() is False
    with pytest.raises(CarelabError, match=r"failed: licence expired$"):
        compile_trace(MODELS["retention"].trace())
