"""The causal map: its signs are those of the derivatives, in closed forms and in the course."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carelab.base import CarelabError
from carelab.engine import STOCKS, Scenario, load_place, run_months, trace_step
from carelab.engine.names import CLOCK, EFFORTS
from carelab.engine.recorded import inner_flows
from carelab.engine.simulate import clock
from carelab.theory import MODELS
from carelab.tracing import (
    causal_map,
    evaluate,
    exp,
    log,
    maximum,
    minimum,
    trace_model,
    where,
)
from carelab.tracing.causal import causal_slopes


def signs(model, **values) -> dict[tuple[str, str], int]:
    links = causal_map(trace_model(model, values), values)
    assert len({link[:2] for link in links}) == len(links)
    return {link[:2]: link[2] for link in links}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (lambda a, b: a + b, (1, 1)),
        (lambda a, b: a - b, (1, -1)),
        (lambda a, b: -(a * b), (-1, -1)),
        (lambda a, b: a * (b - 5), (-1, 1)),
        (lambda a, b: a / b, (1, -1)),
        (lambda a, b: a**b, (1, 1)),
        (lambda a, b: (a / 10) ** b, (1, -1)),
        (lambda a, b: exp(-a) * log(b), (-1, 1)),
        (lambda a, b: maximum(a, b), (0, 1)),
        (lambda a, b: minimum(a, b), (1, 0)),
        (lambda a, b: maximum(a, b - 1), (1, 1)),
        (lambda a, b: where(a < b, a * a, -b), (1, 0)),
        (lambda a, b: where(a > b, a * a, -b), (0, -1)),
        (lambda a, b: (a < b) * 3 + 0 * a * b, (0, 0)),
        (lambda a, b: a / (a + b) + b / (a + b), (0, 0)),
        (lambda a, b: (a - 2) * (a - 2) + b, (0, 1)),
    ],
)
def test_signs_of_closed_forms_at_two_and_three(model, expected):
    def written(inputs, flows):
        flows.result = model(inputs.a, inputs.b)

    assert signs(written, a=2.0, b=3.0) == {
        ("a", "result"): expected[0],
        ("b", "result"): expected[1],
    }


@given(st.floats(0.2, 4), st.floats(0.2, 4), st.floats(0.2, 4))
def test_signs_agree_with_central_differences(a, b, c):
    def model(inputs, flows):
        flows.mixed = inputs.a**inputs.b / (1 + exp(inputs.c - inputs.a)) - log(inputs.b) * inputs.c

    values = {"a": a, "b": b, "c": c}
    found = signs(model, **values)
    for name, value in values.items():
        up, down = (
            evaluate(model, {**values, name: value + step})["mixed"] for step in (1e-5, -1e-5)
        )
        slope = (up - down) / 2e-5
        if abs(slope) > 1e-4:
            assert found[(name, "mixed")] == math.copysign(1, slope)


def test_a_link_that_turns_along_a_run_is_listed_with_both_signs_the_earlier_first():
    def model(inputs, flows):
        flows.square = inputs.a * inputs.a

    trace = trace_model(model, ["a"])
    assert causal_map(trace, {"a": np.array([-1.0, 0.0, 2.0])}) == (
        ("a", "square", -1),
        ("a", "square", 1),
    )


def test_an_effect_runs_through_names_and_an_input_may_share_one():
    def model(inputs, flows):
        flows.lever = inputs.lever * inputs.phase
        flows.effect = 1 - flows.lever

    assert signs(model, lever=1.0, phase=0.0) == {
        ("inputs.lever", "lever"): 0,
        ("phase", "lever"): 1,
        ("lever", "effect"): -1,
    }


def test_a_slope_without_bound_has_a_sign():
    def model(inputs, flows):
        flows.root = inputs.a**0.5

    assert signs(model, a=0.0) == {("a", "root"): 1}


def test_a_missing_value_is_told_in_one_sentence():
    with pytest.raises(CarelabError, match="no value was given for altruism"):
        model = MODELS["retention"]
        causal_map(model.trace(), dict.fromkeys(model.inputs[:-1], 0.5))


def test_the_retention_models_signs_are_those_of_its_closed_form():
    model = MODELS["retention"]
    values = {
        **dict.fromkeys(model.levers, 0.5),
        "case_price": 1000.0,
        "variable_cost_share": 0.6,
        "county_fund_share": 0.7,
        "outside_fund_cost_ratio": 2.5,
        "share_in_county": 0.8,
        "altruism": 0.2,
    }
    # Above its threshold L_H / L_O = 0.4 the leakage charge makes the felt share favour keeping.
    links = causal_map(model.trace(), values)
    assert ("felt_share", "retention_gain", 1) in links
    assert ("felt_share", "prevented_episode_gain", 1) in links
    assert ("case_margin", "prevented_episode_gain", -1) in links
    assert ("county_liability", "retention_gain", -1) in links
    free = causal_map(model.trace(), {**values, "leakage_charged_share": 0.3})
    assert ("felt_share", "retention_gain", -1) in free
    fee_for_service = causal_map(model.trace(), {**values, "contract_share": 0.0})
    assert ("saved_liability", "prevented_episode_gain", 0) in fee_for_service


def run_of(preset: str) -> tuple:
    place = load_place("china_county")
    levers = Scenario("china_county", preset).levers
    months = list(run_months(place, levers, 60))
    clocks = [clock(month, place.parameters["settlement_lag_months"]) for month in range(60)]
    run = {
        **place.fixed_inputs,
        **levers,
        **{name: np.array([each[f"stock_{name}"] for each in months]) for name in STOCKS},
        **{name: np.array([each[name] for each in clocks]) for name in CLOCK},
    }
    return causal_map(trace_step(), run, inner_flows())


def test_under_fee_for_service_a_saved_yuan_is_nobodys_and_under_the_package_it_is_felt():
    before, package = run_of("china_dilemma"), run_of("anhui")
    assert ("gap", "hospital_felt_share", 0) in before
    assert ("gap", "hospital_felt_share", 1) in package
    for links in (before, package):
        assert ("price_factor", "intensity_rise", 0) not in links
        assert {link[2] for link in links} == {-1, 0, 1}


def test_slopes_are_passed_through_and_each_effort_has_one_rise():
    links = run_of("anhui")
    named = {name for link in links for name in link[:2]}
    assert not named & inner_flows()
    assert {f"{each.removesuffix('_effort')}_rise" for each in (*EFFORTS, "mentoring")} <= named


def test_the_leakage_charge_reaches_retention_only_where_a_contract_is_in_force():
    ends = ("leakage_charged_share", "retention_rise")
    assert (*ends, 1) in run_of("anhui")
    assert (*ends, 0) in run_of("china_dilemma")


@pytest.mark.parametrize(
    ("model", "slopes"),
    [
        # By hand, at a = 2 and b = 3.
        (lambda a, b: a + 2 * b, (1, 2)),
        (lambda a, b: a - 2 * b, (1, -2)),
        (lambda a, b: -a * b, (-3, -2)),
        (lambda a, b: a / b, (1 / 3, -2 / 9)),
        (lambda a, b: a**b, (12, 8 * math.log(2))),
        (lambda a, b: exp(a) * log(b), (math.exp(2) * math.log(3), math.exp(2) / 3)),
        (lambda a, b: maximum(a, 4 * b), (0, 4)),
        (lambda a, b: maximum(5 * a, b), (5, 0)),
        (lambda a, b: minimum(a, 4 * b), (1, 0)),
        (lambda a, b: minimum(5 * a, b), (0, 1)),
        # At a tie half of each.
        (lambda a, b: maximum(3 * a, 2 * b), (1.5, 1)),
        (lambda a, b: minimum(3 * a, 2 * b), (1.5, 1)),
        (lambda a, b: where(a < b, 7 * a, 5 * b), (7, 0)),
        (lambda a, b: where(a > b, 7 * a, 5 * b), (0, 5)),
        (lambda a, b: (a < b) + (a >= b) + a * b, (3, 2)),
        # Twice in one equation: the sum of both.
        (lambda a, b: a * a * b, (12, 4)),
    ],
)
def test_slopes_of_closed_forms_at_two_and_three(model, slopes):
    def written(inputs, flows):
        flows.result = model(inputs.a, inputs.b)

    found = causal_slopes(trace_model(written, ["a", "b"]), {"a": 2.0, "b": 3.0})
    told = [float(found[name, "result"]) for name in ("a", "b")]
    assert told == pytest.approx(list(slopes))


def test_a_power_of_nothing_has_no_slope_by_its_exponent():
    def model(inputs, flows):
        flows.result = inputs.a**inputs.b

    found = causal_slopes(trace_model(model, ["a", "b"]), {"a": 0.0, "b": 2.0})
    assert (float(found["a", "result"]), float(found["b", "result"])) == (0, 0)


def test_what_only_rounding_leaves_is_flat_and_what_is_more_is_not():
    def model(inputs, flows):
        flows.flat = inputs.a * (1 + 1e-13) - inputs.a
        flows.small = inputs.a * (1 + 1e-11) - inputs.a

    found = causal_slopes(trace_model(model, ["a"]), {"a": 2.0})
    assert float(found["a", "flat"]) == 0
    assert float(found["a", "small"]) == pytest.approx(1e-11, rel=1e-3)


def test_a_hidden_flow_is_passed_through_with_its_slope():
    def model(inputs, flows):
        flows.inner = 3 * inputs.a
        flows.result = 2 * flows.inner + inputs.a

    trace = trace_model(model, ["a"])
    found = causal_slopes(trace, {"a": 2.0}, hidden=["inner"])
    assert {pair: float(slope) for pair, slope in found.items()} == {("a", "result"): 7}
    open_ = causal_slopes(trace, {"a": 2.0})
    assert {pair: float(slope) for pair, slope in open_.items()} == {
        ("a", "inner"): 3, ("inner", "result"): 2, ("a", "result"): 1,
    }  # fmt: skip


def test_an_input_and_a_flow_of_one_name_are_two_quantities():
    def model(inputs, flows):
        flows.pay = 0.5 * inputs.pay
        flows.result = flows.pay + 4 * inputs.pay

    found = causal_slopes(trace_model(model, ["pay"]), {"pay": 2.0})
    assert {pair: float(slope) for pair, slope in found.items()} == {
        ("inputs.pay", "pay"): 0.5, ("pay", "result"): 1, ("inputs.pay", "result"): 4,
    }  # fmt: skip


def test_a_link_that_turns_is_listed_with_each_sign_in_turn():
    def model(inputs, flows):
        flows.bent = (inputs.a - 2) * (inputs.a - 2)

    run = {"a": np.array([1.0, 2.0, 3.0])}
    assert causal_map(trace_model(model, ["a"]), run) == (("a", "bent", -1), ("a", "bent", 1))
