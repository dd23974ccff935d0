"""The lab: one front end, alive in a notebook and on a static page.

Modules in reading order: ``bundle`` (join the JavaScript and the generated models into one
script), ``economy`` (the care economy for the page),
``configuration`` (what one lab shows), ``fallback`` (what a reader without JavaScript
sees), ``lab`` (the widget).
"""

from carelab.widgets.bundle import live_script, page_script, styles
from carelab.widgets.lab import CareLab

__all__ = ["CareLab", "live_script", "page_script", "styles"]
