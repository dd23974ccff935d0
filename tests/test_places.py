"""What a place is before any reform, and how its rest is looked for."""

import dataclasses
from types import SimpleNamespace

import pytest

from carelab.base import CarelabError
from carelab.engine import BASELINE_PRESETS, load_place, month_of, place_parameters, preset_levers
from carelab.engine.names import PAYMENT_LEVERS, PEOPLE, SERVICE_LEVERS
from carelab.engine.recorded import inner_flows, trace_step
from carelab.engine.rest import first_month, month_at_rest
from carelab.engine.simulate import clock

STILL = {"month": 0.0, "year_end": 0.0, "payday": 0.0}


@pytest.fixture(scope="module", params=BASELINE_PRESETS)
def rest(request):
    """A place and its first month without a reform."""
    place = load_place(request.param)
    levers = preset_levers(BASELINE_PRESETS[request.param])
    return place, month_of({**place.fixed_inputs, **levers, **place.stocks, **STILL})


def test_a_run_begins_with_empty_books(rest):
    place, _ = rest
    books = ("insurer", "public_health", "transformation", "hospital", "primary")
    for name in (*(f"{book}_balance" for book in books), "settlement_due", "year_budget",
                 "year_spending"):  # fmt: skip
        assert place.stocks[name] == 0, name
    assert place.stocks["benchmark_ratio"] == 1
    assert place.stocks["mentoring"] == 0


def test_before_a_reform_hospital_and_primary_care_break_even(rest):
    place, month = rest
    premium = place.baseline["premium"]
    for name in ("hospital_change", "primary_change"):
        assert month[name] == pytest.approx(0, abs=1e-12 * premium), name
    # The mix of people still settles in its sixth digit.
    assert month["insurer_change"] == pytest.approx(0, abs=1e-5 * premium)


def test_before_a_reform_no_effort_is_about_to_change(rest):
    place, month = rest
    for name in ("prevention", "intensity", "retention", "draw"):
        assert place.stocks[f"{name}_effort"] == place.parameters[f"start_{name}_effort"] > 0
        assert month[f"{name}_rise"] == pytest.approx(0, abs=1e-9), name
    for name in ("support", "management", "skimping"):
        assert place.stocks[f"{name}_effort"] == 0
        # A cost of starting, never a push to start.
        assert place.baseline[f"{name}_norm"] <= 0
        assert month[f"{name}_rise"] <= 1e-9, name
        assert month[f"next_{name}_effort"] == pytest.approx(0, abs=1e-9), name


def test_constants_of_a_place_are_what_its_first_month_shows(rest):
    place, month = rest
    shown = {
        "start_retention": "retention", "start_intensity": "intensity", "start_reach": "reach",
        "start_siphon": "siphon", "start_price_factor": "price_factor",
        "start_lack": "lack_of_treatment", "start_primary_load": "next_primary_load",
        "start_hospital_load": "next_hospital_load", "start_hospital_income": "hospital_income",
        "start_primary_covered": "primary_covered", "start_inside_spending": "inside_spending",
        "start_outside_spending": "outside_paid", "premium": "insured_spending",
        "start_death_rate": "death_rate",
    }  # fmt: skip
    for constant, flow in shown.items():
        assert place.baseline[constant] == pytest.approx(month[flow], rel=1e-5), constant
    for state in PEOPLE:
        share = place.stocks[state] / month["residents"]
        assert place.baseline[f"start_{state}"] == pytest.approx(share, rel=1e-5), state
    fixed = place.parameters["hospital_fixed_cost_share"] * month["hospital_income"]
    assert place.baseline["hospital_fixed_cost"] == pytest.approx(fixed, rel=1e-5)
    assert month["births"] == pytest.approx(month["deaths"], rel=1e-5)
    # While the search begins, births are not yet as many as deaths.
    assert month["residents"] == pytest.approx(place.parameters["population"], rel=1e-3)
    for load in ("primary_load", "hospital_load"):
        assert place.stocks[load] == pytest.approx(month[f"next_{load}"], rel=1e-5)
    assert place.stocks["capability"] == place.parameters["start_capability"]
    assert place.stocks["hospital_quality"] == place.parameters["start_hospital_quality"]
    assert place.stocks["community_capacity"] == place.stocks["hospital_capacity"] == 1


