"""The book's Sphinx extension.

Modules in reading order:

- ``dependencies``: what a page was made of, told to Sphinx;
- ``roles``: claims, figures and silences, their source one click away; scenarios that open a lab;
- ``literature_tables``: findings side by side, searches, agreement of coders;
- ``registry_tables``: glossary, sources and other lists from the data, and how fast the model runs;
- ``evidence_browser``: all claims and figures, searched on the page;
- ``equations``: equations from the trace, never typed;
- ``model_parts``: all that the code says of a mechanism or of a small model;
- ``mathematics``: formulas as MathML at build time, long ones broken;
- ``selfcheck``: questions that explain every answer;
- ``downloads``: every chapter to take away;
- ``stock_widgets``: what other widgets leave on a static page;
- ``search``: the text of the pages, for a search that knows every script;
- ``assets``: our script and styles, and nobody else's;
- ``theme``: what the theme gets wrong, and of its icons those that are in use.
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
    mathematics,
    model_parts,
    registry_tables,
    roles,
    search,
    selfcheck,
    theme,
)

_PARTS = (
    dependencies,
    mathematics,
    roles,
    registry_tables,
    evidence_browser,
    equations,
    model_parts,
    selfcheck,
    downloads,
    search,
    assets,
    theme,
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
