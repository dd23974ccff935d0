"""The directive ``{equation} model.flow``: an equation written by the trace of the code."""

from functools import cache
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.engine import trace_step
from carelab.evidence import load_levers, load_parameters, load_quantities
from carelab.theory import MODELS
from carelab.tracing import write_latex

# The place whose parameters the small models read.
_TEXTBOOK = "teaching_county"
_CARE_ECONOMY = "care_economy"


class _Words(dict[str, str]):
    """Symbols made of the names themselves."""

    def __missing__(self, name: str) -> str:
        """Write a name as words."""
        return rf"\text{{{name.replace('_', ' ')}}}"


@cache
def equations(model: str) -> dict[str, str]:
    r"""Return the equations of a model, by flow.

    Parameters
    ----------
    model : str
        Name of a model.

    Returns
    -------
    dict of str to str
        LaTeX: the small models in symbols, the care economy in words, for it has too many
        quantities for letters.

    Examples
    --------
    >>> equations("retention")["felt_share"]
    'F = \\varphi\\,s\\,h'
    """
    if model == _CARE_ECONOMY:
        return write_latex(trace_step(), _Words(), product=r" \cdot ")
    symbols: dict[str, str] = {}
    for frame in (load_levers(model), load_parameters(_TEXTBOOK), load_quantities(model)):
        symbols |= dict(zip(frame["name"], frame["symbol"], strict=True))
    return write_latex(MODELS[model].trace(), symbols)


class EquationDirective(SphinxDirective):
    """Insert one or several equations of a model, one per line of the argument."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = False
    option_spec: ClassVar[dict[str, object]] = {}

    def run(self) -> list[nodes.Node]:
        """Return one block formula per named flow."""
        blocks: list[nodes.Node] = []
        for name in self.arguments[0].split():
            model, _, flow = name.partition(".")
            if model not in (*MODELS, _CARE_ECONOMY) or flow not in equations(model):
                raise self.error(f"equation '{name}' does not exist; write model.flow")
            latex = equations(model)[flow]
            block = nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
            block["docname"] = self.env.docname
            self.set_source_info(block)
            blocks.append(block)
        return blocks


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("equation", EquationDirective)
