"""How fast the care economy runs, against other tools and against compiled C.

Everything is measured in one run on one machine, after the results were compared: a tool whose
results differ ends the benchmark. Ratios are what counts; absolute times are for orientation.
``python3 run.py bench --store`` keeps the measured values in ``data/benchmarks.csv``.
"""

import sys
import tempfile
from pathlib import Path

import sweeps
from engine_runs import MONTHS, SCENARIOS, TOLERANCE, drawn_levers, every_month, gap, measured
from engine_runs import rows_of as scenarios_of
from other_tools import NotAvailableError, run_pysd, run_sdeverywhere
from stored_rows import Row, store_rows

# How many scenarios other tools run for the comparison of results.
COMPARED = 3
SKIPPED: list[str] = []


def skip(what: str, why: str) -> None:
    print(f"  {what}: SKIPPED, {why}")
    SKIPPED.append(what)


def agreed(tool: str, ours: list[dict], theirs: list[dict]) -> float:
    """Return the largest difference; end the benchmark where it is more than rounding."""
    worst = max(gap(own, other) for own, other in zip(ours, theirs, strict=True))
    if not worst <= TOLERANCE:
        raise SystemExit(f"{tool} and we differ by {worst:.1e}; allowed is {TOLERANCE:.0e}")
    return worst


def say_forms(results: dict[str, tuple[float, float, float]]) -> list[Row]:
    once, every, _ = results["plain Python"]
    print(f"care economy, {MONTHS} months, best of several runs; × is times plain Python")
    print(f"  {'':<13} {'one run':>11} {'×':>7} {f'scenarios/s, {SCENARIOS:,}':>20} {'×':>7}   gap")
    rows = []
    for name, (one, many, far) in results.items():
        print(
            f"  {name:<13} {one * 1e3:8.3f} ms {once / one:7.1f} {SCENARIOS / many:20,.0f}"
            f" {every / many:7.1f}   {far:.0e}"
        )
        if not far <= TOLERANCE:
            raise SystemExit(f"{name} differs from the numpy block by {far:.1e}")
        rows.append(Row(f"One run, {name}", one * 1e3, "ms"))
        rows.append(Row(f"A thousand scenarios, {name}", SCENARIOS / many, "scenarios/s"))
    return rows


def against_tools(once: float) -> list[Row]:
    """Compare with the other tools; ours is timed beside SDEverywhere in one node process."""
    few = scenarios_of(drawn_levers())[:COMPARED]
    ours = [every_month(row) for row in few]
    rows = []
    for tool, run in (("SDEverywhere", run_sdeverywhere), ("PySD", run_pysd)):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                told = run(few, Path(folder))
            except NotAvailableError as problem:
                skip(tool, str(problem))
                continue
        far = agreed(tool, ours, told["runs"])
        goal, own = (5, told["own"]) if tool == "SDEverywhere" else (500, once)
        theirs = told.get("bare", told["once"])
        print(f"  {tool}: results agree to {far:.0e}, all quantities of all months")
        if "load" in told:
            rows.append(Row(f"Reading the model, {tool}", told["load"] * 1e3, "ms"))
        rows.append(Row(f"One run, {tool}", theirs * 1e3, "ms"))
        rows.append(
            Row(
                f"Time of a run, {tool} over our JavaScript",
                theirs / own,
                "times",
                ("at least", goal),
            )
        )
    return rows


def of_sweeps() -> list[Row]:
    rows = []
    swept = sweeps.on_one_core()
    rows.append(Row("A sweep on one core, files written", swept, "scenarios/s"))
    one, many = sweeps.memory()
    rows.append(Row("Memory of a sweep of one block", one, "MB"))
    text = "Memory of a sweep of eight blocks over one block"
    rows.append(Row(text, many / one, "times", ("at most", 2)))
    alone, together = sweeps.on_two_workers()
    rows.append(Row("Throughput of two Dask workers over one core", together / alone, "times"))
    return rows


def main() -> None:
    results = measured(drawn_levers())
    rows = say_forms(results)
    rows += against_tools(results["JavaScript"][0])
    rows += of_sweeps()
    for row in rows[2 * len(results) :]:
        print(f"  {row.sentence()}")
    if "--store" in sys.argv[1:]:
        if SKIPPED:
            raise SystemExit(f"nothing is stored, for this was not measured: {', '.join(SKIPPED)}")
        # What is held against a goal comes first.
        store_rows(sorted(rows, key=lambda row: row.goal is None))


if __name__ == "__main__":
    main()
