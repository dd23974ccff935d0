"""What tomorrow is worth and where efforts are heading, found a second time by differences."""

from types import SimpleNamespace

import numpy as np
import pytest

from carelab.engine import lever_ranges, load_place, month_of
from carelab.engine.names import EFFORTS, OWN_EFFORTS, PEOPLE
from carelab.engine.objective import objectives
from carelab.engine.simulate import clock
from carelab.engine.step import care

SETTINGS = 12
LASTING = ("capability", "hospital_quality")
OTHER = {"hospital": "primary", "primary": "hospital"}
# Before a reform these are made, and these are not though some would pay: see the model reference.
MADE = ("prevention", "intensity", "retention", "draw")
UNMADE = ("support", "management", "skimping")
LEVELS = (
    "hospital_objective", "primary_objective", "patient_welfare",
    *(f"remaining_{state}" for state in PEOPLE), *(f"next_{stock}" for stock in LASTING),
)  # fmt: skip


def settings():
    """Some settings of levers, efforts and stocks, drawn wide."""
    draw = np.random.default_rng(13).uniform
    place = load_place("china_county")
    given = {**place.fixed_inputs, **place.stocks, **clock(7, 6)}
    given |= {n: draw(low, high, SETTINGS) for n, (low, high, _) in lever_ranges().items()}
    given |= {name: draw(0.02, 1.2, SETTINGS) for name in (*EFFORTS, "mentoring")}
    given |= {state: place.stocks[state] * draw(0.6, 1.4, SETTINGS) for state in PEOPLE}
    given |= {name: draw(0.2, 0.9, SETTINGS) for name in LASTING}
    given["community_capacity"] = draw(1.05, 1.3, SETTINGS)
    given["withheld_care_effect"] = draw(0.0, 0.3, SETTINGS)
    return given


@pytest.fixture(scope="module")
def given():
    return settings()


@pytest.fixture(scope="module")
def now(given):
    return month_of(given)


@pytest.fixture(scope="module")
def by(given):
    """Slopes of levels by what can be moved: central differences of the fourth order."""
    found = {}
    for name in (*EFFORTS, "mentoring", *PEOPLE, *LASTING):
        step = 1e-4 * np.mean(given[name])
        at = {k: month_of({**given, name: given[name] + k * step}) for k in (-2, -1, 1, 2)}
        found[name] = {
            level: (8 * (at[1][level] - at[-1][level]) - at[2][level] + at[-2][level]) / (12 * step)
            for level in LEVELS
        }
    return found


def close(found, expected, name):
    scale = np.maximum(np.abs(expected), 0.1 * np.max(np.abs(expected)))
    assert np.max(np.abs(found - expected) / scale) < 1e-6, name


def test_a_month_and_a_year_ahead_are_discounted_by_interest_contract_and_moves(given, now):
    rate, turnover = given["discount_rate_year"], given["turnover_rate_year"]
    money = np.exp(-(rate + 1 / now["contract_years"]) / 12)
    assert now["life_discount"] == pytest.approx(np.exp(-rate / 12), rel=1e-14)
    assert now["money_discount"] == pytest.approx(money, rel=1e-14)
    assert now["stay_discount"] == pytest.approx(money * (1 - turnover / 12), rel=1e-14)


def worth(by, discount, gain):
    """Solve w = gain + discount * (where a person will be after a month) w, setting by setting."""
    moves = np.array([[by[state][f"remaining_{then}"] for then in PEOPLE] for state in PEOPLE])
    found = [
        np.linalg.solve(np.eye(4) - discount_ * moves[:, :, at], gain[:, at])
        for at, discount_ in enumerate(np.broadcast_to(discount, SETTINGS))
    ]
    return dict(zip(PEOPLE, np.array(found).T, strict=True))


def sides_worth(now, by, side):
    def level(of):
        partner = now["governance_share"] * of[f"{OTHER[side]}_objective"]
        return of[f"{side}_objective"] + partner

    gain = [now["residents"] * level(by[state]) + level(now) for state in PEOPLE]
    return worth(by, now["stay_discount"], np.array(gain))


@pytest.mark.parametrize("side", OTHER)
def test_a_person_is_worth_to_a_side_what_he_or_she_brings_as_long_as_the_contract(
    given, now, by, side
):
    for state, expected in sides_worth(now, by, side).items():
        close(now[f"{state}_{side}_worth"], expected, state)
        later = now["stay_discount"] * expected / now["residents"]
        close(now[f"{state}_{side}_later"], later, state)


def lives_worth(now, by):
    gain = [
        now["residents"] * by[state]["patient_welfare"] + now["patient_welfare"] for state in PEOPLE
    ]
    return worth(by, now["life_discount"], np.array(gain))


def test_a_life_is_worth_what_is_lived_wherever_people_move(given, now, by):
    for state, expected in lives_worth(now, by).items():
        close(now[f"{state}_welfare_worth"], expected, state)
        later = given["altruism"] * now["life_discount"] * expected / now["residents"]
        close(now[f"{state}_life_later"], later, state)


def test_years_ahead_are_the_weighted_years_of_a_life_discounted(given, now, by):
    weights = np.array([np.full(SETTINGS, given[f"{state}_life_weight"] / 12) for state in PEOPLE])
    for state, expected in worth(by, now["life_discount"], weights).items():
        close(now[f"{state}_years_ahead"], expected, state)


