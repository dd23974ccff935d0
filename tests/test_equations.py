"""Every equation that the book prints has the value of the code that it was traced from.

A second reading: the LaTeX itself is parsed and worked out with numbers.
"""

import inspect
import math
import random
import re
from types import SimpleNamespace

import pytest

import carelab.theory
from carelab.engine import load_place, preset_levers
from carelab.engine.recorded import inner_flows, month_of, trace_step
from carelab.engine.simulate import clock
from carelab.evidence import load_levers, load_parameters, load_quantities
from carelab.sphinx_ext import equations as printed
from carelab.sphinx_ext.equations import EquationDirective, equations, function_equations
from carelab.study.explain.formulas import functions_of, trace_function
from carelab.theory import MODELS
from carelab.tracing import Trace
from carelab.tracing.nodes import Node
from carelab.tracing.python_code import RunnableTrace

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORDS = re.compile(r"\\text\{([^}]*)\}")
_SIGNS = (r"\frac", r"\max", r"\min", r"\ln", r"\exp", r"\begin{cases}", r"\end{cases}",
          r"\mathrm{otherwise}", r"\cdot", r"\le", r"\ge", "e^", r"\\")  # fmt: skip
# What only lays out: breaks of a line, brackets that are closed on another line, thin spaces.
_LAYOUT = re.compile(
    r"\\begin\{aligned\} &|\\end\{aligned\}|\\\\ & \\quad|\\q?quad\b|\\(?:left|right)\.|\\,"
)


class Reader:
    """A reader of the printed mathematics, by recursive descent."""

    def __init__(self, latex: str, symbols: dict[str, float]) -> None:
        self.symbols = symbols
        text = latex.replace(r",\,", ",")
        text = _LAYOUT.sub(" ", text).replace(r"\left(", "(").replace(r"\right)", ")")
        self.tokens = [*self.split(text), ("end", "")]
        self.at = 0

    def split(self, text: str):
        names = sorted((each for each in self.symbols if each), key=len, reverse=True)
        while text := text.lstrip():
            if found := _WORDS.match(text):
                yield "name", found.group()
                text = text[found.end() :]
            elif sign := next((each for each in _SIGNS if text.startswith(each)), ""):
                yield sign, sign
                text = text[len(sign) :]
            elif name := next((each for each in names if text.startswith(each)), ""):
                yield "name", name
                text = text[len(name) :]
            elif found := _NUMBER.match(text):
                yield "number", found.group()
                text = text[found.end() :]
            else:
                yield text[0], text[0]
                text = text[1:]

    def peek(self) -> str:
        return self.tokens[self.at][0]

    def take(self, kind: str = "") -> str:
        found, text = self.tokens[self.at]
        assert not kind or found == kind, (kind, self.tokens[self.at :][:8])
        self.at += 1
        return text

    def group(self, opening: str = "{", closing: str = "}"):
        self.take(opening)
        value = self.sum()
        self.take(closing)
        return value

    def equation(self) -> tuple[str, float]:
        name = self.take("name")
        self.take("=")
        value = self.sum()
        assert self.peek() == "end", self.tokens[self.at :][:8]
        return name, value

    def sum(self):
        value = self.product()
        while (sign := self.peek()) in ("+", "-"):
            self.take()
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def condition(self):
        first, sign, second = self.sum(), self.take(), self.sum()
        return {
            "<": first < second,
            ">": first > second,
            r"\le": first <= second,
            r"\ge": first >= second,
        }[sign]

    def product(self):
        if self.peek() == "-":
            self.take()
            return -self.product()
        value = self.power()
        while self.peek() == r"\cdot" or self.begins():
            if self.peek() == r"\cdot":
                self.take()
            value *= self.power()
        return value

    def begins(self) -> bool:
        begins = ("name", "number", "(", "{", r"\frac", r"\max", r"\min", r"\ln", r"\exp", "e^")
        return self.peek() in begins or self.peek() == r"\begin{cases}"

    def power(self):
        value = self.atom()
        if self.peek() == "^":
            self.take()
            value = value ** self.group()
        return value

    def pair(self) -> tuple[float, float]:
        self.take("(")
        first = self.sum()
        self.take(",")
        second = self.sum()
        self.take(")")
        return first, second

    def cases(self):
        yes = self.sum()
        self.take("&")
        condition = self.condition()
        self.take(r"\\")
        no = self.sum()
        self.take("&")
        self.take(r"\mathrm{otherwise}")
        self.take(r"\end{cases}")
        return yes if condition else no

    def atom(self):
        kind = self.peek()
        text = self.take() if kind not in ("{", "(") else ""
        if kind == "number":
            return float(text)
        if kind == "name":
            return self.symbols[text]
        if kind == "(":
            return self.group("(", ")")
        if kind == "{":
            return self.group()
        return {
            r"\frac": lambda: self.group() / self.group(),
            r"\max": lambda: max(self.pair()),
            r"\min": lambda: min(self.pair()),
            r"\ln": lambda: math.log(self.group("(", ")")),
            r"\exp": lambda: math.exp(self.group("(", ")")),
            "e^": lambda: math.exp(self.group()),
            r"\begin{cases}": self.cases,
        }[kind]()


