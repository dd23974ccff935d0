"""Directional claims and elementary effects: counted honestly, and the same for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from carelab.base import CarelabError, firmness_of
from carelab.engine import (
    LEVERS,
    lever_ranges,
    load_place,
    place_at_rest,
    place_parameters,
    preset_levers,
    run_months,
)
from carelab.engine.scenario import built_in_presets
from carelab.evidence import load_claims, load_quantities
from carelab.study import claims_robustness, parameter_sensitivity, stored_table
from carelab.study.many import draws
from carelab.study.many.draws import (
    MOST_DRIFT,
    NOT_DRAWN,
    drawn_names,
    drawn_place,
    drift_at_rest,
    hypercube,
    parameters_from,
    range_parameters,
    spare_rows,
    strengths,
    weakened,
)
from carelab.study.trust import robustness, sensitivity
from carelab.study.trust.directional import (
    ANHUI,
    COUNTY,
    OLD,
    Run,
    Term,
    claim,
    later,
    more,
    together,
)
from carelab.study.trust.robustness import (
    CLAIMS,
    COLUMNS,
    LEVER_SETTINGS,
    _margin,
    _means,
    _row,
)
from carelab.study.trust.verdicts import claims_by_word, verdict_changes

DRAWS = 12
# Efforts lie near one; of the draws that are rejected some pass nine.
RUNAWAY = 5
PLACES = ("china_county", "hangzhou_district", "uk_place")
TRUE = claim("T", "The package weakens the siphon", "", COUNTY, more("siphon", OLD, ANHUI, 1))
FALSE = replace(TRUE, id="F", terms=tuple(t._replace(weight=-t.weight) for t in TRUE.terms))
# Those of which the sign is certain, and every fourth of the others.
SOME = tuple(each for at, each in enumerate(CLAIMS) if each.by_construction or at % 4 == 0)
SAME = claim("S", "A run differs from itself", "", COUNTY, more("reach", ANHUI, ANHUI, 1))


# The two packages of the Anhui reform, and the contract alone, as their sources describe them.
CONTRACT_ALONE = "contract_share=0.9 surplus_kept_share=1 deficit_borne_share=0.5"
BOTH_PACKAGES = (
    f"{CONTRACT_ALONE} leakage_charged_share=1 bundled_share=1 reward_share=0.7"
    " governance_share=0.8 contract_years=5"
)
PRESET_OF = {"before": "china_dilemma", "integrated": "uk_integrated"}
# What each sentence compares, read from the sentence: weight, quantity, year or years, and the run.
COMPARED = """
D1 -1 hospital_gain_serious in 1: before
D1b -1 next_support_effort in 1: before
D2 +1 next_support_effort in 5: anhui contract_share=0.5
D2 -1 next_support_effort in 5: anhui contract_share=0.5 margin_added=0.05
D3 +1 reach in 5: before packages
D3 -1 reach in 5: before public_health_multiplier=2
D3a +1 insured_spending in 1-5: before public_health_multiplier=2
D3a -1 insured_spending in 1-5: before packages
D3a +1 settlement_paid in 1-5: before public_health_multiplier=2
D3a -1 settlement_paid in 1-5: before packages
D3a +1 public_health_pay in 1-5: before public_health_multiplier=2
D3a -1 public_health_pay in 1-5: before packages
D4 +1 reach in 5: before packages information_share=0.5 service_pathway_share=1
D4 -1 reach in 5: before information_share=0.5 service_pathway_share=1
D4 +1 reach in 5: before
D4 -1 reach in 5: before packages
D5 +1 life_years in 1-10: anhui payment_start_month=36 service_pathway_share=1
D5 -1 life_years in 1-10: anhui service_pathway_share=1 service_start_month=36
D5b +1 reach in 1-10: anhui payment_start_month=36 service_pathway_share=1
D5b -1 reach in 1-10: anhui service_pathway_share=1 service_start_month=36
A1 +1 reach in 5: anhui
A1 -1 reach in 5: before
A1b +1 next_support_effort in 5: anhui
A1b -1 next_support_effort in 5: before
A2 +1 kept_in_place_share in 5: anhui
A2 -1 kept_in_place_share in 5: before
A2b +1 kept_in_place_share in 5: before contract
A2b -1 kept_in_place_share in 5: before
A3 +1 kept_in_place_share in 5: anhui
A3 -1 kept_in_place_share in 5: anhui leakage_charged_share=0
A3b +1 reach in 5: anhui
A3b -1 reach in 5: anhui leakage_charged_share=0
A4 +1 primary_mild_share in 5: anhui deductible_waived=0
A4 -1 primary_mild_share in 5: anhui catalogue_share=0 deductible_waived=0 workload_credit_share=1
A4c +1 primary_mild_share in 5: before catalogue_share=0.6 workload_credit_share=0
A4c -1 primary_mild_share in 5: before
A4d +1 primary_mild_share in 5: anhui
A4d -1 primary_mild_share in 5: anhui deductible_waived=0
A5 +1 reach in 5: anhui
A5 -1 reach in 5: anhui bundled_share=0
A5b +1 reach in 5: anhui performance_share=0
A5b -1 reach in 5: anhui bundled_share=0 performance_share=0
A6 +1 next_intensity_effort in 5: before
A6 -1 next_intensity_effort in 5: anhui
A6b +1 insured_spending in 5: before
A6b -1 insured_spending in 5: anhui
A6c +1 treatment_gap in 5: anhui
A6d +1 insured_spending in 5: before
A6d -1 insured_spending in 5: anhui
A6d +1 settlement_paid in 5: before
A6d -1 settlement_paid in 5: anhui
A9 +1 next_referral_effort in 5: anhui
A9 -1 next_referral_effort in 5: anhui governance_share=0
A9b +1 reach in 5: anhui
A9b -1 reach in 5: anhui governance_share=0
A9c +1 reach in 5: before governance_share=0.8
A9c -1 reach in 5: before
A11 +1 reach in 5: anhui
A11 -1 reach in 5: anhui bodies_under_cap=5
A12 +1 siphon in 5: before
A12 -1 siphon in 5: before governance_share=1
A12b +1 primary_mild_share in 5: before governance_share=1
A12b -1 primary_mild_share in 5: before
A12c +1 next_capability in 5: before governance_share=1
A12c -1 next_capability in 5: before
A13 +1 next_hospital_balance in 5: anhui
A14 +1 next_primary_balance in 5: anhui
Q1 +1 next_skimping_effort in 5: anhui governance_share=1 hospital_part_share=1 quality_gate_share=0
Q1 -1 next_skimping_effort in 5: anhui governance_share=1 hospital_part_share=1 quality_gate_share=1
H1 +1 next_capability in 3: hangzhou
H1 -1 next_capability in 3: before
H2 +1 next_capability in 5: hangzhou
H2 -1 next_capability in 10: hangzhou
H2b +1 next_capability in 10: hangzhou packages information_share=0.6
H2b -1 next_capability in 5: hangzhou packages information_share=0.6
H3 +1 reach in 5: hangzhou packages
H3 -1 reach in 5: hangzhou
H3b +1 kept_in_place_share in 5: hangzhou packages
H3b -1 kept_in_place_share in 5: hangzhou
H3c +1 primary_mild_share in 5: hangzhou packages
H3c -1 primary_mild_share in 5: hangzhou
H4 +1 reach in 5: hangzhou packages information_share=0.6
H4 -1 reach in 5: hangzhou information_share=0.6
H4 +1 reach in 5: hangzhou
H4 -1 reach in 5: hangzhou packages
H5 +1 primary_visit_share in 5: hangzhou
H5 -1 primary_visit_share in 5: hangzhou gatekeeping_share=0
U1 +1 next_community_capacity in 5: integrated
U1 -1 next_community_capacity in 5: integrated pooled_share=0
U1b +1 hospital_cases in 1: integrated
U1b -1 hospital_cases in 1: uk_before
U1b -0.5 hospital_cases in 5: integrated
U1b +0.5 hospital_cases in 5: uk_before
U1c +1 hospital_cases in 3: uk_before
U1c -1 hospital_cases in 3: integrated
U2 +1 next_hospital_balance in 3: integrated
U2 -1 next_hospital_balance in 3: integrated transformation_fund=0
U2b +1 next_community_capacity in 3: integrated
U2b -1 next_community_capacity in 3: integrated transformation_fund=0
U2c -1 next_hospital_balance in 1: integrated transformation_fund=0
U4 +1 next_community_capacity in 3: integrated
U4 -1 next_community_capacity in 10: integrated
U4b +1 next_community_capacity in 3: uk_before transformation_fund=2.75
U4b -1 next_community_capacity in 10: uk_before transformation_fund=2.75
U5 +1 reach in 5: integrated
U5 -1 reach in 5: integrated governance_share=0 hospital_part_share=1 pooled_share=0
U5b +1 reach in 5: integrated
U5b -1 reach in 5: integrated bundled_share=0
U6 +1 managed_share in 5: uk_before
U6 -1 managed_share in 5: uk_before public_health_multiplier=0.72
U10 +1 real_cost in 5: uk_before
U10 -1 real_cost in 5: integrated
"""


def test_every_claim_compares_what_its_sentence_says():
    def written(line):
        start, run = line.split(": ")
        name, weight, outcome, _, span = start.split()
        run = run.replace("packages", BOTH_PACKAGES).replace("contract ", CONTRACT_ALONE + " ")
        if run.endswith(" contract"):
            run = run.removesuffix("contract") + CONTRACT_ALONE
        preset, *settings = run.split()
        levers = {lever: float(value) for lever, value in (each.split("=") for each in settings)}
        margin = levers.pop("margin_added", 0.0)
        years = tuple(int(each) for each in (span.split("-") * 2)[:2])
        preset = PRESET_OF.get(preset, preset)
        return name, float(weight), outcome, years, preset, levers, margin

    made = [
        (each.id, weight, outcome, years, run.preset, dict(run.changes), run.margin_added)
        for each in CLAIMS
        for weight, run, outcome, years in each.terms
    ]
    assert made == [written(line) for line in COMPARED.strip().splitlines()]


def test_a_claim_asks_for_more_than_nothing_and_few_hold_by_construction():
    # "Hardly supports" is an effort below 0.05; all others compare with zero.
    assert {each.id: each.threshold for each in CLAIMS if each.threshold} == {"D1b": -0.05}
    # A price below its cost, and capacity that is bought with what is pooled or given.
    assert {each.id for each in CLAIMS if each.by_construction} == {"D1", "U1", "U2b", "U4b"}
    context = {"D": "china_county", "A": "china_county", "Q": "china_county",
               "H": "hangzhou_district", "U": "uk_place"}  # fmt: skip
    assert all(each.context == context[each.id[0]] for each in CLAIMS)


# Four draws of one claim. The quantities compared are 1 and what is given, so that a thousandth is
# nil and a hundredth is over 1 percent.
@pytest.mark.parametrize(
    ("greater", "threshold", "counts"),
    [
        ([1.02, 1.005, 1.0, 0.9], 0.0, (2, 1, 1, 1)),
        ([1.0009, 1.0012, 0.9992, 0.9988], 0.0, (1, 2, 1, 0)),
        ([1.0, 1.0, 1.0, 1.0], 0.0, (0, 4, 0, 0)),
        # The largest quantity compared counts, be it a run or the threshold.
        ([6.004, 6.007, 5.993, 6.07], 5.0, (2, 1, 1, 1)),
        ([-2.0, -3.998, -4.1, -4.0], -5.0, (1, 2, 1, 1)),
    ],
)
def test_a_row_counts_the_draws_that_hold_are_nil_or_reverse(greater, threshold, counts):
    said = claim(
        "X", "It is more", "S002-06 S002-04", COUNTY, more("reach", OLD, ANHUI, 2), threshold
    )
    values = {(OLD, "reach", (2, 2)): np.array(greater), (ANHUI, "reach", (2, 2)): 1.0}
    row = dict(zip(COLUMNS, _row(said, "preset", 4, values), strict=True))
    told = ("holds", "nil", "reverses", "holds_by_over_1_percent")
    assert tuple(row[name] for name in told) == counts
    words = {0: "against", 1: "against", 2: "open"}
    assert row["firmness"] == words[counts[0]]
    assert (row["claim"], row["text"], row["context"]) == ("X", "It is more", COUNTY)
    assert (row["evidence"], row["levers"], row["draws"]) == ("S002-06; S002-04", "preset", 4)
    assert row["by_construction"] == "no"
    ours = replace(said, evidence=(), by_construction=True)
    row = dict(zip(COLUMNS, _row(ours, "preset", 4, values), strict=True))
    assert (row["evidence"], row["by_construction"]) == ("ours", "yes")


def test_a_value_of_a_claim_is_the_mean_of_its_years_or_the_end_of_a_stock():
    place = load_place("china_county")
    months = list(run_months(place, preset_levers("anhui"), 36))
    wanted = {("reach", (2, 3)), ("reach", (1, 1)), ("next_capability", (1, 3))}
    means = _means(place, preset_levers("anhui"), wanted)
    assert set(means) == wanted
    reach = [month["reach"] for month in months]
    assert means["reach", (2, 3)] == pytest.approx(sum(reach[12:]) / 24)
    assert means["reach", (1, 1)] == pytest.approx(sum(reach[:12]) / 12)
    assert means["next_capability", (1, 3)] == months[35]["next_capability"]


def test_a_richer_margin_is_a_lower_variable_cost_and_no_other_change():
    place = load_place("china_county")
    name = "hospital_variable_cost_share"
    richer = _margin(place, Run("anhui", (), 0.05))
    assert richer.parameters == {**place.parameters, name: place.parameters[name] - 0.05}
    assert (richer.stocks, richer.baseline) == (place.stocks, place.baseline)
    assert _margin(place, Run("anhui")) is place


def test_each_place_is_drawn_once_and_levers_vary_only_where_they_are_said_to(monkeypatch):
    asked = []

    def run_all(place, claims, strength):
        asked.append((place, [each.id for each in claims], strength))
        return {(t.run, t.outcome, t.years): 1.0 for each in claims for t in each.terms}

    monkeypatch.setattr(robustness, "drawn_place", lambda *given: given)
    monkeypatch.setattr(robustness, "strengths", lambda *given: given)
    monkeypatch.setattr(robustness, "_run_all", run_all)
    abroad = replace(TRUE, id="U", context="uk_place")
    table = claims_robustness(draws=5, seed=8, claims=(TRUE, abroad, FALSE))
    county, uk = ("china_county", 5, 8), ("uk_place", 5, 8)
    # Strengths are drawn with another seed than places, so that the two do not go together.
    assert asked == [(county, ["T", "F"], {}), (county, ["T", "F"], (5, 9)),
                     (uk, ["U"], {}), (uk, ["U"], (5, 9))]  # fmt: skip
    assert table["claim"].tolist() == ["T", "T", "U", "U", "F", "F"]
    assert table["levers"].tolist() == ["preset", "random_strength"] * 3
    assert table.columns.tolist() == list(COLUMNS)


def test_a_path_of_morris_starts_on_four_levels_and_moves_by_two_thirds_once_each():
    points, moved = sensitivity.morris_paths(4, 50, seed=2)
    thirds = points * 3
    assert thirds == pytest.approx(thirds.round())
    assert set(thirds.round().astype(int).ravel()) == {0, 1, 2, 3}
    steps = np.diff(points, axis=1)
    assert (np.abs(steps) > 1e-9).sum() == 50 * 4
    assert set(steps.round(9).ravel()) == {0, round(2 / 3, 9), -round(2 / 3, 9)}
    assert ((steps > 0.1).sum(), (steps < -0.1).sum()) == pytest.approx((100, 100), abs=35)
    for path in range(50):
        assert sorted(moved[path]) == [0, 1, 2, 3]
        for at, step in enumerate(steps[path]):
            assert np.flatnonzero(np.abs(step) > 1e-9).tolist() == [moved[path, at]]


def test_effects_of_two_paths_are_ranked_by_hand():
    effects = np.array([[1.0, -4.0, 0.0], [3.0, 2.0, 0.0]])
    table = sensitivity._ranked(["a", "b", "c"], effects)
    assert table["parameter"].tolist() == ["b", "a", "c"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["mean_effect"].tolist() == [-1, 2, 0]
    assert table["mean_absolute_effect"].tolist() == [3, 2, 0]
    assert table["spread"].tolist() == pytest.approx([18**0.5, 2**0.5, 0])


def test_a_level_and_a_change_are_those_of_the_last_year_and_spending_is_in_premiums(monkeypatch):
    def run(place, levers, years, outcomes):
        reformed = levers == preset_levers("anhui")
        seen = dict.fromkeys(outcomes, np.array([9.0]))
        last = {"reach": 0.7 if reformed else 0.4, "insured_spending": 90 if reformed else 100}
        return [seen] * (years - 1) + [{**dict.fromkeys(outcomes, 1.0), **last}]

    names = drawn_names("china_county")["name"].tolist()
    monkeypatch.setattr(sensitivity, "run_years", run)
    monkeypatch.setattr(
        sensitivity, "place_at_rest",
        lambda *given: type("Place", (), {"baseline": {"premium": 50.0}}),
    )  # fmt: skip
    seen = []
    monkeypatch.setattr(
        sensitivity, "_effects",
        lambda values, points, moved: seen.append(values.flat[0]) or np.zeros((2, len(names))),
    )  # fmt: skip
    run_all = sensitivity._results

    def broadcast(place, preset, years):
        rows = 2 * (len(names) + 1)
        return {name: np.full(rows, value) for name, value in run_all(place, preset, years).items()}

    monkeypatch.setattr(sensitivity, "_results", broadcast)
    table = parameter_sensitivity(years=3, paths=2)
    expected = {("reach", "level"): 0.7, ("reach", "change"): 0.3,
                ("kept_in_place_share", "level"): 1, ("kept_in_place_share", "change"): 0,
                ("insured_spending", "level"): 1.8, ("insured_spending", "change"): -0.2,
                ("treatment_gap", "level"): 1, ("treatment_gap", "change"): 0}  # fmt: skip
    assert seen == pytest.approx(list(expected.values()))
    pairs = table[["outcome", "measure"]].drop_duplicates()
    assert list(pairs.itertuples(index=False, name=None)) == list(expected)
    assert table.columns.tolist()[:4] == ["outcome", "measure", "parameter", "rank"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"years": 0}, "years is 0; allowed is a whole number from 1 to 15"),
        ({"years": 16}, "years is 16; allowed is a whole number from 1 to 15"),
        ({"years": True}, "years is True"),
        ({"years": 2.0}, "years is 2.0"),
        ({"paths": 1}, "paths is 1; allowed is a whole number from 2 to 100"),
        ({"paths": 101}, "paths is 101; allowed is a whole number from 2 to 100"),
    ],
)
def test_years_and_paths_out_of_range_get_one_sentence(given, told):
    with pytest.raises(CarelabError, match=told):
        parameter_sensitivity(**given)


def test_a_place_that_moves_is_measured_by_its_stock_that_moves_most(monkeypatch):
    place = load_place("china_county")
    stocks = {**place.stocks, **dict.fromkeys(("healthy", "managed", "complicated"), 10.0),
              "capability": np.array([0.5, 0.5])}  # fmt: skip
    still = replace(place, stocks=stocks)
    last = {"next_healthy": 10.2, "next_managed": 9.5, "next_complicated": 10.0,
            "next_capability": np.array([0.5, 0.4])}  # fmt: skip
    asked = []

    def run(place, levers, months):
        asked.append((place.parameters["hospital_drift_year"], levers, months))
        return iter([{}, last])

    monkeypatch.setattr(draws, "run_months", run)
    assert drift_at_rest(still) == pytest.approx([0.05, 0.2])
    assert asked == [(0.0, preset_levers("china_dilemma"), 120)]


def test_levers_go_from_a_fifth_of_the_way_on_and_time_is_spared(monkeypatch):
    monkeypatch.setattr(
        draws, "hypercube", lambda rows, columns, seed: np.tile([[0.0], [1.0]], (1, columns))
    )
    found = strengths(2, seed=1)
    assert all(each.tolist() == [0.2, 1.0] for each in found.values())
    months = {"payment_start_month", "service_start_month", "ramp_months", "fund_months"}
    assert set(LEVERS) - set(found) == months
    before, anhui = preset_levers("china_dilemma"), preset_levers("anhui")
    half = weakened("china_county", anhui, dict.fromkeys(anhui, 0.5))
    for name in anhui:
        assert half[name] == pytest.approx((before[name] + anhui[name]) / 2)
    assert weakened("china_county", anhui, {}) == pytest.approx(anhui)


@pytest.fixture(scope="module")
def counted():
    return claims_robustness(draws=DRAWS, seed=3, claims=SOME)


@pytest.fixture(scope="module")
def made_up():
    return claims_robustness(draws=DRAWS, seed=3, claims=(TRUE, FALSE, SAME))


def test_the_counts_of_every_claim_add_up_to_the_draws(counted):
    assert (counted["holds"] + counted["nil"] + counted["reverses"] == DRAWS).all()
    assert (counted["draws"] == DRAWS).all()
    assert (counted["holds_by_over_1_percent"] <= counted["holds"]).all()
    assert len(counted) == len(LEVER_SETTINGS) * len(SOME)


def test_a_claim_true_by_construction_holds_in_every_draw(counted):
    sure = counted[counted["by_construction"] == "yes"]
    assert len(sure) >= 4
    assert (sure["holds"] == DRAWS).all()


def test_a_claim_made_false_on_purpose_reverses(made_up):
    rows = made_up.set_index(["claim", "levers"])
    for levers in LEVER_SETTINGS:
        assert rows.loc[("T", levers), "holds"] >= DRAWS - 1
        assert rows.loc[("F", levers), "reverses"] == rows.loc[("T", levers), "holds"]


def test_a_run_compared_with_itself_is_nil(made_up):
    assert (made_up[made_up["claim"] == "S"]["nil"] == DRAWS).all()


def test_the_same_seed_gives_the_same_counts_and_another_seed_other_draws(made_up):
    drawn_place.cache_clear()
    assert claims_robustness(draws=DRAWS, seed=3, claims=(TRUE, FALSE, SAME)).equals(made_up)
    assert not np.array_equal(hypercube(50, 4, seed=3), hypercube(50, 4, seed=4))


def test_a_threshold_shifts_what_a_claim_asks_for():
    easy = claim("E", "reach", "", COUNTY, (Term(1.0, ANHUI, "reach", (1, 1)),), -1.0)
    hard = replace(easy, id="H", threshold=1.0)
    rows = claims_robustness(draws=DRAWS, seed=3, claims=(easy, hard)).set_index("claim")
    assert (rows.loc["E", "holds"] == DRAWS).all()
    assert (rows.loc["H", "reverses"] == DRAWS).all()


def test_every_claim_names_evidence_and_quantities_that_exist():
    known = set(load_claims()["id"])
    quantities = set(load_quantities("care_economy")["name"])
    assert len({each.id for each in CLAIMS}) == len(CLAIMS)
    for each in CLAIMS:
        assert set(each.evidence) <= known, each.id
        for term in each.terms:
            assert term.outcome in quantities, each.id
            assert set(term.run.levers) == set(LEVERS)


def test_every_claim_but_a_level_compares_like_with_like():
    for each in CLAIMS:
        if len(each.terms) > 1:
            assert sum(term.weight for term in each.terms) == pytest.approx(0), each.id


def test_the_parts_of_an_interaction_cancel_where_levers_do_nothing():
    terms = together("reach", OLD, {"ramp_months": 3.0}, {"fund_months": 12.0})
    row = claims_robustness(draws=DRAWS, seed=3, claims=[claim("X", "nothing", "", COUNTY, terms)])
    assert (row["nil"] == DRAWS).all()


@pytest.mark.parametrize("context", PLACES)
def test_draws_lie_in_their_range_and_leave_room_for_the_hospital(context):
    table = drawn_names(context).set_index("name")
    drawn = parameters_from(context, hypercube(200, len(table), seed=5))
    for name, low, high in table.itertuples(name=None):
        assert (drawn[name] >= low - 1e-12).all(), name
        assert (drawn[name] <= high + 1e-12).all(), name
    for kind in ("visit", "mild"):
        assert (
            drawn[f"{kind}_primary_share"] + drawn[f"{kind}_outside_share"] <= 0.9 + 1e-12
        ).all()
    assert (drawn["managed_death_rate"] <= drawn["unmanaged_death_rate"]).all()
    assert (drawn["managed_serious_cases_year"] <= drawn["unmanaged_serious_cases_year"]).all()
    fixed = place_parameters(context)
    for name in NOT_DRAWN:
        assert drawn[name] == fixed[name]


@pytest.mark.parametrize("context", PLACES)
def test_drawn_places_are_at_rest_and_run_without_an_odd_number(context):
    place = drawn_place(context, draws=20, seed=7)
    assert drift_at_rest(place).max() < 0.01
    *_, last = run_months(place, preset_levers("anhui"), 24)
    assert all(np.isfinite(value).all() for value in last.values())


def test_a_draw_that_leaves_its_rest_by_itself_is_no_run_of_a_range():
    context, draws = "china_county", 300
    unit = hypercube(draws + spare_rows(draws), len(drawn_names(context)), 20261130)
    every = place_at_rest(context, range_parameters(context, unit))
    steady = drift_at_rest(every) <= MOST_DRIFT
    kept = drawn_place(context, draws, 20261130)
    assert 0 < (~steady).sum() < spare_rows(draws)
    assert drift_at_rest(kept).max() <= MOST_DRIFT
    assert np.array_equal(kept.stocks["managed"], every.stocks["managed"][steady][:draws])
    # It is these whose efforts run away under a reform.
    effort = np.zeros(len(unit))
    for month in run_months(every, preset_levers("anhui"), 120):
        effort = np.maximum(effort, month["next_prevention_effort"])
    assert effort[~steady].max() > 1.5 * effort[steady].max()


@pytest.mark.slow
@pytest.mark.parametrize("context", PLACES)
def test_of_2000_draws_none_gives_an_odd_number_or_a_runaway_effort_in_any_preset(context):
    place = drawn_place(context, 2_000, 20261130)
    for preset in built_in_presets():
        for month in run_months(place, preset_levers(preset), 120):
            odd = [name for name, value in month.items() if not np.isfinite(value).all()]
            assert not odd, (preset, odd)
            for name in (each for each in month if each.endswith("_effort")):
                assert np.max(month[name]) < RUNAWAY, (preset, name)


def test_random_strengths_stay_within_the_range_of_each_lever_and_spare_timing():
    strength = strengths(40, seed=2)
    assert all((each >= 0.2).all() and (each <= 1).all() for each in strength.values())
    for preset, context in (("anhui", "china_county"), ("uk_integrated", "uk_place")):
        settings = {**preset_levers(preset), "service_start_month": 36.0}
        part = weakened(context, settings, strength)
        for name, (low, high, _) in lever_ranges().items():
            assert np.min(part[name]) >= low, name
            assert np.max(part[name]) <= high, name
        assert part["service_start_month"] == 36.0


def test_later_compares_two_years_of_one_run():
    late, early = later("reach", ANHUI, 10, 5)
    assert (late.years, early.years) == ((10, 10), (5, 5))
    assert late.run == early.run


@pytest.mark.parametrize("draws", [0, 20_001, 2.5, True])
def test_draws_out_of_range_get_one_sentence(draws):
    with pytest.raises(CarelabError, match=r"draws is .*; allowed is a whole number from 1 to"):
        claims_robustness(draws=draws, claims=(TRUE,))


def test_no_claim_gets_one_sentence():
    with pytest.raises(CarelabError, match="no claim is given"):
        claims_robustness(draws=2, claims=())


def test_elementary_effects_of_a_line_are_its_slopes():
    points, moved = sensitivity.morris_paths(5, 8, seed=1)
    slopes = np.array([3.0, -2.0, 0.0, 1.0, 0.5])
    effects = sensitivity._effects(points @ slopes, points, moved)
    assert effects == pytest.approx(np.tile(slopes, (8, 1)))
    assert points.min() >= 0
    assert points.max() <= 1


@pytest.fixture(scope="module")
def effects():
    return parameter_sensitivity(years=1, paths=2, seed=4)


def test_the_same_seed_gives_the_same_effects(effects):
    assert effects.equals(parameter_sensitivity(years=1, paths=2, seed=4))


def test_the_strongest_parameters_come_first(effects):
    for _, part in effects.groupby(["outcome", "measure"]):
        assert part["rank"].tolist() == list(range(1, len(part) + 1))
        assert part["mean_absolute_effect"].is_monotonic_decreasing
        assert (part["mean_effect"].abs() <= part["mean_absolute_effect"] + 1e-12).all()
        assert set(part["parameter"]) == set(drawn_names("china_county")["name"])


def test_what_has_no_part_in_a_result_has_no_effect_on_it(effects):
    table = effects.set_index(["outcome", "measure", "parameter"])
    assert table.loc[("reach", "level", "information_unit_cost"), "mean_absolute_effect"] == 0


def test_the_stored_claims_are_those_of_the_code():
    stored = stored_table("robustness")
    assert stored["claim"].drop_duplicates().tolist() == [each.id for each in CLAIMS]
    texts = dict(zip(stored["claim"], stored["text"], strict=True))
    assert texts == {each.id: each.text for each in CLAIMS}
    assert (stored["holds"] + stored["nil"] + stored["reverses"] == stored["draws"]).all()
    sure = stored[stored["by_construction"] == "yes"]
    assert (sure["holds"] == sure["draws"]).all()


def test_one_word_says_how_firm_a_claim_is_and_the_count_decides_it():
    stored = stored_table("robustness")
    for row in stored.itertuples():
        part = row.holds / row.draws
        bounds = {"firm": (0.9, 1), "likely": (0.7, 0.9), "open": (0.3, 0.7), "against": (0, 0.3)}
        if row.by_construction == "yes":
            assert row.firmness == "identity", row.claim
        else:
            low, high = bounds[row.firmness]
            assert low <= part <= high and (part < high or high == 1), row.claim
    assert set(stored["firmness"]) == {"identity", "firm", "likely", "open", "against"}


def test_counts_that_are_no_part_of_the_runs_are_refused():
    for holds, runs in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(CarelabError, match=f"holds in {holds} of {runs} runs"):
            firmness_of(holds, runs)


def test_every_claim_whose_word_changed_with_the_engine_says_why():
    changes = verdict_changes()
    assert changes["claim"].tolist() == [each.id for each in CLAIMS]
    turned = changes[changes["before"] != changes["now"]]
    assert len(turned) > 10
    assert turned.loc[turned["why"] == "", "claim"].tolist() == []
    counted = claims_by_word(changes)
    assert counted[["before", "now"]].sum().tolist() == [len(CLAIMS), len(CLAIMS)]


def test_a_claim_that_only_one_engine_was_asked_is_refused():
    signs = stored_table("robustness").query("claim != 'A5'")
    with pytest.raises(CarelabError, match="claim 'A5' stands only in one"):
        verdict_changes(signs)
