"""The fast run and the single equations in JavaScript give what Python gives, month by month."""

import json
import subprocess

import numpy as np
import pytest

from carelab.engine import LEVERS, STOCKS, load_place, run_months, trace_step
from carelab.engine.names import CLOCK
from carelab.engine.scenario import lever_ranges
from carelab.engine.simulate import clock
from carelab.tracing import evaluate, exp, maximum, trace_model
from carelab.tracing.javascript import run_inputs, write_javascript_equations, write_javascript_run
from carelab.tracing.record import prune

CARRIED = {name: f"next_{name}" for name in STOCKS}
MONTHS = 60
SCENARIOS = 1_000
DRIVER = """
const data = JSON.parse(require("fs").readFileSync(0, "utf8"));
const out = new Float64Array(data.periods * data.flows);
const last = data.rows.map((row) => {
  RUN(Float64Array.from(row), Float64Array.from(data.stocks), Float64Array.from(data.ticks),
    data.periods, out);
  return Array.from(out.subarray((data.periods - 1) * data.flows));
});
process.stdout.write(JSON.stringify(last));
"""


def last_period(node, source: str, name: str, data: dict) -> np.ndarray:
    done = subprocess.run(
        [node, "-e", source + DRIVER.replace("RUN", f"{name}_run")],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=True,
    )
    return np.array(json.loads(done.stdout))


@pytest.mark.parametrize("context", ["china_county", "hangzhou_district", "uk_place"])
def test_a_thousand_random_scenarios_run_alike_in_javascript_and_python(node, context):
    trace, place = trace_step(), load_place(context)
    rng = np.random.default_rng(7)
    levers = {
        name: rng.uniform(low, high, SCENARIOS) for name, (low, high, _) in lever_ranges().items()
    }
    *_, python = run_months(place, levers, MONTHS)
    names = run_inputs(trace, CARRIED, CLOCK)
    fixed = {**place.fixed_inputs, **levers}
    rows = np.array([np.broadcast_to(fixed[name], SCENARIOS) for name in names]).T
    lag = place.parameters["settlement_lag_months"]
    data = {
        "rows": rows.tolist(),
        "stocks": [place.stocks[name] for name in STOCKS],
        "ticks": [clock(month, lag)[name] for month in range(MONTHS) for name in CLOCK],
        "periods": MONTHS,
        "flows": len(trace.flows),
    }
    source = write_javascript_run(trace, CARRIED, CLOCK)
    javascript = last_period(node, source, "care_economy", data)
    # Balances and gaps cross zero: a hundredth of a monthly premium is their floor.
    floor = 1e-2 * place.baseline["premium"]
    for column, name in enumerate(trace.flow_names):
        own = np.broadcast_to(python[name], SCENARIOS)
        # Where slopes cancel, the largest of the kind is their floor.
        least = max(floor, np.max(np.abs(own)))
        gap = np.abs(own - javascript[:, column]) / np.maximum(np.abs(own), least)
        assert gap.max() <= 1e-12, name


def test_the_script_of_a_run_is_the_same_every_time():
    once = write_javascript_run(trace_step(), CARRIED, CLOCK)
    trace_step.cache_clear()
    assert write_javascript_run(trace_step(), CARRIED, CLOCK) == once


def shared_and_still(inputs, flows):
    still = exp(inputs.rate) * 2
    flows.share = still / (still + inputs.stock)
    flows.rest = inputs.stock / (still + inputs.stock)
    flows.next_stock = maximum(inputs.stock - flows.rest, inputs.tick)


def test_what_does_not_move_is_worked_out_once_and_before_the_first_period(node):
    trace = trace_model(shared_and_still, ["stock", "rate", "tick"])
    source = write_javascript_run(trace, {"stock": "next_stock"}, ["tick"])
    before, _, within = source.partition("for (")
    assert "Math.exp" in before
    assert "Math.exp" not in within
    assert within.count("+ i_stock") == 1
    stock, ticks = 9.0, [0.5, 8.5, 0.25]
    for tick in ticks:
        flows = evaluate(shared_and_still, {"stock": stock, "rate": 0.1, "tick": tick})
        stock = flows["next_stock"]
    data = {"rows": [[0.1]], "stocks": [9.0], "ticks": ticks, "periods": 3, "flows": 3}
    (last,) = last_period(node, source, "shared_and_still", data)
    assert last == pytest.approx(list(flows.values()), rel=1e-15)


def grow_beside(inputs, flows):
    flows.gain = inputs.rate * inputs.stock
    flows.idle = inputs.other * 2
    flows.next_stock = inputs.stock + flows.gain + inputs.feeder
    flows.next_feeder = inputs.feeder / 2
    flows.next_other = flows.idle + flows.gain


def test_a_pruned_run_gives_where_the_last_period_leads_and_drops_the_rest(node):
    trace = trace_model(grow_beside, ["stock", "rate", "other", "feeder"])
    carried = {name: f"next_{name}" for name in ("other", "stock", "feeder")}
    kept, left = prune(trace, carried, ["stock"])
    assert kept.flow_names == ("gain", "next_stock", "next_feeder")
    assert list(left) == ["stock", "feeder"]
    source = write_javascript_run(kept, left, (), last_only=True)
    data = {"rows": [[0.5]], "stocks": [2.0, 1.0], "ticks": [], "periods": 3, "flows": 1}
    (last,) = last_period(node, source.replace("out[", "out[2 + "), "grow_beside", data)
    assert last == pytest.approx([2.0 * 1.5**3 + 1.5**2 + 0.5 * 1.5 + 0.25])


def test_each_equation_alone_gives_its_flow(node):
    trace, place = trace_step(), load_place("china_county")
    levers = {name: high for name, (_, high, _) in lever_ranges().items()}
    inputs = {**place.fixed_inputs, **levers, **place.stocks, **clock(17, 6)}
    months = run_months(place, levers, 18)
    *_, flows = months
    stocks = {name: flows[f"stock_{name}"] for name in STOCKS}
    known = {f"inputs.{name}": float(value) for name, value in {**inputs, **stocks}.items()}
    known |= {name: float(flows[name]) for name in trace.flow_names}
    script = (
        write_javascript_equations(trace)
        + "\nconst known = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        + "\nconst found = care_economy_equations.map((each) =>"
        + " each.of(each.reads.map((name) => known[name])));"
        + "\nprocess.stdout.write(JSON.stringify(found));"
    )
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(known), capture_output=True, text=True, check=True
    )
    found = dict(zip(trace.flow_names, json.loads(done.stdout), strict=True))
    assert found == pytest.approx({name: known[name] for name in trace.flow_names}, rel=1e-12)
    assert set(LEVERS) <= {name.removeprefix("inputs.") for name in known}
