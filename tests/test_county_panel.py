"""The made-up panel of counties: its effect is known, designs miss it as the chapter says."""

import numpy as np
import pandas as pd
import pytest

from carelab.base import CarelabError
from carelab.study.many import county_panel as panels
from carelab.study.many.county_panel import (
    ORDERS,
    WAVES,
    county_panel,
    event_marks,
    simple_designs,
    stacked,
)


def made_by_hand() -> pd.DataFrame:
    """Four counties without chance: of two that begin in year 4 one was lower, two never begin."""
    rows = []
    for county, start, level in ((1, 4, 70.0), (2, 4, 80.0), (3, 0, 90.0), (4, 0, 94.0)):
        for year in range(1, 13):
            treated = int(start > 0 and year >= start)
            # All lose a point a year, and twice that from year 4 on; the reform gives 3 points.
            without = level - year - max(0, year - 3)
            rows.append((county, year, start, treated, without + 3 * treated, without))
    return pd.DataFrame(rows, columns=["county", "year", "start", "treated", "kept", "without"])


def test_simple_designs_by_hand():
    found = simple_designs(made_by_hand())
    assert (found["True effect"] == 3).all()
    # Years 1 to 3 lose 1, 2 and 3 points (mean 2); years 4 to 8 lose 5, 7, 9, 11, 13 (mean 9) and
    # gain 3: from 73 to 69. In the last year 75 - 21 + 3 stands beside 92 - 21. The line of years 1
    # to 3 goes on to 4 to 8 (mean 6). The counties that never begin lose 7 too.
    assert found["Finds"].tolist() == pytest.approx([-4, -14, 0, 3])
    assert found.index.tolist() == [
        "Before and after, all waves", "With and without, last year",
        "Interrupted series, first wave", "Controlled before and after, first wave",
    ]  # fmt: skip


def test_a_wave_is_stacked_on_those_that_never_begin_with_three_years_before_and_five_after():
    panel = made_by_hand()
    late = panel[panel["county"] == 2].assign(county=5, start=6)
    stack = stacked(pd.concat([panel, late]))
    assert sorted(set(stack["wave"])) == [4, 6]
    for wave, begin in ((4, [1, 2]), (6, [5])):
        part = stack[stack["wave"] == wave]
        assert sorted(set(part["county"])) == sorted([*begin, 3, 4])
        assert sorted(set(part["since"])) == [-3, -2, -1, 0, 1, 2, 3, 4]
        assert (part["since"] == part["year"] - wave).all()
        assert set(part.loc[part["begins"] == 1, "county"]) == set(begin)
        assert set(part["unit"]) == {1000 * wave + county for county in (*begin, 3, 4)}
        assert set(part["when"]) == {1000 * wave + wave + since for since in range(-3, 5)}
    begun = stack[(stack["wave"] == 4) & (stack["begins"] == 1)]
    assert begun["effect"].tolist() == ([0] * 3 + [3] * 5) * 2
    short = stacked(panel, before=1, after=2)
    assert sorted(set(short["since"])) == [-1, 0, 1]


def test_marks_of_an_event_study_stand_in_the_rows_that_begin_and_skip_the_year_before():
    stack = stacked(made_by_hand())
    marks = event_marks(stack)
    assert marks.columns.tolist() == ["-3", "-2", "0", "1", "2", "3", "4"]
    assert marks.sum().tolist() == [2] * 7
    assert (marks.sum(axis=1) == (stack["begins"] * (stack["since"] != -1)).to_numpy()).all()
    assert marks.loc[(4001, 6), "2"] == 1 and marks.loc[(4003, 6), "2"] == 0


@pytest.fixture
def lived(monkeypatch):
    """Lives of made-up counties: without the reform a level each, with it 1, 2, 3 points more."""

    def make(levels, loss_a_year=0.0):
        without = np.array(levels, dtype=float)[:, None] - loss_a_year * np.arange(12)
        lives = {0: without, 4: without + 1, 6: without + 2, 8: without + 3}
        monkeypatch.setattr(panels, "_lives", lambda counties, seed: lives)

    return make


