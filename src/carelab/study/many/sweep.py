"""Any number of scenarios in blocks: stopped and resumed at will, alone or on a cluster.

Settings are checked and hashed before anything runs; the plan of a sweep makes a folder its own;
a block is written whole or not at all.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from carelab.base import CarelabError, code_identity
from carelab.base.levers import lever_refusal, levers_of
from carelab.base.locks import alone_in
from carelab.base.whole_files import write_whole
from carelab.engine import (
    BASELINE_PRESETS,
    LEVERS,
    MODEL_VERSION,
    load_place,
    place_parameters,
    preset_levers,
    run_years,
)
from carelab.engine.scenario import built_in_presets
from carelab.engine.simulate import check_years
from carelab.evidence import load_quantities

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, np.ndarray[Any, Any]]
_CHECKED_AT_ONCE = 65_536


def lever_columns(levers: "pd.DataFrame | Mapping[str, Any]") -> Columns:
    """Return one column per lever, in the engine's order and without copying what is given.

    >>> {name: values.tolist() for name, values in lever_columns(
    ...     {"surplus_kept_share": [0, 1], "contract_share": 0.5}).items()}
    {'contract_share': [0.5, 0.5], 'surplus_kept_share': [0, 1]}
    """
    given: Columns = {str(name): np.asarray(values) for name, values in levers.items()}
    for name, values in given.items():
        if name not in LEVERS:
            raise CarelabError(lever_refusal(name, None))
        if values.ndim > 1 or values.dtype.kind not in "iuf":
            raise CarelabError(f"lever '{name}' is not a column of numbers")
    sizes = {values.size for values in given.values() if values.ndim == 1} or {min(1, len(given))}
    if len(sizes) > 1 or 0 in sizes:
        shown = ", ".join(map(str, sorted(sizes)))
        raise CarelabError(f"levers have {shown} values; allowed is one length, at least 1")
    return {name: np.broadcast_to(given[name], tuple(sizes)) for name in LEVERS if name in given}


def inputs_sha256(columns: Columns) -> str:
    """Hash the settings piece by piece, and refuse a value out of range.

    >>> inputs_sha256(lever_columns({"ratchet_share": [0.5, 2.0]}))
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: lever 'ratchet_share' is 2 in scenario 1;
    allowed is 0 to 1
    """
    total = hashlib.sha256()
    for name, values in columns.items():
        lever = levers_of()[name]
        total.update(f"{name}\0".encode())
        for first in range(0, len(values), _CHECKED_AT_ONCE):
            piece = values[first : first + _CHECKED_AT_ONCE].astype("<f8")
            bad = ~lever.allows(piece)
            if bad.any():
                place = int(bad.argmax())
                where = f" in scenario {first + place}"
                raise CarelabError(lever_refusal(name, float(piece[place]), where=where))
            total.update(piece.tobytes())
    return total.hexdigest()


def check_arguments(years: int, outcomes: tuple[str, ...], block: int) -> None:
    """Refuse a length, an outcome or a block that cannot be.

    Parameters
    ----------
    years : int
        From 1 to 15.
    outcomes : tuple of str
        Names in ``quantities.csv``, each once.
    block : int
        From 1.

    Raises
    ------
    CarelabError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> check_arguments(10, ("reach",), 0)
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: block is 0; allowed is a whole number from 1
    """
    check_years(years)
    if not isinstance(block, int) or block < 1:
        raise CarelabError(f"block is {block!r}; allowed is a whole number from 1")
    known = load_quantities("care_economy")["name"].tolist()
    for name in outcomes:
        if name not in known:
            raise CarelabError(f"outcome '{name}' is unknown; known are {', '.join(known)}")
    if not outcomes or len(set(outcomes)) < len(outcomes):
        raise CarelabError(f"outcomes are {list(outcomes)}; allowed is at least one, each once")


_MANIFEST = "sweep.json"
# Every lever of a preset that only this machine knows; empty for one of presets.csv.
Settings = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class SweepPlan:
    """What makes a sweep this sweep and no other; the size of its blocks does not.

    Parameters
    ----------
    context, preset : str
        The place, and what sets the levers that do not vary.
    years, scenarios : int
        How long and how many.
    levers, outcomes : tuple of str
        Levers that vary; quantities kept.
    model_version, model_sha256, inputs_sha256 : str
        Equations and parameters, and the settings of all scenarios.
    """

    context: str
    preset: str
    years: int
    scenarios: int
    levers: tuple[str, ...]
    outcomes: tuple[str, ...]
    model_version: str
    model_sha256: str
    inputs_sha256: str

    def to_json(self) -> str:
        """Return the text of the manifest."""
        return json.dumps(asdict(self), indent=2) + "\n"


@cache
def model_sha256(context: str, preset: str, own: Settings = ()) -> str:
    """Hash the code of the model, the parameters of a place and the levers of a preset.

    >>> model_sha256("uk_place", "uk_before") == model_sha256("uk_place", "uk_integrated")
    False
    """
    presets = [dict(own or preset_levers(preset)), dict(preset_levers(BASELINE_PRESETS[context]))]
    parts = [code_identity("run_block"), place_parameters(context), presets]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read_plan(folder: Path) -> SweepPlan:
    """Read the manifest of a sweep.

    Parameters
    ----------
    folder : Path
        Folder of the sweep.

    Returns
    -------
    SweepPlan
        What was swept.

    Raises
    ------
    CarelabError
        When the folder has no manifest or a damaged one.
    """
    try:
        fields = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        pairs = {name: tuple(fields[name]) for name in ("levers", "outcomes")}
        return SweepPlan(**{**fields, **pairs})
    except FileNotFoundError:
        raise CarelabError(f"folder '{folder.name}' holds no sweep") from None
    except (ValueError, TypeError, KeyError):
        raise CarelabError(f"'{_MANIFEST}' in folder '{folder.name}' is damaged") from None


def _refuse_other_files(folder: Path) -> None:
    if not (folder / _MANIFEST).is_file() and any(
        not path.name.startswith(".") for path in folder.iterdir()
    ):
        raise CarelabError(f"folder '{folder.name}' holds other files; give an empty one")


@contextmanager
def claimed_folder(plan: SweepPlan, folder: Path) -> Iterator[None]:
    """Make a folder this sweep's own, or see that it already is, and keep every other run out.

    The folder is made if it does not exist; what an interrupted run left half written is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_other_files(folder)
    with alone_in(folder):
        _refuse_other_files(folder)
        if not (folder / _MANIFEST).is_file():
            write_whole(folder / _MANIFEST, plan.to_json())
        there = read_plan(folder)
        differing = [name for name in vars(plan) if getattr(there, name) != getattr(plan, name)]
        if differing:
            raise CarelabError(
                f"folder '{folder.name}' holds another sweep ({', '.join(differing)} differ);"
                " give this one a folder of its own"
            )
        for left in folder.glob(".*.part"):
            left.unlink(missing_ok=True)
        yield


