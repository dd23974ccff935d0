"""Each mechanism of the month, for a village of round numbers, worked out by hand."""

from math import exp, inf, log
from types import SimpleNamespace

import pytest

from carelab.engine.capability import capability
from carelab.engine.capacity import capacity
from carelab.engine.choice import choice, need
from carelab.engine.contract import expected_settlement, settlement
from carelab.engine.money import accounts, paid_shares, prices, transfers
from carelab.engine.objective import objectives
from carelab.engine.outcomes import outcomes
from carelab.engine.population import health, prevention
from carelab.engine.timing import timing
from carelab.engine.treatment import soft_excess, treatment

VILLAGE = {"healthy": 500, "unmanaged": 200, "managed": 200, "complicated": 100}


def after(mechanism, inputs, flows=None):
    """What stands in the flows once a mechanism has run on plain numbers."""
    given = SimpleNamespace(**(flows or {}))
    mechanism(SimpleNamespace(**inputs), given)
    return vars(given)


def agree(found, expected):
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-15), name


# --- timing -------------------------------------------------------------------------------------


def test_prices_rise_year_on_year_and_budgets_follow_in_part():
    from carelab.engine.names import PAYMENT_LEVERS, SERVICE_LEVERS

    levers = dict.fromkeys((*PAYMENT_LEVERS, *SERVICE_LEVERS), 0.0)
    clocks = {"payment_start_month": 0, "service_start_month": 0, "ramp_months": 1}
    rates = {"cost_trend_year": 0.1, "budget_follows_share": 0.5, "push_fading_months": 12}
    found = after(timing, {
        **levers, **{f"baseline_{name}": 0.0 for name in levers}, **clocks, **rates,
        "month": 24, "premium": 100,
    })  # fmt: skip
    # Two years at 10 %, and at half of it.
    agree(found, {"cost_trend": 1.21, "budget_trend": 1.1025, "price_level": 121})


# --- people -------------------------------------------------------------------------------------

PREVENTION = {
    **VILLAGE, "primary_slack": 0.25, "community_capacity": 0.8, "start_primary_load": 40,
    "primary_load": 50, "capability": 0.5, "complementarity": 0.75, "prevention_effort": 0.5,
    "support_effort": 0.3, "support_power": 0.6, "joint_power_base": 0.1,
    "joint_power_information": 0.2, "joint_power_pathway": 0.8, "prevention_floor_share": 0.2,
    "public_health_elasticity": 0.5,
}  # fmt: skip
LINKED = {"information_share": 0.5, "service_pathway_share": 0.25, "public_health_multiplier": 4}


def test_the_reach_of_prevention():
    found = after(prevention, PREVENTION, LINKED)
    agree(found, {
        "residents": 1000,
        # Room for 1.25 x 0.8 x 40 = 40 of a load of 50.
        "usable_part": 0.8,
        "usable_capability": 0.4,
        "joint_power": 0.1 + 0.1 + 0.2,
        # The floor and 0.8 of 0.4, times the root of four.
        "primary_power": (0.2 + 0.32) * 2,
        # 1.04 x 0.5, 0.6 x 0.3, and together 0.75 x 0.4 x 0.5 x 0.3.
        "prevention_input": 0.52 + 0.18 + 0.045,
        "reach": 1 - exp(-0.745),
    })  # fmt: skip


@pytest.mark.parametrize(("load", "part"), [(40, 1.0), (39, 1.0), (80, 0.5)])
def test_a_centre_uses_all_of_its_capability_up_to_its_slack(load, part):
    found = after(prevention, {**PREVENTION, "primary_load": load}, LINKED)
    assert found["usable_part"] == pytest.approx(part, rel=1e-12)


def test_loads_far_below_one_are_loads_like_others():
    tiny = {"start_primary_load": 0.004, "primary_load": 0.008}
    found = after(prevention, {**PREVENTION, **tiny}, LINKED)
    assert found["usable_part"] == pytest.approx(0.5, rel=1e-12)
    assert after(prevention, {**PREVENTION, "primary_load": 0.0}, LINKED)["usable_part"] == 1


HEALTH = {
    **VILLAGE, "onset_rate": 0.02, "prevention_onset_effect": 0.5, "base_management_rate": 0.01,
    "reach_management_rate": 0.1, "community_capacity": 1.2, "withheld_care_effect": 0.5,
    "start_lack": 0.1, "start_hospital_quality": 0.8, "hospital_quality": 0.7,
    "unmanaged_complication_rate": 0.01, "managed_complication_rate": 0.005,
    "drug_control_effect": 0.4, "dropout_rate": 0.03, "recovery_rate": 0.05,
    "healthy_death_rate": 0.001, "unmanaged_death_rate": 0.002, "managed_death_rate": 0.003,
    "complicated_death_rate": 0.01, "start_death_rate": 0.002, "turnover_rate_year": 0.12,
    "start_healthy": 0.4, "start_unmanaged": 0.3, "start_managed": 0.2, "start_complicated": 0.1,
}  # fmt: skip
CARED = {
    "residents": 1000, "reach": 0.4, "lack_of_treatment": 0.3, "waiting": 0.1,
    "drug_benefit_share": 0.5,
}  # fmt: skip


