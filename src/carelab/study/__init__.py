"""Studies: cases side by side, many runs, how far to trust them, why a line moved.

Rooms, the lower first: ``compare`` (cases), ``many`` (sweeps, experiments, class files), ``trust``
(scoreboard, claims, calibration), ``explain`` (why a line moved).
"""

from carelab.study.compare import qca
from carelab.study.compare.comparison import (
    claims_table,
    common_table,
    compare_cases,
    field_table,
    mechanism_matrix,
    select_case,
    select_cases,
    silence_table,
    similarity,
)
from carelab.study.many.exchange import scenario_xmile
from carelab.study.many.sweep import load_sweep, sweep
from carelab.study.trust.robustness import claims_robustness
from carelab.study.trust.scoreboard import scoreboard
from carelab.study.trust.sensitivity import parameter_sensitivity
from carelab.study.trust.stored_tables import stored_table

__all__ = [
    "claims_robustness",
    "claims_table",
    "common_table",
    "compare_cases",
    "field_table",
    "load_sweep",
    "mechanism_matrix",
    "parameter_sensitivity",
    "qca",
    "scenario_xmile",
    "scoreboard",
    "select_case",
    "select_cases",
    "silence_table",
    "similarity",
    "stored_table",
    "sweep",
]
