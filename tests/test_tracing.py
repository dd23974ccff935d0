"""The trace: what it records, what it refuses, and that JavaScript computes what Python does."""

import json
import math
import re
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carelab.theory import MODELS
from carelab.tracing import (
    TracingError,
    evaluate,
    exp,
    log,
    maximum,
    minimum,
    trace_model,
    where,
    write_javascript,
    write_latex,
)

INPUTS = ("first", "second")


def every_operation(inputs, flows):
    flows.total = inputs.first + 2 * inputs.second - 1
    flows.ratio = -inputs.first / maximum(inputs.second * inputs.second, 0.5)
    flows.power = (1 + maximum(inputs.first, -inputs.first)) ** 1.5
    flows.bounded = minimum(flows.total, flows.power)
    flows.grown = exp(minimum(inputs.first, 3.0))
    flows.logged = log(1 + flows.power)
    flows.chosen = where(inputs.first > inputs.second, flows.grown, flows.logged)
    flows.at_most = where(inputs.first <= 0, 3 - inputs.second, 2.0)


def run_in_node(node, source: str, name: str, rows: list[dict[str, float]]) -> list[dict]:
    script = f"{source}\nconst rows = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n"
    script += f"process.stdout.write(JSON.stringify(rows.map({name})));"
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(rows), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def worst_relative_error(python: list[dict], javascript: list[dict]) -> float:
    worst = 0.0
    for left, right in zip(python, javascript, strict=True):
        assert left.keys() == right.keys()
        for name, value in left.items():
            scale = max(abs(value), abs(right[name]), 1e-300)
            worst = max(worst, abs(value - right[name]) / scale)
    return worst


def test_javascript_equals_python_on_every_operation(node):
    rng = np.random.default_rng(7)
    rows = [dict(zip(INPUTS, pair, strict=True)) for pair in rng.normal(0, 3, (1000, 2)).tolist()]
    source = write_javascript(trace_model(every_operation, INPUTS))
    ours = [evaluate(every_operation, row) for row in rows]
    assert worst_relative_error(ours, run_in_node(node, source, "every_operation", rows)) <= 1e-12


def test_javascript_equals_python_on_a_thousand_random_lever_settings_of_the_retention_model(node):
    model = MODELS["retention"]
    rng = np.random.default_rng(20261123)
    ranges = {"case_price": (100.0, 50_000.0), "outside_fund_cost_ratio": (0.2, 6.0)}
    rows = [
        {name: float(rng.uniform(*ranges.get(name, (0.0, 1.0)))) for name in model.inputs}
        for _ in range(1000)
    ]
    # A place without any fund money or altruism stays a place with numbers.
    rows = [{**row, "county_fund_share": 0.05 + 0.95 * row["county_fund_share"]} for row in rows]
    ours = [model.run(**row) for row in rows]
    source = write_javascript(model.trace())
    theirs = run_in_node(node, source, "retention", rows)
    assert worst_relative_error(ours, theirs) <= 1e-12
    assert all(math.isfinite(value) for row in ours for value in row.values())


def test_numpy_blocks_give_what_single_runs_give():
    rng = np.random.default_rng(3)
    block = dict(zip(INPUTS, rng.normal(0, 2, (2, 200)), strict=True))
    together = evaluate(every_operation, block)
    for index in (0, 57, 199):
        alone = evaluate(every_operation, {name: float(v[index]) for name, v in block.items()})
        for name, value in alone.items():
            assert together[name][index] == pytest.approx(value, rel=1e-13)


def test_writing_twice_gives_the_same_bytes():
    assert write_javascript(MODELS["retention"].trace()) == write_javascript(
        MODELS["retention"].trace()
    )


def refused(model) -> str:
    with pytest.raises(TracingError) as caught:
        trace_model(model, INPUTS)
    return str(caught.value)


def test_an_if_on_a_recorded_quantity_is_refused_with_a_sentence():
    def model(inputs, flows):
        flows.result = 1.0 if inputs.first > 0 else 2.0

    assert "write where(condition, a, b)" in refused(model)


def test_equality_is_refused_with_a_sentence():
    def model(inputs, flows):
        flows.result = where(inputs.first == 0, 1.0, 2.0)

    assert "'first' was compared with ==" in refused(model)