def stocks_worth(given, now, by, stock):
    """What a unit left next month brings ever after: money by its discount, life by its own."""
    slopes, altruism, residents = by[stock], given["altruism"], now["residents"]
    paid = lived = 0.0
    money, lives = sides_worth(now, by, "hospital"), lives_worth(now, by)
    for state in PEOPLE:
        remaining = slopes[f"remaining_{state}"] / residents
        paid = paid + now["stay_discount"] * money[state] * remaining
        lived = lived + now["life_discount"] * lives[state] * remaining
    cash = slopes["hospital_objective"] + now["governance_share"] * slopes["primary_objective"]
    life = altruism * (slopes["patient_welfare"] + lived)
    carried = slopes[f"next_{stock}"]
    return sum(
        discount * gain / (1 - discount * carried)
        for discount, gain in (
            (now["money_discount"], cash + paid),
            (now["life_discount"], life),
        )
    )


@pytest.mark.parametrize("stock", LASTING)
def test_capability_and_quality_are_worth_what_they_bring_as_they_wear_off(given, now, by, stock):
    close(now[f"{stock}_worth"], stocks_worth(given, now, by, stock), stock)


@pytest.mark.parametrize(
    ("side", "effort"), [(side, each) for side, all_ in OWN_EFFORTS.items() for each in all_]
)
def test_an_effort_heads_for_where_its_side_gains_no_more(given, now, by, side, effort):
    slopes, short = by[effort], effort.removesuffix("_effort")
    gain = slopes[f"{side}_objective"]
    gain = gain + now["governance_share"] * slopes[f"{OTHER[side]}_objective"]
    gain = gain + given["altruism"] * slopes["patient_welfare"]
    money, lives = sides_worth(now, by, side), lives_worth(now, by)
    for state in PEOPLE:
        later = now["stay_discount"] * money[state]
        later = later + given["altruism"] * now["life_discount"] * lives[state]
        gain = gain + later * slopes[f"remaining_{state}"] / now["residents"]
    for stock in LASTING if side == "hospital" else ():
        gain = gain + stocks_worth(given, now, by, stock) * slopes[f"next_{stock}"]
    close(now[f"{short}_slope"], gain, effort)
    # From here on the model's own slope, so that rounding decides nothing at a bound.
    gain, held = now[f"{short}_slope"], 0.0
    if short in (*MADE, *UNMADE):
        held = now["cost_trend"] * given[f"{short}_norm"]
        pull = np.maximum(0, gain) if short in UNMADE else gain
        assert now[f"{short}_pull"] == pytest.approx(pull, rel=1e-12)
    else:
        assert f"{short}_pull" not in now
    assert now[f"{short}_rise"] == pytest.approx(gain + held, rel=1e-12, abs=1e-12)
    # A step of Newton: the benefit, without the constant, wears off as fast as it is large.
    cost = given[f"{short}_effort_cost"] * now["price_level"]
    curve = cost + np.maximum(0, gain + cost * given[effort])
    target = np.maximum(0, given[effort] + (gain + held) / curve)
    if effort == "mentoring":
        offered = now["mentoring_offered_share"]
        target = np.minimum(offered, np.maximum(offered * now["push"], target))
    assert now[f"{effort}_target"] == pytest.approx(target, rel=1e-9, abs=1e-12)
    after = given[effort] + (target - given[effort]) / given["effort_months"]
    assert now[f"next_{effort}"] == pytest.approx(after, rel=1e-9, abs=1e-12)


class Nudged(SimpleNamespace):
    """Flows of a month on plain numbers, one of which comes out a little larger."""

    def __init__(self, name, by):
        object.__setattr__(self, "_nudge", (name, by))

    def __setattr__(self, name, value):
        super().__setattr__(name, value + self._nudge[1] if name == self._nudge[0] else value)


def by_flow(given, flow, level):
    """Slope of a level by a flow of the month, which nothing but what follows from it moves."""
    step = 1e-5
    ends = []
    for sign in (1, -1):
        flows = Nudged(flow, sign * step)
        care(SimpleNamespace(**given), flows)
        objectives(SimpleNamespace(**given), flows)
        ends.append(getattr(flows, level))
    return (ends[0] - ends[1]) / (2 * step)


@pytest.mark.parametrize("at", [0, 5])
def test_what_a_case_is_worth_to_a_side_is_the_slope_of_its_objective(given, now, at):
    row = {name: float(np.broadcast_to(value, SETTINGS)[at]) for name, value in given.items()}
    slope = lambda flow, level="hospital_objective": by_flow(row, flow, level)  # noqa: E731
    contract = slope("serious_hospital", "gap") - slope("serious_outside", "gap")
    expected = {
        # Money that an averted case brings, and a case kept from going outside.
        "hospital_gain_mild": -slope("mild_need"),
        "hospital_gain_serious": -slope("serious_need"),
        "primary_gain_mild": -slope("mild_need", "primary_objective"),
        "primary_gain_serious": -slope("serious_need", "primary_objective"),
        "mild_retention_gain": slope("mild_hospital") - slope("mild_outside"),
        "serious_retention_gain": slope("serious_hospital") - slope("serious_outside"),
        "referral_gain": slope("mild_referred"),
        "hospital_felt_share": slope("gap"),
        "primary_felt_share": slope("gap", "primary_objective"),
        "contract_retention_gain": slope("gap") * contract,
    }
    for name, value in expected.items():
        found = float(np.broadcast_to(now[name], SETTINGS)[at])
        assert found == pytest.approx(value, rel=1e-5, abs=1e-5), name
