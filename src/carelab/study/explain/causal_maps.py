"""The causal map, contracted to quantities that a reader can name, and the runs that it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carelab.base.frozen import ComparedByContent
from carelab.base.levers import levers_of
from carelab.base.numbers import at_least
from carelab.engine import STOCKS, Scenario, lever_ranges, load_place, run_months, trace_step
from carelab.engine.names import CLOCK
from carelab.engine.recorded import inner_flows
from carelab.engine.simulate import clock
from carelab.engine.tables import rows_of
from carelab.engine.years import MONTHS
from carelab.tracing.causal import causal_slopes
from carelab.tracing.reduction import Chain, Pair, carried_over, passes_month, reduce_links

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

YEARS = 10


@dataclass(frozen=True, eq=False)
class Course(ComparedByContent):
    """A run as the causal map reads it: slopes of all links, and the path of every quantity."""

    slopes: Mapping[tuple[str, str], Any]
    paths: Mapping[str, Any]

    def effect(self, chain: Chain) -> "np.ndarray[Any, Any]":
        """Return what a lasting unit of the chain's source comes to at its target, every month.

        Where the chain passes through a stock it counts what the stock gathers by the end of
        the run, its own decay at work.
        """
        import numpy as np

        months = len(self.paths["month"])
        product = np.ones(months)
        for source, target in pairwise(chain):
            if passes_month((source, target)):
                kept = np.clip(np.asarray(self.slopes.get((target, source), 0.0)), -0.99, 1.0)
                gathered = (1 - kept**months) / np.maximum(1 - kept, 1e-12)
                product = product * np.where(kept > 1 - 1e-9, months, gathered)
            else:
                product = product * self.slopes[source, target]
        return product


@cache
def course(scenario: Scenario, years: int = YEARS) -> Course:
    """Run a scenario and differentiate each of its months.

    >>> run = course(Scenario("china_county", "anhui"), years=1)
    >>> run.effect(("contract_share", "felt_contract_share")).shape
    (12,)
    """
    import numpy as np

    place, count = load_place(scenario.context), MONTHS * years
    months = list(run_months(place, scenario.levers, count))
    lag = place.parameters["settlement_lag_months"]
    clocks = [clock(month, lag) for month in range(count)]
    stocks = {name: np.array([float(each[f"stock_{name}"]) for each in months]) for name in STOCKS}
    stocks |= {name: np.array([each[name] for each in clocks]) for name in CLOCK}
    inputs = {**place.fixed_inputs, **scenario.levers, **stocks}
    names = [name for name in trace_step().flow_names if name not in inner_flows()]
    paths = {name: np.array([float(each[name]) for each in months]) for name in names}
    slopes = causal_slopes(trace_step(), inputs, inner_flows())
    plain = {pair: np.nan_to_num(slope) for pair, slope in slopes.items()}
    return Course(plain, {**paths, **stocks})


def swing(name: str, runs: Mapping[str, Course]) -> float:
    """Return how far a quantity moves over several runs."""
    import numpy as np

    if name in lever_ranges():
        low, high, _ = lever_ranges()[name]
        return high - low
    values = np.concatenate([run.paths[name] for run in runs.values()])
    return float(values.max() - values.min())


# Group to quantities, in the order in which a reader meets them.
_QUANTITIES: dict[str, tuple[str, ...]] = {
    "contract": ("hospital_felt_share", "gap"),
    "incentives": (
        "intensity_rise",
        "retention_rise",
        "draw_rise",
        "support_rise",
        "prevention_rise",
        "management_rise",
        "mentoring_rise",
    ),
    "efforts": (
        "intensity_effort",
        "retention_effort",
        "support_effort",
        "prevention_effort",
        "draw_effort",
        "management_effort",
        "mentoring",
    ),
    "abilities": (
        "hospital_capacity",
        "hospital_quality",
        "siphon",
        "usable_capability",
        "community_capacity",
    ),
    "care": (
        "outside_paid",
        "hospital_volume",
        "serious_cases",
        "newly_managed",
        "reach",
        "mild_primary",
    ),
    "results": ("insured_spending", "hospital_income", "life_years"),
}
# A chain stays when a full swing of its source moves its target by this part of the target's own
# swing, in at least one preset; and when it is not dwarfed by another chain of the same link.
_LEAST_PART = 0.2
_LEAST_OF_STRONGEST = 0.1
# What moves less than this does not move.
_STILL = 1e-300


def map_groups() -> dict[str, tuple[str, ...]]:
    """Return what stands on the map, group by group: the levers of ``levers.csv`` first.

    >>> map_groups()["levers"][0]
    'contract_share'
    """
    placed = sorted((each.map_place, name) for name, each in levers_of().items() if each.map_place)
    return {"levers": tuple(name for _, name in placed), **_QUANTITIES}


def map_nodes() -> tuple[str, ...]:
    """Return every name on the map, in the order of `map_groups`."""
    return tuple(name for names in map_groups().values() for name in names)


@cache
def _reference_runs(context: str) -> Mapping[str, Course]:
    presets = dict.fromkeys(row["preset"] for row in rows_of("presets.csv"))
    return {preset: course(Scenario(context, preset)) for preset in presets}


def _strength(chain: Chain, runs: Mapping[str, Course], swings: Mapping[str, float]) -> float:
    """Return what part of its target's swing the swing of a chain's source can move."""
    import numpy as np

    steepest = max(float(np.abs(run.effect(chain)).mean()) for run in runs.values())
    return steepest * swings[chain[0]] / max(swings[chain[-1]], _STILL)


def _moving_pairs(runs: Mapping[str, Course]) -> list[Pair]:
    """Return the links between quantities that some run moves; constants carry no effect."""
    import numpy as np

    largest = {
        name: max(float(np.abs(run.paths[name]).max()) for run in runs.values())
        for name in trace_step().flow_names
        if name not in inner_flows()
    }
    still = {name for name, most in largest.items() if swing(name, runs) <= 1e-9 * most}
    every = [*next(iter(runs.values())).slopes, *carried_over(STOCKS)]
    return [pair for pair in every if not still & set(pair)]


@cache
def strong_links(context: str = "china_county") -> Mapping[Pair, tuple[tuple[Chain, float], ...]]:
    """Return the links of the contracted map that can matter in a place, whatever the preset.

    >>> [chain for chain, _ in strong_links()["contract_share", "hospital_felt_share"]]
    [('contract_share', 'felt_contract_share', 'hospital_felt_share')]
    """
    runs = _reference_runs(context)
    swings = {name: swing(name, runs) for name in map_nodes()}
    found: dict[Pair, tuple[tuple[Chain, float], ...]] = {}
    for pair, chains in reduce_links(_moving_pairs(runs), map_nodes()).items():
        measured = [(chain, _strength(chain, runs, swings)) for chain in chains]
        measured.sort(key=lambda each: (-each[1], each[0]))
        least = max(_LEAST_PART, _LEAST_OF_STRONGEST * measured[0][1])
        kept = tuple(each for each in measured if at_least(each[1], least))
        if kept:
            found[pair] = kept
    return found


def signed_links(scenario: Scenario, years: int = YEARS) -> "pd.DataFrame":
    """Return the contracted map with the signs that its links have along a run.

    >>> links = signed_links(Scenario("china_county", "anhui"), years=1)
    >>> signs = links.set_index(["source", "target"])["sign"]
    >>> int(signs["leakage_charged_share", "retention_rise"])
    1
    """
    import numpy as np
    import pandas as pd

    run, runs = course(scenario, years), _reference_runs(scenario.context)
    rows = []
    for (source, target), chains in strong_links(scenario.context).items():
        effect = np.sum([run.effect(chain) for chain, _ in chains], axis=0)
        signs = _signs_in_order(effect)
        part = float(abs(effect).mean()) * swing(source, runs) / swing(target, runs)
        via = list(chains[0][0][1:-1])
        rows.append((source, target, signs[0], len(signs) > 1, part, via))
    return pd.DataFrame(rows, columns=["source", "target", "sign", "turns", "strength", "via"])


def _signs_in_order(effect: Any) -> list[int]:
    """Return the signs that occur, the earlier first; 0 alone when flat all along."""
    import numpy as np

    found = dict.fromkeys(int(sign) for sign in np.sign(effect))
    return [sign for sign in found if sign] or [0]
