"""Counties that can exist: each meets every figure of a county, whatever else is drawn."""

import gzip

import numpy as np
import pandas as pd
import pytest

from carelab.engine import place_at_rest
from carelab.study import stored_table
from carelab.study.many.draws import (
    drawn_names,
    hypercube,
    parameters_from,
    possible_places,
    range_parameters,
)
from carelab.study.trust import possible_places as search
from carelab.study.trust.possible_places import (
    CONTEXT,
    WANTED,
    baseline_targets,
    misses,
    what_figures_leave_open,
)
from carelab.study.trust.scoreboard import scoreboard_values

NAMES = drawn_names(CONTEXT)
# What is drawn besides moves a figure a little: by this part of half its tolerance at most.
A_LITTLE = 0.05


def missed(parameters) -> np.ndarray:
    rows = baseline_targets()
    values = scoreboard_values(rows, {CONTEXT: place_at_rest(CONTEXT, parameters)})
    return misses(rows, values)


def targets(*tolerances) -> pd.DataFrame:
    return pd.DataFrame(tolerances, columns=["tolerance_low", "tolerance_high"], dtype=float)


def test_misses_by_hand_with_open_ends_told_in_fives():
    rows = targets((10, 20), (np.nan, 30), (40, np.nan))
    values = np.array([[15, 5, 22.5], [30, 29, 35], [40, 38, 90]], dtype=float)
    assert misses(rows, values).tolist() == [[0, 1, 0.5], [0, 0, 1], [0, 0.4, 0]]


@pytest.fixture
def pretended(monkeypatch):
    """A place of three numbers, a, b and c, whose figures a test gives as a function of them."""

    def make(figures, rows, **constants):
        names = pd.DataFrame({"name": ["a", "b", "c"], "low": 0.0, "high": 1.0})
        monkeypatch.setattr(search, "drawn_names", lambda context: names)
        monkeypatch.setattr(
            search, "parameters_from",
            lambda context, unit: dict(zip("abc", unit.T, strict=True)),
        )  # fmt: skip
        monkeypatch.setattr(search, "baseline_targets", lambda: rows)
        asked = []

        def values(rows, unit, months):
            asked.append((len(unit), months))
            return figures(unit)

        monkeypatch.setattr(search, "_values", values)
        for name, value in constants.items():
            monkeypatch.setattr(search, name, value)
        return asked

    return make


def test_a_search_that_meets_nothing_gives_up_after_thirty_rounds(pretended, monkeypatch):
    monkeypatch.setattr(search, "kept_names", lambda seed: ["a", "b"])
    asked = pretended(lambda unit: unit.T[:2], targets((2, 3), (2, 3)))
    table = search.possible_places_table(wanted=1, seed=1)
    assert asked == [(3_000, 600), *[(1_000, 600)] * 30]
    assert table.columns.tolist() == ["found_after", "a", "b"]
    assert len(table) == 0


def test_a_search_moves_to_neighbours_until_enough_are_found_and_sure(pretended, monkeypatch):
    monkeypatch.setattr(search, "kept_names", lambda seed: ["a", "b"])
    # Met by one in 10,000 of independent draws.
    rows = targets((0.70, 0.71), (0.30, 0.31))
    asked = pretended(lambda unit: unit.T[:2], rows)
    table = search.possible_places_table(wanted=40, seed=2)
    assert len(table) >= 40
    assert table["a"].between(0.70, 0.71).all() and table["b"].between(0.30, 0.31).all()
    # By the end of the round that found it: the first draws, and a thousand a round.
    rounds = sum(1 for count in asked if count == (1_000, 600))
    assert 0 < rounds < 30
    after = table["found_after"]
    assert after.is_monotonic_increasing and (after % 1_000 == 0).all()
    assert after.min() >= 3_000 and after.max() == 3_000 + 1_000 * rounds
    # Found ones are judged again at full rest, and the search stops as soon as it has enough.
    assert [months for count, months in asked[1:] if (count, months) != (1_000, 600)] == [
        3_000
    ] * sum(1 for each in asked if each[1] == 3_000)
    assert (after < after.max()).sum() < 40
    assert search.possible_places_table(wanted=40, seed=2).equals(table)


