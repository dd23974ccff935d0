"""The directive ``{equation} model.flow``: an equation written by the trace of the code."""

from functools import cache
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.engine import trace_step
from carelab.engine.foresight import LASTING
from carelab.engine.names import ANCHORED, OWN_EFFORTS, PEOPLE
from carelab.engine.recorded import inner_flows
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


def _slope(of: str, by: str) -> str:
    words = _Words()
    return rf"\frac{{\partial \, {words[of]}}}{{\partial \, {words[by]}}}"


def _climbed() -> dict[str, str]:
    """Write what is made of slopes as slopes: each effort climbs what its side would raise."""
    words, climbs = _Words(), {"hospital": "what the hospital climbs",
                               "primary": "what primary care climbs"}  # fmt: skip
    said = {}
    for side, efforts in OWN_EFFORTS.items():
        for effort in efforts:
            short = effort.removesuffix("_effort")
            rise = f"{short}_rise"
            norm = rf" + {words['cost_trend']} \cdot {words[f'{short}_norm']}"
            said[rise] = f"{words[rise]} = {_slope(climbs[side], effort)}" + (
                norm if effort in ANCHORED else ""
            )
    for name, (sign, of, by) in _READ_AS_SLOPES.items():
        said[name] = f"{words[name]} = {sign}{_slope(of, by)}"
    for state in PEOPLE:
        name = f"{state}_years_ahead"
        later = r"\sum_{\text{state}} P_{\text{state}} \cdot \text{years ahead of that state}"
        said[name] = (
            rf"{words[name]} = \frac{{{words[f'{state}_life_weight']}}}{{12}}"
            rf" + {words['life_discount']} \cdot {later}"
        )
    for stock in LASTING:
        said[f"{stock}_worth"] = (
            rf"{words[f'{stock}_worth']} = \sum_{{\text{{money, life}}}} \frac{{\text{{discount}}"
            rf" \cdot {_slope('gain', stock)}}}{{1 - \text{{discount}} \cdot"
            rf" {_slope(f'next_{stock}', stock)}}}"
        )
    for kept, outside in (
        ("mild_hospital", "mild_outside"),
        ("serious_hospital", "serious_outside"),
    ):
        name = f"{kept.partition('_')[0]}_retention_gain"
        own = "hospital_objective"
        said[name] = f"{words[name]} = {_slope(own, kept)} - {_slope(own, outside)}"
    said["contract_retention_gain"] = (
        rf"{words['contract_retention_gain']} = {words['hospital_felt_share']} \cdot \left("
        rf"{_slope('gap', 'serious_hospital')} - {_slope('gap', 'serious_outside')}\right)"
    )
    return said


# Sign, level and what it is differentiated by.
_READ_AS_SLOPES = {
    "hospital_felt_share": ("", "hospital_objective", "gap"),
    "primary_felt_share": ("", "primary_objective", "gap"),
    "referral_gain": ("", "hospital_objective", "mild_referred"),
    "hospital_gain_mild": ("-", "hospital_objective", "mild_need"),
    "hospital_gain_serious": ("-", "hospital_objective", "serious_need"),
    "primary_gain_mild": ("-", "primary_objective", "mild_need"),
    "primary_gain_serious": ("-", "primary_objective", "serious_need"),
}


@cache
def equations(model: str) -> dict[str, str]:
    r"""Return the equations of a model, by flow.

    >>> equations("retention")["felt_share"]
    'F = \\varphi\\,s\\,h'
    """
    if model == _CARE_ECONOMY:
        shown = [(name, node) for name, node in trace_step().flows if name not in inner_flows()]
        month = Trace(_CARE_ECONOMY, trace_step().inputs, tuple(shown))
        written = write_latex(month, _Words(), product=r" \cdot ") | _climbed()
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