def test_numpy_and_math_calls_are_refused_with_a_sentence():
    def by_numpy(inputs, flows):
        flows.result = np.exp(inputs.first)

    def by_math(inputs, flows):
        flows.result = math.exp(inputs.first)

    def by_array(inputs, flows):
        flows.result = np.array([1.0, 2.0]) * inputs.first

    assert "exp, log, maximum, minimum" in refused(by_math)
    for model in (by_numpy, by_array):
        with pytest.raises(TypeError):
            trace_model(model, INPUTS)


def test_assigning_twice_reading_early_and_unknown_inputs_are_refused():
    def twice(inputs, flows):
        flows.result = inputs.first
        flows.result = inputs.second

    def early(inputs, flows):
        flows.result = flows.later

    def unknown(inputs, flows):
        flows.result = inputs.third

    assert "assigned twice" in refused(twice)
    assert "read before it is assigned" in refused(early)
    assert "third" in refused(unknown)


def test_equations_are_written_with_the_symbols_given():
    def model(inputs, flows):
        flows.share = inputs.first * (1 - inputs.second)
        flows.rest = flows.share / (inputs.first + inputs.second)
        flows.tiny = maximum(inputs.first, 1e-9)

    symbols = {"first": "a", "second": "b", "share": "S", "rest": "R", "tiny": "t"}
    assert write_latex(trace_model(model, INPUTS), symbols) == {
        "share": r"S = a\,\left(1 - b\right)",
        "rest": r"R = \frac{S}{a + b}",
        "tiny": r"t = \max\left(a,\, 10^{-9}\right)",
    }


def test_subtraction_keeps_its_brackets():
    def model(inputs, flows):
        flows.result = inputs.first - (inputs.second - 1)

    latex = write_latex(trace_model(model, INPUTS), {"first": "a", "second": "b", "result": "r"})
    assert latex["result"] == r"r = a - \left(b - 1\right)"


@given(st.floats(-800, 800), st.floats(-800, 800))
def test_operations_on_floats_equal_those_on_arrays(first, second):
    for function in (maximum, minimum):
        assert function(first, second) == function(np.array([first]), second)[0]
    assert exp(first) == pytest.approx(float(exp(np.array([first]))[0]), rel=1e-14)
    size = abs(first)
    assert log(size) == pytest.approx(float(log(np.array([size]))[0]), rel=1e-14)


def test_generated_javascript_holds_no_import_and_no_host():
    source = write_javascript(MODELS["retention"].trace())
    assert not re.search(r"import|require|https?:", source)


def of(write, inputs=("a", "b"), name="m"):
    """A trace of one model that a test writes."""
    return trace_model(write, inputs, name)


def usual(inputs, flows):
    flows.first = inputs.a + 2 * inputs.b
    flows.second = flows.first * flows.first - 1


# The same model with one difference: how its second flow is written.
OTHERS = {
    "operation": lambda inputs, flows: flows.first * flows.first + 1,
    "argument": lambda inputs, flows: flows.first * inputs.a - 1,
    "order": lambda inputs, flows: 1 - flows.first * flows.first,
    "number": lambda inputs, flows: flows.first * flows.first - 2,
    "through": lambda inputs, flows: (inputs.a + 2 * inputs.b) * flows.first - 1,
    "nothing": lambda inputs, flows: flows.first * flows.first - 1,
}


def changed(change):
    def model(inputs, flows):
        flows.first = inputs.a + 2 * inputs.b
        if change in ("names", "more"):
            flows.other = OTHERS["nothing"](inputs, flows)
        if change not in ("names", "less"):
            flows.second = OTHERS.get(change, OTHERS["nothing"])(inputs, flows)

    return model


@pytest.mark.parametrize(
    "change", ["number", "names", "operation", "argument", "order", "through", "more", "less"]
)
def test_a_trace_with_one_difference_is_another_whichever_stands_first(change):
    one, other = of(usual), of(changed(change))
    assert one != other and other != one


def test_a_trace_written_twice_is_the_same_and_has_the_same_hash():
    one, other = of(usual), of(changed("nothing"))
    assert one == other and hash(one) == hash(other)
    assert one != of(usual, name="n") and one != of(usual, ("a", "b", "c"))
    assert one != "m"


def test_a_part_that_two_flows_share_is_one_part_however_deep():
    def model(inputs, flows):
        part = inputs.a
        for _ in range(3_000):
            part = part + 1
        flows.first = part
        flows.second = part * part

    assert of(model) == of(model)
    # Every node once: the input, 1 each time, 3,000 sums and a product; then the two flows.
    assert len(of(model)._written()) == 1 + 3_000 + 3_000 + 1 + 2
