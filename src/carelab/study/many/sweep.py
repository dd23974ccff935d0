"""Any number of scenarios in blocks: stopped and resumed at will, alone or on a cluster."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine import BASELINE_PRESETS, MODEL_VERSION, load_place, preset_levers
from carelab.engine.scenario import built_in_presets
from carelab.study.many.blocks import Span, finish_block, finished_blocks, missing_spans
from carelab.study.many.sweep_inputs import Columns, check_arguments, inputs_sha256, lever_columns
from carelab.study.many.sweep_plan import (
    Settings,
    SweepPlan,
    claimed_folder,
    model_sha256,
    read_plan,
)

if TYPE_CHECKING:
    import pandas as pd

# About 30 MB of numbers in flight, and within a tenth of the fastest size.
BLOCK = 8000


def _on_cluster(
    client: Any, spans: Iterable[Span], task: Callable[[Span], tuple[Any, ...]]
) -> Iterator[int]:
    """Keep every worker busy, and never more blocks under way than that takes."""
    import distributed

    waiting = iter(spans)
    running: set[Any] = set()
    as_completed: Any = distributed.as_completed
    completed = as_completed(loop=client.loop)

    def fill() -> None:
        wanted = max(1, 2 * sum(client.nthreads().values())) - len(running)
        for span in islice(waiting, max(0, wanted)):
            future = client.submit(finish_block, *task(span), pure=False)
            running.add(future)
            completed.add(future)

    try:
        fill()
        for future in completed:
            running.discard(future)
            yield future.result()
            fill()
    finally:
        client.cancel(list(running))


def _run(
    plan: SweepPlan, columns: Columns, folder: Path, block: int, client: Any, own: Settings
) -> Any:
    """Give first what is finished (blocks, scenarios) and what is left, then each new block."""
    finished = finished_blocks(plan, folder)
    spans = list(missing_spans(finished, plan.scenarios, block))
    yield len(finished), plan.scenarios - sum(stop - start for start, stop in spans), len(spans)

    def task(span: Span) -> tuple[Any, ...]:
        levers = {name: values[slice(*span)].astype(float) for name, values in columns.items()}
        return plan, str(folder), span[0], levers, own

    if client is None:
        yield from (finish_block(*task(span)) for span in spans)
    else:
        yield from _on_cluster(client, spans, task)


def sweep(
    context: str,
    levers: "pd.DataFrame | Mapping[str, Any]",
    years: int,
    outcomes: Iterable[str],
    folder: str | Path,
    *,
    block: int = BLOCK,
    client: Any = None,
    progress: bool = True,
    preset: str | None = None,
) -> Path:
    """Run any number of scenarios; call it again to go on where it was stopped.

    Parameters
    ----------
    context : str
        The place, such as ``china_county``.
    levers : pandas.DataFrame or mapping of str to array or float
        One row per scenario; a single number holds for all.
    years : int
        From 1 to 15.
    outcomes : iterable of str
        Quantities to keep, of each year as the lab shows them.
    folder : str or Path
        Where the results go, one Parquet file per block; on a cluster all workers must see it.
    block : int
        Scenarios run side by side. Memory grows with it and with nothing else; results do not
        depend on it.
    client : distributed.Client, optional
        A Dask cluster; by default everything runs here, on one core.
    progress : bool
        Whether to write a line per block on stderr.
    preset : str, optional
        Sets the levers that are not given; by default the one that describes the place before
        any reform.

    Returns
    -------
    Path
        The folder, for `load_sweep`.

    Raises
    ------
    CarelabError
        When an argument is not allowed, the folder belongs to another sweep, or another run is
        at work in it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     levers = {"contract_share": [0.0, 0.5, 1.0], "surplus_kept_share": 1.0}
    ...     done = sweep("china_county", levers, 2, ["reach"], folder, progress=False)
    ...     load_sweep(done).columns.tolist()
    ['scenario', 'year', 'contract_share', 'surplus_kept_share', 'reach']
    """
    started, path = time.perf_counter(), Path(folder).resolve()
    names = (outcomes,) if isinstance(outcomes, str) else tuple(outcomes)
    check_arguments(years, names, block)
    columns = lever_columns(levers)
    load_place(context)  # refuses an unknown place
    chosen = BASELINE_PRESETS[context] if preset is None else preset
    base = preset_levers(chosen)  # refuses an unknown preset
    own = () if chosen in built_in_presets() else tuple(base.items())
    size = len(next(iter(columns.values())))
    hashes = MODEL_VERSION, model_sha256(context, chosen, own), inputs_sha256(columns)
    plan = SweepPlan(context, chosen, years, size, tuple(columns), names, *hashes)
    with claimed_folder(plan, path):
        events = _run(plan, columns, path, block, client, own)
        blocks, done, left = next(events)
        total = blocks + left
        for ran in events:
            blocks, done = blocks + 1, done + ran
            if progress:
                seconds = time.perf_counter() - started
                line = f"sweep: block {blocks}/{total}, {done:,} of {size:,} scenarios"
                print(f"{line}, {seconds:.1f} s", file=sys.stderr, flush=True)
    return path


def load_sweep(folder: str | Path, query: str | None = None) -> "pd.DataFrame":
    """Read a finished sweep back.

    Parameters
    ----------
    folder : str or Path
        As given to `sweep`.
    query : str, optional
        SQL over the table ``sweep``, answered by DuckDB without reading everything into memory.

    Returns
    -------
    pandas.DataFrame
        One row per scenario and year (``scenario`` from 0, ``year`` from 1, levers, outcomes),
        or the answer to the query; ``attrs`` has model version and hash of the inputs.

    Raises
    ------
    CarelabError
        When the folder holds no sweep or an unfinished one, or DuckDB is not installed.

    Examples
    --------
    >>> load_sweep("nowhere")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: folder 'nowhere' holds no sweep
    """
    import pyarrow.parquet as pq

    path = Path(folder)
    plan = read_plan(path)
    finished = finished_blocks(plan, path)
    done = sum(stop - start for start, stop in finished)
    if done < plan.scenarios:
        raise CarelabError(
            f"the sweep in folder '{path.name}' has {done:,} of {plan.scenarios:,} scenarios;"
            " run it again to finish it"
        )
    files = [str(file) for file in finished.values()]
    frame = pq.read_table(files).to_pandas() if query is None else _query(files, query)
    frame.attrs = {name: getattr(plan, name) for name in ("model_version", "inputs_sha256")}
    return frame


def _query(files: list[str], query: str) -> "pd.DataFrame":
    try:
        import duckdb
    except ImportError:
        raise CarelabError("a query needs DuckDB; install the package duckdb") from None
    with duckdb.connect() as connection:
        connection.read_parquet(files).create_view("sweep")
        frame: pd.DataFrame = connection.sql(query).df()
    return frame
