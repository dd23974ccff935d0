"""Counties that can exist: each meets every figure of a county, whatever else is drawn."""

import gzip

import numpy as np
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
