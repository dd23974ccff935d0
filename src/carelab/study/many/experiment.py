"""A policy experiment: its file (places, presets, ranges of levers, draws), runs and summary.

::

    title: What a charge for care outside does
    question: How far must a community be charged before cases stay?   # may be left out
    author: Group 1                                                    # may be left out
    contexts: [china_county]
    presets: [china_dilemma, anhui]
    years: 5
    outcomes: [kept_in_place_share, reach]
    levers:
      leakage_charged_share: {low: 0, high: 1, steps: 5}   # each step
      mentoring_offered_share: [0, 0.5, 1]                 # each value
      ratchet_share: 0                                     # held there
      contract_share: {low: 0.2, high: 1}                  # drawn
    draws: 40       # of the levers that are drawn; 1 unless told
    seed: 20261123  # may be left out

Every combination of place and preset is an arm. An arm runs every combination of steps and values
with every draw; the draws are the same in all of them.
"""

import itertools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.frozen import FrozenMap
from carelab.base.levers import check_levers, lever_refusal, levers_of
from carelab.base.own_files import load_own
from carelab.engine import BASELINE_PRESETS, LEVERS, preset_levers
from carelab.study.many.draws import MOST_DRAWS, hypercube
from carelab.study.many.sweep import check_arguments, finished_blocks, read_plan, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    import pandas as pd

SEED = 20261123
MOST_SCENARIOS = 2_000_000
MOST_OUTCOMES = 12
_MOST_STEPS = 201
_NEEDED = ("title", "contexts", "presets", "years", "outcomes", "levers")
_OPTIONAL = ("question", "author", "draws", "seed")


@dataclass(frozen=True)
class Experiment:
    """A policy experiment, checked.

    Parameters
    ----------
    title, question, author : str
        What it is, for the report.
    contexts, presets, outcomes : tuple of str
        Places, lever settings to start from, quantities kept.
    years, draws, seed : int
        Length of a run; Latin-hypercube draws and their seed.
    steps : mapping of str to tuple of float
        Levers that take each of some values; one value holds a lever where it is.
    ranges : mapping of str to (float, float)
        Levers that are drawn, low and high.
    """

    title: str
    question: str
    author: str
    contexts: tuple[str, ...]
    presets: tuple[str, ...]
    outcomes: tuple[str, ...]
    years: int
    draws: int
    seed: int
    steps: Mapping[str, tuple[float, ...]]
    ranges: Mapping[str, tuple[float, float]]

    def __post_init__(self) -> None:
        """Keep steps and ranges from being changed."""
        for name in ("steps", "ranges"):
            object.__setattr__(self, name, FrozenMap(getattr(self, name)))

    @property
    def arms(self) -> tuple[tuple[str, str], ...]:
        """Every place with every preset."""
        return tuple(itertools.product(self.contexts, self.presets))

    @property
    def scenarios(self) -> int:
        """How many scenarios an arm has."""
        count = self.draws
        for values in self.steps.values():
            count *= len(values)
        return count

    @property
    def varied(self) -> tuple[str, ...]:
        """Levers that take more than one value, in the engine's order."""
        moved = {name for name, values in self.steps.items() if len(values) > 1}
        return tuple(name for name in LEVERS if name in moved or name in self.ranges)

    def design(self) -> "dict[str, np.ndarray[Any, Any]]":
        """Return one column per lever, one value per scenario of an arm."""
        import numpy as np

        unit = hypercube(self.draws, len(self.ranges), self.seed) if self.ranges else None
        steps = np.array(list(itertools.product(*self.steps.values())), dtype=float)
        columns = {
            name: np.repeat(steps[:, place], self.draws) for place, name in enumerate(self.steps)
        }
        for place, (name, (low, high)) in enumerate(self.ranges.items()):
            drawn = low + unit[:, place] * (high - low)  # type: ignore[index]
            columns[name] = np.tile(levers_of()[name].on_step(drawn), len(steps))
        return columns


def _refuse(name: str, value: Any, allowed: str) -> CarelabError:
    return CarelabError(f"{name} is {str(value)[:60]!r}; allowed is {allowed}")


def _whole(content: Mapping[str, Any], name: str, default: int | None, low: int, high: int) -> int:
    value = content.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _refuse(name, value, f"a whole number from {low} to {high:,}")
    return value


def _line(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str) or (name == "title" and not value.strip()):
        raise _refuse(name, value, "text")
    return value.strip()


def _names(content: Mapping[str, Any], name: str, most: int) -> tuple[str, ...]:
    value = content[name]
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise _refuse(name, value, "a list of names")
    if not 1 <= len(listed) <= most or len(set(listed)) < len(listed):
        raise _refuse(name, value, f"1 to {most} names, each once")
    return tuple(listed)


def _number(lever: str, value: Any) -> float:
    check_levers({lever: value})
    return float(value)


