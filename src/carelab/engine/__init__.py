"""The care economy: one place, month by month, one mechanism a file.

Modules in reading order: ``names`` (everything that a month reads), ``tables`` (the engine's rows
of the data), ``timing`` (when a reform
bites), ``population`` (prevention and health), ``treatment`` (how much a case is treated),
``choice`` (care sought, and where), ``money`` (who pays whom; accounts), ``contract`` (budget,
settlement), ``capability``, ``capacity``, ``objective`` (what each side tries to raise),
``foresight`` (what tomorrow is worth today), ``climb`` (each effort climbs its objective),
``outcomes`` (what it comes to for each actor), ``step`` (one month), ``rest`` (the month that
leads to rest), ``recorded`` (the month as a trace), ``scenario`` (what is run), ``places`` (a place
before any reform), ``simulate`` (run it).
"""

from carelab.engine.names import LEVERS, STOCKS
from carelab.engine.places import (
    Place,
    load_place,
    place_at_rest,
    place_parameters,
)
from carelab.engine.recorded import month_of, trace_step
from carelab.engine.scenario import (
    BASELINE_PRESETS,
    MODEL_VERSION,
    Scenario,
    lever_ranges,
    preset_levers,
)
from carelab.engine.simulate import run_months, run_years, simulate, yearly_outcomes
from carelab.engine.step import step

__all__ = [
    "BASELINE_PRESETS",
    "LEVERS",
    "MODEL_VERSION",
    "STOCKS",
    "Place",
    "Scenario",
    "lever_ranges",
    "load_place",
    "month_of",
    "place_at_rest",
    "place_parameters",
    "preset_levers",
    "run_months",
    "run_years",
    "simulate",
    "step",
    "trace_step",
    "yearly_outcomes",
]
