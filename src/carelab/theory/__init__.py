"""One closed-form incentive model per file; everything above calls these functions.

Modules in reading order: ``mixed_payment`` (how a doctor paid partly per service chooses how
much to do), ``retention`` (what a contract with a leakage charge makes it worth to keep or to
prevent a case), ``models`` (models by name, with their inputs, ready to run or to trace).
"""

from carelab.theory.mixed_payment import (
    first_best_quantity,
    mixed_payment_quantity,
    overtreating_pull_share,
    treatment_threshold_felt_share,
)
from carelab.theory.models import MODELS, TheoryModel
from carelab.theory.retention import (
    case_margin,
    felt_share,
    prevented_episode_gain,
    prevention_threshold_felt_share,
    retention_gain,
    retention_model,
    retention_threshold_leakage_charge,
)

__all__ = [
    "MODELS",
    "TheoryModel",
    "case_margin",
    "felt_share",
    "first_best_quantity",
    "mixed_payment_quantity",
    "overtreating_pull_share",
    "prevented_episode_gain",
    "prevention_threshold_felt_share",
    "retention_gain",
    "retention_model",
    "retention_threshold_leakage_charge",
    "treatment_threshold_felt_share",
]