def test_who_falls_ill_is_managed_dies_and_moves():
    found = after(health, HEALTH, CARED)
    # Treatment lacks 0.2 more than before, waiting 0.1, quality 0.1 less: half of 0.4.
    harm = exp(0.2)
    agree(found, {
        "onset_risk": 0.016,
        "managing_rate": 0.06,
        "withheld_harm": harm,
        "unmanaged_complication_risk": 0.01 * harm,
        "managed_complication_risk": 0.004 * harm,
        "onset": 8,
        "newly_managed": 12,
        "dropped_out": 6,
        "unmanaged_complications": 2 * harm,
        "managed_complications": 0.8 * harm,
        "recovered": 5,
        "healthy_deaths": 0.5,
        "unmanaged_deaths": 0.4,
        "managed_deaths": 0.6,
        "complicated_deaths": 1.0,
        "deaths": 2.5,
        "births": 2,
        # A hundredth moves; newcomers come in the old mix.
        "healthy_arrived": 4,
        "unmanaged_arrived": 3,
        "managed_arrived": 2,
        "complicated_arrived": 1,
        "healthy_left": 5,
        "unmanaged_left": 2,
        "managed_left": 2,
        "complicated_left": 1,
        "remaining_healthy": 491.5,
        "remaining_unmanaged": 201.6 - 2 * harm,
        "remaining_managed": 210.4 - 0.8 * harm,
        "remaining_complicated": 94 + 2.8 * harm,
        "next_healthy": 492.5,
        "next_unmanaged": 202.6 - 2 * harm,
        "next_managed": 210.4 - 0.8 * harm,
        "next_complicated": 94 + 2.8 * harm,
    })  # fmt: skip


def test_at_most_half_of_the_unmanaged_are_taken_into_management_in_a_month():
    just = after(health, {**HEALTH, "community_capacity": 9.0}, CARED)
    assert just["managing_rate"] == pytest.approx(0.45)
    assert after(health, {**HEALTH, "community_capacity": 20.0}, CARED)["managing_rate"] == 0.5


# --- treatment ----------------------------------------------------------------------------------


def test_treatment_its_cost_and_its_price():
    found = after(
        treatment,
        {
            "intensity_price_share": 0.4, "intensity_effort": 0.5, "skimping_price_share": 0.2,
            "skimping_effort": 0.25, "start_price_factor": 1.05, "intensity_benefit_slope": 0.9,
            "intensity_benefit_curve": 0.8, "hospital_variable_cost_share": 0.5,
        },
        {"case_paid_share": 0.25},
    )  # fmt: skip
    agree(found, {
        "cost_factor": 1 + 0.2 - 0.05,
        # A quarter of the way from 1.15 back to 1.05.
        "price_factor": 1.125,
        # Skimping takes back 0.05 of price, an eighth of a unit of intensity.
        "treatment": 0.375,
        # Where 0.9 - 0.8 x equals the cost, 0.4 x 0.5.
        "efficient_intensity": 0.875,
        "treatment_gap": -0.5,
        "lack_of_treatment": 0.1 * log(1 + exp(5)),
    })  # fmt: skip


@pytest.mark.parametrize("relative", [-50.0, -2.0, 0.0, 2.0, 29.5, 30.5, 80.0])
def test_a_soft_excess_is_the_area_below_a_logistic_curve(relative):
    expected = log(1 + exp(relative)) if relative < 40 else relative
    assert soft_excess(0.2 * relative, 0.2) == pytest.approx(0.2 * expected, rel=1e-12, abs=1e-20)


# --- care sought and where ----------------------------------------------------------------------

NEED = {
    **VILLAGE, "hospital_load": 60, "waiting_room": 1.25, "start_hospital_load": 40,
    "hospital_capacity": 0.8, "drug_visit_effect": 0.2, "management_ceiling": 0.4,
    "management_effort": 0.5, "community_serious_effect": 2.0, "community_capacity": 1.25,
    "readmission_effect": 0.4, "skimping_effort": 0.25,
    "healthy_visits_year": 3, "unmanaged_visits_year": 6, "managed_visits_year": 12,
    "complicated_visits_year": 24,
    "healthy_mild_cases_year": 1, "unmanaged_mild_cases_year": 2, "managed_mild_cases_year": 3,
    "complicated_mild_cases_year": 6,
    "healthy_serious_cases_year": 0.1, "unmanaged_serious_cases_year": 0.2,
    "managed_serious_cases_year": 0.3, "complicated_serious_cases_year": 1.2,
}  # fmt: skip
BENEFIT = {"residents": 1000, "drug_benefit_share": 0.5}


def test_the_need_of_care():
    found = after(need, NEED, BENEFIT)
    unaverted = 1 - 0.4 * (1 - exp(-0.5))
    agree(found, {
        # 60 for 1.25 x 40 x 0.8 = 40.
        "waiting": 0.5,
        # 7,500 visits a year of 1,000 people, and a tenth more of the 2,400 of managed patients.
        "visit_need": 0.625 + 0.1 * 0.2,
        "drug_covered_share": 0.5 * 1.1 * 0.2 / 0.645,
        "unaverted": unaverted,
        "mild_need": unaverted * 2100 / 12000,
        "readmission_ratio": 1.1,
        # 270 cases a year, of which the community takes its part of the 120 of the complicated.
        "serious_need": unaverted * 1.1 * (270 - (1 - exp(-0.5)) * 120) / 12000,
    })  # fmt: skip


def test_nobody_waits_below_the_room_and_a_poor_community_averts_nothing():
    found = after(need, {**NEED, "hospital_load": 40, "community_capacity": 0.5}, BENEFIT)
    unaverted = 1 - 0.4 * (1 - exp(-0.5))
    agree(found, {"waiting": 0, "serious_need": unaverted * 1.1 * 270 / 12000})
    assert after(need, {**NEED, "hospital_load": 39}, BENEFIT)["waiting"] == 0


