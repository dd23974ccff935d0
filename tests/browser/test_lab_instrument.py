"""The first view of the lab as an instrument: tiles, one line, tabs, and how little it asks."""

import pytest
from playwright.sync_api import expect

from carelab.engine import BASELINE_PRESETS, Scenario, yearly_outcomes

OPENING = Scenario("china_county", "anhui")
TABS = ("why", "levers", "compare", "data", "misses")
CONTROLS = """() => [...document.querySelectorAll(
    ".carelab-panel :is(button, input, select, summary, textarea)")]
  .filter((each) => each.checkVisibility({visibilityProperty: true})).length"""


def test_the_headline_says_up_where_python_computes_more_and_down_where_less(lab):
    base = Scenario("china_county", BASELINE_PRESETS["china_county"])
    for text, levers in (("", {}), ("up", {"information_share": 1.0}), ("", {"contract_share": 0})):
        scenario = OPENING.change(**levers)
        lab.page.evaluate("hash => { location.hash = hash; }", f"lab={scenario.to_text()}")
        lab.expect_scenario(scenario)
        now, before = (
            yearly_outcomes(each, ["reach"], 5).loc[5, "reach"] for each in (scenario, base)
        )
        way = "up" if now > before else "down"
        expect(lab.all(".carelab-headline")).to_contain_text(
            f"{way} from {before:.0%} to {now:.0%}".replace("%", "\u202f%")
        )
        assert not text or text == way


def test_tabs_are_one_stop_and_arrows_go_between_them(lab):
    first, *_, last = (lab.all(f"[data-tab={key}]") for key in TABS)
    first.press("ArrowLeft")
    lab.expect_focus(last)
    expect(last).to_have_attribute("aria-selected", "true")
    assert lab.all("[role=tab][tabindex='0']").count() == 1
    expect(lab.all("[role=tabpanel]:visible")).to_have_count(1)
    last.press("Home")
    lab.expect_focus(first)
    first.press("ArrowRight")
    expect(lab.all(f"[data-tab={TABS[1]}]")).to_have_attribute("aria-selected", "true")


def test_the_years_are_played_to_the_last_and_stop(lab):
    lab.press("play")
    expect(lab.all(".carelab-year output")).to_have_text("Year 10 of 10")
    expect(lab.all("[data-action=play]")).to_have_attribute("aria-label", "Play 10 years")
    assert lab.page.get_by_label("Year shown").input_value() == "10"


def test_another_outcome_is_drawn_large_on_the_same_axis_wherever_the_levers_stand(lab):
    lab.all("[data-outcome=kept_in_place_share]").press("Enter")
    figure = lab.all(".carelab-charts figure:visible")
    expect(figure.locator("h3")).to_have_text("Cases kept in the place")
    ticks = figure.locator(".carelab-grid text").all_inner_texts()
    lab.slider("leakage_charged_share").press("Home")
    lab.expect_scenario(OPENING.change(leakage_charged_share=0.0))
    assert figure.locator(".carelab-grid text").all_inner_texts() == ticks
    expect(lab.all(".carelab-headline")).to_contain_text("Cases kept in the place")


def test_what_is_compared_with_is_chosen_and_told_everywhere(lab):
    lab.all("[data-action=against]").select_option("start")
    expect(lab.all(".carelab-headline")).to_have_text("You start here. Change a rule.")
    assert {each.inner_text() for each in lab.all(".carelab-tile-amount").all()} == {"0"}
    expect(lab.all(".carelab-tiles-unit")).to_contain_text("against the start")


@pytest.mark.parametrize(("wish", "takes"), [("no-preference", "0.6s"), ("reduce", "0s")])
def test_what_a_card_moves_takes_its_time_and_what_a_hand_moves_none(wish, takes, new_lab):
    lab = new_lab(reduced_motion=wish)
    time = "(each) => getComputedStyle(each).transitionDuration"
    moving = [lab.all(each).first for each in (".carelab-flow", ".carelab-path.carelab-current")]
    lab.all("[data-preset=hangzhou]").press("Enter")
    assert [each.evaluate(time) for each in moving] == [takes] * 2
    lab.slider("contract_share").focus()
    assert [each.evaluate(time) for each in moving] == ["0s"] * 2


@pytest.mark.parametrize("width", [1280, 390])
def test_a_lab_that_is_opened_asks_for_at_most_forty_controls(width, new_lab):
    lab = new_lab("predict.html", width=width, height=844)
    assert lab.page.evaluate(CONTROLS) <= 40
