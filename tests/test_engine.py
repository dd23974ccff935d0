"""The care economy: exact accounts, honest corners, and what each mechanism does."""

import json
import math
import subprocess

import numpy as np
import pytest

from carelab.base import CarelabError
from carelab.engine import LEVERS, Scenario, load_place, month_of, run_months, simulate, trace_step
from carelab.engine.names import (
    BALANCES,
    BASELINE,
    CLOCK,
    EFFORTS,
    MADE_BEFORE,
    PAYMENT_LEVERS,
    PEOPLE,
    SERVICE_LEVERS,
    STOCKS,
)
from carelab.engine.recorded import inner_flows
from carelab.engine.scenario import BASELINE_PRESETS, lever_ranges, preset_levers
from carelab.evidence import load_levers, load_parameters, load_presets, load_quantities
from carelab.tracing import write_javascript

PLACES = tuple(BASELINE_PRESETS)
SHARES = ("reach", "managed_share", "kept_in_place_share", "primary_mild_share", "quality_score")
DRAWS = 2000
# Slopes and what is made of them: sums of terms of either sign.
CANCELLING = {
    *inner_flows(),
    *(
        name
        for name in trace_step().flow_names
        if name.endswith(("_slope", "_rise", "_worth", "_gain", "_pull", "_target", "_objective"))
        or "_gain_" in name
    ),
    *(f"next_{effort}" for effort in (*EFFORTS, "mentoring")),
}


def random_levers(rng, size: int) -> dict[str, np.ndarray]:
    drawn = {}
    for name, (low, high, _) in lever_ranges().items():
        drawn[name] = rng.uniform(low, high, size)
        # Corners are where a model breaks: a third of the draws sits on one.
        corner = rng.random(size)
        drawn[name] = np.where(corner < 1 / 6, low, np.where(corner > 5 / 6, high, drawn[name]))
    return drawn


def months_of(place: str, levers, years: int = 10) -> list[dict]:
    return list(run_months(load_place(place), levers, 12 * years))


@pytest.fixture(scope="module", params=PLACES)
def drawn(request):
    """Ten years of 2,000 random scenarios in one place."""
    levers = random_levers(np.random.default_rng(20261123), DRAWS)
    with np.errstate(all="raise", under="ignore"):
        return load_place(request.param), months_of(request.param, levers)


def test_money_is_conserved_every_month(drawn):
    _, months = drawn
    for flows in months:
        change = sum(flows[f"next_{name}"] - flows[f"stock_{name}"] for name in BALANCES)
        outside = flows["money_in"] - flows["money_out"]
        scale = np.maximum(np.abs(flows["money_in"]), np.abs(flows["stock_hospital_balance"]))
        assert (np.abs(change - outside) <= 1e-9 * scale).all()


def test_people_are_conserved_every_month_and_never_negative(drawn):
    place, months = drawn
    for flows in months:
        people = [flows[f"next_{state}"] for state in PEOPLE]
        before = sum(flows[f"stock_{state}"] for state in PEOPLE)
        moved = sum(people) - before - flows["births"] + flows["deaths"]
        assert np.allclose(moved, 0.0, atol=1e-9 * place.parameters["population"])
        assert all((state >= 0).all() for state in people)


def test_nothing_is_infinite_and_what_is_a_share_lies_between_nil_and_one(drawn):
    _, months = drawn
    units = load_quantities("care_economy").set_index("name")["unit"]
    for flows in months:
        for name, value in flows.items():
            assert np.isfinite(value).all(), name
        for name in (
            *SHARES,
            *(n for n in units.index if units[n] == "share" and "siphon" not in n),
        ):
            value = np.asarray(flows[name])
            if name not in ("waiting", "hospital_felt_share"):
                assert (value >= -1e-12).all(), name
                assert (value <= 1 + 1e-12).all(), name


def test_efforts_and_volumes_are_never_negative(drawn):
    _, months = drawn
    positive = ("visits", "mild_cases", "serious_cases", "hospital_cases", "insured_spending")
    for flows in months:
        for name in (*positive, "next_prevention_effort", "next_skimping_effort", "next_mentoring"):
            assert (np.asarray(flows[name]) >= 0).all(), name


@pytest.mark.parametrize("name", PLACES)
def test_without_a_reform_a_place_stays_as_it_is(name):
    place = load_place(name)
    still = {**place.fixed_inputs, "hospital_drift_year": 0.0, "cost_trend_year": 0.0}
    levers = preset_levers(BASELINE_PRESETS[name])
    stocks = dict(place.stocks)
    for month in range(120):
        clock = {"month": float(month), "year_end": float(month % 12 == 11), "payday": 0.0}
        flows = month_of({**still, **levers, **stocks, **clock})
        stocks = {each: flows[f"next_{each}"] for each in STOCKS}
    for each in (*PEOPLE, "capability", "hospital_quality", "intensity_effort"):
        assert stocks[each] == pytest.approx(place.stocks[each], rel=2e-3), each