CHOICE = {
    "quality_weight": 2.0, "start_capability": 0.3, "hospital_drift_year": 0.12, "month": 10,
    "hospital_quality": 0.75, "start_hospital_quality": 0.7, "wait_weight": 0.8,
    "gate_weight": 0.5, "gate_outside_share": 0.4,
    "siphon_weight": 0.6, "start_siphon": 0.1, "intensity_weight": 0.7, "start_intensity": 0.2,
    "retention_weight": 0.9, "start_retention": 0.25,
    "retention_effort": 0.3, "draw_effort": 0.2, "intensity_effort": 0.4,
    "visit_primary_share": 0.5, "visit_outside_share": 0.1,
    "mild_primary_share": 0.3, "mild_outside_share": 0.2, "serious_outside_share": 0.25,
    "price_weight": 1.5, "hospital_copay_share": 0.4, "start_price_factor": 1.1,
    "visit_primary_price": 30, "visit_hospital_price": 60, "visit_outside_price": 90,
    "mild_primary_price": 100, "mild_hospital_price": 400, "mild_outside_price": 600,
    "serious_hospital_price": 1000, "serious_outside_price": 1500,
    "access_elasticity": 0.3, "referral_effort": 0.2, "waiver_pull": 0.4,
}  # fmt: skip
SOUGHT = {
    "usable_capability": 0.4, "waiting": 0.1, "gatekeeping_share": 0.6, "price_factor": 1.2,
    "visit_primary_own_change": -0.1, "visit_outside_own_change": 0.05,
    "mild_primary_own_change": -0.2, "mild_outside_own_change": 0.1,
    "serious_outside_own_change": 0.1,
    "visit_need": 0.6, "mild_need": 0.2, "serious_need": 0.03,
    "deductible_waived": 0.5, "catalogue_share": 0.5,
}  # fmt: skip
# Felt: 2 x 0.1; 2 x 0.05 - 0.8 x 0.1 + a drift of 0.1; the drift alone.
FELT = {"primary": 0.2, "hospital": 0.12, "outside": 0.1}
RETENTION, SIPHON, INTENSITY = 1 - exp(-0.3), 1 - exp(-0.2), 1 - exp(-0.4)
SWAY = {
    "primary": 0.3 - 0.6 * (SIPHON - 0.1),
    "hospital": 0.7 * (INTENSITY - 0.2),
    "outside": -0.4 * 0.3 - 0.9 * (RETENTION - 0.25),
}
# Own payment more than before, in list prices of the hospital.
DEARER = {
    "visit": {"primary": 0.5 * -0.1, "hospital": 0.0, "outside": 1.5 * 0.05},
    "mild": {"primary": 0.25 * -0.2, "hospital": 0.4 * 0.1, "outside": 1.5 * 0.1},
    "serious": {"hospital": 0.4 * 0.1, "outside": 1.5 * 0.1},
}
SHARES = {
    "visit": {"primary": 0.5, "hospital": 0.4, "outside": 0.1},
    "mild": {"primary": 0.3, "hospital": 0.5, "outside": 0.2},
    "serious": {"hospital": 0.75, "outside": 0.25},
}


@pytest.mark.parametrize(
    ("kind", "sought", "needed"),
    [("visit", "visits", 0.6), ("mild", "mild_cases", 0.2), ("serious", "serious_cases", 0.03)],
)
def test_patients_choose_by_a_logit_of_what_they_feel_pay_and_are_swayed_by(kind, sought, needed):
    found = after(choice, CHOICE, SOUGHT)
    agree(found, {"retention": RETENTION, "siphon": SIPHON, "intensity": INTENSITY})
    agree(found, {f"{place}_felt": felt for place, felt in FELT.items()})
    agree(found, {f"{place}_sway": sway for place, sway in SWAY.items()})
    weights = {
        place: share * exp(FELT[place] + SWAY[place] - 1.5 * DEARER[kind][place])
        for place, share in SHARES[kind].items()
    }
    total = sum(weights.values())
    agree(found, {f"{kind}_chosen_{place}": weight / total for place, weight in weights.items()})
    # Only what is felt counts: of the worth of all choices the part that merely sways goes.
    worth = log(total) - sum(weights[place] / total * SWAY[place] for place in weights)
    agree(found, {f"{kind}_worth": worth, sought: needed * exp(0.3 * worth)})


def test_where_nothing_has_changed_shares_are_the_former_ones_and_worth_is_nil():
    still = {
        "month": 0, "hospital_quality": 0.7, "start_siphon": SIPHON, "start_intensity": INTENSITY,
        "start_retention": RETENTION,
    }  # fmt: skip
    same = {name: 0.0 for name in SOUGHT if name.endswith("own_change")}
    same |= {"usable_capability": 0.3, "waiting": 0.0, "gatekeeping_share": 0.0}
    found = after(choice, {**CHOICE, **still}, {**SOUGHT, **same, "price_factor": 1.1})
    for kind, shares in SHARES.items():
        agree(found, {f"{kind}_chosen_{place}": share for place, share in shares.items()})
        assert found[f"{kind}_worth"] == pytest.approx(0, abs=1e-15)
    agree(found, {"visits": 0.6, "mild_cases": 0.2, "serious_cases": 0.03})


