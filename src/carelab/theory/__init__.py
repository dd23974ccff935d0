"""One closed-form incentive model per file; everything above calls these functions.

Modules in reading order: ``mixed_payment`` (how much a doctor does when part of the cost is paid
per service), ``multitask`` (paying for one task draws effort from another), ``selection``
(efficiency against the choice of easy patients), ``shared_savings`` (one- and two-sided, with
rebasing), ``retention`` (a budget, its surplus and a leakage charge), ``commons`` (many hospitals
under one cap), ``prevention`` (benefits that come late to people who move), ``teams`` (a shared
result), ``coordination`` (prevention body and hospital), ``choice`` (where patients go),
``mentoring`` (capability that is taught and fades), ``models`` (models by name, with their
inputs, ready to run or to trace).
"""

from carelab.theory import (
    choice,
    commons,
    coordination,
    mentoring,
    mixed_payment,
    multitask,
    prevention,
    retention,
    selection,
    shared_savings,
    teams,
)
from carelab.theory.mixed_payment import first_best_quantity, mixed_payment_quantity
from carelab.theory.models import MODELS, TheoryModel

__all__ = [
    "MODELS",
    "TheoryModel",
    "choice",
    "commons",
    "coordination",
    "first_best_quantity",
    "mentoring",
    "mixed_payment",
    "mixed_payment_quantity",
    "multitask",
    "prevention",
    "retention",
    "selection",
    "shared_savings",
    "teams",
]
