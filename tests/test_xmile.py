"""The XMILE model: well formed, complete, the same bytes every time, and it computes our months."""

import importlib.util
import math
import os
import platform
import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET

import pytest

from carelab.base import CarelabError
from carelab.engine import BASELINE_PRESETS, Scenario, load_place, run_months
from carelab.engine.recorded import inner_flows
from carelab.engine.simulate import clock
from carelab.study import scenario_xmile
from carelab.study.many.exchange import clock_expressions
from carelab.tracing import (
    TracingError,
    evaluate,
    exp,
    log,
    maximum,
    minimum,
    trace_model,
    where,
)
from carelab.tracing.xmile import NAMESPACE, write_xmile

SPACE = f"{{{NAMESPACE}}}"
SCENARIO = Scenario("china_county", "anhui")
FUNCTIONS = {
    "MAX": max,
    "MIN": min,
    "EXP": math.exp,
    "LN": math.log,
    "INT": math.floor,
    "INF": math.inf,
}
CHOICE = re.compile(r"IF (.+) THEN (.+) ELSE (.+)")
NAME = re.compile(r"[A-Za-z_]\w*")


def variables_of(text: str) -> dict[str, ET.Element]:
    """Return each variable by its name; a name that stands twice is an error."""
    every = [
        each
        for each in ET.fromstring(text).find(f"{SPACE}model/{SPACE}variables")
        if each.tag != f"{SPACE}group"
    ]
    named = {each.get("name"): each for each in every}
    assert len(named) == len(every)
    return named


def equation_of(variable: ET.Element) -> str:
    return variable.find(f"{SPACE}eqn").text


class Reader:
    """Run an XMILE model by Euler's method, from its text alone."""

    def __init__(self, text: str) -> None:
        self.variables = variables_of(text)
        self.codes = {name: self._code(equation_of(v)) for name, v in self.variables.items()}
        stocks = [name for name, v in self.variables.items() if v.tag == f"{SPACE}stock"]
        self.now = {name: eval(self.codes[name], FUNCTIONS.copy()) for name in stocks}

    @staticmethod
    def _code(equation: str):
        choice = CHOICE.fullmatch(equation)
        if choice:
            equation = "({1}) if ({0}) else ({2})".format(*choice.groups())
        assert not re.search(r"\b(IF|THEN|ELSE)\b", equation)
        return compile(equation.replace("^", "**").replace("<>", "!="), equation, "eval")

    def period(self, time: int) -> dict[str, float]:
        reader = self

        class Values(dict):
            def __missing__(self, name):
                self[name] = eval(reader.codes[name], FUNCTIONS.copy(), self)
                return self[name]

        values = Values({**FUNCTIONS, **self.now, "TIME": time})
        for name in self.codes:
            values[name]
        for name in self.now:
            for way, sign in (("inflow", 1), ("outflow", -1)):
                ends = self.variables[name].findall(f"{SPACE}{way}")
                self.now[name] += sign * sum(values[each.text] for each in ends)
        return values


def every_operation(inputs, flows):
    flows.total = inputs.first + 2 * inputs.second - 1
    flows.ratio = -inputs.first / maximum(inputs.second * inputs.second, 0.5)
    flows.power = (1 + maximum(inputs.first, -inputs.first)) ** 1.5
    flows.bounded = minimum(flows.total, flows.power)
    flows.grown = exp(minimum(inputs.first, 3.0))
    flows.logged = log(1 + flows.power)
    flows.chosen = 1 + where((inputs.first - 1) * 2 > 3 * inputs.second, flows.grown, flows.logged)
    flows.nested = where(
        inputs.first <= 0, where(inputs.second >= -2.0, 1.0, 2.0), inputs.first < -1e-9
    )
    flows.positive = inputs.first > inputs.second
    flows.by_number = where(flows.positive, -3.0, 4.0)
    flows.by_any_number = where(flows.total, 5.0, 6.0)
    flows.infinite = minimum(float("inf"), inputs.first)
    flows.first = inputs.first - flows.total