# Scenarios, from the first to before the last.
Span = tuple[int, int]


def run_block(
    plan: SweepPlan, start: int, levers: Mapping[str, Any], own: Settings = ()
) -> dict[str, Any]:
    """Run the scenarios of a block side by side."""
    size, years = len(levers[plan.levers[0]]), plan.years
    settings = {**(dict(own) or preset_levers(plan.preset)), **levers}
    found = [
        {name: np.broadcast_to(value, size) for name, value in year.items()}
        for year in run_years(load_place(plan.context), settings, years, plan.outcomes)
    ]
    return {
        "scenario": np.repeat(np.arange(start, start + size), years),
        "year": np.tile(np.arange(1, years + 1), size),
        **{name: np.repeat(levers[name], years) for name in plan.levers},
        **{
            name: np.stack([year[name] for year in found], axis=1).ravel() for name in plan.outcomes
        },
    }


def finish_block(
    plan: SweepPlan, folder: str, start: int, levers: Mapping[str, Any], own: Settings = ()
) -> int:
    """Run a block and write its file; this is all that a worker of a cluster does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if model_sha256(plan.context, plan.preset, own) != plan.model_sha256:
        raise CarelabError("a worker has another version of carelab than the sweep; update it")
    size = len(levers[plan.levers[0]])
    columns = run_block(plan, start, levers, own)
    metadata = {"carelab_sweep": plan.to_json()}
    table = pa.table(columns).replace_schema_metadata(metadata)
    name = f"block-{start:012d}-{start + size:012d}.parquet"
    write_whole(Path(folder) / name, lambda file: pq.write_table(table, file))
    return size


def finished_blocks(plan: SweepPlan, folder: Path) -> dict[Span, Path]:
    """Find the blocks that are written, and check that each is whole and of this sweep.

    Parameters
    ----------
    plan : SweepPlan
        The sweep.
    folder : Path
        Its folder.

    Returns
    -------
    dict of (int, int) to Path
        Scenarios to file, in order.

    Raises
    ------
    CarelabError
        Naming the file that is damaged, of another sweep, or holds what another file holds.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    found: dict[Span, Path] = {}
    before, remedy = 0, "delete it and run the sweep again"
    for path in sorted(folder.glob("block-*.parquet")):
        try:
            start, stop = (int(number) for number in path.stem.split("-")[1:])
            read = pq.read_metadata(path)
        except (ValueError, OSError, pa.ArrowException):
            raise CarelabError(f"'{path.name}' is no whole block; {remedy}") from None
        ours = (read.metadata or {}).get(b"carelab_sweep") == plan.to_json().encode()
        if not ours or read.num_rows != (stop - start) * plan.years:
            raise CarelabError(f"'{path.name}' is no block of this sweep; {remedy}")
        if start < before:
            raise CarelabError(f"'{path.name}' holds scenarios of another block; {remedy}")
        found[start, stop], before = path, stop
    return found


def missing_spans(finished: Mapping[Span, Path], scenarios: int, block: int) -> Iterator[Span]:
    """Cut what is not finished into blocks.

    >>> list(missing_spans({(4, 6): Path("block")}, 10, 3))
    [(0, 3), (3, 4), (6, 9), (9, 10)]
    """
    position = 0
    for start, stop in (*finished, (scenarios, scenarios)):
        for first in range(position, start, block):
            yield first, min(first + block, start)
        position = stop


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
