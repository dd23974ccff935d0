"""The lab: one front end, alive in a notebook and on a static page.

Modules in reading order: ``economy_lab`` and ``hospital_lab`` (what a lab of the care economy, or
of one hospital, shows), ``welcome_lab`` (so the lab of the welcome page), ``own_cases`` (presets of
the reader's own), ``labels`` (every name in words), ``economy_script`` (the care economy as
JavaScript), ``draws_script`` (so the draws of its parameters), ``bundle`` (join these and our own
modules into one script), ``fallback`` (what a reader without JavaScript sees), ``care_lab`` (the
widget).
"""

from carelab.lab.bundle import (
    live_script,
    page_part,
    page_script,
    page_words,
    part_file,
    styles,
)
from carelab.lab.care_lab import CareLab
from carelab.lab.economy_lab import Prediction

__all__ = [
    "CareLab",
    "Prediction",
    "live_script",
    "page_part",
    "page_script",
    "page_words",
    "part_file",
    "styles",
]