def test_what_is_not_sure_at_full_rest_is_left_out(pretended, monkeypatch):
    monkeypatch.setattr(search, "kept_names", lambda seed: ["a"])
    rows = targets((0.0, 0.5))
    pretended(None, rows, MOST_ROUNDS=1)
    monkeypatch.setattr(
        search, "_values",
        lambda rows, unit, months: unit.T[:1] * (1 if months == 600 else 2),
    )  # fmt: skip
    table = search.possible_places_table(wanted=10_000, seed=3)
    # Of the first draws all that meet it count, of the round only those that stay at full rest.
    first, later = (table[table["found_after"] == count]["a"] for count in (3_000, 4_000))
    assert len(first) == 1_500 and first.max() > 0.45
    assert len(later) > 0 and later.max() <= 0.25


def test_neighbours_lie_near_the_best_where_it_matters_and_anywhere_else():
    best = np.array([[0.5, 0.5], [0.52, 0.5]] * 50)
    drawn = search._neighbours(best, np.array([0]), np.random.default_rng(1))
    assert drawn.shape == (1_000, 2)
    # Spread of the parents (0.01) and of the step (0.7 of it).
    assert drawn[:, 0].mean() == pytest.approx(0.51, abs=0.002)
    assert drawn[:, 0].std() == pytest.approx(0.01 * np.sqrt(1 + 0.7**2), rel=0.1)
    assert drawn[:, 1].std() == pytest.approx(12**-0.5, rel=0.1)
    edge = search._neighbours(np.array([[0.0], [1.0]]), np.array([0]), np.random.default_rng(1))
    assert edge.min() >= 0 and edge.max() <= 1
    # Reflected at the ends: what lies a little over an end does not come in at the other.
    shape = search._neighbours(
        np.array([[0.02], [0.04]] * 9), np.array([0]), np.random.default_rng(1)
    )
    assert shape.max() < 0.1


def test_the_numbers_that_tell_most_are_those_that_go_with_the_figures(monkeypatch):
    monkeypatch.setattr(search, "MOVED", 2)
    unit = np.random.default_rng(1).random((400, 4))
    values = np.array([unit[:, 2] ** 3, -unit[:, 0] + unit[:, 3] / 9])
    every = np.ones(4, dtype=bool)
    assert search._most_telling(unit, values, every).tolist() == [0, 2]
    assert search._most_telling(unit, values, np.array([True, True, False, True])).tolist() == [
        0,
        3,
    ]


@pytest.mark.parametrize(
    ("figure", "rest", "kept"),
    [
        # Moved from a tenth to nine tenths, a figure moves by 0.8 of the slope; half a width is 5,
        # and a twentieth of that matters.
        ((0.32, 0.30, -0.32), (0, 0, 0), ["a", "c"]),
        # A state of rest counts from a millionth of its size on.
        ((0, 0, 0), (2.6e-6, -2.6e-6, 2.2e-6), ["a", "b"]),
        ((0, 0, 0), (0, 0, 0), []),
    ],
)
def test_a_number_is_kept_that_moves_a_figure_or_the_state_of_rest(
    monkeypatch, pretended, figure, rest, kept
):
    rows = targets((10, 20))
    pretended(None, rows)

    def at_rest(context, parameters, months):
        assert (context, months) == (CONTEXT, 600)
        unit = np.array([parameters[name] for name in "abc"])
        assert set(unit.round(6).ravel()) > {0.1, 0.9}
        calm = 2 + np.array(rest) @ unit
        moved = np.array(figure) @ unit
        constants = dict.fromkeys(search.CONSTANTS, 1.0)
        return type("Place", (), {"stocks": {"x": calm}, "baseline": constants, "moved": moved})

    monkeypatch.setattr(search, "place_at_rest", at_rest)
    monkeypatch.setattr(
        search, "scoreboard_values", lambda rows, places: places[CONTEXT].moved[None, :]
    )
    assert search.kept_names(seed=1) == kept


