"""The directive ``{equation} model.flow``: an equation written by the trace of the code."""

from functools import cache
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.engine import trace_step
from carelab.evidence import load_levers, load_parameters, load_quantities
from carelab.sphinx_ext.dependencies import note_data
from carelab.sphinx_ext.mathematics import break_lines
from carelab.theory import MODELS
from carelab.tracing import Trace, write_latex

# The place whose parameters the small models read.
_TEXTBOOK = "teaching_county"
_CARE_ECONOMY = "care_economy"
# What a model is traced with, and the symbols of its quantities.
MODEL_DATA = ("levers.csv", "parameters.csv", "presets.csv", "quantities.csv", "units.csv")


class _Words(dict[str, str]):
    """Symbols made of the names themselves."""

    def __missing__(self, name: str) -> str:
        """Write a name as words."""
        return rf"\text{{{name.replace('_', ' ')}}}"


@cache
def equations(model: str) -> dict[str, str]:
    r"""Return the equations of a model, by flow.

    >>> equations("retention")["felt_share"]
    'F = \\varphi\\,s\\,h'
    """
    if model == _CARE_ECONOMY:
        written = write_latex(trace_step(), _Words(), product=r" \cdot ")
        return {flow: break_lines(latex) for flow, latex in written.items()}
    symbols: dict[str, str] = {}
    for frame in (load_levers(model), load_parameters(_TEXTBOOK), load_quantities(model)):
        symbols |= dict(zip(frame["name"], frame["symbol"], strict=True))
    return write_latex(MODELS[model].trace(), symbols)


def function_equations(trace: Trace) -> tuple[str, ...]:
    r"""Return the equations of a function of a small model, in words.

    >>> from carelab.study.explain.formulas import trace_function
    >>> from carelab.theory.teams import first_best_team_effort
    >>> print(function_equations(trace_function(first_best_team_effort))[0])
    \text{first best team effort} = \frac{1}{\text{unit cost}}
    """
    written = write_latex(trace, _Words(), product=r" \cdot ")
    return tuple(map(break_lines, written.values()))


def equation_block(model: str, flow: str, docname: str) -> nodes.math_block:
    """Return one equation as a block formula."""
    latex = equations(model)[flow]
    block = nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
    block["docname"] = docname
    return block


class EquationDirective(SphinxDirective):
    """Insert one or several equations of a model, one per line of the argument."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = False
    option_spec: ClassVar[dict[str, object]] = {}

    def run(self) -> list[nodes.Node]:
        """Return one block formula per named flow."""
        note_data(self.env, *MODEL_DATA)
        blocks: list[nodes.Node] = []
        for name in self.arguments[0].split():
            model, _, flow = name.partition(".")
            if model not in (*MODELS, _CARE_ECONOMY) or flow not in equations(model):
                raise self.error(f"equation '{name}' does not exist; write model.flow")
            block = equation_block(model, flow, self.env.docname)
            self.set_source_info(block)
            blocks.append(block)
        return blocks


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("equation", EquationDirective)
