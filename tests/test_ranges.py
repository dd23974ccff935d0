"""Ranges: of a difference it is that of the differences; of a history it stands beside what was."""

import numpy as np
import pandas as pd
import pytest

from carelab.base import CarelabError
from carelab.engine import Scenario
from carelab.engine.simulate import LONGEST_YEARS, run_years
from carelab.evidence import load_indicators
from carelab.evidence.registry import load_targets
from carelab.plots import plot_difference, plot_ranges
from carelab.study import stored_table
from carelab.study.many import ranges
from carelab.study.many.page_draws import page_place
from carelab.study.many.ranges import difference_range
from carelab.study.trust import history

BEFORE, AFTER = (Scenario("china_county", each) for each in ("china_dilemma", "anhui"))
RUNS, YEARS = 20, 3


def test_a_difference_is_counted_as_above_near_or_below_by_a_thousandth(monkeypatch):
    before = np.array([1.0, 1.0, 1.0, 1.0, 0.0, -1.0, 2.0, 2.0])
    now = np.array([1.5, 1.0009, 0.9991, 0.5, 2e-9, -1.1, 2.1, 1.9979])
    years = {AFTER.levers["contract_share"]: now, BEFORE.levers["contract_share"]: before}
    monkeypatch.setattr(ranges, "page_place", lambda context, runs: context)
    monkeypatch.setattr(
        ranges, "run_years",
        lambda place, levers, count, names: [{"reach": years[levers["contract_share"]]}] * count,
    )  # fmt: skip
    table = difference_range(AFTER, BEFORE, "reach", 2, 8)
    assert table["year"].tolist() == [1, 2]
    last = table.iloc[1]
    assert (last["above"], last["near"], last["below"]) == (3, 2, 3)
    # Three of eight is the most that any of them has.
    assert last["firmness"] == "open"
    shares = {"low": 0.05, "lower": 0.25, "median": 0.5, "upper": 0.75, "high": 0.95}
    for name, share in shares.items():
        assert last[name] == pytest.approx(np.quantile(now - before, share)), name
    monkeypatch.setitem(years, AFTER.levers["contract_share"], before + 5e-10)
    assert difference_range(AFTER, BEFORE, "reach", 1, 8)["near"].tolist() == [8]


def test_each_national_series_reads_its_like_in_the_model():
    year = {
        "visits": 5.0, "primary_visit_share": 0.6, "mild_cases": 6.0, "serious_cases": 2.0,
        "mild_primary": 3.0, "hospital_mild_income": 20.0, "hospital_serious_income": 40.0,
        "hospital_cases": 4.0, "household_payments": 30.0, "insured_spending": 60.0,
        "public_health_income": 10.0,
    }  # fmt: skip
    told = {series.name: series.model(year) for series in history.SERIES}
    assert told == pytest.approx({
        "Primary care's share of visits": 60, "Hospitals' share of admissions": 62.5,
        "Visits per resident": 5, "Admissions per 100 residents": 8,
        "Cost of a hospital admission": 15, "Spending on health": 100,
        "Patients' own share of spending": 30,
    })  # fmt: skip
    shares = {series.name for series in history.SERIES if series.unit == "points"}
    assert shares == {each for each in told if "share of" in each}
    assert set(history._READ) == set(year)


def test_a_history_sets_each_change_since_the_first_year_beside_the_runs(monkeypatch):
    rows = pd.DataFrame({"id": ["a", "b", "c", "d"], "year": ["2009", "2011", "2023", "2010"],
                         "value": [40.0, 50.0, 60.0, 40.0]})  # fmt: skip
    runs = np.linspace(-1, 1, 101)
    lived = [{"x": 10 + year * (1 + runs), "y": 5.0} for year in range(15)]
    asked = []
    monkeypatch.setattr(history, "load_indicators", lambda: rows)
    monkeypatch.setattr(history, "drawn_place", lambda *given: given)

    def run(*given):
        asked.append(given)
        return lived

    monkeypatch.setattr(history, "run_years", run)
    series = [
        history.Series("p", ("a", "b", "c"), lambda of: of["x"], "points", "drift"),
        history.Series("q", ("b", "c"), lambda of: of["x"], "%", "level"),
        history.Series("still", ("a", "d", "c"), lambda of: of["y"], "%", "nothing"),
    ]
    monkeypatch.setattr(history, "SERIES", series)
    table = history.history_table(runs=101, seed=4)
    ((place, levers, years, _),) = asked
    assert (place, years) == (("china_county", 101, 4), 15)
    assert levers == BEFORE.levers
    told = table[["series", "since", "year", "published", "inside", "evidence"]].values.tolist()
    assert told == [
        ["p", 2009, 2011, 10, "no", "a; b"], ["p", 2009, 2023, 20, "yes", "a; c"],
        ["q", 2011, 2023, pytest.approx(20), "yes", "b; c"],
        # At both ends of a range it is inside.
        ["still", 2009, 2010, 0, "yes", "a; d"],
        ["still", 2009, 2023, pytest.approx(50), "no", "a; c"],
    ]  # fmt: skip
    # Of 14 years, 0 to 28: the middle nine tenths leave a twentieth at each end.
    assert table.loc[1, ["low", "median", "high"]].tolist() == pytest.approx([1.4, 14, 26.6])
    assert table.loc[0, ["low", "median", "high"]].tolist() == pytest.approx([0.2, 2, 3.8])
    change = 100 * ((10 + 14 * (1 + runs)) / (10 + 2 * (1 + runs)) - 1)
    assert table.loc[2, "median"] == pytest.approx(np.median(change))
    assert table.loc[3, ["low", "median", "high"]].tolist() == [0, 0, 0]
    assert table["fitted"].tolist() == ["drift", "drift", "level", "nothing", "nothing"]
    # Of the last year of each: the same direction, and how far.
    last = history.series_told(table).set_index("series")
    assert last.index.tolist() == ["p", "q", "still"]
    assert last["direction"].tolist() == ["yes", "yes", "no"]
    assert last["less"].tolist() == ["yes", "no", "yes"]
    assert last["inside"].tolist() == ["yes", "yes", "no"]
    panels = history.history_panels(table)
    assert panels["panel"].tolist() == ["p"] * 3 + ["q"] * 2 + ["still"] * 3
    assert panels["year"].tolist() == [2009, 2011, 2023, 2011, 2023, 2009, 2010, 2023]
    assert panels["unit"].tolist()[2:4] == ["points since 2009", "% since 2011"]
    assert panels.loc[1, ["low", "median", "high", "published"]].tolist() == pytest.approx(
        [0.2, 2, 3.8, 10]
    )


def test_the_order_of_the_series_stays_as_they_are_listed():
    past = pd.DataFrame({"series": ["z", "z", "a"], "unit": "%", "since": 2009,
                         "year": [2010, 2011, 2010], "published": [1.0, 2.0, -3.0], "low": 0.0,
                         "median": [1.0, 3.0, -1.0], "high": 5.0, "inside": "no"})  # fmt: skip
    told = history.series_told(past)
    assert told.to_dict("list") == {
        "series": ["z", "a"], "direction": ["yes", "yes"], "less": ["no", "yes"],
        "inside": ["no", "no"],
    }  # fmt: skip
    assert history.history_panels(past)["panel"].tolist() == ["z", "z", "z", "a", "a"]


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