def words(name: str) -> str:
    return rf"\text{{{name.replace('_', ' ')}}}"


def check(
    latex: str, name: str, symbols: dict[str, str], values: dict[str, float], **set_to
) -> None:
    """The printed equation is of this quantity, and gives the value of the code."""
    read = {**values, **set_to}
    known = {symbols[each]: float(value) for each, value in read.items() if each in symbols}
    left, value = Reader(latex, known).equation()
    assert left == symbols[name], name
    # Numbers are printed with six digits.
    assert value == pytest.approx(float(values[name]), rel=2e-5, abs=1e-9), (name, latex)


def test_the_reader_of_the_mathematics_reads_as_a_reader_does():
    symbols = {"x": 3.0, r"\varphi": 0.5, "L_{H}": 2.0}
    for latex, value in [
        (r"x = 2\,x + 1", 7.0),
        (r"x = -\left(x - 1\right) - 2 \cdot 10^{-1}", -2.2),
        (r"x = \frac{x + 1}{L_{H}}\,\varphi", 1.0),
        (r"x = {\left(x + 1\right)}^{L_{H}} - e^{0}", 15.0),
        (r"x = \max\left(x,\, L_{H}\right) - \min\left(x,\, 1\right)", 2.0),
        (r"x = \begin{cases} 1 & x < L_{H} \\ 7 & \mathrm{otherwise} \end{cases}", 7.0),
        (r"x = \ln\left(x - 2\right)", 0.0),
    ]:
        assert Reader(latex, symbols).equation() == ("x", pytest.approx(value))


@pytest.mark.parametrize("model", list(MODELS))
def test_the_equations_of_a_small_model_have_the_values_of_its_code(model):
    symbols: dict[str, str] = {}
    for frame in (
        load_levers(model),
        load_parameters("teaching_county"),
        load_quantities(model),
    ):
        symbols |= dict(zip(frame["name"], frame["symbol"], strict=True))
    draw = random.Random(11)
    written = equations(model)
    for _ in range(20):
        given = {name: draw.uniform(0.05, 0.95) for name in MODELS[model].inputs}
        values = given | MODELS[model].run(**given)
        assert set(written) == set(values) - set(given)
        for flow, latex in written.items():
            check(latex, flow, symbols, values)


SLOPE = re.compile(
    r"\\frac\{\\partial \\, \\text\{([\w ]+)\}\}\{\\partial \\, \\text\{([\w ]+)\}\}"
)
# A present value of all years to come: held to sixty years of the model in test_gradient.py.
AHEAD = re.compile(r"_(years_ahead|worth)$")


def slope(of, by, given, values):
    """Central differences over the recorded month, cut open at what is differentiated by."""
    if of.startswith("what_"):  # what a side climbs, made and held by test_gradient.py
        return values[f"{by.removesuffix('_effort')}_slope"]
    month, step = trace_step(), 1e-4 * max(1.0, abs(values[by]))
    flows = {**dict(month.flows), by: Node("input", name="given")}
    cut = RunnableTrace(Trace("cut", (*month.inputs, "given"), tuple(flows.items())))
    at = {k: cut({**given, "given": values[by] + k * step})[of] for k in (-2, -1, 1, 2)}
    return (8 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12 * step)


