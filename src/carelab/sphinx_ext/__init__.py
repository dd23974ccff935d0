"""The book's Sphinx extension.

Modules in reading order: ``provenance_roles`` (claims, figures, parameters and silences with
their source one click away), ``measured_tables`` (how fast the model runs), ``registry_tables``
(glossary, sources and other lists from the data), ``equations`` (equations from the trace, never
typed), ``mathematics`` (formulas as MathML at build time), ``questions`` and ``selfcheck``
(questions that explain every answer), ``stock_widgets`` (what other widgets leave on a static
page), ``assets`` (our script and styles, and nobody else's), ``postprocess`` (what the theme gets
wrong).
"""

from typing import Any

from sphinx.application import Sphinx

from carelab import __version__
from carelab.sphinx_ext import (
    assets,
    equations,
    mathematics,
    postprocess,
    provenance_roles,
    registry_tables,
    selfcheck,
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
    for module in (
        mathematics,
        provenance_roles,
        registry_tables,
        equations,
        selfcheck,
        assets,
        postprocess,
    ):
        module.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


__all__ = ["setup"]
