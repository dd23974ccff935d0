"""Sweeps: on one core, on two workers of Dask, and their memory."""

import sys
import tempfile
from pathlib import Path

import numpy as np
from engine_runs import BASE, MONTHS, call, drawn_levers, seconds

from carelab.study import sweep

OUTCOMES = ["reach", "siphon"]
BLOCK = 2_000
# One block alone, then many: memory must follow the block, not the number of scenarios.
MEMORY_BLOCK = 8_000
MEMORY_SCENARIOS = (MEMORY_BLOCK, 8 * MEMORY_BLOCK)
MEMORY_DRIVER = """
import sys, tempfile, threading, time
import numpy as np
import psutil
from carelab.study import sweep
context, years, block, scenarios = sys.argv[1], *map(int, sys.argv[2:5])
process, peak, done = psutil.Process(), 0, False
def watch():
    global peak
    while not done:
        peak = max(peak, process.memory_info().rss)
        time.sleep(0.002)
def run(count, folder):
    shares = np.linspace(0.0, 1.0, count)
    sweep(context, {"contract_share": shares}, years, ["reach"], folder, block=block,
          progress=False)
with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
    run(2, one)
    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    run(scenarios, many)
    done = True
    watcher.join()
print(peak - before)
"""


def _tiled(scenarios: int) -> dict[str, np.ndarray]:
    return {name: np.resize(values, scenarios) for name, values in drawn_levers().items()}


def _sweep_seconds(scenarios: int, client=None) -> float:
    levers = _tiled(scenarios)

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "sweep"
            years = MONTHS // 12
            sweep(
                *(BASE.context, levers, years, OUTCOMES, place),
                block=BLOCK,
                client=client,
                progress=False,
            )

    return seconds(run, 2)


def _small_block() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sweep(BASE.context, {"contract_share": [0.5]}, 1, OUTCOMES, folder, progress=False)


def on_one_core() -> float:
    """Return scenarios a second of a sweep on one core, files written."""
    scenarios = 4 * BLOCK
    return scenarios / _sweep_seconds(scenarios)


def on_two_workers() -> tuple[float, float]:
    """Return scenarios a second alone and on two Dask workers of one core each."""
    import distributed

    scenarios = 12 * BLOCK
    alone = scenarios / _sweep_seconds(scenarios)
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=40
    )
    with cluster, distributed.Client(cluster) as client:
        # Each worker reads the place once, and imports what a block needs.
        client.run(_small_block)
        return alone, scenarios / _sweep_seconds(scenarios, client)


def memory() -> tuple[float, float]:
    """Return by how many MB the memory of a process grows in a sweep of one and of many blocks."""
    grown = []
    for scenarios in MEMORY_SCENARIOS:
        arguments = [BASE.context, MONTHS // 12, MEMORY_BLOCK, scenarios]
        done = call([sys.executable, "-c", MEMORY_DRIVER, *arguments], check=True)
        grown.append(int(done.stdout) / 1e6)
    return grown[0], grown[1]