def test_three_waves_of_equal_size_begin_and_a_fifth_never_does(lived):
    lived(range(40, 100))
    panel = county_panel(noise_points=0, counties=60)
    first = panel[panel["year"] == 1]
    assert first["start"].value_counts().to_dict() == {4: 16, 6: 16, 8: 16, 0: 12}
    for start, gain in ((0, 0), (4, 1), (6, 2), (8, 3)):
        part = panel[panel["start"] == start]
        assert (part["kept"] - part["without"]).tolist() == pytest.approx([gain] * len(part))
        assert set(part.loc[part["treated"] == 1, "year"]) == set(range(start or 13, 13))
    assert first["county"].tolist() == list(range(1, 61))
    assert panel["year"].tolist() == [*range(1, 13)] * 60
    order = panel.groupby("start")["without"].mean()
    assert order[4] < order[6] < order[8] < order[0]


def test_the_pull_begins_in_year_4_and_grows_by_its_points_a_year(lived):
    lived([50, 60] * 10)
    pulled = county_panel(pull_points_year=0.5, noise_points=0, counties=20)
    mean = pulled.groupby("year")["without"].mean()
    assert mean.tolist() == pytest.approx([55] * 3 + [55 - 0.5 * each for each in range(1, 10)])


def test_a_pull_that_is_not_alike_is_stronger_by_its_part_one_deviation_below_the_mean(lived):
    lived([50, 60] * 10)
    pulled = county_panel(
        pull_points_year=1.0, unequal_pull=0.3, noise_points=0, counties=20
    ).pivot_table(index="county", columns="year", values="without")
    # Counties keep 50 or 60: a deviation of 5 from the mean of 55.
    assert pulled.loc[1].tolist() == pytest.approx([50] * 3 + [50 - 1.3 * n for n in range(1, 10)])
    assert pulled.loc[2].tolist() == pytest.approx([60] * 3 + [60 - 0.7 * n for n in range(1, 10)])
    # What a county keeps is looked at in its first year, whatever comes later.
    lived([50, 60] * 10, loss_a_year=1.0)
    later = county_panel(pull_points_year=1.0, unequal_pull=0.3, noise_points=0, counties=20)
    assert later.loc[11, "without"] == pytest.approx(50 - 11 - 1.3 * 9)
    lived([50, 60] * 10)
    # It never pushes patients back in.
    odd = county_panel(pull_points_year=1.0, unequal_pull=2.0, noise_points=0, counties=20)
    assert odd.loc[(odd["county"] == 2) & (odd["year"] == 12), "without"].tolist() == [60]


def test_accidents_have_the_deviation_that_is_asked_for(lived):
    lived([50, 60] * 100)
    panel = county_panel(pull_points_year=0, noise_points=0.4, counties=200)
    levels = panel["county"].map({county: 60 - 10 * (county % 2) for county in range(1, 201)})
    off = panel["without"] - levels
    assert off.std() == pytest.approx(0.4, rel=0.05) and abs(off.mean()) < 0.03


def test_luck_is_half_a_deviation_of_what_the_province_looks_at():
    rng = type("Rng", (), {"normal": staticmethod(lambda size: np.array([0.0, 0, 0, 0, 3.9]))})
    first = np.array([10.0, 20, 30, 40, 0])
    # Deviation 14.1: luck of 3.9 takes the last county from 0 to 27.6, behind two and before two.
    assert panels._starts(first, "worst first", rng).tolist() == [4, 6, 0, 0, 8]
    assert panels._starts(first, "best first", rng).tolist() == [0, 8, 6, 4, 0]


def test_a_county_lives_with_the_package_from_the_first_month_of_its_year(monkeypatch):
    asked = []

    def run(place, levers, years, names):
        asked.append((place, levers, years, names))
        return [{"kept_in_place_share": 0.1 * len(asked)}] * years

    monkeypatch.setattr(panels, "drawn_place", lambda *given: given)
    monkeypatch.setattr(panels, "run_years", run)
    lives = panels._lives.__wrapped__(3, 9)
    assert list(lives) == [0, 4, 6, 8]
    assert [each[0, 0] for each in lives.values()] == pytest.approx([10, 20, 30, 40])
    assert all(each.shape == (3, 12) for each in lives.values())
    package = panels.preset_levers("anhui")
    wanted = [panels.preset_levers("china_dilemma")] + [
        {**package, "payment_start_month": month, "service_start_month": month}
        for month in (36, 60, 84)
    ]
    place = ("china_county", 3, 9)
    assert asked == [(place, levers, 12, ["kept_in_place_share"]) for levers in wanted]