def test_another_currency_changes_money_and_nothing_else(monkeypatch):
    from carelab.engine import places

    money = set(load_parameters().query("unit.str.startswith('money')")["name"])
    plain = places.place_parameters("china_county")
    monkeypatch.setattr(
        places,
        "place_parameters",
        lambda _: {name: value * (7 if name in money else 1) for name, value in plain.items()},
    )
    dear = places.load_place.__wrapped__("china_county")
    monkeypatch.undo()
    levers = Scenario("china_county", "anhui").levers
    before = list(run_months(load_place("china_county"), levers, 36))[-1]
    after = list(run_months(dear, levers, 36))[-1]
    for name in (*SHARES, "hospital_cases", "treatment_gap", "stock_capability"):
        assert after[name] == pytest.approx(before[name], rel=1e-6), name
    for name in ("insured_spending", "money_out", "hospital_gain_serious"):
        assert after[name] == pytest.approx(7 * before[name], rel=1e-6), name


def test_a_place_twice_as_large_has_the_same_results_per_resident(monkeypatch):
    from carelab.engine import places

    plain = places.place_parameters("uk_place")
    monkeypatch.setattr(
        places, "place_parameters", lambda _: {**plain, "population": 2 * plain["population"]}
    )
    large = places.load_place.__wrapped__("uk_place")
    monkeypatch.undo()
    levers = Scenario("uk_place", "uk_integrated").levers
    before = list(run_months(load_place("uk_place"), levers, 36))[-1]
    after = list(run_months(large, levers, 36))[-1]
    for name in (*SHARES, "insured_spending", "hospital_cases", "next_hospital_balance"):
        assert after[name] == pytest.approx(before[name], rel=1e-9), name


def test_javascript_equals_python_over_a_thousand_random_months(node, tmp_path):
    rng = np.random.default_rng(5)
    place = load_place("china_county")
    source = write_javascript(trace_step())
    drawn = {name: values.tolist() for name, values in random_levers(rng, 1000).items()}
    rows = []
    for index in range(1000):
        levers = {name: values[index] for name, values in drawn.items()}
        factor = {name: value * rng.uniform(0.7, 1.3) for name, value in place.stocks.items()}
        month = int(rng.integers(0, 180))
        clock = {"month": float(month), "year_end": float(month % 12 == 11), "payday": 1.0}
        rows.append({**place.fixed_inputs, **levers, **factor, **clock})
    script = f"{source}\nconst rows = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n"
    script += "process.stdout.write(JSON.stringify(rows.map(care_economy)));"
    file = tmp_path / "month.cjs"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [node, file], input=json.dumps(rows), capture_output=True, text=True, check=True
    )
    months = json.loads(done.stdout)
    every = [month_of(row) for row in rows]
    largest = {name: max(abs(flows[name]) for flows in every) for name in every[0]}
    for row, ours, theirs in zip(rows, every, months, strict=True):
        for name, value in ours.items():
            # Money that nearly cancels is compared with the money that flows, slopes that cancel
            # with the largest slope of the kind.
            floor = largest[name] if name in CANCELLING else 1e-3 * row["premium"]
            gap = abs(value - theirs[name])
            assert gap <= 1e-12 * max(abs(value), floor), name


def test_numpy_blocks_equal_single_runs():
    levers = random_levers(np.random.default_rng(11), 20)
    block = months_of("china_county", levers, years=2)[-1]
    for index in (0, 7, 19):
        alone = months_of("china_county", {n: float(v[index]) for n, v in levers.items()}, 2)[-1]
        for name in ("reach", "insured_spending", "next_hospital_balance", "next_capability"):
            assert np.asarray(block[name])[index] == pytest.approx(alone[name], rel=1e-10)


def year_end(scenario: Scenario, outcome: str, year: int) -> float:
    frame = simulate(scenario, years=year)
    return float(frame[(frame.month == 12 * year - 1) & (frame.outcome == outcome)].value.iloc[0])


def test_under_fee_for_service_the_hospital_loses_by_every_prevented_case():
    assert year_end(Scenario("china_county", "china_dilemma"), "hospital_gain_serious", 1) < 0


def test_the_anhui_package_makes_prevention_pay_and_extends_its_reach():
    anhui, before = (Scenario("china_county", name) for name in ("anhui", "china_dilemma"))
    assert year_end(anhui, "hospital_gain_serious", 3) > 0
    assert year_end(anhui, "reach", 5) > 1.5 * year_end(before, "reach", 5)


def test_the_leakage_charge_keeps_cases_in_the_county():
    anhui = Scenario("china_county", "anhui")
    free = anhui.change(leakage_charged_share=0.0)
    assert year_end(anhui, "kept_in_place_share", 5) > year_end(free, "kept_in_place_share", 5)


