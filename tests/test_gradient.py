"""Efforts climb the objectives as coded; these are the accounts; foresight is what comes."""

import json
import subprocess

import numpy as np
import pytest

from carelab.engine import (
    BASELINE_PRESETS,
    STOCKS,
    lever_ranges,
    load_place,
    month_of,
    place_at_rest,
    place_parameters,
    preset_levers,
    trace_step,
)
from carelab.engine.names import BALANCES, EFFORTS, OWN_EFFORTS, PEOPLE
from carelab.engine.simulate import clock
from carelab.tracing import (
    TracingError,
    evaluate,
    evaluate_trace,
    exp,
    log,
    maximum,
    minimum,
    pull_back,
    trace_model,
    where,
    write_javascript,
)
from carelab.tracing.gradient import over, plus, times
from carelab.tracing.nodes import Node, combine

SETTINGS, SEED = 200, 20260
EVERY_EFFORT = (*EFFORTS, "mentoring")
SIDE_OF = {effort: side for side, efforts in OWN_EFFORTS.items() for effort in efforts}
PARTNER = {"hospital": "primary", "primary": "hospital"}
HAVE = {"hospital": "hospital_objective", "primary": "primary_objective"}


def random_months(context):
    """Random settings of all levers, efforts and stocks, as one block."""
    generator = np.random.default_rng(SEED)
    place = load_place(context)
    draw = lambda low, high: generator.uniform(low, high, SETTINGS)  # noqa: E731
    given = {**place.fixed_inputs, **place.stocks, **clock(0, 6)}
    given |= {name: draw(low, high) for name, (low, high, _) in lever_ranges().items()}
    given |= {name: draw(0.02, 1.2) for name in EVERY_EFFORT}
    given |= {state: place.stocks[state] * draw(0.6, 1.4) for state in PEOPLE}
    given |= {name: draw(0.2, 0.9) for name in ("capability", "hospital_quality")}
    given |= {name: draw(0.6, 1.3) for name in ("community_capacity", "hospital_capacity")}
    given |= {
        name: place.stocks[name] * draw(0.8, 1.3) for name in ("primary_load", "hospital_load")
    }
    given |= {name: draw(-200, 200) for name in BALANCES}
    given["benchmark_ratio"] = draw(0.85, 1.15)
    given["month"] = draw(0, 120)
    # Harm of withheld care is part of the objectives too.
    given["withheld_care_effect"] = draw(0.0, 0.3)
    return given


def climbed(side, now, held):
    """What a side climbs: its objective, with what tomorrow is worth held still."""
    total = now[HAVE[side]] + held["governance_share"] * now[HAVE[PARTNER[side]]]
    total = total + held["altruism"] * now["patient_welfare"]
    for state in PEOPLE:
        later = held[f"{state}_{side}_later"] + held[f"{state}_life_later"]
        total = total + later * now[f"remaining_{state}"]
    if side == "hospital":
        for stock in ("capability", "hospital_quality"):
            total = total + held[f"{stock}_worth"] * now[f"next_{stock}"]
    return total


def differences(given, effort, side, held, step=1e-4):
    """Central differences of the fourth order."""
    at = {
        k: climbed(side, month_of({**given, effort: given[effort] + k * step}), held)
        for k in (-2, -1, 1, 2)
    }
    return (8 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12 * step)


def wrong(found, expected):
    """Relative error; absolute, in a ten-millionth of the largest slope, where slopes cancel."""
    scale = np.maximum(np.abs(expected), 0.1 * np.max(np.abs(expected)))
    return float(np.max(np.abs(found - expected) / scale))


@pytest.mark.parametrize("context", BASELINE_PRESETS)
def test_every_slope_is_that_of_the_objective_as_coded(context):
    given = random_months(context)
    held = {**given, **month_of(given)}
    for effort, side in SIDE_OF.items():
        slope = held[f"{effort.removesuffix('_effort')}_slope"]
        assert wrong(slope, differences(given, effort, side, held)) < 1e-6, effort


NODE = """
{function}
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const names = {names};
console.log(JSON.stringify(rows.map((row) => {{
  const flows = care_economy(row);
  return names.map((name) => flows[name]);
}})));
"""


