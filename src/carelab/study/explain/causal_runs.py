"""Runs as the causal map reads them: how steep each link was, how far each quantity moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carelab.base.frozen import ComparedByContent
from carelab.engine import STOCKS, Scenario, lever_ranges, load_place, run_months, trace_step
from carelab.engine.names import CLOCK
from carelab.engine.recorded import inner_flows
from carelab.engine.simulate import clock
from carelab.engine.years import MONTHS
from carelab.tracing.causal import causal_slopes
from carelab.tracing.reduction import Chain, passes_month

if TYPE_CHECKING:
    import numpy as np

YEARS = 10


def run_inputs(scenario: Scenario, years: int = YEARS) -> dict[str, Any]:
    """Return everything that the months of a run read.

    >>> inputs = run_inputs(Scenario("china_county", "anhui"), years=1)
    >>> inputs["month"].shape, inputs["capability"].shape
    ((12,), (12,))
    """
    import numpy as np

    place = load_place(scenario.context)
    lag = place.parameters["settlement_lag_months"]
    months = list(run_months(place, scenario.levers, MONTHS * years))
    clocks = [clock(month, lag) for month in range(MONTHS * years)]
    stocks = {name: np.array([float(each[f"stock_{name}"]) for each in months]) for name in STOCKS}
    return {
        **place.fixed_inputs,
        **scenario.levers,
        **stocks,
        **{name: np.array([each[name] for each in clocks]) for name in CLOCK},
    }


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

    inputs = run_inputs(scenario, years)
    months = run_months(load_place(scenario.context), scenario.levers, MONTHS * years)
    flows = list(months)
    names = [name for name in trace_step().flow_names if name not in inner_flows()]
    paths = {name: np.array([float(each[name]) for each in flows]) for name in names}
    stocks = {name: inputs[name] for name in (*STOCKS, *CLOCK)}
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
