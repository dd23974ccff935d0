"""Diagrams: boxes and arrows, rows and routes, dates from top to bottom.

Modules in reading order: ``layout`` (where boxes stand), ``routes`` (how arrows run), ``flows``
(who pays whom), ``causal_maps`` (which quantity moves which), ``timelines``
(dated events).
"""

__all__: list[str] = []
