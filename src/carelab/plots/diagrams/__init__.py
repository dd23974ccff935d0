"""Diagrams: ribbons, boxes and arrows, dates to scale.

Modules in reading order: ``flows`` (who pays whom), ``causal_maps`` (which quantity moves which),
``timelines`` (dated events).
"""

__all__: list[str] = []
