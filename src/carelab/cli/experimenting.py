"""Run a policy experiment from its file, here or on a cluster, and write its report."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from carelab.base.whole_files import write_whole
from carelab.cli.experiment_page import experiment_page
from carelab.cli.reporting import TaskError, say
from carelab.study.many.experiment import load_experiment, outcome_ranges, run_experiment

REPORT = "report.html"
SUMMARY = "summary.csv"


@contextmanager
def _client(cluster: str | None, workers: int) -> Iterator[Any]:
    """Reach a cluster, or start one on this machine, or do without."""
    if cluster is None and workers < 2:
        yield None
        return
    try:
        import distributed
    except ImportError:
        raise TaskError("a cluster needs Dask; install the package distributed") from None
    dask: Any = distributed
    if cluster is not None:
        try:
            client = dask.Client(cluster, timeout=20)
        except (OSError, ValueError) as problem:
            reason = str(problem).splitlines()[0][:120]
            raise TaskError(f"no cluster answers at '{cluster}': {reason}") from None
        with client:
            yield client
        return
    local = dask.LocalCluster(workers, threads_per_worker=1, dashboard_address=None)
    with local, dask.Client(local) as client:
        yield client


def run_file(
    name: str, output: str | None = None, cluster: str | None = None, workers: int = 1
) -> Path:
    """Run an experiment; call it again to go on where it was stopped."""
    started = time.perf_counter()
    file = Path(name)
    if workers < 1:
        raise TaskError(f"workers is {workers}; allowed is 1 or more")
    experiment = load_experiment(file)
    folder = Path(output or f"{file.stem}-results")
    total = experiment.scenarios * len(experiment.arms)
    say("experiment", f"{experiment.title}: {total:,} scenarios in {len(experiment.arms)} arms")
    with _client(cluster, workers) as client:
        run_experiment(experiment, folder, client=client)
    text = outcome_ranges(experiment, folder).to_csv(index=False, lineterminator="\n")
    write_whole(folder / SUMMARY, text)
    page = experiment_page(experiment, folder, file)
    write_whole(folder / REPORT, page)
    seconds = time.perf_counter() - started
    say("experiment", f"open {folder / REPORT} ({len(page) / 1000:,.0f} kB, {seconds:.1f} s)")
    return folder / REPORT
