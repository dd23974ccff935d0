"""The clocks of a reform, month by month, worked out by hand."""

import math

import pytest

from carelab.base.levers import levers_of
from carelab.engine import Scenario, load_place
from carelab.engine.simulate import clock, run_months

CONTEXT, PRESET = "china_county", "china_dilemma"
MONTHS = 48


def months(**changes):
    scenario = Scenario(CONTEXT, PRESET, changes)
    return list(run_months(load_place(CONTEXT), scenario.levers, MONTHS))


def moved(levers, **clocks):
    """Runs in which some levers go from nil or where they are to the middle of their range."""
    start = Scenario(CONTEXT, PRESET).levers
    goal = {
        name: levers_of()[name].on_step(levers_of()[name].high)
        if start[name] < levers_of()[name].high
        else levers_of()[name].low
        for name in levers
    }
    return start, goal, months(**goal, **clocks)


def test_payment_and_services_keep_clocks_of_their_own():
    run = months(payment_start_month=3, service_start_month=18, ramp_months=6)
    # A ramp of six months goes up by a sixth in each of its months, the first one included.
    ramp = [0] * 3 + [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0]
    assert [month["payment_phase"] for month in run[:9]] == pytest.approx(ramp)
    assert [month["service_phase"] for month in run[:18]] == [0] * 18
    ramp = [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0, 1.0]
    assert [month["service_phase"] for month in run[18:25]] == pytest.approx(ramp)
    assert {month["payment_phase"] for month in run[9:]} == {1.0}
    assert {month["service_phase"] for month in run[24:]} == {1.0}


@pytest.mark.parametrize("ramp", [0, 1])
def test_without_a_ramp_a_reform_is_whole_in_its_first_month(ramp):
    run = months(payment_start_month=2, service_start_month=0, ramp_months=ramp)
    assert [month["payment_phase"] for month in run[:4]] == [0, 0, 1, 1]
    assert [month["service_phase"] for month in run[:2]] == [1, 1]


@pytest.mark.parametrize(
    ("phase", "start_month", "other"), [("payment", 4, "service"), ("service", 9, "payment")]
)
def test_a_lever_goes_from_its_old_to_its_new_setting_by_its_own_clock(phase, start_month, other):
    levers = [name for name, lever in levers_of().items() if lever.phase == phase]
    assert len(levers) > 5
    clocks = {f"{phase}_start_month": start_month, f"{other}_start_month": 0}
    start, goal, run = moved(levers, **clocks, ramp_months=4)
    for name in levers:
        before, after = start[name], goal[name]
        assert before != after, name
        assert run[start_month - 1][name] == pytest.approx(before), name
        half = before + 0.5 * (after - before)
        assert run[start_month + 1][name] == pytest.approx(half), name
        assert run[start_month + 3][name] == pytest.approx(after), name
        assert run[MONTHS - 1][name] == pytest.approx(after), name


@pytest.mark.parametrize("start_month", [0, 7, 24])
def test_a_push_fades_from_the_month_in_which_services_start(start_month):
    fading = load_place(CONTEXT).parameters["push_fading_months"]
    run = months(mentoring_push_share=0.8, service_start_month=start_month, ramp_months=0)
    for month, flows in enumerate(run):
        since = month - start_month
        expected = 0.0 if since < 0 else 0.8 * math.exp(-since / fading)
        assert flows["push"] == pytest.approx(expected), month


def test_a_year_ends_with_its_twelfth_month_and_a_settlement_is_paid_after_its_lag():
    ends = [month for month in range(30) if clock(month, 6)["year_end"]]
    assert ends == [11, 23]
    # The settlement of a year that ends with month 11 is paid six months later, never before.
    paid = [month for month in range(40) if clock(month, 6)["payday"]]
    assert paid == [17, 29]
    assert [clock(month, 6)["month"] for month in (0, 5)] == [0, 5]
