"""Qualitative comparative analysis: which combinations of conditions go with an outcome.

Modules in reading order: ``sets`` (memberships and parameters of fit), ``minimise`` (exact Boolean
minimisation), ``truth`` (the truth table), ``solutions`` (necessity; complex, parsimonious and
intermediate solutions), ``conditions`` (the cases of the course as sets), ``robustness`` (other
thresholds, other readings of silence, one case less).
"""

from carelab.study.compare.qca.conditions import (
    CONDITIONS,
    condition_codes,
    load_calibration,
    memberships,
)
from carelab.study.compare.qca.minimise import minimise
from carelab.study.compare.qca.robustness import robustness, without_each
from carelab.study.compare.qca.sets import calibrate
from carelab.study.compare.qca.solutions import formulas, necessity, solve, worked_example
from carelab.study.compare.qca.truth import TruthTable, truth_table

__all__ = [
    "CONDITIONS",
    "TruthTable",
    "calibrate",
    "condition_codes",
    "formulas",
    "load_calibration",
    "memberships",
    "minimise",
    "necessity",
    "robustness",
    "solve",
    "truth_table",
    "without_each",
    "worked_example",
]
