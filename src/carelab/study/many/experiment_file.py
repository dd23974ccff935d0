"""A policy experiment as a file: places, presets, ranges of levers, draws.

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
from carelab.study.many.sweep import check_arguments

if TYPE_CHECKING:
    import numpy as np

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