def test_mentoring_without_shared_pay_and_information_peaks_and_falls_back():
    frame = simulate(Scenario("hangzhou_district", "hangzhou"), years=12)
    path = frame[frame.outcome == "next_capability"].value.to_numpy()
    assert 12 < path.argmax() < 120
    assert path[-1] < path.max() - 0.02


def test_tight_governance_weakens_the_siphon():
    loose = Scenario("china_county", "china_dilemma")
    tight = loose.change(governance_share=1.0)
    assert year_end(tight, "siphon", 5) < 0.9 * year_end(loose, "siphon", 5)


def test_a_quality_gate_makes_skimping_cost_more():
    hard = Scenario("china_county", "anhui", {"governance_share": 1.0, "hospital_part_share": 1.0})
    gated = hard.change(quality_gate_share=1.0)
    assert year_end(gated, "skimping_rise", 5) < year_end(hard, "skimping_rise", 5)


def test_a_settlement_is_paid_once_a_year_and_late():
    frame = simulate(Scenario("china_county", "anhui"), years=4)
    paid = frame[frame.outcome == "settlement_paid"].set_index("month").value
    assert paid[paid != 0].index.tolist() == [17, 29, 41]


def test_a_settlement_counts_only_the_months_under_the_contract():
    late = Scenario("china_county", "anhui", {"payment_start_month": 6.0})
    months = months_of("china_county", late.levers, 2)
    gaps = sum(flows["gap"] * flows["contract_share"] for flows in months[:12])
    assert months[5]["contract_share"] == 0
    share = months[11]["kept_share"] if gaps > 0 else months[11]["deficit_borne_share"]
    assert months[11]["settlement"] == pytest.approx(share * gaps)
    assert months[11]["settlement"] != 0


def test_a_price_that_is_nil_already_cannot_fall_and_moves_nobody():
    before = Scenario("uk_place", "uk_before")
    for outcome in ("primary_visit_share", "insured_spending", "visits"):
        cheaper = year_end(before.change(primary_copay_shift=-0.2), outcome, 2)
        assert cheaper == pytest.approx(year_end(before, outcome, 2)), outcome


def test_what_patients_pay_less_the_insurer_pays_for_visits_too():
    months = months_of("china_county", Scenario("china_county", "china_dilemma").levers, 1)
    cheap = Scenario("china_county", "china_dilemma", {"primary_copay_shift": -0.1})
    flows = months_of("china_county", cheap.levers, 1)[0]
    paid = flows["visit_primary_paid_share"] - months[0]["visit_primary_paid_share"]
    assert paid == pytest.approx(0.1)
    assert flows["visit_chosen_primary"] > months[0]["visit_chosen_primary"]


def test_the_drug_benefit_pays_for_managed_patients_alone():
    covered = Scenario("china_county", "china_dilemma", {"drug_benefit_share": 1.0})
    flows = months_of("china_county", covered.levers, 1)[0]
    place = load_place("china_county")
    managed = place.parameters["managed_visits_year"] * place.baseline["start_managed"] / 12
    extra = 1 + place.parameters["drug_visit_effect"]
    assert flows["drug_covered_share"] * flows["visit_need"] == pytest.approx(
        extra * managed, rel=1e-4
    )


def test_where_the_siphon_ends_capability_recovers_and_a_stronger_one_drains_it():
    loose = Scenario("china_county", "china_dilemma")
    tight = loose.change(governance_share=1.0)
    start = load_place("china_county").stocks["capability"]
    assert year_end(tight, "next_capability", 5) > 1.01 * start
    assert year_end(loose, "next_capability", 5) == pytest.approx(start, rel=2e-3)
    place = load_place("china_county")
    harder = {**place.fixed_inputs, **loose.levers, **place.stocks, "start_siphon": 0.0}
    clock = dict.fromkeys(CLOCK, 0.0)
    assert month_of({**harder, **clock})["next_capability"] < start


def test_more_reach_does_not_make_up_for_worse_hospital_quality():
    place = load_place("china_county")
    levers = Scenario("china_county", "anhui").levers
    inputs = {**place.fixed_inputs, **levers, **place.stocks, **dict.fromkeys(CLOCK, 0.0)}
    worse = {**inputs, "hospital_quality": 0.9 * place.stocks["hospital_quality"]}
    assert month_of(worse)["quality_score"] < month_of(inputs)["quality_score"]
    reached = {**worse, "prevention_effort": 10 * place.stocks["prevention_effort"]}
    score = month_of(worse)["quality_score"]
    assert month_of(reached)["quality_score"] == pytest.approx(score)


