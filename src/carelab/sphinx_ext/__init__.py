"""The book's Sphinx extension.

Modules in reading order:

- ``dependencies``: what a page was made of, told to Sphinx;
- ``evidence_roles``: claims, figures, parameters and silences, their source one click away;
- ``lab_links``: scenarios in prose that open in a lab;
- ``literature_tables``: findings side by side, searches, agreement of coders;
- ``registry_tables``: glossary, sources and other lists from the data, and how fast the model runs;
- ``evidence_data`` and ``evidence_browser``: all claims and figures, searched on the page;
- ``line_breaks``: long equations;
- ``equations``: equations from the trace, never typed;
- ``model_parts``: all that the code says of a mechanism or of a small model;
- ``mathematics``: formulas as MathML at build time;
- ``questions`` and ``selfcheck``: questions that explain every answer;
- ``downloads``: every chapter to take away;
- ``stock_widgets``: what other widgets leave on a static page;
- ``icons``: of the theme's icons, those that are in use;
- ``assets``: our script and styles, and nobody else's;
- ``postprocess``: what the theme gets wrong.
"""

from typing import Any

from sphinx.application import Sphinx

from carelab import __version__
from carelab.sphinx_ext import (
    assets,
    dependencies,
    downloads,
    equations,
    evidence_browser,
    evidence_roles,
    icons,
    lab_links,
    mathematics,
    model_parts,
    postprocess,
    registry_tables,
    selfcheck,
)

_PARTS = (
    dependencies,
    mathematics,
    evidence_roles,
    lab_links,
    registry_tables,
    evidence_browser,
    equations,
    model_parts,
    selfcheck,
    downloads,
    icons,
    assets,
    postprocess,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx.

    Parameters
    ----------
    app : Sphinx
        The application.

    Returns
    -------
    dict
        Version and whether pages may be read and written in parallel.
    """
    for module in _PARTS:
        module.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


__all__ = ["setup"]