def test_listed_mild_cases_are_referred_down_as_far_as_the_centre_is_able():
    found = after(choice, CHOICE, SOUGHT)
    # Half is listed; doctors try 0.2 and the waiver adds 0.4 x 0.5; the centre can do 0.4.
    share = 0.5 * (1 - exp(-0.4)) * 0.4
    arriving = found["mild_cases"] * found["mild_chosen_hospital"]
    centre = found["mild_cases"] * found["mild_chosen_primary"]
    agree(found, {
        "referred_down_share": share,
        "mild_referred": share * arriving,
        "mild_hospital": (1 - share) * arriving,
        "mild_primary": centre + share * arriving,
        "mild_outside": found["mild_cases"] * found["mild_chosen_outside"],
        "serious_hospital": found["serious_cases"] * found["serious_chosen_hospital"],
        "serious_outside": found["serious_cases"] * found["serious_chosen_outside"],
        **{
            f"visits_{place}": found["visits"] * found[f"visit_chosen_{place}"]
            for place in ("primary", "hospital", "outside")
        },
    })  # fmt: skip


# --- money --------------------------------------------------------------------------------------

PAID = {
    "primary_copay_share": 0.5, "outside_copay_share": 0.6, "hospital_copay_share": 0.3,
    "visit_paid_share": 0.4, "drug_bill_share": 0.5,
}  # fmt: skip


def test_what_the_insurer_pays_of_each_bill():
    flows = {"primary_copay_shift": -0.2, "outside_copay_shift": 0.1, "drug_covered_share": 0.25}
    agree(after(paid_shares, PAID, flows), {
        "primary_paid_share": 0.7,
        "outside_paid_share": 0.3,
        "hospital_paid_share": 0.7,
        # 0.6 of a visit, and of the other 0.4 half is for drugs, a quarter of which is covered.
        "visit_primary_paid_share": 0.65,
        "visit_outside_paid_share": 0.3,
        "mild_primary_own_change": -0.2,
        "mild_outside_own_change": 0.1,
        "serious_outside_own_change": 0.1,
        "visit_primary_own_change": -0.25,
        "visit_outside_own_change": 0.1,
    })  # fmt: skip


@pytest.mark.parametrize(("shift", "primary", "outside"), [(-0.9, 1.0, 1.0), (0.9, 0.0, 0.0)])
def test_no_share_of_a_bill_leaves_nil_to_one(shift, primary, outside):
    flows = {"primary_copay_shift": shift, "outside_copay_shift": shift, "drug_covered_share": 0}
    found = after(paid_shares, PAID, flows)
    assert [found["primary_paid_share"], found["visit_primary_paid_share"]] == [primary] * 2
    assert [found["outside_paid_share"], found["visit_outside_paid_share"]] == [outside] * 2


PRICES = {
    "mild_hospital_price": 400, "serious_hospital_price": 1000, "visit_hospital_price": 60,
    "mild_primary_price": 100, "visit_primary_price": 30, "mild_outside_price": 600,
    "serious_outside_price": 1500, "visit_outside_price": 90, "visit_paid_share": 0.4,
    "hospital_variable_cost_share": 0.5, "primary_fee_share": 0.75, "start_primary_covered": 12,
    "primary_variable_cost_share": 0.25,
}  # fmt: skip
VOLUMES = {
    "cost_trend": 1.1, "price_factor": 1.2, "cost_factor": 1.3, "budget_trend": 1.05,
    "mild_hospital": 0.05, "serious_hospital": 0.02, "visits_hospital": 0.1,
    "mild_primary": 0.08, "visits_primary": 0.4, "mild_outside": 0.03, "serious_outside": 0.01,
    "visits_outside": 0.05, "hospital_paid_share": 0.7, "primary_paid_share": 0.6,
    "visit_primary_paid_share": 0.65, "outside_paid_share": 0.5, "visit_outside_paid_share": 0.3,
}  # fmt: skip


def test_what_care_earns_and_costs_and_who_pays():
    # Hospital: 40 at list prices, x 1.1 x 1.2; primary care: 8 and 12; outside: 33 and 4.5.
    insured = 0.75 * (0.6 * 8.8 + 0.65 * 13.2) + 0.25 * 1.05 * 12
    own_primary = 0.4 * 8.8 + 0.35 * 13.2
    hospital_paid = 0.7 * 52.8 + 0.4 * 6.6
    outside_paid = 0.5 * 36.3 + 0.3 * 4.95
    agree(after(prices, PRICES, VOLUMES), {
        "hospital_volume": 40,
        "hospital_mild_income": 26.4,
        "hospital_serious_income": 26.4,
        "hospital_visit_income": 6.6,
        "hospital_income": 59.4,
        "hospital_paid": hospital_paid,
        "hospital_variable_cost": 0.5 * (1.1 * 1.3 * 40 + 6.6),
        "primary_case_income": 8.8,
        "primary_visit_income": 13.2,
        "primary_covered": 0.6 * 8.8 + 0.65 * 13.2,
        "primary_paid": insured,
        "primary_own_payments": own_primary,
        "primary_income": insured + own_primary,
        "primary_variable_cost": 5.5,
        "outside_case_income": 1.1 * (18 + 15),
        "outside_visit_income": 4.95,
        "outside_paid": outside_paid,
        "inside_spending": hospital_paid + insured,
        "insured_spending": hospital_paid + insured + outside_paid,
        "household_payments": 59.4 - hospital_paid + own_primary + 36.3 + 4.95 - outside_paid,
    })  # fmt: skip