@pytest.mark.parametrize(
    ("context", "preset", "month"),
    [
        ("china_county", "anhui", 17),
        ("china_county", "china_dilemma", 11),
        ("uk_place", "uk_integrated", 30),
        ("hangzhou_district", "hangzhou", 5),
    ],
)
def test_the_equations_of_the_month_have_the_values_of_the_engine(context, preset, month):
    place = load_place(context)
    draw = random.Random(month)
    calendar = clock(month, place.parameters["settlement_lag_months"])
    stocks = {name: value * draw.uniform(0.7, 1.0) for name, value in place.stocks.items()}
    given = {**place.fixed_inputs, **preset_levers(preset), **stocks, **calendar}
    values = {**given, **month_of(given)}
    symbols = {name: words(name) for name in values}
    written = equations("care_economy")
    assert set(written) == set(month_of(given)) - inner_flows()
    slopes = 0
    for flow, latex in written.items():
        if AHEAD.search(flow):
            continue
        # A lever that is phased in goes by its own name: on the right stands its setting.
        setting = {flow: given[flow]} if flow in given else {}
        for of, by in SLOPE.findall(latex):
            names = of.replace(" ", "_"), by.replace(" ", "_")
            values[f"slope_{slopes}"] = slope(*names, given, values)
            symbols[f"slope_{slopes}"] = words(f"slope_{slopes}")
            latex = SLOPE.sub(lambda _: words(f"slope_{slopes}"), latex, count=1)  # noqa: B023
            slopes += 1
        check(latex, flow, symbols, values, **setting)
    assert slopes == 22


def theory_functions():
    modules = [each for _, each in inspect.getmembers(carelab.theory, inspect.ismodule)]
    return [function for module in modules for function in functions_of(module)]


@pytest.mark.parametrize("function", theory_functions(), ids=lambda each: each.__name__)
def test_the_equation_of_a_function_of_the_theory_has_its_value(function):
    trace = trace_function(function)
    if trace is None:
        pytest.skip("worked out in steps: no equation of it is printed")
    draw = random.Random(7)
    latex = function_equations(trace)
    assert len(latex) == len(trace.flow_names)
    tried = 0
    for _ in range(60):
        given = {name: draw.uniform(0.1, 0.9) for name in trace.inputs}
        try:
            result = function(*given.values())
        except (ArithmeticError, ValueError):
            continue  # these numbers are outside what the function is for
        parts = result if isinstance(result, tuple) else (result,)
        if not all(isinstance(each, (int, float)) and math.isfinite(each) for each in parts):
            continue
        values = given | dict(zip(trace.flow_names, map(float, parts), strict=True))
        symbols = {name: words(name) for name in values}
        for flow, text in zip(trace.flow_names, latex, strict=True):
            check(text, flow, symbols, values)
        tried += 1
        if tried == 10:
            break
    assert tried == 10


def test_every_equation_that_is_named_is_printed_in_its_order(monkeypatch):
    noted = []
    monkeypatch.setattr(printed, "note_data", lambda _, *files: noted.extend(files))
    flows = list(equations("retention"))[:3]
    asked = SimpleNamespace(
        arguments=[" ".join(f"retention.{flow}" for flow in flows) + "\ncare_economy.reach"],
        env=SimpleNamespace(docname="page"),
        set_source_info=lambda block: None,
        error=ValueError,
    )
    blocks = EquationDirective.run(asked)
    shown = [equations("retention")[flow] for flow in flows] + [equations("care_economy")["reach"]]
    assert [block.astext() for block in blocks] == shown
    assert "parameters.csv" in noted
    asked.arguments = ["retention.nothing"]
    with pytest.raises(ValueError, match=r"equation 'retention\.nothing' does not exist"):
        EquationDirective.run(asked)
