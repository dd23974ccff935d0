"""The made-up panel of counties: its effect is known, designs miss it as the chapter says."""

import numpy as np
import pytest

from carelab.base import CarelabError
from carelab.study.many.county_panel import (
    ORDERS,
    WAVES,
    county_panel,
    event_marks,
    simple_designs,
    stacked,
)


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
