"""Commons, coordination, choice and mentoring: closed forms against brute force and nashpy."""

import itertools
import math
import warnings
from fractions import Fraction

import nashpy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from test_tracing import run_in_node, worst_relative_error

from carelab.theory.choice import (
    consumer_surplus,
    cross_price_response,
    gatekeeping_shift,
    logit_shares,
    logit_shares_of_two,
    price_response,
    utility_from_share,
)
from carelab.theory.commons import (
    hospital_quantity,
    point_value,
    rent_lost_share,
    total_quantity,
    yardstick_cost_effort,
)
from carelab.theory.coordination import (
    GAME_NAMES,
    complementarity_multiplier,
    complementary_effort,
    game_name,
    game_payoffs,
    game_region,
    game_thresholds,
    mixed_acting_chance,
)
from carelab.theory.mentoring import capability_next, capability_path, capability_rest_point
from carelab.tracing import evaluate, trace_model, write_javascript

share = st.floats(0.0, 1.0)
utility = st.floats(-20.0, 20.0)
money = st.floats(0.1, 1000.0)
hospitals = st.integers(2, 12)


def best_on_line(payoff, upper):
    found = minimize_scalar(
        lambda own: -payoff(own),
        bounds=(0, upper),
        method="bounded",
        options={"xatol": 1e-6 * upper},
    )
    return max((0.0, upper, float(found.x)), key=payoff)


# --- commons ------------------------------------------------------------------------------------


@given(hospitals, money, money)
def test_no_hospital_under_the_cap_could_do_better_alone(number, budget, cost):
    mine = hospital_quantity(number, budget, cost)
    others = (number - 1) * mine

    def surplus(own):
        return budget * own / (own + others) - cost * own

    grid = np.linspace(0, 4 * mine, 4001)
    assert surplus(mine) >= surplus(grid).max() - 1e-9 * budget
    assert best_on_line(surplus, 4 * mine) == pytest.approx(mine, rel=1e-3)


@given(hospitals, money, money)
def test_points_share_out_the_budget_and_the_race_costs_what_is_lost(number, budget, cost):
    total = total_quantity(number, budget, cost)
    assert total == pytest.approx(number * hospital_quantity(number, budget, cost))
    assert total * point_value(number, cost) == pytest.approx(budget)
    assert cost * total == pytest.approx(rent_lost_share(number) * budget)


def test_more_hospitals_do_more_for_points_that_sink_towards_the_cost():
    number = np.arange(2.0, 2000.0)
    assert (np.diff(total_quantity(number, 100.0, 5.0)) > 0).all()
    value = point_value(number, 5.0)
    assert (np.diff(value) < 0).all()
    assert value[-1] == pytest.approx(5.0, rel=1e-3)


def test_a_hospital_alone_does_not_race():
    assert hospital_quantity(1.0, 100.0, 5.0) == rent_lost_share(1.0) == 0.0
    assert 1e6 < point_value(1.0, 5.0) < math.inf


@given(share, st.floats(0.1, 5.0), st.floats(10.0, 50.0))
def test_cost_effort_is_the_best_reply_and_efficient_only_if_own_cost_does_not_pay(
    weight, effort_cost, start_cost
):
    def profit(effort):
        own = start_cost - effort
        pay = weight * own + (1 - weight) * start_cost
        return pay - own - effort_cost * effort**2 / 2

    def society(effort):
        return effort - effort_cost * effort**2 / 2

    efficient = best_on_line(society, 2 / effort_cost)
    effort = yardstick_cost_effort(weight, effort_cost)
    assert effort == pytest.approx(best_on_line(profit, 2 / effort_cost), abs=1e-3)
    assert yardstick_cost_effort(0.0, effort_cost) == pytest.approx(efficient, rel=1e-3)
    assert effort <= yardstick_cost_effort(0.0, effort_cost)
    assert yardstick_cost_effort(1.0, effort_cost) == 0.0


# --- coordination -------------------------------------------------------------------------------


def region_by_best_replies(payoffs):
    """Read the game off the four pay-offs, ties as the text of `game_region` says."""
    acts_with_other = payoffs.both >= payoffs.other_alone
    acts_alone = payoffs.acting_alone >= payoffs.none
    if acts_alone:
        assert acts_with_other
        return 3
    if acts_with_other:
        return 2
    return 1 if payoffs.both > payoffs.none else 0