@pytest.mark.parametrize(("counties", "allowed"), [(19, False), (20, True), (200, True),
                                                   (201, False), (True, False)])  # fmt: skip
def test_a_panel_has_20_to_200_counties(lived, counties, allowed):
    lived([50, 60] * (int(counties) // 2))
    if allowed:
        assert len(county_panel(counties=counties)) == 12 * counties
    else:
        with pytest.raises(CarelabError, match="allowed is a whole number from 20 to 200"):
            county_panel(counties=counties)


def test_a_county_lives_alike_until_it_begins_and_better_afterwards():
    panel = county_panel()
    gap = panel["kept"] - panel["without"]
    assert gap[panel["treated"] == 0].abs().max() == 0
    later = panel["year"] >= panel["start"] + 2
    assert gap[(panel["treated"] == 1) & later].mean() > 1


def test_one_seed_gives_one_panel_and_another_gives_another():
    assert county_panel(seed=3).equals(county_panel(seed=3))
    assert not county_panel(seed=3).equals(county_panel(seed=4))


@pytest.mark.parametrize("order", ORDERS)
def test_the_province_begins_with_whom_it_says(order):
    first_year = county_panel(order, noise_points=0).query("year == 1")
    means = first_year.groupby("start")["kept"].mean()
    gap = means[WAVES[0]] - means[0]
    assert {"worst first": gap < -3, "best first": gap > 3, "by lot": abs(gap) < 2}[order]


def test_without_pull_choice_and_noise_every_design_but_one_is_near_the_truth():
    found = simple_designs(county_panel("by lot", pull_points_year=0, noise_points=0))
    off = (found["Finds"] - found["True effect"]).abs()
    assert off.drop("With and without, last year").max() < 0.5


@pytest.mark.parametrize("seed", range(1, 6))
def test_three_designs_find_harm_where_there_is_help_and_one_repairs_it(seed):
    found = simple_designs(county_panel(seed=seed))
    assert (found["True effect"] > 1).all()
    assert (found["Finds"].iloc[:3] < 0.2).all()
    assert abs(found["Finds"].iloc[3] - found["True effect"].iloc[3]) < 0.4


@pytest.mark.parametrize("seed", range(1, 6))
def test_one_regression_is_too_small_and_the_event_study_is_not(seed):
    from linearmodels import PanelOLS

    panel = county_panel(seed=seed)
    rows = panel.set_index(["county", "year"])
    formula = "kept ~ treated + EntityEffects + TimeEffects"
    usual = PanelOLS.from_formula(formula, rows).fit().params["treated"]
    true = panel[panel["treated"] == 1].eval("kept - without").mean()
    assert usual < 0.85 * true
    stack = stacked(panel)
    set_up = stack.set_index(["unit", "year"])
    marks = event_marks(stack)
    found = PanelOLS(
        set_up["kept"], marks, entity_effects=True, other_effects=set_up[["when"]]
    ).fit()
    effect = stack[stack["begins"] == 1].groupby("since")["effect"].mean().drop(-1)
    assert np.abs(found.params.to_numpy() - effect.to_numpy()).max() < 0.5


def test_a_pull_that_is_not_alike_shows_before_the_start_of_later_waves_only():
    stack = stacked(county_panel(unequal_pull=0.3, noise_points=0))
    gap = stack.groupby(["wave", "since", "begins"])["kept"].mean().unstack().diff(axis=1)[1]
    drift = gap.unstack()[-1] - gap.unstack()[-3]
    assert abs(drift[4]) < 0.1
    assert (drift[[6, 8]] < -0.3).all()


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"order": "by letter"}, "order 'by letter' is unknown; known are worst first"),
        ({"counties": 5}, "counties is 5; allowed is a whole number from 20 to 200"),
        ({"counties": 30.0}, "counties is 30.0; allowed"),
    ],
)
def test_bad_settings_are_refused_with_a_sentence(settings, problem):
    with pytest.raises(CarelabError, match=problem):
        county_panel(**settings)