TRANSFERS = {
    "public_health_money": 10, "month": 20, "service_start_month": 6, "fund_months": 24,
    "transformation_fund": 8, "fund_to_deficits_share": 0.25, "start_hospital_income": 50,
    "hospital_fixed_cost": 20, "hospital_capacity": 0.9, "mentoring_unit_cost": 0.02,
    "mentoring": 0.5, "information_unit_cost": 0.01, "baseline_information_share": 0.2,
    "primary_fixed_cost": 6, "community_capacity": 1.5, "effort_cash_cost": 0.03,
    "support_effort": 0.4, "prevention_effort": 0.6,
}  # fmt: skip
POOLED = {
    "public_health_multiplier": 2, "budget_trend": 1.05, "performance_share": 0.4, "reach": 0.3,
    "pooled_share": 0.5, "top_slice_share": 0.1, "released_share": 0.8, "cost_trend": 1.1,
    "price_level": 100, "mentoring_pay_share": 0.75, "information_share": 0.7,
}  # fmt: skip


def test_transfers_and_costs_that_follow_no_patient():
    agree(after(transfers, TRANSFERS, POOLED), {
        "public_health_income": 21,
        # 0.6 whatever comes, and 0.4 by a reach of 0.3.
        "public_health_pay": 21 * 0.72,
        "prevention_spending": 21 * 0.72,
        "fund_income": 8,
        "fund_to_deficits": 2,
        "fund_to_community": 6,
        "top_slice": 0.5 * (0.1 * 1.05 * 50 + 0.8 * 1.1 * 20 * 0.1),
        "mentoring_cost": 1.0,
        "mentoring_pay": 0.75,
        "information_cost": 0.5,
        "hospital_fixed": 1.1 * 20 * 0.9,
        "primary_fixed": 1.1 * 6 * 1.5,
        "hospital_effort_cost": 1.2,
        "primary_effort_cost": 1.8,
    })  # fmt: skip


@pytest.mark.parametrize(("month", "income"), [(0, 0), (5, 0), (6, 8), (29, 8), (30, 0), (60, 0)])
def test_fund_money_flows_from_the_start_of_services_for_its_months(month, income):
    assert after(transfers, {**TRANSFERS, "month": month}, POOLED)["fund_income"] == income


def test_no_cost_is_released_by_more_beds_and_less_information_costs_nothing():
    more = {**TRANSFERS, "hospital_capacity": 1.2, "baseline_information_share": 0.9}
    found = after(transfers, more, POOLED)
    agree(found, {"top_slice": 0.5 * 0.1 * 1.05 * 50, "information_cost": 0})


LINES = {
    "budget_trend": 1.1, "hospital_income": 50, "hospital_part_share": 0.6, "settlement_paid": 10,
    "top_slice": 3, "fund_to_deficits": 2, "mentoring_pay": 1.5, "hospital_variable_cost": 20,
    "hospital_fixed": 15, "hospital_effort_cost": 1.2, "mentoring_cost": 1.7, "primary_income": 18,
    "public_health_pay": 9, "prevention_spending": 8, "fund_to_community": 4,
    "primary_variable_cost": 5, "primary_fixed": 6, "primary_effort_cost": 0.7,
    "information_cost": 0.4, "insured_spending": 60, "public_health_income": 11, "fund_income": 7,
    "household_payments": 25, "outside_case_income": 30, "outside_visit_income": 4,
}  # fmt: skip
BALANCES = {
    "insurer_balance": 100, "public_health_balance": 200, "transformation_balance": 300,
    "hospital_balance": 400, "primary_balance": 500, "hospital_block_grant": 10,
    "primary_block_grant": 20, "premium": 70,
}  # fmt: skip


def test_every_balance_changes_by_what_came_less_what_went():
    hospital = 50 + 6 - 3 + 2 + 1.5 + 11 - 20 - 15 - 1.2 - 1.7
    primary = 18 + 4 + 3 + 9 - 8 + 4 + 22 - 5 - 6 - 0.7 - 0.4
    insurer = 77 - 60 - 10 - 1.5
    agree(after(accounts, BALANCES, LINES), {
        "hospital_grant": 11,
        "primary_grant": 22,
        "premium_income": 77,
        "hospital_change": hospital,
        "primary_change": primary,
        "insurer_change": insurer,
        "next_insurer_balance": 100 + insurer,
        "next_public_health_balance": 202,
        "next_transformation_balance": 301,
        "next_hospital_balance": 400 + hospital,
        "next_primary_balance": 500 + primary,
        "money_in": 77 + 11 + 7 + 11 + 22 + 25,
        "money_out": 30 + 4 + 20 + 15 + 1.2 + 5 + 6 + 0.7 + 8 + 1.7 + 0.4,
    })  # fmt: skip


# --- the contract -------------------------------------------------------------------------------

CONTRACT = {
    "start_inside_spending": 50, "start_outside_spending": 20, "benchmark_ratio": 0.9,
    "surplus_noise_share": 0.1, "discount_rate_year": 0.05, "hospital_quality": 0.6,
    "start_hospital_quality": 0.8, "start_reach": 0.4,
}  # fmt: skip
SPENT = {
    "inside_spending": 55, "outside_paid": 25, "leakage_charged_share": 0.5, "budget_trend": 1.1,
    "benchmark_share": 1.05, "price_level": 80, "contract_share": 0.8, "bodies_under_cap": 2,
    "ratchet_share": 0.25, "surplus_kept_share": 0.6, "deficit_borne_share": 0.3,
    "quality_gate_share": 0.5, "reach": 0.3, "readmission_ratio": 1.25,
}  # fmt: skip


