"""Multitask, selection, shared savings, prevention, teams: closed forms against brute force."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_tracing import run_in_node, worst_relative_error

from carelab.evidence import load_sources
from carelab.theory import multitask, prevention, selection, shared_savings, teams
from carelab.theory.multitask import best_measured_pay, crowding_out_slope, multitask_efforts
from carelab.theory.prevention import annuity_years, present_value, relative_investment
from carelab.theory.selection import (
    best_prospective_share,
    cost_control_effort,
    patient_selection,
    selection_welfare,
)
from carelab.theory.shared_savings import (
    noisy_one_sided_effort,
    one_sided_bonus,
    one_sided_effort,
    rebased_share,
    two_sided_effort,
)
from carelab.theory.teams import (
    budget_breaker_balance,
    budget_breaker_fee,
    first_best_team_effort,
    team_effort,
    team_surplus,
)
from carelab.tracing import evaluate, trace_model, write_javascript

share = st.floats(0.0, 1.0)
cost = st.floats(0.3, 3.0)
money = st.floats(0.0, 3.0)
pay = st.floats(-3.0, 3.0)
closeness = st.floats(-0.95, 0.95)
rate = st.floats(0.0, 0.5)


# --- multitask ---------------------------------------------------------------------------


def own_gain(first, second, pays, costs):
    effort_cost = (costs[0] * first**2 + costs[1] * second**2) / 2 + costs[2] * first * second
    return pays[0] * first + pays[1] * second - effort_cost


@given(pay, pay, cost, cost, closeness)
def test_the_two_efforts_are_the_best_of_all_that_are_not_negative(one, two, first, second, close):
    costs = (first, second, close * math.sqrt(first * second))
    best = multitask_efforts(one, two, *costs)
    assert min(best) >= 0
    most = own_gain(*best, (one, two), costs)
    # Given one effort the other's best is its clipped first-order condition: one axis to search.
    firsts = np.linspace(0, 2 * best[0] + 1, 4001)
    seconds = np.maximum(0, (two - costs[2] * firsts) / second)
    assert most >= own_gain(firsts, seconds, (one, two), costs).max() - 1e-9


@given(pay, pay, cost, cost, closeness)
def test_the_efforts_meet_the_conditions_of_an_optimum_exactly(one, two, first, second, close):
    cross = close * math.sqrt(first * second)
    efforts = multitask_efforts(one, two, first, second, cross)
    slopes = (
        one - first * efforts[0] - cross * efforts[1],
        two - second * efforts[1] - cross * efforts[0],
    )
    for effort, slope in zip(efforts, slopes, strict=True):
        assert slope <= 1e-12
        assert min(effort, -slope) == pytest.approx(0, abs=1e-12)


@given(cost, cost, closeness)
def test_pay_for_one_task_drives_out_the_other_by_the_slope_until_nothing_is_left(
    first, second, close
):
    cross = close * math.sqrt(first * second)
    # Pays that make both efforts one, so that a little more pay stays inside.
    pays = (first + cross, second + cross)
    before = multitask_efforts(*pays, first, second, cross)
    after = multitask_efforts(pays[0] + 0.001, pays[1], first, second, cross)
    slope = crowding_out_slope(first, second, cross)
    assert (after[1] - before[1]) / 0.001 == pytest.approx(slope, rel=1e-6, abs=1e-9)
    assert slope == 0 or np.sign(slope) == -np.sign(close)
    assert multitask_efforts(2.0, 0.0, first, second, abs(cross))[1] == 0


def joint_surplus(paid, benefits, intrinsic, costs, risk_cost):
    efforts = multitask_efforts(intrinsic[0] + paid, intrinsic[1] + 0 * paid, *costs)
    worth = [benefit + reward for benefit, reward in zip(benefits, intrinsic, strict=True)]
    return own_gain(*efforts, worth, costs) - risk_cost * paid**2 / 2


def region_of(efforts):
    return efforts[0] > 1e-12, efforts[1] > 1e-12


def test_no_other_pay_for_the_measured_task_does_better_in_any_region():
    rng = np.random.default_rng(1991)
    seen = set()
    for _ in range(1500):
        benefits, intrinsic = rng.uniform(0, 3, (2, 2)) * (rng.random((2, 2)) > 0.2)
        own, close = rng.uniform(0.3, 3, 2), rng.uniform(0, 0.97) * (rng.random() > 0.1)
        costs = (*own, close * math.sqrt(own[0] * own[1]))
        risk_cost = rng.uniform(0, 3) * (rng.random() > 0.2)
        paid = best_measured_pay(*benefits, *intrinsic, *costs, risk_cost)
        grid = np.linspace(-6, 20, 5201)
        terms = (benefits, intrinsic, costs, risk_cost)
        assert joint_surplus(paid, *terms) >= joint_surplus(grid, *terms).max() - 1e-12
        seen.add(region_of(multitask_efforts(intrinsic[0] + paid, intrinsic[1], *costs)))
    assert len(seen) == 4


def test_no_pay_can_beat_both_of_the_regions_that_pay_could_open():
    # Rare: the first task alone beats both tasks together, and no pay beats either.
    benefits, intrinsic, costs, risk_cost = (1.7, 0.8), (0.08, 0.565), (2.45, 1.487, 1.742), 0.378
    terms = (benefits, intrinsic, costs, risk_cost)
    assert best_measured_pay(*benefits, *intrinsic, *costs, risk_cost) == 0.0
    assert joint_surplus(np.linspace(-6, 20, 5201), *terms).max() <= joint_surplus(0.0, *terms)


def test_where_both_tasks_are_done_the_measured_pay_is_that_of_the_published_formula():
    for risk_cost in (0.0, 0.5, 2.0):
        published = (3.0 - 1.0 * 0.5 / 2.0) / (1 + risk_cost * (1.0 - 0.5**2 / 2.0))
        found = best_measured_pay(3.0, 1.0, 1.0, 4.0, 1.0, 2.0, 0.5, risk_cost)
        assert found == pytest.approx(published)
        efforts = multitask_efforts(1.0 + found, 4.0, 1.0, 2.0, 0.5)
        assert min(efforts) > 0


def test_pay_for_the_measured_task_is_negative_only_to_hold_back_an_intrinsic_drive():
    assert best_measured_pay(1.0, 3.0, 0.0, 3.0, 2.0, 2.0, 1.5, 0.1) == 0.0
    assert best_measured_pay(1.0, 3.0, 3.0, 3.0, 2.0, 2.0, 1.5, 0.1) < 0
    assert best_measured_pay(2.0, 9.0, 0.0, 0.0, 2.0, 2.0, 1.5, 0.5) == pytest.approx(1.0)


# --- selection ---------------------------------------------------------------------------


@given(cost, money, cost, money)
def test_no_other_prospective_share_gives_more_welfare(effort, gain, selecting, harm):
    place = (effort, gain, selecting, harm)
    best = best_prospective_share(*place)
    assert 0 <= best <= 1
    grid = np.linspace(0, 1, 2001)
    most = selection_welfare(best, *place)
    assert most >= selection_welfare(grid, *place).max() - 1e-10


@given(share, cost, money, cost)
def test_the_provider_could_not_do_better_by_other_effort_or_selection(
    prospective, effort_cost, gain, selection_cost
):
    grid = np.linspace(0, 12, 4001)
    for best, reward, unit in (
        (cost_control_effort(prospective, effort_cost), prospective, effort_cost),
        (patient_selection(prospective, gain, selection_cost), prospective * gain, selection_cost),
    ):
        assert (
            reward * best - unit * best**2 / 2 >= (reward * grid - unit * grid**2 / 2).max() - 1e-12
        )


@given(cost, st.floats(0.01, 3.0), cost, money)
def test_full_prospective_payment_is_best_only_without_selection(effort, gain, selecting, harm):
    assert best_prospective_share(effort, gain, selecting, harm) < 1
    assert best_prospective_share(effort, 0.0, selecting, harm) == 1
    more = best_prospective_share(effort, gain, selecting, harm + 0.1)
    assert more <= best_prospective_share(effort, gain, selecting, harm)


def test_where_selection_harms_more_than_effort_saves_no_share_is_prospective():
    assert best_prospective_share(3.0, 3.0, 0.5, 2.0) == 0.0


# --- shared savings ----------------------------------------------------------------------


@given(share, share, st.floats(0.0, 3.0))
def test_without_noise_nothing_happens_until_the_share_exceeds_the_margin(kept, margin, response):
    effort = one_sided_effort(kept, margin, response)
    assert effort == two_sided_effort(kept, margin, response)
    assert (effort > 0) == (kept > margin and response * (kept - margin) > 0)
    assume(response > 0.1)
    grid = np.linspace(0, 4, 2001)
    for shared in (grid, np.maximum(0, grid)):
        gain = kept * shared - margin * grid - grid**2 / (2 * response)
        best = (kept - margin) * effort - effort**2 / (2 * response)
        assert best >= gain.max() - 1e-12


def test_with_noise_the_effort_is_the_best_of_all_even_with_two_peaks():
    rng = np.random.default_rng(2016)
    seen = set()
    for _ in range(400):
        kept, margin, noise = rng.uniform(0.05, 1), rng.uniform(0, 0.7), rng.uniform(0.005, 0.8)
        response = rng.uniform(0.2, 3)
        effort = noisy_one_sided_effort(kept, margin, response, noise)
        grid = np.append(np.linspace(0, kept * response, 4001), effort)
        gain = one_sided_bonus(grid, kept, noise) - margin * grid - grid**2 / (2 * response)
        assert gain[-1] >= gain.max() - 1e-12
        assert 0 <= effort <= two_sided_effort(kept, margin, response) + 1e-12
        seen.add((effort > 0, kept / 2 > margin))
    # Work although the slope at no effort is negative; none; and work from the first unit on.
    assert seen == {(True, False), (False, False), (True, True)}


def test_the_bonus_is_the_mean_over_chance_of_the_saving_that_is_shared():
    chance = np.linspace(-9, 9, 200_001)
    weight = np.exp(-(chance**2) / 2) / math.sqrt(2 * math.pi) * (chance[1] - chance[0])
    for effort, noise in ((0.0, 0.2), (0.1, 0.2), (0.5, 0.05)):
        mean = float((0.5 * np.maximum(0, effort + noise * chance) * weight).sum())
        assert one_sided_bonus(effort, 0.5, noise) == pytest.approx(mean, rel=1e-7)


@given(st.floats(0.05, 1.0), st.floats(0.05, 1.0))
def test_the_first_unit_of_effort_earns_half_of_what_a_two_sided_contract_pays(kept, noise):
    step = 1e-5 * noise
    slope = (one_sided_bonus(step, kept, noise) - one_sided_bonus(-step, kept, noise)) / (2 * step)
    assert slope == pytest.approx(kept / 2, rel=1e-6)


@given(share, share, st.floats(0.1, 3.0))
def test_one_sided_effort_with_vanishing_noise_is_that_without(kept, margin, response):
    assume(abs(kept - margin) > 0.001)
    still = one_sided_effort(kept, margin, response)
    for noise in (0.0, 1e-9):
        found = noisy_one_sided_effort(kept, margin, response, noise)
        assert found == pytest.approx(still, rel=1e-6, abs=1e-8)


@given(st.floats(0.05, 1.0), share, st.floats(0.0, 0.9), st.booleans())
def test_the_rebased_share_is_worth_as_much_as_the_bonuses_of_all_years(
    kept, weight, factor, lasting
):
    benchmark, total = 1.0, 0.0
    for year in range(400):
        spending = 0.9 if lasting or year == 0 else 1.0
        total += factor**year * kept * (benchmark - spending)
        benchmark = (1 - weight) * benchmark + weight * spending
    unrebased = 0.1 / (1 - factor) if lasting else 0.1
    assert rebased_share(kept, weight, factor) * unrebased == pytest.approx(total, abs=1e-9)
    assert rebased_share(kept, 0.0, factor) == pytest.approx(kept)


# --- prevention --------------------------------------------------------------------------


@given(st.floats(0.0, 10.0), st.floats(0.1, 30.0), rate, rate)
def test_the_present_value_is_the_sum_of_the_stream(first, length, discount, turnover):
    edges = np.linspace(first, first + length, 20_001)
    middle = (edges[1:] + edges[:-1]) / 2
    total = 70.0 * np.exp(-(discount + turnover) * middle).sum() * (edges[1] - edges[0])
    found = present_value(70.0, first, first + length, discount, turnover)
    assert found == pytest.approx(total, rel=1e-6)


def test_the_annuity_is_finite_and_right_as_the_rate_vanishes():
    for years in (0.0, 1.0, 10.0, 100.0):
        for low in (0.0, 1e-300, 1e-12, 1e-8, 1e-7):
            assert annuity_years(low, years) == pytest.approx(years, rel=1e-5)
            exact = -math.expm1(-low * years) / low if low > 1e-8 else years
            assert annuity_years(low, years) == pytest.approx(exact, rel=1e-6)
    assert annuity_years(0.05, 10.0) == pytest.approx(-math.expm1(-0.5) / 0.05, rel=1e-13)


def test_a_benefit_that_ends_before_it_begins_is_worth_nothing():
    assert present_value(70.0, 5.0, 3.0, 0.03, 0.1) == 0.0


@given(st.floats(0.0, 10.0), st.floats(0.5, 30.0), rate, st.floats(0.01, 0.5))
def test_turnover_and_a_short_horizon_cut_prevention_and_the_later_benefit_the_more(
    first, length, discount, turnover
):
    last = first + length
    relative = relative_investment(first, last, discount, turnover, 100.0)
    assert 0 < relative < 1
    assert relative > relative_investment(first, last, discount, turnover + 0.01, 100.0)
    assert relative > relative_investment(first + 1, last + 1, discount, turnover, 100.0)
    half = first + length / 2
    assert relative > relative_investment(first, last, discount, turnover, half) > 0
    assert relative_investment(first, last, discount, turnover, first) == 0
    assert relative_investment(first, last, discount, 0.0, last) == pytest.approx(1)
    # Acute care pays back at once: turnover hardly touches it.
    assert relative_investment(0.0, 0.05, discount, turnover, 100.0) > 0.985


# --- teams -------------------------------------------------------------------------------


@given(st.integers(1, 20), cost, share)
def test_no_member_could_do_better_by_another_effort(members, unit_cost, weight):
    def felt(own, others):
        result = (own + (members - 1) * others) / members
        return result * (1 + weight * (members - 1)) - unit_cost * own**2 / 2

    best = team_effort(members, unit_cost, weight)
    grid = np.linspace(0, 4, 4001)
    assert felt(best, best) >= felt(grid, best).max() - 1e-12


@given(st.integers(2, 20), cost, st.floats(0.0, 0.99))
def test_an_equal_share_falls_short_of_the_first_best_and_common_governance_restores_it(
    members, unit_cost, weight
):
    first_best = first_best_team_effort(unit_cost)
    effort = team_effort(members, unit_cost, weight)
    assert effort < first_best
    assert team_effort(members, unit_cost, 0.0) == pytest.approx(first_best / members)
    assert team_effort(members, unit_cost, 1.0) == pytest.approx(first_best)
    assert team_effort(1, unit_cost, weight) == pytest.approx(first_best)
    most = team_surplus(members, unit_cost, first_best)
    assert most > team_surplus(members, unit_cost, effort)
    grid = np.linspace(0, 4, 4001)
    assert most >= team_surplus(members, unit_cost, grid).max() - 1e-12


@given(st.integers(2, 20), cost)
def test_an_outsider_who_breaks_the_budget_restores_the_first_best_and_gains_when_it_fails(
    members, unit_cost
):
    first_best, fee = first_best_team_effort(unit_cost), budget_breaker_fee(members, unit_cost)
    grid = np.linspace(0, 4, 4001)

    def own(effort):
        result = effort + (members - 1) * first_best
        return result - fee - unit_cost * effort**2 / 2

    assert own(first_best) >= own(grid).max() - 1e-12
    assert own(first_best) == pytest.approx(team_surplus(members, unit_cost, first_best) / members)
    balance = budget_breaker_balance(members, unit_cost, first_best)
    assert balance == pytest.approx(0, abs=1e-9)
    assert budget_breaker_balance(members, unit_cost, 0.9 * first_best) > 0
    # Money is conserved: what members and breaker hold is the result.
    pocket = members * (members * 0.5 - fee) + budget_breaker_balance(members, unit_cost, 0.5)
    assert pocket == pytest.approx(members * 0.5)


# --- all five ----------------------------------------------------------------------------


def multitask_model(inputs, flows):
    costs = (inputs.first_cost, inputs.second_cost, inputs.cross_cost)
    flows.first_effort, flows.second_effort = multitask_efforts(
        inputs.first_pay, inputs.second_pay, *costs
    )
    flows.slope = crowding_out_slope(*costs)
    flows.best_pay = best_measured_pay(
        inputs.first_benefit,
        inputs.second_benefit,
        inputs.first_intrinsic,
        inputs.second_intrinsic,
        *costs,
        inputs.risk_cost,
    )


def selection_model(inputs, flows):
    place = (inputs.effort_cost, inputs.gain, inputs.selection_cost)
    flows.effort = cost_control_effort(inputs.prospective_share, inputs.effort_cost)
    flows.selection = patient_selection(inputs.prospective_share, *place[1:])
    flows.welfare = selection_welfare(inputs.prospective_share, *place, inputs.harm)
    flows.best_share = best_prospective_share(*place, inputs.harm)


def shared_savings_model(inputs, flows):
    contract = (inputs.margin, inputs.response)
    flows.two_sided = two_sided_effort(inputs.saving_share, *contract)
    flows.rebased = rebased_share(inputs.saving_share, inputs.weight, inputs.factor)
    flows.one_sided = one_sided_effort(flows.rebased, *contract)


def prevention_model(inputs, flows):
    stream = (inputs.first_year, inputs.last_year, inputs.discount, inputs.turnover)
    flows.annuity = annuity_years(inputs.discount, inputs.last_year)
    flows.value = present_value(inputs.benefit, *stream)
    flows.relative = relative_investment(*stream, inputs.horizon)


def teams_model(inputs, flows):
    team = (inputs.members, inputs.unit_cost)
    flows.effort = team_effort(*team, inputs.partner_weight)
    flows.first_best = first_best_team_effort(inputs.unit_cost)
    flows.surplus = team_surplus(*team, flows.effort)
    flows.fee = budget_breaker_fee(*team)
    flows.balance = budget_breaker_balance(*team, flows.effort)


RANGES = {
    multitask_model: {
        "first_pay": (-1, 3),
        "second_pay": (-1, 3),
        "first_cost": (1, 3),
        "second_cost": (1, 3),
        "cross_cost": (0, 0.95),
        "first_benefit": (0, 3),
        "second_benefit": (0, 3),
        "first_intrinsic": (0, 2),
        "second_intrinsic": (0, 2),
        "risk_cost": (0, 3),
    },
    selection_model: {
        "prospective_share": (0, 1),
        "effort_cost": (0.3, 3),
        "gain": (0, 3),
        "selection_cost": (0.3, 3),
        "harm": (0, 2),
    },
    shared_savings_model: {
        "saving_share": (0, 1),
        "margin": (0, 0.5),
        "response": (0, 3),
        "weight": (0, 1),
        "factor": (0, 0.99),
    },
    prevention_model: {
        "benefit": (1, 500),
        "first_year": (0, 10),
        "last_year": (11, 40),
        "discount": (0.005, 0.1),
        "turnover": (0, 0.4),
        "horizon": (0, 40),
    },
    teams_model: {
        "members": (1, 20),
        "unit_cost": (0.3, 3),
        "partner_weight": (0, 1),
    },
}
MODELS = pytest.mark.parametrize("model", RANGES, ids=lambda model: model.__name__)


def random_rows(model, count):
    rng = np.random.default_rng(20261123)
    return [
        {name: float(rng.uniform(*ends)) for name, ends in RANGES[model].items()}
        for _ in range(count)
    ]


@MODELS
def test_javascript_equals_python_on_two_hundred_random_settings(model, node):
    rows = random_rows(model, 200)
    source = write_javascript(trace_model(model, RANGES[model]))
    ours = [evaluate(model, row) for row in rows]
    assert worst_relative_error(ours, run_in_node(node, source, model.__name__, rows)) <= 1e-12


@MODELS
def test_arrays_give_what_numbers_give_and_every_corner_is_finite(model):
    rows = random_rows(model, 50)
    block = {name: np.array([row[name] for row in rows]) for name in RANGES[model]}
    together = evaluate(model, block)
    for index, row in enumerate(rows):
        for name, value in evaluate(model, row).items():
            assert np.broadcast_to(together[name], 50)[index] == pytest.approx(value, rel=1e-13)
    corners = np.array(np.meshgrid(*RANGES[model].values())).reshape(len(RANGES[model]), -1)
    flows = evaluate(model, dict(zip(RANGES[model], corners, strict=True)))
    assert all(np.isfinite(flow).all() for flow in flows.values())


def test_noisy_efforts_of_arrays_are_those_of_numbers():
    margins = np.array([0.0, 0.2, 0.3, 0.6])
    together = noisy_one_sided_effort(0.5, margins, 1.0, 0.1)
    alone = [noisy_one_sided_effort(0.5, float(margin), 1.0, 0.1) for margin in margins]
    assert together == pytest.approx(alone, rel=1e-13)
    assert noisy_one_sided_effort(0.5, 0.1, 0.0, 0.1) == 0.0


def test_every_source_that_a_module_names_is_in_the_data():
    known = set(load_sources()["key"])
    for module in (multitask, selection, shared_savings, prevention, teams):
        text = Path(module.__file__).read_text(encoding="utf-8")
        named = set(re.findall(r"source ``([a-z0-9-]+)``", text))
        assert named and named <= known, module.__name__
