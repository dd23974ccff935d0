"""The book's Sphinx extension.

Modules in reading order:

- ``dependencies``: what a page was made of, told to Sphinx;
- ``marks``: the source of a number or statement one press away, quietly;
- ``roles``: claims, figures and silences, their source one click away; scenarios that open a lab;
- ``reading``: settings that are remembered, a line of progress, the way to the lab;
- ``blocks``: puzzle, person, thesis and the like, and tips of terms;
- ``menu``: minutes and labs behind the names of chapters;
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
- ``glyphs``: the letters of drawings, once a page;
- ``faces``: two type faces, cut down and renamed;
- ``assets``: our script and styles, and nobody else's;
- ``theme``: what the theme gets wrong, and of its icons those that are in use;
- ``welcome``: what only the welcome page has: its lab, the path, what stands behind the numbers;
- ``sheets``: of the theme's rules those that some page needs.
"""

from typing import Any

from sphinx.application import Sphinx

from carelab import __version__
from carelab.sphinx_ext import (
    assets,
    blocks,
    dependencies,
    downloads,
    equations,
    evidence_browser,
    faces,
    glyphs,
    marks,
    mathematics,
    menu,
    model_parts,
    reading,
    registry_tables,
    roles,
    search,
    selfcheck,
    sheets,
    theme,
    welcome,
)

_PARTS = (
    dependencies,
    mathematics,
    marks,
    blocks,
    menu,
    roles,
    registry_tables,
    evidence_browser,
    equations,
    model_parts,
    glyphs,
    reading,
    selfcheck,
    downloads,
    search,
    welcome,
    faces,
    assets,
    theme,
    sheets,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    for module in _PARTS:
        module.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


__all__ = ["setup"]