@pytest.mark.parametrize("context", BASELINE_PRESETS)
def test_a_reader_of_the_model_alone_gets_our_months(context):
    place, scenario = load_place(context), Scenario(context, "anhui")
    reader = Reader(scenario_xmile(scenario, years=3))
    floor = 1e-3 * place.baseline["premium"]
    for month, flows in enumerate(run_months(place, scenario.levers, 36)):
        values = reader.period(month)
        for name, value in flows.items():
            theirs = values[name.removeprefix("stock_")]
            assert abs(theirs - value) <= 1e-9 * max(abs(value), floor), (name, month)


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("simlin") is None
    and (sys.platform, platform.machine()) != ("darwin", "arm64")
    and sys.platform != "linux",
    reason="pysimlin has no wheel for this system: its engine did not read our XMILE",
)
@pytest.mark.parametrize("context", BASELINE_PRESETS)
@pytest.mark.parametrize("preset", ["anhui", "uk_integrated"])
def test_simlin_which_shares_no_code_with_pysd_reads_it_and_gets_our_months(
    context, preset, tmp_path
):
    import simlin

    place, scenario = load_place(context), Scenario(context, preset)
    file = tmp_path / "model.xmile"
    file.write_text(scenario_xmile(scenario, years=10), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of feedback loops, which nobody asks for
        results = simlin.load(file).run().results
    assert len(results) == 120
    floor = 1e-3 * place.baseline["premium"]
    compared = set()
    for month, flows in enumerate(run_months(place, scenario.levers, 120)):
        for name, value in flows.items():
            theirs = results.at[float(month), name.removeprefix("stock_").lower()]
            assert abs(theirs - value) <= 1e-9 * max(abs(value), floor), (name, month)
            compared.add(name)
    assert len(compared) > 500


@pytest.mark.parametrize("first", [-3.0, 0.0, 0.5, 4.0])
@pytest.mark.parametrize("second", [-2.5, 0.25, 3.0])
def test_a_reader_gets_every_operation(first, second):
    given = {"first": first, "second": second}
    trace = trace_model(every_operation, given)
    values = Reader(write_xmile(trace, given, {}, {}, 1)).period(0)
    for name, value in evaluate(every_operation, given).items():
        assert values[name] == pytest.approx(float(value), rel=1e-15), name


def test_the_model_is_xmile_with_monthly_euler_steps():
    root = ET.fromstring(scenario_xmile(SCENARIO, years=2).encode())
    assert (root.tag, root.get("version")) == (f"{SPACE}xmile", "1.0")
    assert [each.tag.removeprefix(SPACE) for each in root] == ["header", "sim_specs", "model"]
    header, specs, _ = root
    assert header.find(f"{SPACE}vendor").text
    assert header.find(f"{SPACE}product").get("version")
    assert dict(specs.attrib) == {"method": "Euler", "time_units": "Months"}
    told = {each.tag.removeprefix(SPACE): each.text for each in specs}
    assert told == {"start": "0", "stop": "23", "dt": "1"}


def test_every_name_in_an_equation_is_a_variable_and_stocks_have_flows_of_their_own():
    variables = variables_of(scenario_xmile(SCENARIO))
    known = {*variables, *FUNCTIONS, "TIME", "IF", "THEN", "ELSE"}
    used = []
    for name, variable in variables.items():
        found = NAME.findall(re.sub(r"\b\d[\d.]*(e[-+]?\d+)?", "", equation_of(variable)))
        assert set(found) <= known, name
        ends = [each for way in ("inflow", "outflow") for each in variable.findall(SPACE + way)]
        if variable.tag == f"{SPACE}stock":
            assert {variables[each.text].tag for each in ends} == {f"{SPACE}flow"}
            used += [(each.tag, each.text) for each in ends]
        else:
            assert not ends
    # A flow runs into one stock at most, and out of one.
    assert len(used) == len(set(used))
    assert sum(v.tag == f"{SPACE}stock" for v in variables.values()) == len(
        load_place("china_county").stocks
    )


def test_people_who_fall_ill_leave_one_stock_and_enter_another():
    variables = variables_of(scenario_xmile(SCENARIO))
    out = {each.text for each in variables["healthy"].findall(f"{SPACE}outflow")}
    into = {each.text for each in variables["unmanaged"].findall(f"{SPACE}inflow")}
    assert "onset" in out & into
    assert "births" in {each.text for each in variables["healthy"].findall(f"{SPACE}inflow")}


def test_slopes_stand_in_a_group_of_their_own():
    root = ET.fromstring(scenario_xmile(SCENARIO))
    (group,) = root.iter(f"{SPACE}group")
    inside = {each.get("name") for each in group}
    assert group.get("name") == "slopes"
    assert inside == set(inner_flows()) <= set(variables_of(scenario_xmile(SCENARIO)))


def test_levers_keep_their_setting_beside_what_they_are_this_month():
    variables = variables_of(scenario_xmile(SCENARIO.change(contract_share=0.25)))
    assert equation_of(variables["contract_share_setting"]) == "0.25"
    assert "payment_phase" in equation_of(variables["contract_share"])
    assert variables["contract_share"].find(f"{SPACE}doc").text


def test_the_same_scenario_gives_the_same_bytes_in_another_process():
    code = (
        "import sys; from carelab.engine import Scenario; from carelab.study import scenario_xmile;"
        "sys.stdout.buffer.write(scenario_xmile(Scenario('china_county', 'anhui')).encode())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        )
        assert done.stdout.decode() == scenario_xmile(SCENARIO)


@pytest.mark.parametrize("lag", range(26))
def test_the_calendar_in_xmile_is_ours(lag):
    # Both ways in which programs cut a number to a whole one.
    for cut in (math.floor, math.trunc):
        for month in range(181):
            values = {
                name: eval(text, {**FUNCTIONS, "INT": cut, "TIME": month})
                for name, text in clock_expressions(lag).items()
            }
            assert values == clock(month, lag), (lag, month)


def test_a_choice_stands_alone_and_its_condition_begins_with_no_bracket():
    given = {"first": 1.0, "second": 2.0}
    text = write_xmile(trace_model(every_operation, given), given, {}, {}, 1)
    equations = [equation_of(each) for each in variables_of(text).values()]
    choices = [each for each in equations if "IF" in each]
    assert len(choices) == 7
    for each in choices:
        condition = CHOICE.fullmatch(each).group(1)
        assert "(" not in condition and ")" not in condition


def one_flow(inputs, flows):
    flows.twice = 2 * inputs.amount


def test_names_and_values_that_xmile_cannot_take_are_refused():
    def timed(inputs, flows):
        flows.Time = inputs.amount

    def cased(inputs, flows):
        flows.Amount = inputs.amount

    def doubled(inputs, flows):
        flows.amount = flows.amount_setting = inputs.amount

    trace = trace_model(one_flow, ["amount"])
    with pytest.raises(TracingError, match="no value was given for 'amount'"):
        write_xmile(trace, {}, {}, {}, 1)
    with pytest.raises(TracingError, match="'Time' is a word of XMILE"):
        write_xmile(trace_model(timed, ["amount"]), {"amount": 1}, {}, {}, 1)
    for model in (cased, doubled):
        with pytest.raises(TracingError, match="two variables of the XMILE model would be"):
            write_xmile(trace_model(model, ["amount"]), {"amount": 1}, {}, {}, 1)
    with pytest.raises(CarelabError, match="years is 0; allowed is a whole number from 1 to 15"):
        scenario_xmile(SCENARIO, years=0)


def test_notes_are_escaped():
    text = write_xmile(
        trace_model(one_flow, ["amount"]), {"amount": -2}, {}, {}, 1, notes={"twice": "a < b & c"}
    )
    variables = variables_of(text)
    assert variables["twice"].find(f"{SPACE}doc").text == "a < b & c"
    assert equation_of(variables["amount"]) == "-2.0"


def test_a_choice_inside_an_equation_is_a_part_of_its_own_numbered_from_one():
    def model(inputs, flows):
        flows.paid = 1 + where(inputs.a > 2, inputs.a, 3.0) + where(inputs.a < 1, -0.5, inputs.a)
        flows.twice = where(inputs.a > 2, inputs.a, 3.0) * 2
        flows.again = where(inputs.a > 2, inputs.a, 3.0) / -2.0
        flows.either = where((inputs.a - 1) * 2 >= -4.0, 1.0, 2.0)
        flows.whether = inputs.a <= 2
        flows.low = minimum(-maximum(inputs.a, float("-inf")), float("inf")) ** 2

    text = write_xmile(trace_model(model, ["a"]), {"a": -1}, {}, {}, 5)
    told = {name: equation_of(each) for name, each in variables_of(text).items()}
    assert told == {
        "a": "-1.0",
        "paid_part_1": "IF a > 2.0 THEN a ELSE 3.0",
        "paid_part_2": "IF a < 1.0 THEN -0.5 ELSE a",
        "paid": "((1.0 + paid_part_1) + paid_part_2)",
        # What is the same stands once, under the name that it got first.
        "twice": "(paid_part_1 * 2.0)",
        "again": "(paid_part_1 / -2.0)",
        "either_part_1": "((a - 1.0) * 2.0)",
        "either": "IF either_part_1 >= -4.0 THEN 1.0 ELSE 2.0",
        "whether": "IF a <= 2.0 THEN 1 ELSE 0",
        "low": "(MIN((-MAX(a, -INF)), INF) ^ 2.0)",
    }
    assert "<start>0</start><stop>4</stop><dt>1</dt>" in text