def test_what_the_contract_lets_expect():
    budget = 1.05 * 0.9 * 66
    gap = budget - 67.5
    chance = 8 * log(1 + exp(gap / 8))
    # Quality 3/4 of what it was, reach 3/4 (a billionth added to both), readmissions 4/5.
    score = (0.75 + (0.3 + 1e-9) / (0.4 + 1e-9) + 0.8) / 3
    kept = 0.6 * (1 - 0.5 * (1 - score))
    # A saving lowers all later budgets by a quarter of it, year after year.
    worth = exp(-0.05)
    felt = 0.4 * (1 - worth) / (1 - 0.75 * worth)
    agree(after(expected_settlement, CONTRACT, SPENT), {
        "charged_spending": 67.5,
        "reference_spending": 66,
        "budget": budget,
        "gap": gap,
        "quality_score": score,
        "kept_share": kept,
        "chance_surplus": chance,
        "felt_contract_share": felt,
        "felt_settlement": felt * (kept * chance - 0.3 * (chance - gap)),
    })  # fmt: skip


def test_no_part_of_the_quality_score_makes_up_for_another():
    better = {"hospital_quality": 0.95, "start_reach": 0.1}
    found = after(expected_settlement, {**CONTRACT, **better}, {**SPENT, "readmission_ratio": 1})
    assert found["quality_score"] == pytest.approx(1)
    found = after(expected_settlement, {**CONTRACT, **better}, SPENT)
    assert found["quality_score"] == pytest.approx(2.8 / 3)


YEAR = {
    "year_budget": 500, "year_spending": 480, "year_end": 1.0, "payday": 0.0, "settlement_due": 6,
    "benchmark_ratio": 0.9,
}  # fmt: skip
MONTH = {
    "contract_share": 0.5, "budget": 60, "charged_spending": 52, "kept_share": 0.6,
    "deficit_borne_share": 0.3, "ratchet_share": 0.25,
}  # fmt: skip


def test_a_surplus_is_settled_at_the_end_of_the_year():
    agree(after(settlement, YEAR, MONTH), {
        "budget_so_far": 530,
        "spending_so_far": 506,
        "year_gap": 24,
        "settlement": 14.4,
        "next_year_budget": 0,
        "next_year_spending": 0,
        "settlement_paid": 0,
        "next_settlement_due": 20.4,
        "spent_share": 506 / 530,
        # A quarter of the way to what was spent.
        "next_benchmark_ratio": 0.9 * (1 + 0.25 * (506 / 530 - 1)),
    })  # fmt: skip


def test_a_deficit_is_borne_in_part():
    found = after(settlement, {**YEAR, "year_spending": 520}, MONTH)
    agree(found, {"year_gap": -16, "settlement": -4.8, "next_settlement_due": 1.2})
    assert found["next_benchmark_ratio"] == pytest.approx(0.9 * (1 + 0.25 * (546 / 530 - 1)))


def test_within_a_year_nothing_is_settled_and_on_payday_what_is_due_is_paid():
    found = after(settlement, {**YEAR, "year_end": 0.0, "payday": 1.0}, MONTH)
    agree(found, {
        "settlement": 0, "next_year_budget": 530, "next_year_spending": 506,
        "settlement_paid": 6, "next_settlement_due": 0, "next_benchmark_ratio": 0.9,
    })  # fmt: skip


def test_without_a_contract_the_benchmark_stays_and_a_small_budget_is_a_budget():
    none = {**YEAR, "year_budget": 0.0, "year_spending": 0.0}
    found = after(settlement, none, {**MONTH, "contract_share": 0.0})
    agree(found, {"spent_share": 1, "next_benchmark_ratio": 0.9, "settlement": 0})
    small = after(settlement, {**none, "year_budget": 0.4, "year_spending": 0.2},
                  {**MONTH, "contract_share": 0.0})  # fmt: skip
    assert small["spent_share"] == pytest.approx(0.5)


# --- capability, quality, capacity --------------------------------------------------------------

ABLE = {
    "start_capability": 0.4, "staffing_capability": 0.2, "mentoring_gain": 0.1, "mentoring": 0.5,
    "information_learning_share": 0.6, "siphon_staff_rate": 0.05, "start_siphon": 0.1,
    "capability": 0.6, "capability_decay": 0.02, "hospital_quality": 0.7, "quality_gain": 0.03,
    "start_retention": 0.2, "quality_decay": 0.04, "start_hospital_quality": 0.75,
    "skimping_quality_loss": 0.01, "skimping_effort": 0.5,
}  # fmt: skip
TAUGHT = {"staffing_share": 0.5, "information_share": 0.5, "siphon": 0.3, "retention": 0.6}


def test_capability_is_learnt_forgotten_and_drained():
    # A tenth of half, less 0.3 for the information that is missing.
    learning, drained = 0.05 * 0.7, 0.05 * 0.2 * 0.48
    agree(after(capability, ABLE, TAUGHT), {
        "capability_floor": 0.5,
        "learning": learning,
        "drained": drained,
        "next_capability": 0.6 + learning * 0.4 - 0.02 * 0.1 - drained,
        "quality_gained": 0.03 * 0.4 * 0.42,
        "quality_lost": 0.04 * -0.05 + 0.01 * 0.5 * 0.7,
        "next_hospital_quality": 0.7 + 0.03 * 0.4 * 0.42 + 0.04 * 0.05 - 0.0035,
    })  # fmt: skip