@pytest.mark.parametrize("context", BASELINE_PRESETS)
def test_the_page_climbs_the_same_slopes(node, context, tmp_path):
    given = {
        name: np.broadcast_to(value, SETTINGS) for name, value in random_months(context).items()
    }
    names = [f"{effort.removesuffix('_effort')}_slope" for effort in SIDE_OF]
    rows = [{name: float(value[row]) for name, value in given.items()} for row in range(SETTINGS)]
    script = tmp_path / "slopes.cjs"
    code = NODE.format(function=write_javascript(trace_step()), names=json.dumps(names))
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [node, script], input=json.dumps(rows), capture_output=True, text=True, check=True
    )
    theirs = np.array(json.loads(done.stdout)).T
    held = {**given, **month_of(given)}
    for (effort, side), name, slopes in zip(SIDE_OF.items(), names, theirs, strict=True):
        largest = np.max(np.abs(held[name]))
        assert np.max(np.abs(slopes - held[name])) <= 1e-11 * max(largest, 1), name
        assert wrong(slopes, differences(given, effort, side, held)) < 1e-6, name


def booked(now, given):
    """What the accounts book, less the lines that no effort of the month moves."""
    part = now["hospital_part_share"]
    hospital = now["hospital_change"] - (
        part * now["settlement_paid"]
        - now["top_slice"]
        + now["fund_to_deficits"]
        + now["hospital_grant"]
        - now["hospital_fixed"]
    )
    primary = now["primary_change"] - (
        (1 - part) * now["settlement_paid"]
        + now["top_slice"]
        + now["fund_to_community"]
        + now["primary_grant"]
        - now["primary_fixed"]
        - now["information_cost"]
    )
    return {"hospital": hospital, "primary": primary}


@pytest.mark.parametrize("context", BASELINE_PRESETS)
def test_objectives_are_the_accounts_but_for_what_nobody_books(context):
    given = random_months(context)
    before = month_of(given)
    for effort in (None, *EVERY_EFFORT):
        now = month_of({**given, effort: given[effort] + 0.05}) if effort else before
        for side, cash in booked(now, given).items():
            # Expected settlement, felt pay, doctors' time, cost of effort, conflict of tasks.
            gap = now[HAVE[side]] - now[f"{side}_unbooked"] - cash
            assert np.max(np.abs(gap)) < 1e-9, (effort, side)
        # The lines left out are moved by no effort.
        for line in ("settlement_paid", "top_slice", "fund_to_deficits", "fund_to_community",
                     "hospital_fixed", "primary_fixed", "hospital_grant", "primary_grant",
                     "information_cost"):  # fmt: skip
            assert np.array_equal(now[line], before[line]), (effort, line)


def test_what_is_expected_of_a_symmetric_contract_is_what_is_settled():
    from carelab.engine import run_months

    levers = {
        **preset_levers("china_dilemma"), "contract_share": 1.0, "surplus_kept_share": 1.0,
        "deficit_borne_share": 1.0, "leakage_charged_share": 1.0,
    }  # fmt: skip
    months = list(run_months(load_place("china_county"), levers, 60))
    for year in (1, 4):
        expected = sum(month["felt_settlement"] for month in months[12 * year : 12 * year + 12])
        assert months[12 * year + 11]["settlement"] == pytest.approx(expected, abs=1e-9)


# After a hundred years and more, next to nothing of a push is left.
YEARS_FOLLOWED = 120
PUSH = 0.01
_ARRIVED = {state: f"{state}_arrived" for state in PEOPLE}


def followed(place, levers, turnover):
    """Push each effort for one month, hold all efforts, and follow the place, side by side.

    The first run is not pushed, then come two for each effort: pushed up, pushed down. Births and
    arrivals are those of the place unpushed: a side counts the people that it has.
    """
    fixed = {**place.fixed_inputs, **levers}
    if not turnover:
        fixed["turnover_rate_year"] = 0.0
    pushes = {name: np.zeros(1 + 2 * len(SIDE_OF)) for name in SIDE_OF}
    for at, name in enumerate(SIDE_OF):
        pushes[name][1 + 2 * at : 3 + 2 * at] = PUSH, -PUSH
    efforts = {name: place.stocks[name] for name in SIDE_OF}
    stocks = {**place.stocks, **{name: efforts[name] + pushes[name] for name in SIDE_OF}}
    for _ in range(12 * YEARS_FOLLOWED):
        now = month_of({**fixed, **stocks, **clock(0, 6)})
        yield now
        stocks = {name: now[f"next_{name}"] for name in STOCKS} | efforts
        for state, arrived in _ARRIVED.items():
            stocks[state] = stocks[state] - now[arrived] + np.ravel(now[arrived])[0]
        stocks["healthy"] = stocks["healthy"] - now["births"] + np.ravel(now["births"])[0]