def exact_games(seed, count):
    """Draw games in binary fractions, so that floats are exact; most sit on a boundary."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        single = int(rng.integers(0, 20))
        joint = 2 * single + int(rng.integers(1, 30))
        pooled = int(rng.integers(1, 65)) / 64
        on_boundary = (joint, joint - single, single, joint / 2)
        anywhere = int(rng.integers(1, 20 * 64)) / 128
        costs = [pooled * benefit / 2 for benefit in on_boundary] + [anywhere]
        cost = costs[int(rng.integers(len(costs)))]
        if cost > 0:
            yield pooled, float(joint), float(single), cost


positive_fraction = st.fractions(Fraction(1, 50), 50, max_denominator=60)


@given(positive_fraction, positive_fraction, positive_fraction, st.fractions(0, 3))
def test_every_region_is_what_best_replies_make_of_it_in_exact_arithmetic(
    single, extra, cost, pooled
):
    joint = 2 * single + extra
    thresholds = game_thresholds(joint, single, cost)
    assert list(thresholds) == sorted(thresholds)
    middles = [sum(pair) / 2 for pair in itertools.pairwise(thresholds)]
    for kept in (pooled, *thresholds, *middles, thresholds[0] / 2, 2 * thresholds[-1]):
        expected = region_by_best_replies(game_payoffs(kept, joint, single, cost))
        assert game_region(kept, joint, single, cost) == expected
    boundaries = (thresholds[0], thresholds[1], thresholds[3])
    assert [game_region(kept, joint, single, cost) for kept in boundaries] == [0, 2, 3]


def test_floats_and_exact_boundaries_agree_with_best_replies():
    seen = set()
    for game in exact_games(5, 3000):
        region = game_region(*game)
        assert region == region_by_best_replies(game_payoffs(*game))
        seen.add((region, game[0] in game_thresholds(*game[1:])))
    # Each game was met, and each on a boundary but the dilemma, which holds neither of its own.
    assert seen == {(0, False), (0, True), (1, False), (2, False), (2, True), (3, False), (3, True)}


def equilibria(method, game):
    """Return the chances of acting in the equilibria that nashpy finds."""
    payoffs = game_payoffs(*game)
    table = np.array(
        [[payoffs.both, payoffs.acting_alone], [payoffs.other_alone, payoffs.none]], dtype=float
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nashpy warns of ties, which are drawn on purpose
        found = list(getattr(nashpy.Game(table, table.T), method)())
    return sorted({(round(float(a[0]), 9) + 0.0, round(float(b[0]), 9) + 0.0) for a, b in found})


def expected_equilibria(game, weak):
    region, chance = game_region(*game), mixed_acting_chance(*game)
    if region < 2:
        return [(0.0, 0.0)]
    if region == 3:
        # On the boundary nobody gains by starting alone: none acting is still, weakly, stable.
        tie = weak and game[0] <= game_thresholds(*game[1:]).stag_hunt_until
        return [(0.0, 0.0), (1.0, 1.0)] if tie else [(1.0, 1.0)]
    return sorted({(0.0, 0.0), (1.0, 1.0), (round(chance, 9), round(chance, 9))})


def test_nashpy_finds_the_same_equilibria_by_supports_on_and_off_the_boundaries():
    for game in exact_games(11, 600):
        assert equilibria("support_enumeration", game) == expected_equilibria(game, weak=True)


def test_nashpy_finds_the_same_equilibria_by_vertices():
    for game in exact_games(12, 600):
        # At the start of harmony the weak equilibrium is no vertex that nashpy reports.
        if game[0] != game_thresholds(*game[1:]).stag_hunt_until:
            assert equilibria("vertex_enumeration", game) == expected_equilibria(game, weak=False)


def test_acting_together_is_risk_dominant_just_from_its_threshold_inside_the_stag_hunt():
    for pooled, joint, single, cost in exact_games(13, 1500):
        payoffs = game_payoffs(pooled, joint, single, cost)
        against_a_coin = payoffs.both + payoffs.acting_alone - payoffs.other_alone - payoffs.none
        thresholds = game_thresholds(joint, single, cost)
        safe = pooled >= thresholds.cooperation_risk_dominant_from
        assert safe == (against_a_coin >= 0)
        assert safe == (mixed_acting_chance(pooled, joint, single, cost) <= 0.5)
        if single > 0:
            inside = thresholds.cooperation_risk_dominant_from
            assert thresholds.dilemma_until < inside < thresholds.stag_hunt_until


@given(st.floats(0.0, 1.0), st.floats(0.0, 10.0), st.floats(0.01, 20.0), st.floats(0.01, 10.0))
def test_the_mixed_chance_is_a_chance_at_which_acting_and_not_acting_pay_alike(
    pooled, single, extra, cost
):
    game = (pooled, 2 * single + extra, single, cost)
    chance = mixed_acting_chance(*game)
    assert 0 <= chance <= 1
    if 0 < chance < 1:
        payoffs = game_payoffs(*game)
        acting = chance * payoffs.both + (1 - chance) * payoffs.acting_alone
        waiting = chance * payoffs.other_alone + (1 - chance) * payoffs.none
        assert acting == pytest.approx(waiting, abs=1e-9)


def test_a_single_body_that_brings_nothing_alone_leaves_every_threshold_finite():
    assert np.isfinite(game_thresholds(10.0, 0.0, 2.0)).all()
    assert game_region(1.0, 10.0, 0.0, 2.0) == 2
    assert mixed_acting_chance(0.0, 10.0, 0.0, 2.0) == 1.0


def test_each_game_has_a_name():
    # V = 16, v = 4, k = 1.5: the game changes at 0.1875, 0.25 and 0.75.
    names = [game_name(game_region(kept, 16.0, 4.0, 1.5)) for kept in (0.1, 0.2, 0.5, 0.9)]
    assert names == ["no reason to act", "prisoner's dilemma", "stag hunt", "harmony"]
    assert tuple(names) == GAME_NAMES


@given(st.floats(-5.0, 5.0), st.floats(0.5, 5.0), st.floats(0.0, 0.95))
def test_efforts_that_reinforce_each_other_are_best_replies(margin, unit_cost, part):
    complementarity = part * unit_cost
    effort = complementary_effort(margin, unit_cost, complementarity)

    def payoff(own):
        return margin * own + complementarity * own * effort - unit_cost * own**2 / 2

    upper = 2 * effort + 1
    assert best_on_line(payoff, upper) == pytest.approx(effort, abs=1e-3 * upper)
    alone = complementary_effort(margin, unit_cost, 0.0)
    assert effort == pytest.approx(alone * complementarity_multiplier(unit_cost, complementarity))


# --- choice -------------------------------------------------------------------------------------


def test_patients_with_gumbel_tastes_choose_the_shares_and_gain_the_surplus():
    rng = np.random.default_rng(4)
    utilities = np.array([0.7, 0.0, -0.4])
    felt = utilities + rng.gumbel(size=(400_000, 3))
    counted = np.bincount(felt.argmax(axis=1), minlength=3) / len(felt)
    assert logit_shares(*utilities) == pytest.approx(tuple(counted), abs=0.003)
    gained = (felt.max(axis=1).mean() - np.euler_gamma) / 2.0
    assert consumer_surplus(*utilities, 2.0) == pytest.approx(gained, abs=0.003)


@given(utility, utility, utility, st.floats(0.01, 5.0))
def test_shares_and_surplus_are_the_textbook_formulas(first, second, third, weight):
    shares = logit_shares(first, second, third)
    weights = [math.exp(value) for value in (first, second, third)]
    assert shares == pytest.approx(tuple(each / sum(weights) for each in weights), rel=1e-12)
    assert sum(shares) == pytest.approx(1, abs=1e-12)
    expected = math.log(sum(weights)) / weight
    assert consumer_surplus(first, second, third, weight) == pytest.approx(expected, abs=1e-9)


@given(utility, utility, utility)
def test_log_odds_are_the_utility_gap_and_a_third_place_takes_in_proportion(first, second, third):
    shares = logit_shares(first, second, third)
    assert math.log(shares[0] / shares[1]) == pytest.approx(first - second, abs=1e-9)
    without = logit_shares_of_two(first, second)
    assert without[0] * shares[1] == pytest.approx(without[1] * shares[0], rel=1e-9)
    assert sum(without) == pytest.approx(1, abs=1e-12)


@given(st.permutations([1e6, 0.0, -1e6]), st.floats(-1e8, 1e8))
def test_huge_utilities_neither_overflow_nor_matter_beyond_their_differences(order, shift):
    moved = [value + shift for value in order]
    shares = logit_shares(*moved)
    assert shares == tuple(1.0 if value == 1e6 else 0.0 for value in order)
    assert logit_shares_of_two(*moved[:2]) == tuple(
        1.0 if value == max(order[:2]) else 0.0 for value in order[:2]
    )
    assert consumer_surplus(*moved, 1.0) == pytest.approx(max(moved))
    assert all(np.isfinite(logit_shares(*map(np.array, moved))))


moderate = st.floats(-3.0, 3.0)


@given(st.tuples(moderate, moderate, moderate), st.floats(0.05, 2.0), st.integers(0, 2))
def test_price_responses_and_surplus_are_the_slopes_of_the_shares(appeals, weight, priced):
    def at(price):
        return [appeal - weight * price * (place == priced) for place, appeal in enumerate(appeals)]

    step = 1e-4
    low, high, now = (logit_shares(*at(price)) for price in (-step, step, 0.0))
    for place in range(3):
        slope = (high[place] - low[place]) / (2 * step)
        if place == priced:
            expected = price_response(now[place], weight)
        else:
            expected = cross_price_response(now[place], now[priced], weight)
        assert slope == pytest.approx(expected, abs=1e-7)
    worth = [consumer_surplus(*at(price), weight) for price in (-step, step)]
    assert (worth[1] - worth[0]) / (2 * step) == pytest.approx(-now[priced], abs=1e-6)


@given(share, share, share, st.floats(0.0, 5.0))
def test_what_one_place_loses_by_its_price_the_others_win(first, second, third, weight):
    total = first + second + third
    if total < 1e-6:
        return
    shares = [value / total for value in (first, second, third)]
    won = sum(cross_price_response(shares[place], shares[0], weight) for place in (1, 2))
    assert price_response(shares[0], weight) == pytest.approx(-won, abs=1e-12)


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_utilities_from_observed_shares_give_the_shares_back(first, second, third):
    total = first + second + third
    observed = (first / total, second / total, third / total)
    utilities = [utility_from_share(each, observed[1]) for each in observed]
    assert utilities[1] == 0.0
    assert logit_shares(*utilities) == pytest.approx(observed, rel=1e-12)


@given(moderate, moderate, share, st.floats(0.0, 3.0))
def test_gatekeeping_moves_odds_towards_primary_care_and_half_as_much_away_from_outside(
    primary, outside, gate, weight
):
    inward, outward = gatekeeping_shift(gate, weight)
    before = logit_shares(primary, 0.0, outside)
    after = logit_shares(primary + inward, 0.0, outside + outward)
    odds = [math.log(now[0] / now[1]) for now in (before, after)]
    assert odds[1] - odds[0] == pytest.approx(gate * weight, abs=1e-9)
    odds = [math.log(now[2] / now[1]) for now in (before, after)]
    assert odds[1] - odds[0] == pytest.approx(-gate * weight / 2, abs=1e-9)
    assert after[0] >= before[0] - 1e-12
    assert after[2] <= before[2] + 1e-12


# --- mentoring ----------------------------------------------------------------------------------

rates = st.tuples(share, share).map(lambda pair: (pair[0] / 2, pair[1] / 2))


@given(st.integers(0, 240), share, rates, share)
def test_the_path_is_the_month_repeated(months, start, pair, unaided):
    capability = start
    for _ in range(months):
        capability = capability_next(capability, *pair, unaided)
        assert -1e-12 <= capability <= 1 + 1e-12
    assert capability_path(months, start, *pair, unaided) == pytest.approx(capability, abs=1e-9)


@given(rates, share)
def test_the_rest_point_stays_put_and_lies_between_unaided_and_full(pair, unaided):
    rest = capability_rest_point(*pair, unaided)
    assert capability_next(rest, *pair, unaided) == pytest.approx(rest, abs=1e-9)
    assert unaided - 1e-12 <= rest <= 1 + 1e-12
    learning, decay = pair
    if learning + decay > 1e-6:
        textbook = (learning + decay * unaided) / (learning + decay)
        assert rest == pytest.approx(textbook, abs=1e-9)


def test_nothing_learnt_and_nothing_lost_changes_nothing():
    assert capability_rest_point(0.0, 0.0, 0.3) == 0.3
    assert capability_path(120.0, 0.7, 0.0, 0.0, 0.3) == 0.7


def test_the_slowest_learning_still_rests_at_full_capability():
    assert capability_rest_point(1e-12, 0.0, 0.3) == 1.0


def test_rates_that_round_to_just_above_one_still_give_a_number():
    assert 1 - 0.9 - 0.1 < 0
    reached = capability_path(0.5, 0.2, 0.9, 0.1, 0.2)
    assert isinstance(reached, float)
    assert reached == pytest.approx(0.92)


def path_with(fading, months=600):
    path, learning = [0.4], 0.03
    for _ in range(months):
        path.append(capability_next(path[-1], learning, 0.01, 0.4))
        learning *= 1 - fading
    return np.array(path)


@given(st.floats(0.005, 0.5))
def test_fading_mentoring_makes_capability_peak_once_and_fall_back(fading):
    steps = np.diff(path_with(fading, months=3000))
    peak = int(np.argmax(steps <= 0))
    assert peak > 0
    assert (steps[:peak] > 0).all()
    assert (steps[peak:] <= 1e-15).all()
    assert path_with(fading, months=3000)[-1] == pytest.approx(0.4, abs=1e-3)


def test_constant_mentoring_never_peaks_and_stronger_fading_peaks_earlier_and_lower():
    assert (np.diff(path_with(0.0)) > -1e-15).all()
    peaks = [path_with(fading) for fading in (0.01, 0.03, 0.1)]
    assert np.all(np.diff([path.argmax() for path in peaks]) < 0)
    assert np.all(np.diff([path.max() for path in peaks]) < 0)


# --- all four: arrays and JavaScript ------------------------------------------------------------


def commons(inputs, flows):
    arguments = (inputs.hospitals, inputs.budget, inputs.unit_cost)
    flows.quantity = hospital_quantity(*arguments)
    flows.total = total_quantity(*arguments)
    flows.value = point_value(inputs.hospitals, inputs.unit_cost)
    flows.lost = rent_lost_share(inputs.hospitals)
    flows.effort = yardstick_cost_effort(inputs.own_cost_weight, inputs.unit_cost)


def coordination(inputs, flows):
    flows.joint = 2 * inputs.single + inputs.extra
    game = (inputs.pooled, flows.joint, inputs.single, inputs.cost)
    for results in (game_payoffs(*game), game_thresholds(*game[1:])):
        for name, value in results._asdict().items():
            setattr(flows, name, value)
    flows.region = game_region(*game)
    flows.chance = mixed_acting_chance(*game)
    unit_cost = inputs.cost + inputs.extra
    flows.effort = complementary_effort(inputs.margin, unit_cost, inputs.cost)
    flows.multiplier = complementarity_multiplier(unit_cost, inputs.cost)


def choice(inputs, flows):
    flows.inward, flows.outward = gatekeeping_shift(inputs.gate, inputs.weight)
    first = utility_from_share(inputs.observed, 1 - inputs.observed) + flows.inward
    utilities = (first, inputs.second, inputs.third + flows.outward)
    flows.one, flows.two, flows.three = logit_shares(*utilities)
    flows.alone, flows.rest = logit_shares_of_two(*utilities[:2])
    flows.response = price_response(flows.one, inputs.weight)
    flows.cross = cross_price_response(flows.two, flows.one, inputs.weight)
    flows.surplus = consumer_surplus(*utilities, inputs.weight)


def mentoring(inputs, flows):
    rest = (inputs.learning, inputs.decay, inputs.unaided)
    flows.month_later = capability_next(inputs.start, *rest)
    flows.rest_point = capability_rest_point(*rest)
    flows.path = capability_path(inputs.months, inputs.start, *rest)


MODELS = {
    commons: {
        "hospitals": (1, 10),
        "budget": (0, 1000),
        "unit_cost": (0.1, 20),
        "own_cost_weight": (0, 1),
    },
    coordination: {
        "pooled": (0, 1),
        "single": (0, 5),
        "extra": (0.1, 8),
        "cost": (0.1, 3),
        "margin": (-1, 3),
    },
    choice: {
        "observed": (0.01, 0.99),
        "second": (-40, 40),
        "third": (-40, 40),
        "gate": (0, 1),
        "weight": (0.05, 3),
    },
    mentoring: {
        "months": (0, 120),
        "start": (0, 1),
        "learning": (0, 0.2),
        "decay": (0, 0.1),
        "unaided": (0, 1),
    },
}
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def random_rows(model, count):
    rng = np.random.default_rng(20261123)
    return [
        {name: float(rng.uniform(*ends)) for name, ends in MODELS[model].items()}
        for _ in range(count)
    ]


@each_model
def test_javascript_equals_python_on_random_settings(node, model):
    rows = random_rows(model, 200)
    ours = [evaluate(model, row) for row in rows]
    source = write_javascript(trace_model(model, MODELS[model]))
    theirs = run_in_node(node, source, model.__name__, rows)
    assert worst_relative_error(ours, theirs) <= 1e-12


@each_model
def test_arrays_give_what_numbers_give_and_all_is_finite_to_the_ends_of_the_ranges(model):
    ends = np.array(list(itertools.product(*MODELS[model].values())), dtype=float)
    rows = random_rows(model, 100) + [
        dict(zip(MODELS[model], map(float, corner), strict=True)) for corner in ends
    ]
    together = evaluate(model, {name: np.array([row[name] for row in rows]) for name in rows[0]})
    for index, row in enumerate(rows):
        for name, value in evaluate(model, row).items():
            # Pay-offs of none are a plain nil, the same for every row.
            ours = np.broadcast_to(together[name], len(rows))[index]
            assert math.isfinite(value)
            assert ours == pytest.approx(value, rel=1e-12, abs=1e-15)