def test_width_is_what_the_middle_nine_tenths_of_the_counties_fill(monkeypatch):
    names = pd.DataFrame({"name": ["a", "b", "c"], "low": [0.0, 0.0, 2.0], "high": [1.0, 1.0, 4.0]})
    places = pd.DataFrame({"a": np.linspace(0.4, 0.6, 101), "b": np.linspace(0, 1, 101) ** 0})
    places["b"] = [0.0] * 50 + [1.0] * 51
    monkeypatch.setattr(search, "drawn_names", lambda context: names)
    monkeypatch.setattr(search, "possible_places", lambda context: places)
    left = what_figures_leave_open().set_index("parameter")
    assert left.index.tolist() == ["a", "b", "c"]
    assert left.loc["a", ["low", "high", "middle", "width"]].tolist() == pytest.approx(
        [0, 1, 0.5, 0.2]
    )
    # Never wider than the range; of what no figure knows the whole range is open.
    assert left.loc["b", "width"] == 1 and left.loc["b", "middle"] == 1
    assert left.loc["c"].tolist() == [2, 4, 3, 1]


@pytest.mark.parametrize("seed", [11, 12])
def test_every_stored_county_meets_every_figure_of_a_county_whatever_else_is_drawn(seed):
    count = len(possible_places(CONTEXT))
    assert count >= WANTED >= 150
    off = missed(range_parameters(CONTEXT, hypercube(count, len(NAMES), seed)))
    assert off.max() < A_LITTLE
    assert (off.sum(axis=0) == 0).mean() > 0.97


def test_no_county_drawn_from_independent_ranges_meets_every_figure():
    off = missed(parameters_from(CONTEXT, hypercube(300, len(NAMES), 13)))
    assert (off.sum(axis=0) > 0).all()


def test_a_run_of_a_range_has_a_stored_county_in_turn_and_draws_the_rest():
    places = possible_places(CONTEXT)
    count = len(places) + 3
    unit = hypercube(count, len(NAMES), 14)
    runs, free = range_parameters(CONTEXT, unit), parameters_from(CONTEXT, unit)
    for name in places:
        assert np.array_equal(runs[name], np.resize(places[name], count)), name
    for name in set(NAMES["name"]) - set(places):
        assert np.array_equal(runs[name], free[name]), name


def test_stored_counties_keep_to_the_ranges_and_differ():
    places = possible_places(CONTEXT)
    table = NAMES.set_index("name")
    assert set(places) < set(table.index)
    for name in places:
        low, high = table.loc[name, ["low", "high"]]
        assert places[name].between(low * (1 - 1e-4), high * (1 + 1e-4)).all(), name
    assert not places.duplicated().any()
    assert (stored_table("possible_places")["found_after"] > 3_000).all()


def test_the_stored_counties_are_light(root):
    packed = gzip.compress((root / "data" / "possible_places.csv").read_bytes())
    assert len(packed) < 60 * 1024


def test_a_place_without_figures_keeps_independent_ranges():
    for context in ("hangzhou_district", "uk_place"):
        assert possible_places(context) is None
        unit = hypercube(4, len(drawn_names(context)), 15)
        runs, free = range_parameters(context, unit), parameters_from(context, unit)
        assert all(np.array_equal(runs[name], free[name]) for name in free)


def test_what_the_figures_leave_open_is_listed_with_how_wide_it_stays():
    left = what_figures_leave_open().set_index("parameter")
    assert left["width"].between(0, 1.001).all()
    assert left.loc["altruism", "width"] == 1
    assert left.loc["visit_paid_share", "width"] < 0.9
    assert left["width"].is_monotonic_increasing


def test_a_miss_is_told_in_half_widths():
    rows = baseline_targets()
    middle = (rows["tolerance_low"].fillna(0) + rows["tolerance_high"].fillna(80)) / 2
    assert misses(rows, middle.to_numpy()[:, None]).max() == 0
    at = rows.index[rows["id"] == "fund_per_head"][0]
    values = middle.to_numpy()[:, None].copy()
    values[at] = 1150
    assert misses(rows, values)[at, 0] == pytest.approx(1)


def test_no_held_out_result_takes_part_in_the_search():
    assert set(baseline_targets()["used_for"]) == {"fit"}
