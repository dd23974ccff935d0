"""Scenarios: what is run, for how long, what it gives, and what is refused in which words."""

import dataclasses
from itertools import pairwise

import pytest

from carelab.base import CarelabError
from carelab.base.tables import table_rows
from carelab.engine import (
    LEVERS,
    Scenario,
    lever_ranges,
    load_place,
    preset_levers,
    run_months,
    run_years,
    simulate,
    yearly_outcomes,
)
from carelab.engine.scenario import built_in_presets, own_setters, own_settings
from carelab.engine.tables import rows_of
from carelab.engine.years import value_of_span, years_of
from carelab.evidence import load_quantities

ANHUI = Scenario("china_county", "anhui")


def refusal(call, *given, **named):
    with pytest.raises(CarelabError) as refused:
        call(*given, **named)
    return str(refused.value)


# --- how long, and what it gives ----------------------------------------------------------------


def test_a_run_takes_ten_years_unless_told_and_shows_every_quantity_of_every_month():
    frame = simulate(ANHUI)
    names = list(load_quantities("care_economy")["name"])
    assert frame["month"].tolist() == [month for month in range(120) for _ in names]
    assert frame["outcome"].tolist() == 120 * names
    units = load_quantities("care_economy").set_index("name")["unit"]
    assert frame["unit"].tolist() == 120 * [units[name] for name in names]
    last = list(run_months(load_place("china_county"), ANHUI.levers, 120))[-1]
    found = frame[frame["month"] == 119].set_index("outcome")["value"]
    assert {name: found[name] for name in names} == {name: float(last[name]) for name in names}


def test_years_are_means_of_their_months_and_stocks_are_read_where_a_year_ends():
    frame = simulate(ANHUI, years=3)
    table = yearly_outcomes(ANHUI, ["reach", "next_capability"], years=3)
    assert table.index.tolist() == [1, 2, 3]
    assert table.index.name == "year"
    assert list(table.columns) == ["reach", "next_capability"]
    path = {name: frame[frame.outcome == name].value.to_numpy() for name in table.columns}
    for year in (1, 2, 3):
        months = path["reach"][12 * (year - 1) : 12 * year]
        assert table["reach"][year] == pytest.approx(months.mean(), rel=1e-12)
        assert table["next_capability"][year] == path["next_capability"][12 * year - 1]
    assert len(yearly_outcomes(ANHUI, ["reach"])) == 10
    given = list(run_years(load_place("china_county"), ANHUI.levers, 2, ["reach"]))
    assert [each["reach"] for each in given] == pytest.approx(table["reach"][:2].tolist())


@pytest.mark.parametrize("run", [simulate, lambda each, years: yearly_outcomes(each, [], years)])
def test_one_to_fifteen_whole_years_are_run_and_no_others(run):
    for years in (0, -1, 16, 2.0, True, "2", None):
        told = refusal(run, ANHUI, years=years)
        assert told == f"years is {years!r}; allowed is a whole number from 1 to 15"
    for years in (1, 15):
        run(ANHUI, years=years)


def test_a_run_goes_from_month_to_month_with_the_stocks_it_left():
    place = load_place("uk_place")
    months = list(run_months(place, preset_levers("uk_integrated"), 15))
    assert len(months) == 15
    assert months[0]["stock_capability"] == place.stocks["capability"]
    for before, after in pairwise(months):
        for stock in place.stocks:
            assert after[f"stock_{stock}"] == before[f"next_{stock}"], stock


def test_a_span_of_years_is_the_mean_of_a_flow_and_the_end_of_a_stock():
    months = [{"reach": float(month), "next_level": month} for month in range(40)]
    years = list(years_of(months, ["next_level", "reach"]))
    # Four months are no year.
    assert years == [
        {"next_level": 11, "reach": 5.5},
        {"next_level": 23, "reach": 17.5},
        {"next_level": 35, "reach": 29.5},
    ]
    assert [value_of_span(years, "reach", *span) for span in ((1, 1), (2, 3), (1, 3))] == [
        5.5, 23.5, 17.5,
    ]  # fmt: skip
    spans = [value_of_span(years, "next_level", *span) for span in ((1, 1), (1, 2), (2, 3))]
    assert spans == [11, 23, 35]


