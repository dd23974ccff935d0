"""Blocks of a sweep: run one, write it whole or not at all, see which are finished."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from carelab.base import CarelabError
from carelab.base.whole_files import write_whole
from carelab.engine import load_place, preset_levers, run_years
from carelab.study.many.sweep_plan import Settings, SweepPlan, model_sha256

# Scenarios, from the first to before the last.
Span = tuple[int, int]


def run_block(
    plan: SweepPlan, start: int, levers: Mapping[str, Any], own: Settings = ()
) -> dict[str, Any]:
    """Run the scenarios of a block side by side.

    Parameters
    ----------
    plan : SweepPlan
        The sweep.
    start : int
        Number of the first scenario.
    levers : mapping of str to array
        One value per scenario of the block.
    own : tuple of (str, float)
        Every lever, where the preset is a reader's own case: a worker has no file of it.

    Returns
    -------
    dict of str to array
        ``scenario``, ``year`` (from 1), levers, and outcomes of each year as the lab shows them;
        one row per scenario and year.
    """
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
    """Run a block and write its file; this is all that a worker of a cluster does.

    Parameters
    ----------
    plan : SweepPlan
        The sweep.
    folder : str
        Its folder, which every worker must see.
    start : int
        Number of the first scenario.
    levers : mapping of str to array
        One value per scenario of the block.
    own : tuple of (str, float)
        As of `run_block`.

    Returns
    -------
    int
        Scenarios run.

    Raises
    ------
    CarelabError
        When the worker has another model than the sweep.
    """
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

    Parameters
    ----------
    finished : mapping of (int, int) to Path
        As from `finished_blocks`.
    scenarios : int
        Of the whole sweep.
    block : int
        Scenarios in a block, at most.

    Yields
    ------
    (int, int)
        Scenarios still to run.

    Examples
    --------
    >>> list(missing_spans({(4, 6): Path("block")}, 10, 3))
    [(0, 3), (3, 4), (6, 9), (9, 10)]
    """
    position = 0
    for start, stop in (*finished, (scenarios, scenarios)):
        for first in range(position, start, block):
            yield first, min(first + block, start)
        position = stop
