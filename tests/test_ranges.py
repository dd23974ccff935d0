"""Ranges: of a difference it is that of the differences; of a history it stands beside what was."""

import numpy as np
import pytest

from carelab.base import CarelabError
from carelab.engine import Scenario
from carelab.engine.simulate import LONGEST_YEARS, run_years
from carelab.evidence import load_indicators
from carelab.evidence.registry import load_targets
from carelab.plots import plot_difference, plot_ranges
from carelab.study import stored_table
from carelab.study.many.page_draws import page_place
from carelab.study.many.ranges import difference_range
from carelab.study.trust import history

BEFORE, AFTER = (Scenario("china_county", each) for each in ("china_dilemma", "anhui"))
RUNS, YEARS = 20, 3


@pytest.fixture(scope="module")
def difference():
    return difference_range(AFTER, BEFORE, "reach", YEARS, RUNS)


def test_the_range_of_a_difference_is_that_of_the_differences_run_by_run(difference):
    place = page_place("china_county", RUNS)
    now, before = (
        list(run_years(place, each.levers, YEARS, ["reach"]))[-1]["reach"]
        for each in (AFTER, BEFORE)
    )
    shares = [0.05, 0.25, 0.5, 0.75, 0.95]
    last = difference.iloc[-1]
    told = [last[name] for name in ("low", "lower", "median", "upper", "high")]
    assert told == pytest.approx(np.quantile(now - before, shares))
    # Two ranges side by side would overlap, though each run by itself says the same.
    assert last["above"] == RUNS
    assert last["firmness"] == "firm"
    assert last["low"] > 0
    assert np.quantile(before, 0.95) > np.quantile(now, 0.05)
    assert (difference[["above", "near", "below"]].sum(axis=1) == RUNS).all()


def test_the_picture_of_a_difference_has_one_band_a_panel_and_says_how_firm_it_is(difference):
    picture = plot_difference(AFTER, BEFORE, "reach", YEARS, RUNS)
    (axes,) = picture.figure.axes
    assert len(axes.collections) == 1
    (line, zero) = axes.lines
    assert line.get_ydata() == pytest.approx(100 * difference["median"], abs=0.1)
    assert set(zero.get_ydata()) == {0}
    assert picture.caption.endswith(f"firm, in {RUNS} of {RUNS} runs")
    assert picture.table["median"].tolist() == pytest.approx(line.get_ydata())


def test_a_difference_of_two_places_or_a_table_without_a_column_is_refused():
    with pytest.raises(CarelabError, match="needs one place"):
        difference_range(AFTER, Scenario("uk_place", "uk_before"), "reach", 1, 3)
    with pytest.raises(CarelabError, match="column 'unit' does not exist"):
        plot_ranges(stored_table("history").rename(columns={"series": "panel", "unit": "u"}), "x")


def test_a_history_begins_every_series_with_no_change_and_holds_what_was_published():
    past = stored_table("history")
    values = load_indicators().set_index("id")["value"]
    for row in past.itertuples():
        first, now = (float(values[each]) for each in row.evidence.split("; "))
        change = now - first if row.unit == "points" else 100 * (now / first - 1)
        assert row.published == pytest.approx(change, rel=1e-4)
        assert row.low <= row.median <= row.high
        assert (row.inside == "yes") == (row.low <= row.published <= row.high)
    panels = history.history_panels(past)
    firsts = panels.groupby("panel", sort=False).head(1)
    assert (firsts[["low", "median", "high", "published"]] == 0).all(axis=None)
    assert len(panels) == len(past) + past["series"].nunique()


def test_the_longest_run_is_the_span_of_the_national_series():
    assert history.LAST - history.FIRST + 1 == LONGEST_YEARS
    years = load_indicators().set_index("id")["year"]
    used = [int(years[each]) for series in history.SERIES for each in series.rows]
    assert (min(used), max(used)) == (history.FIRST, history.LAST)


def test_a_series_says_that_something_was_fitted_only_where_a_target_of_the_fit_stands_behind_it():
    fit = load_targets("fit")
    evidence = " ".join(fit["evidence"] + " " + fit["note"])
    for series in history.SERIES:
        named = any(each in evidence for each in series.rows)
        assert named <= (series.fitted != "nothing"), series.name


def test_a_stored_history_is_what_the_model_says():
    # Of few runs the middle is near that of many.
    few = history.history_table(runs=60)
    stored = stored_table("history")
    wide = (stored["high"] - stored["low"]).to_numpy()
    assert (np.abs(few["median"] - stored["median"]) <= 0.25 * wide).all()
    assert few["published"].to_numpy() == pytest.approx(stored["published"], rel=1e-4)
