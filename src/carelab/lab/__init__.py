"""The lab: one front end, alive in a notebook and on a static page.

Modules in reading order: ``economy`` (the care economy for the page), ``uncertainty`` (the draws of
its parameters and their rest), ``labels`` (every name in words), ``own_cases`` (presets of the
reader's own), ``bundle`` (join the JavaScript and the generated models into one script),
``configuration`` (what a lab of one hospital shows), ``economy_lab`` (what a lab of the care
economy shows), ``fallback`` (what a reader without JavaScript sees), ``widget`` (the widget).
"""

from carelab.lab.bundle import (
    PARTS,
    live_script,
    page_part,
    page_script,
    page_words,
    part_file,
    styles,
)
from carelab.lab.economy_lab import Prediction
from carelab.lab.widget import CareLab

__all__ = [
    "PARTS",
    "CareLab",
    "Prediction",
    "live_script",
    "page_part",
    "page_script",
    "page_words",
    "part_file",
    "styles",
]