def _lever(name: str, given: Any) -> tuple[float, ...] | dict[str, float]:
    """Return the values that a lever takes, or the range in which it is drawn."""
    if not isinstance(given, (list, dict)):
        return (_number(name, given),)
    if isinstance(given, list):
        values = tuple(_number(name, value) for value in given)
        if not 1 <= len(values) <= _MOST_STEPS or len(set(values)) < len(values):
            raise _refuse(f"lever '{name}'", given, f"1 to {_MOST_STEPS} values, each once")
        return values
    if not {"low", "high"} <= set(given) <= {"low", "high", "steps"}:
        raise _refuse(f"lever '{name}'", given, "a number, a list, or low and high (and steps)")
    low, high = _number(name, given["low"]), _number(name, given["high"])
    if low >= high:
        raise _refuse(f"lever '{name}'", given, "a low below the high")
    if "steps" not in given:
        return {"low": low, "high": high}
    steps = _whole(given, "steps", None, 2, _MOST_STEPS)
    # The last step is the end of the range, whatever the last digits of the sum.
    return tuple(
        _number(name, min(low + (high - low) * step / (steps - 1), high)) for step in range(steps)
    )


def _levers(given: Any) -> tuple[dict[str, tuple[float, ...]], dict[str, tuple[float, float]]]:
    if not isinstance(given, dict) or not given:
        raise _refuse("levers", given, "names of levers with values or ranges")
    for name in given:
        if name not in LEVERS:
            raise CarelabError(lever_refusal(name, None))
    read = {name: _lever(name, given[name]) for name in LEVERS if name in given}
    steps = {name: each for name, each in read.items() if isinstance(each, tuple)}
    drawn = {name: each for name, each in read.items() if isinstance(each, dict)}
    return steps, {name: (each["low"], each["high"]) for name, each in drawn.items()}


def _experiment(content: Any) -> Experiment:
    if not isinstance(content, dict):
        raise CarelabError(f"it is no experiment; it needs {', '.join(_NEEDED)}")
    unknown = [str(name) for name in content if name not in (*_NEEDED, *_OPTIONAL)]
    missing = [name for name in _NEEDED if name not in content]
    if unknown:
        known = ", ".join((*_NEEDED, *_OPTIONAL))
        raise CarelabError(f"entry '{unknown[0][:40]}' is unknown; known are {known}")
    if missing:
        raise CarelabError(f"entry '{missing[0]}' is missing")
    steps, ranges = _levers(content["levers"])
    return Experiment(
        title=_line(content, "title"),
        question=_line(content, "question"),
        author=_line(content, "author"),
        contexts=_names(content, "contexts", len(BASELINE_PRESETS)),
        presets=_names(content, "presets", 20),
        outcomes=_names(content, "outcomes", MOST_OUTCOMES),
        years=_whole(content, "years", None, 1, 15),
        draws=_whole(content, "draws", 1, 1, MOST_DRAWS),
        seed=_whole(content, "seed", SEED, 0, 2**63 - 1),
        steps=steps,
        ranges=ranges,
    )


def _check(experiment: Experiment) -> None:
    """Refuse what is well written and cannot be run."""
    check_arguments(experiment.years, experiment.outcomes, 1)
    for context in experiment.contexts:
        if context not in BASELINE_PRESETS:
            known = ", ".join(BASELINE_PRESETS)
            raise CarelabError(f"place '{context}' is unknown; known are {known}")
    for preset in experiment.presets:
        preset_levers(preset)
    if experiment.draws > 1 and not experiment.ranges:
        raise _refuse("draws", experiment.draws, "1, for no lever has a low and high to draw from")
    total = experiment.scenarios * len(experiment.arms)
    if total > MOST_SCENARIOS:
        raise CarelabError(f"{total:,} scenarios are too many; allowed are {MOST_SCENARIOS:,}")


def load_experiment(path: str | Path) -> Experiment:
    """Read a policy experiment from its file.

    Parameters
    ----------
    path : str or Path
        Plain YAML.

    Returns
    -------
    Experiment
        Checked as far as can be without running it.

    Raises
    ------
    CarelabError
        One sentence that names the file, the entry, its value and what is allowed.

    Examples
    --------
    >>> from carelab.base import data_file
    >>> experiment = load_experiment(data_file("experiments/charge_for_leaving.yml"))
    >>> experiment.scenarios, len(experiment.arms)
    (200, 2)
    """
    file = Path(path)
    content = load_own(file)
    try:
        experiment = _experiment(content)
        _check(experiment)
    except CarelabError as problem:
        raise CarelabError(f"file '{file.name}': {problem}") from None
    return experiment


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
    >>> from carelab.study.many.experiment import load_experiment
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
    >>> from carelab.study.many.experiment import load_experiment
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
    >>> from carelab.study.many.experiment import load_experiment
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
    >>> from carelab.study.many.experiment import load_experiment
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