def test_the_search_begins_with_equal_numbers_in_each_state_and_with_ones():
    parameters = place_parameters("china_county")
    flows = SimpleNamespace()
    first_month(SimpleNamespace(**parameters), flows)
    begun = vars(flows)
    for state in PEOPLE:
        assert begun[state] == parameters["population"] / 4
        assert begun[f"start_{state}"] == 0.25
    ones = (
        "community_capacity", "hospital_capacity", "primary_load", "hospital_load",
        "start_primary_load", "start_hospital_load", "start_price_factor",
        "start_hospital_income", "start_primary_covered", "start_inside_spending",
        "start_outside_spending", "benchmark_ratio",
    )  # fmt: skip
    nils = (
        "mentoring", "start_retention", "start_intensity", "start_reach", "start_siphon",
        "start_lack", "hospital_fixed_cost", "support_effort", "management_effort",
        "skimping_effort", "referral_effort", "year_budget", "year_spending",
    )  # fmt: skip
    assert [begun[name] for name in ones] == [1] * len(ones)
    assert [begun[name] for name in nils] == [0] * len(nils)
    assert begun["start_death_rate"] == parameters["healthy_death_rate"]
    assert begun["premium"] == parameters["serious_hospital_price"] / 100
    for name in ("capability", "hospital_quality"):
        assert begun[name] == parameters[f"start_{name}"]
    for name in ("prevention", "intensity", "retention", "draw"):
        assert begun[f"{name}_effort"] == parameters[f"start_{name}_effort"]


def test_a_month_of_the_search_reads_the_constants_off_its_care():
    place = load_place("uk_place")
    levers = preset_levers("uk_before")
    given = {**place.fixed_inputs, **levers, **place.stocks, **STILL, "managed": 9e4}
    flows = SimpleNamespace()
    month_at_rest(SimpleNamespace(**given), flows)
    found = vars(flows)
    people = sum(given[state] for state in PEOPLE)
    for state in PEOPLE:
        assert found[f"next_start_{state}"] == pytest.approx(given[state] / people, rel=1e-14)
    share = given["hospital_fixed_cost_share"]
    assert found["next_hospital_fixed_cost"] == pytest.approx(share * found["hospital_income"])
    assert found["next_start_death_rate"] == pytest.approx(found["deaths"] / people, rel=1e-14)
    assert found["next_premium"] == found["insured_spending"]
    assert found["next_start_outside_spending"] == found["outside_paid"]
    # The price before the reform follows what is done, and not what a case is paid.
    assert found["next_start_price_factor"] == found["cost_factor"]


def test_a_place_and_what_it_holds_cannot_be_changed():
    place = load_place("china_county")
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.name = "elsewhere"
    for held in (place.parameters, place.baseline, place.stocks):
        with pytest.raises(TypeError):
            held["capability"] = 1.0


def test_the_baseline_of_a_place_is_its_preset_before_the_reform():
    for context, preset in BASELINE_PRESETS.items():
        levers = preset_levers(preset)
        for name in (*PAYMENT_LEVERS, *SERVICE_LEVERS):
            assert load_place(context).baseline[f"baseline_{name}"] == levers[name], name


def test_every_lever_with_a_clock_has_one_clock():
    assert not {*PAYMENT_LEVERS} & {*SERVICE_LEVERS}
    assert {"contract_share", "leakage_charged_share"} <= {*PAYMENT_LEVERS}
    assert {"staffing_share", "mentoring_offered_share"} <= {*SERVICE_LEVERS}
    # The clocks themselves have none.
    clocks = {"payment_start_month", "service_start_month", "ramp_months"}
    assert not clocks & {*PAYMENT_LEVERS, *SERVICE_LEVERS}


def test_an_unknown_place_is_refused_and_the_known_ones_named():
    with pytest.raises(CarelabError) as refused:
        place_parameters("m" * 50)
    known = "known are china_county, hangzhou_district, uk_place"
    assert str(refused.value) == f"place '{'m' * 40}' is unknown; {known}"


def test_pages_show_what_the_month_leads_to_and_hide_how_it_solves_itself():
    hidden, names = inner_flows(), trace_step().flow_names
    for name in ("healthy_hospital_worth", "managed_stay_factor", "hospital_by_mild_need",
                 "unmanaged_life_later", "skimping_slope", "draw_pull"):  # fmt: skip
        assert name in names, name
        assert name in hidden, name
    for name in ("reach", "patient_welfare", "draw_rise", "draw_effort_target", "next_draw_effort",
                 "capability_worth", "hospital_quality_worth", "healthy_years_ahead",
                 "hospital_gain_mild", "primary_gain_serious", "mild_retention_gain",
                 "referral_gain", "hospital_felt_share", "primary_felt_share",
                 "payoff_hospital"):  # fmt: skip
        assert name in names, name
        assert name not in hidden, name


@pytest.mark.parametrize(
    ("lag", "paid"), [(0, [23, 35]), (1, [12, 24, 36]), (6, [17, 29]), (12, [23, 35])]
)
def test_a_settlement_is_paid_its_lag_after_the_end_of_a_year(lag, paid):
    assert [month for month in range(38) if clock(month, lag)["payday"]] == paid