def test_staff_alone_never_make_primary_care_able_to_do_everything():
    found = after(capability, {**ABLE, "staffing_capability": 1.5}, TAUGHT)
    assert found["capability_floor"] == 0.95


ROOM = {
    "staffing_capacity": 0.4, "primary_fixed_cost": 5, "community_capacity": 1.1,
    "community_months": 10, "mild_primary_price": 100, "visit_primary_price": 30,
    "visit_hospital_price": 60, "start_hospital_load": 40, "credit_months": 6,
    "start_hospital_income": 50, "hospital_balance": -495, "bed_growth": 0.5,
    "hospital_capacity_floor": 0.3, "hospital_capacity": 0.9, "hospital_months": 20,
}  # fmt: skip
LOADED = {
    "top_slice": 1, "fund_to_community": 2, "staffing_share": 0.5, "cost_trend": 1.2,
    "mild_primary": 0.08, "visits_primary": 0.4, "hospital_volume": 38, "visits_hospital": 0.1,
}  # fmt: skip


def test_capacity_follows_money_and_load():
    agree(after(capacity, ROOM, LOADED), {
        "community_target": 1 + 0.2 + 3 / 6,
        "next_community_capacity": 1.1 + 0.6 / 10,
        "next_primary_load": 8 + 12,
        "next_hospital_load": 44,
        # It owes 495 of a credit of 6 x 50 x 1.2 = 360: two less 1.375.
        "solvency": 0.625,
        # Load is a tenth above before, and half of that is built.
        "beds_target": 0.625 * 1.05,
        "next_hospital_capacity": 0.9 + (0.625 * 1.05 - 0.9) / 20,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("balance", "solvency"),
    [(inf, 1), (0, 1), (-360, 1), (-361, 2 - 361 / 360), (-720, 0), (-2000, 0)],
)
def test_beds_close_between_one_and_two_credits_of_debt(balance, solvency):
    found = after(capacity, {**ROOM, "hospital_balance": balance}, LOADED)
    assert found["solvency"] == pytest.approx(solvency, abs=1e-12)
    assert found["beds_target"] == pytest.approx(max(0.3, solvency * 1.05))


def test_a_smaller_load_wants_as_many_beds_fewer():
    found = after(capacity, {**ROOM, "hospital_balance": 0}, {**LOADED, "hospital_volume": 26})
    assert found["beds_target"] == pytest.approx(32 / 40)


# --- what each side tries to raise --------------------------------------------------------------

OBJECTIVE = {
    **VILLAGE, "public_health_felt_share": 0.3, "workload_value": 0.2, "doctor_time_value": 0.15,
    "mild_hospital_price": 400, "task_conflict_cost": 0.01, "intensity_effort": 0.5,
    "support_effort": 0.4, "prevention_effort": 0.6, "management_effort": 0.3,
    "referral_effort": 0.2, "retention_effort": 0.7, "draw_effort": 0.1, "skimping_effort": 0.8,
    "mentoring": 0.9,
    "support_effort_cost": 0.01, "intensity_effort_cost": 0.02, "referral_effort_cost": 0.03,
    "retention_effort_cost": 0.04, "draw_effort_cost": 0.05, "skimping_effort_cost": 0.06,
    "mentoring_effort_cost": 0.07, "prevention_effort_cost": 0.08, "management_effort_cost": 0.09,
    "healthy_life_weight": 1.0, "unmanaged_life_weight": 0.9, "managed_life_weight": 0.95,
    "complicated_life_weight": 0.6, "life_year_value": 1200, "hospital_copay_share": 0.4,
    "mild_primary_price": 100, "quality_weight": 2.0, "price_weight": 1.5,
    "hospital_quality": 0.7, "intensity_benefit_slope": 0.9, "intensity_benefit_curve": 0.8,
    "visit_hospital_price": 60, "serious_hospital_price": 1000, "visit_paid_share": 0.4,
    "visit_primary_price": 30, "visit_outside_price": 90, "mild_outside_price": 600,
    "serious_outside_price": 1500, "primary_copay_share": 0.5, "outside_copay_share": 0.6,
    "start_price_factor": 1.1, "visit_primary_share": 0.5, "visit_outside_share": 0.1,
    "mild_primary_share": 0.3, "mild_outside_share": 0.2, "serious_outside_share": 0.25,
}  # fmt: skip
FELT_FLOWS = {
    "residents": 1000, "bundled_share": 0.5, "reward_share": 0.8, "hospital_reward_share": 0.6,
    "public_health_income": 20, "performance_share": 0.4, "reach": 0.3, "catalogue_share": 0.5,
    "workload_credit_share": 0.2, "cost_trend": 1.1, "mild_hospital": 0.05, "price_level": 100,
    "hospital_part_share": 0.7, "felt_settlement": 2.0, "hospital_income": 50,
    "hospital_variable_cost": 20, "hospital_effort_cost": 1.2, "mentoring_cost": 1.7,
    "mentoring_pay": 1.5, "primary_income": 18, "primary_variable_cost": 5,
    "primary_effort_cost": 0.7, "public_health_pay": 9, "prevention_spending": 8,
    "price_factor": 1.2, "primary_paid_share": 0.6, "usable_capability": 0.4,
    "mild_referred": 0.02, "hospital_volume": 40, "treatment": 0.375,
    "visits": 0.7, "mild_cases": 0.25, "serious_cases": 0.04, "visit_need": 0.6, "mild_need": 0.2,
    "serious_need": 0.03, "visit_worth": 0.3, "mild_worth": 0.2, "serious_worth": 0.1,
}  # fmt: skip


def test_what_hospital_and_primary_care_gain_as_they_feel_it():
    # Staff feel 0.3 of their pay, and of the rest half bundled times 0.8 passed on.
    bonus = (0.3 + 0.7 * 0.4) * 20 * 0.4 * 0.3
    # Half the cases are listed and count a fifth: 0.6 of 0.2, less 0.15 of time.
    doctors = (0.6 * 0.2 - 0.15) * 1.1 * 400 * 0.05
    hospital_toil = 50 * (
        0.01 * 0.16 + 0.02 * 0.25 + 0.03 * 0.04 + 0.04 * 0.49 + 0.05 * 0.01 + 0.06 * 0.64
        + 0.07 * 0.81
    )  # fmt: skip
    primary_toil = 50 * (0.08 * 0.36 + 0.09 * 0.09)
    hospital = 0.7 * 2 + 0.3 * bonus + doctors - hospital_toil - 0.01 * 100 * 0.5 * 0.4
    primary = 0.3 * 2 + 0.7 * bonus - primary_toil
    agree(after(objectives, OBJECTIVE, FELT_FLOWS), {
        "reach_bonus": bonus,
        "doctors_gain": doctors,
        "hospital_unbooked": hospital,
        "primary_unbooked": primary,
        "hospital_objective": 50 - 20 - 1.2 - 1.7 + 1.5 + hospital,
        "primary_objective": 18 - 5 - 0.7 + 9 - 8 + primary,
    })  # fmt: skip


def test_what_patients_have_of_life_of_care_and_of_treatment():
    # A worth of one is the price at which demand moves by as much: list price over 1.5.
    worth = 0.7 * 0.3 * 40 + 0.25 * 0.2 * 400 / 1.5 + 0.04 * 0.1 * 1000 / 1.5
    # What the need costs anyway: own shares of the bills where people used to go.
    visit = 0.6 * (0.5 * 30 + 0.4 * 60 + 0.1 * 90)
    mild = 0.3 * 0.5 * 100 + 0.5 * 0.4 * 1.1 * 400 + 0.2 * 0.6 * 600
    serious = 0.75 * 0.4 * 1.1 * 1000 + 0.25 * 0.6 * 1500
    care = 1.1 * (worth - 0.6 * visit - 0.2 * mild - 0.03 * serious)
    saved = 0.4 * 1.2 * 400 - 0.4 * 100
    missed = 2 / 1.5 * 400 * 0.3
    agree(after(objectives, OBJECTIVE, FELT_FLOWS), {
        "living_weight": 0.5 + 0.18 + 0.19 + 0.06,
        "life_value": 1320,
        "health_value": 1320 * 0.93 / 12,
        "care_value": care,
        "referral_value": 1.1 * 0.02 * (saved - missed),
        "treatment_value": 1.1 * 40 * (0.9 * 0.375 - 0.8 * 0.375**2 / 2),
        "patient_welfare": 102.3 + care + 1.1 * 0.02 * (saved - missed)
        + 44 * (0.9 * 0.375 - 0.4 * 0.375**2),
    })  # fmt: skip


# --- outcomes -----------------------------------------------------------------------------------


def test_what_the_month_comes_to():
    flows = {
        "mild_cases": 0.16, "serious_cases": 0.04, "mild_outside": 0.03, "serious_outside": 0.02,
        "inside_spending": 60, "insured_spending": 80, "mild_primary": 0.04, "visits_primary": 0.3,
        "visits": 0.5, "mild_hospital": 0.09, "serious_hospital": 0.02, "residents": 1000,
        "unmanaged_complications": 3, "managed_complications": 1, "deaths": 2.5, "money_out": 95,
        "premium_income": 77, "insurer_change": -5, "settlement": 12, "settlement_paid": 7,
        "public_health_pay": 9, "healthy_deaths": 0.5, "unmanaged_deaths": 0.4,
        "managed_deaths": 0.6, "complicated_deaths": 1.0, "healthy_years_ahead": 40,
        "unmanaged_years_ahead": 30, "managed_years_ahead": 35, "complicated_years_ahead": 10,
        "living_weight": 0.93, "life_value": 1320, "patient_welfare": 120, "hospital_change": 2,
        "primary_change": 3, "health_value": 102.3, "public_health_income": 11, "fund_income": 7,
        "hospital_grant": 4, "primary_grant": 6,
    }  # fmt: skip
    # 20 years, 12, 21 and 10 are lost by 1,000 people.
    agree(after(outcomes, VILLAGE, flows), {
        "kept_in_place_share": 0.75,
        "fund_in_place_share": 0.75,
        "primary_mild_share": 0.25,
        "primary_visit_share": 0.6,
        "managed_share": 0.5,
        "hospital_cases": 0.11,
        "complications": 0.004,
        "death_rate": 0.0025,
        "real_cost": 95,
        "outlay": 77 + 5 + 5 + 9,
        "years_lost": 0.063,
        "life_years": 0.93 - 0.756,
        "healthy_life_expectancy": 40,
        "payoff_patients": 120 - 83.16,
        "payoff_hospital": 2,
        "payoff_primary": 3,
        "payoff_insurer": -5,
        "payoff_government": 102.3 - 83.16 - 11 - 7 - 4 - 6,
    })  # fmt: skip