def test_the_rows_of_the_engine_are_those_of_its_model():
    everything = table_rows("levers.csv")
    assert {row["model"] for row in everything} == {"care_economy", "retention"}
    assert [row["name"] for row in rows_of("levers.csv")] == list(LEVERS)
    # A table without models is the engine's whole.
    assert len(rows_of("parameters.csv")) == len(table_rows("parameters.csv"))


def test_an_unknown_outcome_is_refused_and_the_known_ones_named():
    told = refusal(yearly_outcomes, ANHUI, ["reach", "happiness"], 1)
    known = ", ".join(load_quantities("care_economy")["name"])
    assert told == f"outcome 'happiness' is unknown; known are {known}"


# --- scenarios ----------------------------------------------------------------------------------


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ANHUI.preset = "hangzhou"
    changed = ANHUI.change(contract_share=0.25)
    assert ANHUI.changes == {}
    assert dict(changed.changes) == {"contract_share": 0.25}
    assert hash(changed) != hash(ANHUI)
    assert hash(changed) == hash(Scenario("china_county", "anhui", {"contract_share": 0.25}))
    assert changed.levers == {**preset_levers("anhui"), "contract_share": 0.25}
    assert list(changed.levers) == list(LEVERS)


def test_what_is_as_in_the_preset_is_no_change_and_changes_stand_in_the_order_of_the_levers():
    as_before = preset_levers("anhui")["leakage_charged_share"]
    first, last = LEVERS[0], "fund_months"
    both = Scenario(
        "china_county", "anhui", {last: 30, "leakage_charged_share": as_before, first: 0.125}, "A"
    )
    assert list(both.changes) == [first, last]
    assert both.to_text() == f"carelab/2/china_county/anhui/{first}=0.125;{last}=30"
    assert both.change().name == "A"
    assert ANHUI.to_text() == "carelab/2/china_county/anhui"
    assert ANHUI.change(contract_share=1 / 3).to_text().endswith("/contract_share=0.3333333333")


@pytest.mark.parametrize("space", [" ", "\t", "\r\n", "\u00a0", "\u3000"])
def test_space_around_a_copied_text_is_taken_off(space):
    assert Scenario.from_text(f"{space}{ANHUI.to_text()}{space}") == ANHUI


def test_a_text_may_end_with_nothing_and_a_later_setting_counts():
    text = ANHUI.to_text()
    assert Scenario.from_text(f"{text}/") == ANHUI
    twice = Scenario.from_text(f"{text}/contract_share=0.25;;contract_share=.5e0;")
    assert dict(twice.changes) == {"contract_share": 0.5}


LONG = "x" * 70
WORDS = [
    (LONG, f"'{LONG[:60]}' is no scenario; it begins carelab/2/…"),
    ("carelab/2/china_county", "'carelab/2/china_county' is no scenario; it begins carelab/2/…"),
    ("carelab/2/china_county/anhui/a=1/b=2",
     "'carelab/2/china_county/anhui/a=1/b=2' is no scenario; it begins carelab/2/…"),
    ("other/2/china_county/anhui",
     "'other/2/china_county/anhui' is no scenario; it begins carelab/2/…"),
    ("carelab/1234567890123/china_county/anhui",
     "the scenario was made with model version 1234567890; this is version 2"),
    ("carelab/1/china_county/anhui",
     "the scenario was made with model version 1; this is version 2"),
    (f"carelab/2/{LONG}/anhui", f"place '{LONG[:40]}' is unknown; known are "
     "china_county, hangzhou_district, uk_place"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), WORDS)
def test_a_text_that_is_no_scenario_is_refused_in_these_words(text, told):
    assert refusal(Scenario.from_text, text) == told


@pytest.mark.parametrize("value", ["", "nan", "inf", "1e", "0x1", "1_0", "٣", "two", "-0.1", "1.1"])
def test_a_setting_that_is_no_number_of_its_range_is_refused(value):
    told = refusal(Scenario.from_text, f"{ANHUI.to_text()}/contract_share={value}")
    assert "contract_share" in told
    assert "allowed is 0 to 1" in told