def test_a_ratchet_takes_the_surplus_away():
    free = Scenario("china_county", "anhui", {"deficit_borne_share": 1.0})
    ratchet = free.change(ratchet_share=1.0)
    assert abs(year_end(ratchet, "gap", 5)) < 0.5 * abs(year_end(free, "gap", 5))


def test_better_access_releases_demand():
    plain = Scenario("china_county", "china_dilemma")
    taught = plain.change(mentoring_offered_share=1.0, mentoring_push_share=1.0, staffing_share=1.0)
    assert year_end(taught, "visits", 3) > year_end(plain, "visits", 3)


def test_care_drifts_upward_where_nothing_is_done():
    frame = simulate(Scenario("china_county", "china_dilemma"), years=10)
    share = frame[frame.outcome == "primary_visit_share"].value.to_numpy()
    yearly = (share[-1] - share[0]) / 10
    assert -0.01 <= yearly <= -0.003


def test_the_order_of_reforms_is_a_choice_of_its_own():
    base = Scenario("china_county", "anhui")
    service_first = base.change(payment_start_month=36)
    payment_first = base.change(service_start_month=36)
    early = [year_end(each, "reach", 2) for each in (service_first, payment_first)]
    assert early[0] != pytest.approx(early[1], rel=0.02)


def test_the_pilot_push_fades():
    months = months_of("hangzhou_district", Scenario("hangzhou_district", "hangzhou").levers)
    assert months[100]["push"] < 0.05 * months[0]["push"]


def test_a_scenario_is_never_changed_only_replaced():
    base = Scenario("china_county", "anhui")
    other = base.change(leakage_charged_share=0.0)
    assert base.levers["leakage_charged_share"] == 1.0
    assert other != base
    assert len({base, other, base.change()}) == 2
    with pytest.raises(TypeError):
        base.changes["contract_share"] = 0.0


def test_a_scenario_text_leads_back_to_the_scenario():
    scenario = Scenario("uk_place", "uk_integrated", {"pooled_share": 0.35, "fund_months": 60})
    assert Scenario.from_text(scenario.to_text()) == scenario
    assert "/2/" in scenario.to_text()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "is no scenario"),
        ("carelab/0/china_county/anhui", "model version 0"),
        ("carelab/2/china_county/anhui/contract_share=two", "is 'two'; allowed is 0 to 1"),
        ("carelab/2/china_county/anhui/contract_share=2", "allowed is 0 to 1"),
        ("carelab/2/china_county/anhui/price=2", "is unknown"),
        ("carelab/2/china_county/nowhere", "preset 'nowhere' is unknown"),
        ("carelab/2/china_county/anhui/contract_share=nan", "allowed is 0 to 1"),
    ],
)
def test_a_broken_scenario_text_gets_one_sentence(text, reason):
    with pytest.raises(CarelabError, match=reason) as caught:
        Scenario.from_text(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("years", [0, 16, 2.5])
def test_years_out_of_range_get_one_sentence(years):
    with pytest.raises(CarelabError, match="allowed is a whole number from 1 to 15"):
        simulate(Scenario("china_county", "anhui"), years=years)


def test_an_unknown_place_gets_one_sentence():
    with pytest.raises(CarelabError, match="place 'moon' is unknown"):
        simulate(Scenario("moon", "anhui"))


def test_every_name_of_the_code_is_in_the_data_and_the_other_way_round():
    trace = trace_step()
    read: set[str] = set()

    def collect(node):
        if node.operation == "input":
            read.add(node.name)
        for argument in node.arguments:
            collect(argument)

    for _, node in trace.flows:
        collect(node)
    phased = {f"baseline_{name}" for name in (*PAYMENT_LEVERS, *SERVICE_LEVERS)}
    parameters = read - {*STOCKS, *LEVERS, *CLOCK, *BASELINE, *phased}
    outside_the_month = {
        *("population", "settlement_lag_months", "hospital_fixed_cost_share"),
        *(f"start_{effort}" for effort in MADE_BEFORE),
    }
    rows = load_parameters()
    described = set(rows[rows["context"].isin({"any_place", *PLACES})]["name"])
    assert parameters | outside_the_month == described
    assert set(load_levers("care_economy")["name"]) == set(LEVERS)
    assert set(load_quantities("care_economy")["name"]) <= set(trace.flow_names)
    assert set(load_presets("care_economy")["lever"]) <= set(LEVERS)
    assert {f"next_{name}" for name in STOCKS} <= set(trace.flow_names)
    for name in PLACES:
        own = set(rows[rows["context"].isin({"any_place", name})]["name"])
        assert own == described, name


def test_every_place_and_preset_runs_for_fifteen_years():
    presets = load_presets("care_economy")["preset"].unique()
    for place in PLACES:
        for preset in presets:
            frame = simulate(Scenario(place, preset), years=15)
            assert len(frame) == 180 * len(load_quantities("care_economy"))
            assert frame["value"].map(math.isfinite).all()
