"""Run a policy experiment, and sum up what came out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.study.many.experiment_file import Experiment
from carelab.study.many.sweep import finished_blocks, read_plan, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

_SHARES = {"low": 0.05, "middle": 0.5, "high": 0.95}
_MOST_POINTS = 12
_BINS = 8
_WHO = ["context", "preset"]


def arm_folder(folder: Path, context: str, preset: str) -> Path:
    """Return where the runs of an arm lie.

    Parameters
    ----------
    folder : Path
        Of the experiment.
    context, preset : str
        The arm.

    Returns
    -------
    Path
        A folder for `load_sweep`.

    Examples
    --------
    >>> arm_folder(Path("results"), "uk_place", "uk_before").as_posix()
    'results/runs/uk_place-uk_before'
    """
    return folder / "runs" / f"{context}-{preset}"


def run_experiment(
    experiment: Experiment, folder: str | Path, *, client: Any = None, progress: bool = True
) -> Path:
    """Run every arm of an experiment; call it again to go on where it was stopped.

    Parameters
    ----------
    experiment : Experiment
        As from `load_experiment`.
    folder : str or Path
        Where the runs go; on a cluster all workers must see it.
    client : distributed.Client, optional
        A Dask cluster; by default everything runs here, on one core.
    progress : bool
        Whether to write a line per arm and block on stderr.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    CarelabError
        When the folder holds the runs of another experiment or of another model.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from carelab.base import data_file
    >>> from carelab.study.many.experiment_file import load_experiment
    >>> experiment = load_experiment(data_file("experiments/charge_for_leaving.yml"))
    >>> with TemporaryDirectory() as place:
    ...     done = run_experiment(experiment, place, progress=False)
    ...     outcome_ranges(experiment, done).shape
    (30, 7)
    """
    place = Path(folder).resolve()
    columns = experiment.design()
    for number, (context, preset) in enumerate(experiment.arms, start=1):
        if progress:
            told = f"experiment: arm {number}/{len(experiment.arms)}, {context} with {preset}"
            print(told, file=sys.stderr, flush=True)
        target = arm_folder(place, context, preset)
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(
            context,
            columns,
            experiment.years,
            experiment.outcomes,
            target,
            preset=preset,
            client=client,
            progress=progress,
        )
    return place


def _read(folder: Path, columns: "Iterable[str]", year: int | None = None) -> "pd.DataFrame":
    """Read some columns of a finished sweep, of all years or of one."""
    import pyarrow.parquet as pq

    files = [str(file) for file in finished_blocks(read_plan(folder), folder).values()]
    kept = None if year is None else [("year", "=", year)]
    frame: pd.DataFrame = pq.read_table(files, columns=list(columns), filters=kept).to_pandas()
    return frame


def _by_arm(
    experiment: Experiment,
    folder: Path,
    columns: "Iterable[str]",
    sum_up: "Callable[[pd.DataFrame], pd.DataFrame]",
    year: int | None = None,
) -> "pd.DataFrame":
    """Sum up the runs of each arm, and put the arms below each other, each under its names."""
    import pandas as pd

    wanted, parts = list(columns), []
    for context, preset in experiment.arms:
        table = sum_up(_read(arm_folder(folder, context, preset), wanted, year))
        parts.append(table.assign(context=context, preset=preset))
    joined = pd.concat(parts, ignore_index=True)
    return joined[[*_WHO, *(name for name in joined if name not in _WHO)]]


def _spread(frame: "pd.DataFrame") -> "pd.DataFrame":
    import numpy as np

    outcomes = [name for name in frame if name != "year"]
    wide = frame.groupby("year")[outcomes].quantile(np.array(list(_SHARES.values())))
    tidy = wide.stack().unstack(1).set_axis(list(_SHARES), axis=1)
    tidy.index = tidy.index.set_names(["year", "outcome"])
    return tidy.reset_index()


def outcome_ranges(experiment: Experiment, folder: Path) -> "pd.DataFrame":
    """Sum up each outcome over the scenarios of an arm, year by year.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    folder : Path
        As from `run_experiment`.

    Returns
    -------
    pandas.DataFrame
        Columns context, preset, outcome, year, low, middle, high: the 5th, 50th and 95th
        percentile over the scenarios, in the unit of the outcome.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from carelab.base import data_file
    >>> from carelab.study.many.experiment_file import load_experiment
    >>> experiment = load_experiment(data_file("experiments/charge_for_leaving.yml"))
    >>> with TemporaryDirectory() as place:
    ...     done = run_experiment(experiment, place, progress=False)
    ...     table = outcome_ranges(experiment, done)
    >>> bool((table["low"] <= table["high"]).all())
    True
    """
    table = _by_arm(experiment, folder, ["year", *experiment.outcomes], _spread)
    order = {name: place for place, name in enumerate(experiment.outcomes)}
    ranked = table.sort_values("outcome", key=lambda names: names.map(order), kind="stable")
    return ranked[[*_WHO, "outcome", "year", *_SHARES]].reset_index(drop=True)


def lever_effects(experiment: Experiment, folder: Path) -> "pd.DataFrame":
    """Rank the levers of an experiment by how closely an outcome follows them.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    folder : Path
        As from `run_experiment`.

    Returns
    -------
    pandas.DataFrame
        Columns context, preset, outcome, lever and rank_correlation (Spearman) over the
        scenarios in the last year; missing where an outcome does not move.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from carelab.base import data_file
    >>> from carelab.study.many.experiment_file import load_experiment
    >>> experiment = load_experiment(data_file("experiments/charge_for_leaving.yml"))
    >>> with TemporaryDirectory() as place:
    ...     done = run_experiment(experiment, place, progress=False)
    ...     effects = lever_effects(experiment, done)
    >>> strongest_lever(effects, "kept_in_place_share")
    'leakage_charged_share'
    """
    import pandas as pd

    levers, outcomes = list(experiment.varied), list(experiment.outcomes)

    def ranked(frame: pd.DataFrame) -> pd.DataFrame:
        # Rounding keeps the last digits of a constant from counting as an order.
        ranks = frame.round(12).rank()
        still = {name for name in outcomes if frame[name].round(12).nunique() < 2}
        rows = [
            (name, lever, float("nan") if name in still else ranks[lever].corr(ranks[name]))
            for name in outcomes
            for lever in levers
        ]
        return pd.DataFrame(rows, columns=["outcome", "lever", "rank_correlation"])

    return _by_arm(experiment, folder, [*levers, *outcomes], ranked, experiment.years)


def lever_profile(experiment: Experiment, folder: Path, outcome: str, lever: str) -> "pd.DataFrame":
    """Follow an outcome in the last year along a lever.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    folder : Path
        As from `run_experiment`.
    outcome, lever : str
        What is followed, along what.

    Returns
    -------
    pandas.DataFrame
        Columns context, preset, setting (of the lever; the middle of a bin where it has more than
        twelve settings), mean, low and high (5th and 95th percentile), in the unit of the outcome.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from carelab.base import data_file
    >>> from carelab.study.many.experiment_file import load_experiment
    >>> experiment = load_experiment(data_file("experiments/charge_for_leaving.yml"))
    >>> with TemporaryDirectory() as place:
    ...     done = run_experiment(experiment, place, progress=False)
    ...     table = lever_profile(experiment, done, "reach", "leakage_charged_share")
    >>> table["setting"].unique().tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    import pandas as pd

    def along(frame: pd.DataFrame) -> pd.DataFrame:
        setting = frame[lever]
        if setting.nunique() > _MOST_POINTS:
            setting = pd.cut(setting, _BINS).map(lambda bin_: bin_.mid).astype(float)
        grouped = frame[outcome].groupby(setting.rename("setting"))
        low, high = (grouped.quantile(_SHARES[name]) for name in ("low", "high"))
        return pd.DataFrame({"mean": grouped.mean(), "low": low, "high": high}).reset_index()

    return _by_arm(experiment, folder, [lever, outcome], along, experiment.years)


def strongest_lever(effects: "pd.DataFrame", outcome: str) -> str | None:
    """Return the lever that an outcome follows most closely, over all arms.

    Parameters
    ----------
    effects : pandas.DataFrame
        As from `lever_effects`.
    outcome : str
        The outcome.

    Returns
    -------
    str or None
        Name of the lever; None when nothing moves the outcome.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("reach", "reward_share", 0.9), ("reach", "ratchet_share", -0.2)]
    >>> effects = pd.DataFrame(rows, columns=["outcome", "lever", "rank_correlation"])
    >>> strongest_lever(effects, "reach"), strongest_lever(effects, "quality")
    ('reward_share', None)
    """
    here = effects[effects["outcome"] == outcome].dropna()
    if here.empty:
        return None
    return str(here["rank_correlation"].abs().groupby(here["lever"]).mean().idxmax())