def what_came(place, levers):
    """For each effort the slope of the accounts of who made it, and of patients, discounted."""
    month = place.parameters["discount_rate_year"] / 12
    money, life = np.exp(-month - 1 / (12 * levers["contract_years"])), np.exp(-month)
    totals = dict.fromkeys(HAVE, 0.0)
    for at, now in enumerate(followed(place, levers, turnover=True)):
        for side, name in HAVE.items():
            own = now[name] + now["governance_share"] * now[HAVE[PARTNER[side]]]
            totals[side] = totals[side] + money**at * own * now["residents"]
    lived = 0.0
    for at, now in enumerate(followed(place, levers, turnover=False)):
        lived = lived + life**at * now["patient_welfare"] * now["residents"]
    people = sum(place.stocks[state] for state in PEOPLE)
    came = {}
    for at, (effort, side) in enumerate(SIDE_OF.items()):
        total = totals[side] + place.parameters["altruism"] * lived
        came[effort] = float(total[1 + 2 * at] - total[2 + 2 * at]) / (2 * PUSH) / people
    return came


@pytest.mark.parametrize("context", BASELINE_PRESETS)
def test_foresight_is_what_comes(context):
    # Waiting, and centres too busy, are left to nobody's account on purpose: room for both.
    roomy = {"waiting_room": 1.3, "cost_trend_year": 0.0, "hospital_drift_year": 0.0}
    place = place_at_rest(context, {**place_parameters(context), **roomy})
    levers = preset_levers(BASELINE_PRESETS[context])
    now = month_of({**place.fixed_inputs, **levers, **place.stocks, **clock(0, 6)})
    for effort, came in what_came(place, levers).items():
        expected = float(now[f"{effort.removesuffix('_effort')}_slope"])
        assert abs(came - expected) <= max(0.1, 0.05 * abs(came)), (effort, expected, came)


def every_operation(inputs, flows):
    flows.ratio = inputs.first / (1 + inputs.second * inputs.second)
    flows.power = (1 + inputs.first * inputs.first) ** 1.5
    flows.grown = exp(-inputs.second) - log(flows.power)
    flows.bounded = minimum(2.0, maximum(-1.0, flows.ratio)) * flows.grown
    flows.chosen = where(inputs.first > inputs.second, flows.grown, -flows.ratio)
    flows.total = flows.bounded + 3 * flows.chosen - flows.power / 7


@pytest.mark.parametrize("first", [-3.0, 0.5, 4.0])
@pytest.mark.parametrize("second", [-1.5, 0.25, 3.0])
def test_every_operation_is_differentiated(first, second):
    def model(inputs, flows):
        every_operation(inputs, flows)
        slopes = pull_back(flows, {"total": 1.0}, ["first", "second"], "total")
        flows.by_first, flows.by_second = slopes["first"], slopes["second"]

    found = evaluate_trace(
        trace_model(model, ["first", "second"]), {"first": first, "second": second}
    )
    for name in ("first", "second"):
        given = {"first": first, "second": second}
        ends = [
            evaluate(every_operation, {**given, name: given[name] + d})["total"]
            for d in (1e-6, -1e-6)
        ]
        assert found[f"by_{name}"] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("bound", "slope"), [("above", 1.0), ("below", 1.0)])
def test_at_a_kink_the_argument_beside_the_bound_counts(bound, slope):
    def model(inputs, flows):
        limit = maximum if bound == "below" else minimum
        flows.kept = limit(0.0, inputs.amount)
        flows.slope = pull_back(flows, {"kept": 1.0}, ["amount"], "kept")["amount"]

    assert evaluate_trace(trace_model(model, ["amount"]), {"amount": 0.0})["slope"] == slope


