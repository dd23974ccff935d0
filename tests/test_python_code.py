"""Straight-line Python: what the model computes, on numbers and on blocks, each part once."""

import math

import numpy as np
import pytest

from carelab.base import CarelabError
from carelab.engine import STOCKS, Scenario, load_place, run_months, trace_step
from carelab.engine.recorded import input_names
from carelab.engine.scenario import lever_ranges
from carelab.engine.simulate import clock
from carelab.engine.step import care
from carelab.theory import MODELS
from carelab.tracing import (
    RunnableTrace,
    evaluate,
    exp,
    log,
    maximum,
    minimum,
    trace_model,
    where,
    write_python,
)
from carelab.tracing.python_code import inputs_read


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


def test_a_block_equals_the_model_itself_over_a_thousand_random_months():
    # Slopes need a record; all that happens in a month runs without one too.
    rows = random_months(1000)
    flows = RunnableTrace(trace_model(care, input_names()))(block_of(rows))
    assert worst_relative_error(care, rows, flows) <= 1e-12


def test_numbers_and_blocks_give_the_same_month():
    rows = random_months(50)
    month = RunnableTrace(trace_step())
    block = month(block_of(rows))
    for index, row in enumerate(rows):
        for name, value in month(row).items():
            other = float(np.broadcast_to(block[name], len(rows))[index])
            assert abs(value - other) <= 1e-10 * max(abs(value), 1.0), name


def test_the_written_code_equals_the_model_on_every_operation():
    names = ("first", "second")
    draws = np.random.default_rng(7).normal(0, 3, (1000, 2)).tolist()
    rows = [dict(zip(names, pair, strict=True)) for pair in draws]
    flows = RunnableTrace(trace_model(every_operation, names))(block_of(rows))
    assert list(flows) == list(evaluate(every_operation, rows[0]))
    assert worst_relative_error(every_operation, rows, flows) <= 1e-12


def test_the_written_code_equals_the_model_on_the_retention_model():
    model = MODELS["retention"]
    rng = np.random.default_rng(2)
    rows = [{name: float(rng.uniform(0.1, 1.0)) for name in model.inputs} for _ in range(300)]
    flows = RunnableTrace(model.trace())(block_of(rows))
    assert worst_relative_error(model.function, rows, flows) <= 1e-12


def test_extremes_are_what_they_are_in_python():
    def model(inputs, flows):
        flows.overflown = exp(inputs.amount * 1000)
        flows.nothing = log(inputs.amount * 0)
        flows.bound = minimum(float("inf"), inputs.amount)
        flows.floor = maximum(float("-inf"), inputs.amount)

    assert RunnableTrace(trace_model(model, ["amount"]))({"amount": 2}) == {
        "overflown": math.inf,
        "nothing": -math.inf,
        "bound": 2.0,
        "floor": 2.0,
    }


def test_numbers_and_arrays_broadcast_as_they_do_in_python():
    month = RunnableTrace(trace_model(every_operation, ["first", "second"]))
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
        for name, flow in month(values).items():
            assert flow.shape == np.broadcast_shapes(*(np.shape(v) for v in values.values()))
            assert np.allclose(flow, ours[name], rtol=1e-13, atol=0)


@pytest.mark.parametrize("size", [None, 5])
def test_a_run_of_ten_years_is_month_after_month(size):
    place = load_place("china_county")
    levers = Scenario("china_county", "anhui").levers
    if size:
        levers["leakage_charged_share"] = np.linspace(0, 1, size)
    lag = place.parameters["settlement_lag_months"]
    ours = list(run_months(place, levers, 120))
    theirs = RunnableTrace(trace_step()).run(
        {**place.fixed_inputs, **levers, **place.stocks},
        [clock(month, lag) for month in range(120)],
        {name: f"next_{name}" for name in STOCKS},
    )
    for left, right in zip(ours, theirs, strict=True):
        assert all(np.array_equal(left[name], flow) for name, flow in right.items())


def test_writing_twice_gives_the_same_text():
    once = write_python(trace_step())
    trace_step.cache_clear()
    assert write_python(trace_step()) == once


def test_each_flow_is_computed_once_and_unread_inputs_are_left_out():
    lines = write_python(trace_step()).splitlines()
    for name in trace_step().flow_names:
        assert sum(line.startswith(f"    f_{name} = ") for line in lines) == 1
    assert "population" not in inputs_read(trace_step())


def test_a_missing_input_is_told_in_one_sentence():
    month = RunnableTrace(trace_model(every_operation, ["first", "second"]))
    with pytest.raises(CarelabError, match="no value was given for second"):
        month({"first": 1.0})