@pytest.mark.parametrize(("value", "read"), [("1", 1), ("+.5", 0.5), ("5.e-1", 0.5), ("0", 0)])
def test_a_setting_is_read_as_the_page_reads_it(value, read):
    scenario = Scenario.from_text(f"{ANHUI.to_text()}/contract_share={value}")
    assert scenario.levers["contract_share"] == read


# --- presets and own cases ----------------------------------------------------------------------


def test_a_preset_sets_all_levers_and_leaves_the_rest_at_their_defaults():
    for preset, levers in built_in_presets().items():
        assert list(levers) == list(LEVERS), preset
    defaults = {name: default for name, (_, _, default) in lever_ranges().items()}
    before = preset_levers("china_dilemma")
    assert before["mentoring_push_share"] == defaults["mentoring_push_share"]


def case(folder, name, lab):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yml").write_text(f"id: {name}\nlab:\n{lab}", encoding="utf-8")


@pytest.fixture
def own(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.setenv("CARELAB_CASES", str(folder))
    return folder


GOOD = "  - {model: care_economy, lever: contract_share, value: 0.25}\n"
OTHER = "  - {model: small_hospital, lever: contract_share, value: 0.75}\n"


def test_an_own_case_sets_levers_of_the_care_economy_alone(own):
    case(own, "town", GOOD + OTHER)
    case(own, "elsewhere", OTHER)
    assert dict(own_settings("town")) == {"contract_share": 0.25}
    assert dict(own_settings("elsewhere")) == {}
    assert own_setters() == ["town"]
    defaults = {name: default for name, (_, _, default) in lever_ranges().items()}
    assert dict(preset_levers("town")) == {**defaults, "contract_share": 0.25}


REFUSED = [
    ("  care: 1\n", "case file 'town.yml': 'lab' is no list of settings"),
    ("  - contract_share\n", "case file 'town.yml': 'lab' is no list of settings"),
    ("  - {model: care_economy, lever: 3, value: 1}\n",
     "case file 'town.yml': a lab setting names no lever"),
    ("  - {model: care_economy, value: 1}\n", "case file 'town.yml': a lab setting names no lever"),
]  # fmt: skip


@pytest.mark.parametrize(("lab", "told"), REFUSED)
def test_settings_of_an_own_case_that_are_none_are_refused(own, lab, told):
    case(own, "town", lab)
    assert refusal(preset_levers, "town") == told
    assert own_setters() == []


def test_a_file_that_is_no_table_has_no_settings(own):
    (own / "town.yml").write_text("- one\n- two\n", encoding="utf-8")
    assert refusal(own_settings, "town") == "case file 'town.yml': 'lab' is no list of settings"


def test_an_own_case_names_the_file_of_a_setting_out_of_range_of_one_set_twice_and_of_a_new_key(
    own,
):
    case(own, "town", GOOD.replace("0.25", "1.25"))
    assert refusal(preset_levers, "town").startswith("case file 'town.yml': ")
    case(own, "twice", GOOD + GOOD)
    told = refusal(preset_levers, "twice")
    assert "twice.yml" in told
    assert "contract_share" in told
    case(own, "new", GOOD.replace("value:", "worth: 2, value:"))
    told = refusal(preset_levers, "new")
    assert "new.yml" in told
    assert "worth" in told


def test_the_same_own_case_in_two_folders_is_refused(own, tmp_path, monkeypatch):
    import os

    second = tmp_path / "yours"
    case(own, "town", GOOD)
    case(second, "town", GOOD)
    (second / "town.yml").rename(second / "town.yaml")
    monkeypatch.setenv("CARELAB_CASES", os.pathsep.join([str(own), str(second)]))
    told = "case file 'town.yml' lies in 2 folders of own cases; keep one"
    assert refusal(own_settings, "town") == told


def test_an_unknown_preset_is_refused_and_own_cases_are_among_the_known(own):
    case(own, "town", GOOD)
    known = ", ".join((*built_in_presets(), "town"))
    assert refusal(preset_levers, LONG) == (
        f"preset '{LONG[:60]}' is unknown; known are {known}; a case of your own counts"
        " too, once its file lies in your folder of cases and sets levers of the care economy"
    )