def test_a_weight_is_held_still():
    def model(inputs, flows):
        flows.worth = inputs.amount * inputs.amount
        flows.gain = 3 * inputs.amount
        flows.slope = pull_back(flows, {"gain": flows.worth}, ["amount"], "gain")["amount"]

    assert evaluate_trace(trace_model(model, ["amount"]), {"amount": 2.0})["slope"] == 12.0


def test_slopes_are_refused_on_numbers():
    def model(inputs, flows):
        flows.gain = 3 * inputs.amount
        pull_back(flows, {"gain": 1.0}, ["amount"], "gain")

    with pytest.raises(TracingError, match="trace it"):
        evaluate(model, {"amount": 1.0})


def test_nothing_is_not_a_number_in_any_draw():
    """A few draws here; the slow suite takes two thousand."""
    from carelab.engine import run_months
    from carelab.engine.scenario import built_in_presets
    from carelab.study.many.draws import drawn_place

    for context in BASELINE_PRESETS:
        place = drawn_place(context, 40, 11)
        for preset in built_in_presets():
            *_, last = run_months(place, preset_levers(preset), 60)
            bad = [name for name, value in last.items() if not np.all(np.isfinite(value))]
            assert not bad, (context, preset, bad[:5])


X, Y = Node("input", name="x"), Node("input", name="y")
MINUS_X, MINUS_Y = (combine("negative", each) for each in (X, Y))


def told(node: Node) -> str:
    """Write an expression with the operation before its arguments."""
    if node.operation == "number":
        return f"{node.number:g}"
    inner = " ".join(map(told, node.arguments))
    return f"({node.operation} {inner})" if inner else node.name


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (plus(0, X), "x"), (plus(X, 0), "x"), (plus(X, Y), "(+ x y)"),
        (plus(X, MINUS_Y), "(- x y)"), (plus(0, MINUS_Y), "(negative y)"),
        (plus(1, X), "(+ 1 x)"), (plus(0, 0), "0"),
        (times(0, X), "0"), (times(X, 0), "0"), (times(1, X), "x"), (times(X, 1), "x"),
        (times(-1, X), "(negative x)"), (times(X, -1), "(negative x)"), (times(-1, MINUS_X), "x"),
        (times(2, X), "(* 2 x)"), (times(MINUS_X, Y), "(negative (* x y))"),
        (times(X, MINUS_Y), "(negative (* y x))"), (times(MINUS_X, MINUS_Y), "(* y x)"),
        (times(-1, 3), "-3"), (times(0, MINUS_X), "0"),
        (over(0, X), "0"), (over(X, Y), "(/ x y)"), (over(1, X), "(/ 1 x)"),
        (over(MINUS_X, Y), "(negative (/ x y))"),
    ],
)  # fmt: skip
def test_what_is_nothing_or_one_leaves_no_trace_in_a_slope(made, written):
    assert told(made) == written


def test_a_slope_is_named_where_it_is_used_more_than_once_or_asked_for():
    def model(inputs, flows):
        flows.once = 3 * inputs.x
        flows.twice = inputs.x * inputs.y
        flows.apart = inputs.y * 2
        flows.sum = flows.once * flows.once + flows.twice * flows.twice
        slopes = pull_back(flows, {"sum": 5.0}, ["x", "y"], "gain", keep)
        flows.by_x, flows.by_y = slopes["x"], slopes["y"]
        kept.update(slopes)

    keep, kept = None, {}
    names = trace_model(model, ["x", "y"]).flow_names
    assert names[4:] == ("gain_per_twice", "by_x", "by_y")
    assert set(kept) == {"x", "y"}
    keep = {"once": "asked", "apart": "nothing"}
    trace = trace_model(model, ["x", "y"])
    assert set(trace.flow_names[4:]) == {"gain_per_twice", "asked", "by_x", "by_y"}
    assert told(kept["apart"]) == "0"
    # By hand, at x = 2 and y = 7: 5 * (2 * 6 * 3 + 2 * 14 * 7) and 5 * (2 * 14 * 2).
    found = evaluate_trace(trace, {"x": 2.0, "y": 7.0})
    assert (found["by_x"], found["by_y"]) == (1160, 280)
    assert (found["asked"], found["gain_per_twice"]) == (60, 140)
