"""What must be so under extreme conditions, asked of the engine wherever it applies.

Before that, the facts themselves: each asks a pretended model, whose runs are written down and
answer what a test says, so that the setting is the one that stands in its sentence and the
verdict turns at the edge that it names.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from carelab.engine import BASELINE_PRESETS, LEVERS, lever_ranges, load_place
from carelab.engine.names import BALANCES, PEOPLE
from carelab.study.trust import facts
from carelab.study.trust.facts import ANHUI, FACTS, GROUNDS, NO_REFORM, UK_BEFORE, UK_INTEGRATED

ASKS = {fact.ask.__name__.removeprefix("_"): fact for fact in FACTS}
STATES = ("healthy", "unmanaged", "managed", "complicated")


@dataclass(frozen=True)
class PretendedPlace:
    stocks: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    baseline: dict[str, float] = field(default_factory=dict)


class Pretended:
    """A ground that writes down what it is asked and answers with given figures.

    A figure stands for the last year of its run, or for its last month alone; whoever looks at
    an earlier one finds nothing. A list gives one figure a year, a mapping one for some months.
    """

    def __init__(self, *answers, levers=None, last_month=False, **place):
        self.answers, self.asked = list(answers), []
        self.told = 1 if last_month else 12
        self.context, self.preset = "china_county", "anhui"
        self.levers = {"contract_share": 1.0, "contract_years": 3.0} | (levers or {})
        self._place = PretendedPlace(**place)

    def _figure(self, figure, month, count):
        if isinstance(figure, list):
            return figure[month // 12]
        if isinstance(figure, dict):
            return figure.get(month, math.nan)
        return figure if month >= count - self.told else math.nan

    def _months(self, count):
        given = self.answers.pop(0)
        return [
            {name: self._figure(figure, month, count) for name, figure in given.items()}
            for month in range(count)
        ]

    def run(self, years, levers=None, before=None, after=None):
        self.asked.append((years, levers or {}, before or {}, after or {}))
        return self._months(12 * years)

    def first_month(self, **stocks):
        self.asked.append(stocks)
        return self._months(1)[0]

    def place(self):
        return self._place

    @staticmethod
    def times(names, factor):
        """Every parameter of the pretended place is 1."""
        return dict.fromkeys(names, factor)


def of_states(ending, factor):
    return {f"{state}_{ending}": factor for state in STATES}


LIFE, INTENSITY, REACH = "life_years", "next_intensity_effort", "reach"
PATIENTS = "payoff_patients"
SYMMETRIC = {
    "contract_share": 1, "surplus_kept_share": 1, "deficit_borne_share": 1,
    "leakage_charged_share": 1,
}  # fmt: skip
TO_HOSPITAL = {**SYMMETRIC, "hospital_part_share": 1}
DEATHS_DOUBLE = of_states("death_rate", 2)
SIX_EFFORTS = tuple(
    f"next_{kind}_effort"
    for kind in ("prevention", "support", "intensity", "referral", "retention", "skimping")
)


def efforts(*figures):
    return dict(zip(SIX_EFFORTS, figures, strict=True))


def usual(years, **changes):
    """One run: years, and what is changed of levers, before rest and after rest."""
    return (years, *(changes.get(name, {}) for name in ("levers", "before", "after")))


def one(name, *figures):
    return [{name: figure} for figure in figures]


# Facts that look at the last month of their runs, all others at its last year.
LAST_MONTH = {"no_contract_no_terms", "size_does_not_matter", "nothing_to_pay", "nobody_dies"}

# For each fact: what is asked of the model; then answers of the model, whether the fact holds by
# them, and (once) the figures that it tells.
TURNS = {
    "deaths_lower_life_years": (
        [usual(10), usual(10, after=DEATHS_DOUBLE)],
        (one(LIFE, 70, 69.9), True, "healthy years, usual and doubled: 70 and 69.9"),
        (one(LIFE, 70, 70), False),
    ),
    "deaths_of_the_ill_pay_nobody": (
        [usual(10), usual(10, after={"complicated_death_rate": 2})],
        ([{PATIENTS: 5, "payoff_government": 3}, {PATIENTS: 4, "payoff_government": 3}], True,
         "change for patients and government: -1 and 0"),
        ([{PATIENTS: 5, "payoff_government": 3}, {PATIENTS: 4, "payoff_government": 3.5}], False),
        ([{PATIENTS: 5, "payoff_government": 3}, {PATIENTS: 5.5, "payoff_government": 3}], False),
    ),
    "fewer_years_ahead": (
        [usual(1), usual(1, before=DEATHS_DOUBLE)],
        ([{f"{state}_years_ahead": {0: years} for state in STATES} for years in (30, 20)], True,
         "years ahead by state: 30.0 to 20.0; 30.0 to 20.0; 30.0 to 20.0; 30.0 to 20.0"),
        ([{f"{state}_years_ahead": {0: 30} for state in STATES},
          {**{f"{state}_years_ahead": {0: 20} for state in STATES},
           "managed_years_ahead": {0: 30}}],
         False),
    ),
    "fewer_complications": (
        [usual(10), usual(10, after={"unmanaged_complication_rate": 0.5,
                                     "managed_complication_rate": 0.5})],
        (one(LIFE, 70, 70.5), True, "healthy years, usual and halved: 70 and 70.5"),
        (one(LIFE, 70, 70), False),
    ),
    "deficits_are_felt": (
        [usual(10, levers={"deficit_borne_share": 1, "benchmark_share": share})
         for share in (1, 0.8)],
        ([{INTENSITY: 1, REACH: 0.5, "next_hospital_capacity": 1},
          {INTENSITY: 0.98, REACH: 0.5, "next_hospital_capacity": 1}], True,
         "intensity, reach and beds move by 2.0 %, 0.0 %, 0.0 %"),
        ([{INTENSITY: 1, REACH: 0.5, "next_hospital_capacity": 1},
          {INTENSITY: 1, REACH: 0.506, "next_hospital_capacity": 1}], True),
        ([{INTENSITY: 1, REACH: 0.5, "next_hospital_capacity": 1},
          {INTENSITY: 0.995, REACH: 0.5, "next_hospital_capacity": 1.005}], False),
    ),
    "prevention_money_is_spent": (
        [usual(5, levers={"public_health_multiplier": times}) for times in (1, 3)],
        ([{"public_health_pay": 1, "payoff_primary": 1, "real_cost": 1},
          {"public_health_pay": 3, "payoff_primary": 1.9, "real_cost": 1}], True,
         "paid 2.0 more, profit 0.9 more"),
        ([{"public_health_pay": 1, "payoff_primary": 1, "real_cost": 1},
          {"public_health_pay": 3, "payoff_primary": 2, "real_cost": 1}], False),
    ),
    "untied_money_is_spent": (
        [usual(5, levers={"performance_share": 0, "public_health_multiplier": times})
         for times in (1, 3)],
        ([{"public_health_pay": 1, "payoff_primary": 1, "real_cost": 1},
          {"public_health_pay": 3, "payoff_primary": 1.09, "real_cost": 1.1}], True,
         "paid 2.0, profit 0.09, real cost 0.1 more"),
        ([{"public_health_pay": 1, "payoff_primary": 1, "real_cost": 1},
          {"public_health_pay": 3, "payoff_primary": 1.11, "real_cost": 1.1}], False),
        ([{"public_health_pay": 1, "payoff_primary": 1, "real_cost": 1},
          {"public_health_pay": 3, "payoff_primary": 1.09, "real_cost": 1}], False),
    ),
    "gates_before_weak_care": (
        [usual(2, levers={"gatekeeping_share": gate}, before={"start_capability": 0.2})
         for gate in (0, 1)],
        (one(PATIENTS, 1, 0.5), True, "patients' pay-off changes by -0.50 a month"),
        (one(PATIENTS, 1, 1), False),
    ),
    "dearer_care_hurts": (
        [usual(2, levers={"outside_copay_shift": shift}) for shift in (0, 0.3)],
        (one(PATIENTS, 1, 0.5), True, "patients' pay-off changes by -0.50 a month"),
        (one(PATIENTS, 1, 1), False),
    ),
    "ratchets_are_felt": (
        [usual(5, levers={"contract_share": 0}),
         usual(5, levers={**TO_HOSPITAL, "ratchet_share": 0}),
         usual(5, levers={**TO_HOSPITAL, "ratchet_share": 1})],
        (one(INTENSITY, 1, 0.6, 0.8), True, "the ratchet takes 50 % of the effect"),
        (one(INTENSITY, 1, 0.6, 0.75), False),
    ),
    "ratchets_follow": (
        [usual(6, levers={"ratchet_share": 1, "benchmark_share": 0.9})],
        ([{"budget": [0, 101, 0, 99, 0, 100], "charged_spending": [100, 0, 100, 0, 100, 0]}], True,
         "budget over spending: 1.010, 0.990, 1.000"),
        ([{"budget": [0, 103, 0, 100, 0, 100], "charged_spending": [100] * 6}], False),
        ([{"budget": [0, 100, 0, 97, 0, 100], "charged_spending": [100] * 6}], False),
        ([{"budget": [0, 100, 0, 100, 0, 103], "charged_spending": [100] * 6}], False),
    ),
    "nobody_is_referred_to_nothing": (
        [usual(5, levers={"mentoring_offered_share": 0, "staffing_share": 0},
               before={"start_capability": 1e-6})],
        (one("referred_down_share", 0.0009), True, "share referred down: 0.000900"),
        (one("referred_down_share", 0.0011), False),
    ),
    "long_contracts_prevent": (
        [usual(5, levers={"contract_years": years}) for years in (1, 10)],
        (one(REACH, 0.5, 0.506), True, "reach: 0.5 and 0.506"),
        (one(REACH, 0.5, 0.504), False),
    ),
    "altruists_treat": (
        # The range of its row for any place ends at 0.15.
        [usual(5, before={"altruism": value}) for value in (0, 0.15)],
        (one("treatment_gap", -0.2, -0.1), True, "treatment gap: -0.2 and -0.1"),
        (one("treatment_gap", -0.2, -0.2), False),
    ),
    "many_bodies_feel_little": (
        [usual(5, levers={"contract_share": 0}),
         *(usual(5, levers={**TO_HOSPITAL, "bodies_under_cap": bodies}) for bodies in (1, 10))],
        ([efforts(1, 1, 1, 1, 1, 1), efforts(2, 0, 1, 1, 1, 1), efforts(1, 1, 1, 1, 1, 1.5)],
         True, "distance from no contract, one and ten bodies: 2 and 0.5"),
        ([efforts(1, 1, 1, 1, 1, 1), efforts(1, 1, 0, 1, 1, 1), efforts(1, 1, 1, 2, 1, 1)], False),
    ),
    "mergers_share": (
        [usual(5, levers={"governance_share": 1, "bundled_share": 0, "hospital_part_share": part})
         for part in (0, 1)],
        # What is almost nothing is measured against a tenth.
        ([efforts(1, 1, 1, 1, 1, 0), efforts(1.009, 1, 1, 1, 1, 0.0005)], True,
         "largest move: 0.90 %"),
        ([efforts(1, 1, 1, 1, 1, 0), efforts(1.011, 1, 1, 1, 1, 0)], False),
        ([efforts(1, 1, 1, 1, 1, 0), efforts(1, 1, 1, 1, 1, 0.0011)], False),
    ),
    "no_contract_no_terms": (
        [usual(5, levers={"contract_share": 0}),
         usual(5, levers={"surplus_kept_share": 1, "deficit_borne_share": 1,
                          "leakage_charged_share": 1, "benchmark_share": 0.8,
                          "hospital_part_share": 0, "contract_share": 0})],
        ([{PATIENTS: 5, INTENSITY: 1, "residents": 1}, {PATIENTS: 5, INTENSITY: 1,
                                                        "residents": 2}], True,
         "largest difference: 0.0e+00"),
        ([{PATIENTS: 5, INTENSITY: 1}, {PATIENTS: 5 + 2e-9, INTENSITY: 1}], False),
        ([{PATIENTS: 5, INTENSITY: 1}, {PATIENTS: 5, INTENSITY: 1 - 2e-9}], False),
    ),
    "dear_mentoring": (
        [usual(5, after=after, levers={
            "mentoring_push_share": 0, "mentoring_pay_share": 0, "contract_years": 10,
            "governance_share": 1, "contract_share": 1, "deficit_borne_share": 1,
            "information_share": 1})
         for after in ({}, {"mentoring_unit_cost": 5})],
        (one("next_mentoring", 0.5, 0.4), True, "mentoring: 0.5 and 0.4"),
        (one("next_mentoring", 0.5, 0.5), False),
    ),
    "physicians_save": (
        [usual(5, levers={"contract_share": 0, "hospital_part_share": 0, "governance_share": 0}),
         usual(5, levers={**SYMMETRIC, "hospital_part_share": 0, "governance_share": 0})],
        (one("insured_spending", 100, 98), True, "insurer spending changes by -2.0 %"),
        (one("insured_spending", 100, 99.5), False),
    ),
    "size_does_not_matter": (
        [usual(5), usual(5, before={"population": 10})],
        ([{PATIENTS: 5, INTENSITY: 0, "residents": 1}, {PATIENTS: 5, INTENSITY: 0,
                                                        "residents": 9}], True,
         "largest difference: 0.0e+00"),
        ([{PATIENTS: 1, INTENSITY: 1}, {PATIENTS: 1 + 2e-6, INTENSITY: 1}], False),
        ([{PATIENTS: 1, INTENSITY: 1}, {PATIENTS: 1, INTENSITY: 1 - 2e-6}], False),
    ),
    "pay_by_case": (
        [usual(5, levers={"case_paid_share": share}) for share in (0, 1)],
        (one(INTENSITY, 1, 0.9), True, "intensity: 1 and 0.9"),
        (one(INTENSITY, 1, 1), False),
    ),
    "deaths_pay_nobody": (
        [usual(10), usual(10, after=DEATHS_DOUBLE)],
        ([dict.fromkeys(("payoff_hospital", "payoff_primary", "payoff_insurer"), 2),
          {"payoff_hospital": 1.5, "payoff_primary": 1, "payoff_insurer": 2}], True,
         "hospital, primary care and insurer gain -0.50, -1.00, 0.00 a month"),
        ([dict.fromkeys(("payoff_hospital", "payoff_primary", "payoff_insurer"), 2),
          {"payoff_hospital": 1, "payoff_primary": 1, "payoff_insurer": 2.5}], False),
    ),
    "useless_mentoring": (
        [usual(5, levers={"mentoring_push_share": 0}, after={"mentoring_gain": 0})],
        (one("next_mentoring", 5e-10), True, "mentoring: 0.000"),
        (one("next_mentoring", 2e-9), False),
    ),
    "nobody_falls_ill": (
        [usual(10), usual(10, after={"onset_rate": 0})],
        ([{LIFE: 1, "insured_spending": 9}, {LIFE: 1.5, "insured_spending": 8}], True,
         "healthy years +0.5000, spending -1.0"),
        ([{LIFE: 1, "insured_spending": 9}, {LIFE: 1, "insured_spending": 8}], False),
        ([{LIFE: 1, "insured_spending": 9}, {LIFE: 1.5, "insured_spending": 9}], False),
    ),
    "charges_keep": (
        [usual(5, levers={**TO_HOSPITAL, "leakage_charged_share": charge}) for charge in (0, 1)],
        (one("kept_in_place_share", 0.5, 0.6), True, "share kept: 0.5 and 0.6"),
        (one("kept_in_place_share", 0.5, 0.5), False),
    ),
    "dear_prevention": (
        [usual(5), usual(5, after={"effort_cash_cost": 2, "prevention_effort_cost": 2})],
        (one(REACH, 0.5, 0.4), True, "reach: 0.5 and 0.4"),
        (one(REACH, 0.5, 0.5), False),
    ),
    "the_impatient": (
        [usual(5, after={"discount_rate_year": rate}) for rate in (0.02, 0.08)],
        (one("next_prevention_effort", 1, 0.9), True, "prevention effort: 1 and 0.9"),
        (one("next_prevention_effort", 1, 1), False),
    ),
    "movers": (
        [usual(5, after={"turnover_rate_year": rate}) for rate in (0.01, 0.06)],
        (one("next_prevention_effort", 1, 0.9), True, "prevention effort: 1 and 0.9"),
        (one("next_prevention_effort", 1, 1), False),
    ),
    "no_margin": (
        [usual(5), usual(5, after={"hospital_variable_cost_share": 0.95})],
        (one(INTENSITY, 1, 0.9), True, "intensity: 1 and 0.9"),
        (one(INTENSITY, 1, 1), False),
    ),
    "busy_centres": (
        [usual(5, after=of_states("visits_year", 2))],
        (one("usable_part", 0.98), True, "usable part: 0.98"),
        (one("usable_part", 0.995), False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TURNS)
def test_a_fact_asks_what_its_setting_says_and_turns_at_its_edge(name):
    asked, *turns = TURNS[name]
    for given, holds, *told in turns:
        pretended = Pretended(*given, last_month=name in LAST_MONTH)
        answer = ASKS[name].ask(pretended)
        assert pretended.asked == asked
        assert answer.holds is holds, given
        assert answer.applies
        assert told in ([], [answer.figures])


# The same for facts that look at the place too: what it is, and where the fact applies.
WITH_PLACE = {
    "debt_closes_beds": (
        [usual(15, levers={"contract_share": 1, "deficit_borne_share": 1, "hospital_part_share": 1,
                           "benchmark_share": share}) for share in (1, 0.8)],
        {"baseline": {"start_hospital_income": 2.0}},
        ([{"next_hospital_balance": 0, "next_hospital_capacity": 1},
          {"next_hospital_balance": -13, "next_hospital_capacity": 0.89}], True,
         "balance -6.5 months of income; beds: 0.89 and 1"),
        ([{"next_hospital_balance": 0, "next_hospital_capacity": 1},
          {"next_hospital_balance": -13, "next_hospital_capacity": 0.91}], False),
        ([{"next_hospital_balance": 0, "next_hospital_capacity": 1},
          {"next_hospital_balance": -11, "next_hospital_capacity": 1}], True),
    ),
    "crowds_wait": (
        [usual(5, after=of_states("serious_cases_year", 1.2))],
        {"parameters": {"bed_growth": 0.0}},
        (one("waiting", 0.011), True, "waiting: 0.011"),
        (one("waiting", 0.009), False),
    ),
    "practices_are_paid_by_head": (
        [usual(1), usual(1, after=of_states("visits_year", 1.2))],
        {"parameters": {"primary_fee_share": 0.49}},
        (one("payoff_primary", 1, 1), True, "primary care's pay-off changes by 0.00 a month"),
        (one("payoff_primary", 1, 1.1), False),
    ),
    "nothing_to_pay": (
        [usual(5), usual(5, levers={"primary_copay_shift": -0.2})],
        {"parameters": {"primary_copay_share": 0.0}},
        ([dict.fromkeys((PATIENTS, "insured_spending", "primary_mild_share", *SIX_EFFORTS), 1)] * 2,
         True, "largest difference: 0.0e+00"),
        *(([dict.fromkeys((PATIENTS, "insured_spending", "primary_mild_share", *SIX_EFFORTS), 1),
            {**dict.fromkeys((PATIENTS, "insured_spending", "primary_mild_share", *SIX_EFFORTS),
                             1), name: 1 + 2e-9}], False)
          for name in (PATIENTS, "insured_spending", "primary_mild_share", SIX_EFFORTS[-1])),
    ),
    "dear_hospitals": (
        [usual(2), usual(2, after={"hospital_copay_share": 0.5})],
        {"parameters": {"hospital_copay_share": 0.4}},
        ([{"primary_mild_share": 0.5, PATIENTS: 2}, {"primary_mild_share": 0.6, PATIENTS: 1}],
         True, "share +0.1000, patients' pay-off -1.00"),
        ([{"primary_mild_share": 0.5, PATIENTS: 2}, {"primary_mild_share": 0.5, PATIENTS: 1}],
         False),
        ([{"primary_mild_share": 0.5, PATIENTS: 2}, {"primary_mild_share": 0.6, PATIENTS: 2}],
         False),
    ),
    "useless_prevention": (
        [usual(5, levers={"performance_share": 0},
               after={"prevention_onset_effect": 0, "reach_management_rate": 0})],
        {"stocks": {"prevention_effort": 1.0}},
        (one("next_prevention_effort", 1), True,
         "prevention effort, start and year 5: 1 and 1"),
        (one("next_prevention_effort", 1 + 2e-9), False),
    ),
    "cheaper_care_helps": (
        [usual(2, levers={"outside_copay_shift": shift}) for shift in (0, -0.3)],
        {"parameters": {"outside_copay_share": 0.1}},
        (one(PATIENTS, 1, 1.5), True, "patients' pay-off changes by +0.50 a month"),
        (one(PATIENTS, 1, 1), False),
    ),
    "nobody_dies": (
        [usual(10, after=of_states("death_rate", 0))],
        {"stocks": {"healthy": 40, "unmanaged": 30, "managed": 20, "complicated": 10}},
        (one("residents", 101), True, "residents times 1.010"),
        (one("residents", 100), False),
    ),
    "quality_helps": (
        [{}, {"hospital_quality": 0.75}],
        {"stocks": {"hospital_quality": 0.65}},
        (one(PATIENTS, 1, 1.5), True, "patients' pay-off changes by 0.50 a month"),
        (one(PATIENTS, 1, 1), False),
    ),
    "capability_helps": (
        [{}, {"capability": 0.75}],
        {"stocks": {"capability": 0.65}},
        (one(PATIENTS, 1, 1.5), True, "patients' pay-off changes by +0.50 a month"),
        (one(PATIENTS, 1, 1), False),
    ),
    "withheld_care_harms": (
        [usual(5, after={"withheld_care_effect": harm}) for harm in (0, 0.3)],
        {},
        ([{LIFE: 70}, {LIFE: 69, "withheld_harm": [1.01] * 5}], True,
         "healthy years: 70 and 69"),
        ([{LIFE: 70}, {LIFE: 70, "withheld_harm": [1.01] * 5}], False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WITH_PLACE)
def test_a_fact_that_looks_at_the_place_asks_and_turns_so_too(name):
    asked, place, *turns = WITH_PLACE[name]
    for given, holds, *told in turns:
        pretended = Pretended(*given, last_month=name in LAST_MONTH, **place)
        answer = ASKS[name].ask(pretended)
        for mine, its in zip(asked, pretended.asked, strict=True):
            parts = zip(mine, its, strict=True) if isinstance(mine, tuple) else [(mine, its)]
            assert all(one == pytest.approx(other) for one, other in parts)
        assert answer.holds == holds, given
        assert answer.applies
        assert told in ([], [answer.figures])


@pytest.mark.parametrize(
    ("name", "ground", "answers"),
    [
        # where a contract is in force
        ("deficits_are_felt", {"levers": {"contract_share": 0.0}}, 2),
        ("ratchets_follow", {"levers": {"contract_share": 0.0}}, 1),
        ("altruists_treat", {"levers": {"contract_share": 0.0}}, 2),
        # where hospitals mentor of their own accord, beds do not grow, primary care is paid mainly
        # by head or is free, care outside is paid in part by patients, more is withheld than before
        ("dear_mentoring", {}, 2),
        ("crowds_wait", {"parameters": {"bed_growth": 0.1}}, 1),
        ("practices_are_paid_by_head", {"parameters": {"primary_fee_share": 0.5}}, 2),
        ("nothing_to_pay", {"parameters": {"primary_copay_share": 0.1}}, 2),
        ("cheaper_care_helps", {"parameters": {"outside_copay_share": 0.0}}, 2),
        ("withheld_care_harms", {}, 2),
    ],
)
def test_a_fact_says_where_it_does_not_apply(name, ground, answers):
    nothing = {  # whatever is asked of it
        **dict.fromkeys((LIFE, REACH, PATIENTS, "payoff_primary", "treatment_gap"), 1.0),
        **dict.fromkeys(("insured_spending", "primary_mild_share", "next_hospital_capacity"), 1.0),
        **efforts(1, 1, 1, 1, 1, 1), "next_mentoring": 0.0, "waiting": 1.0,
        "budget": [1.0] * 10, "charged_spending": [1.0] * 10, "withheld_harm": [1.0] * 10,
    }  # fmt: skip
    assert not ASKS[name].ask(Pretended(*[nothing] * answers, **ground)).applies
    assert ASKS[name].where.startswith("where ")


def test_a_change_is_a_share_of_what_was_and_of_nothing_the_whole():
    assert facts._change(1.1, 1.0) == pytest.approx(0.1)
    assert facts._change(0.9, 1.0) == pytest.approx(0.1)
    assert facts._change(-0.3, 0.0) == 0.3


def test_a_year_is_the_mean_of_its_twelve_months_and_of_a_stock_its_end():
    months = [{"flow": float(month), "next_stock": float(month)} for month in range(36)]
    assert facts._year(months, "flow", 1) == 5.5
    assert facts._year(months, "flow", 2) == 17.5
    assert facts._last(months, "flow") == 29.5
    assert [facts._year(months, "next_stock", year) for year in (1, 2)] == [11, 23]
    assert facts._last(months, "next_stock") == 35


def asks_with(monkeypatch, name, **worlds):
    """Ask a fact that goes through places or makes other grounds; what those are is pretended."""
    for part, world in worlds.items():
        monkeypatch.setattr(facts, part, world)
    return ASKS[name].ask(None)


def test_nothing_moves_means_no_stock_but_money_of_the_calendar_by_a_thousandth(monkeypatch):
    def asked(**last):
        moved = {f"stock_{name}": {0: 2.0, 119: end} for name, end in last.items()}
        places = [Pretended({"stock_reach": [1.0] * 10, "flow": {0: 1.0, 119: 5.0}} | moved),
                  Pretended({"stock_reach": [1.0] * 10})]  # fmt: skip
        answer = asks_with(monkeypatch, "nothing_moves", _BEFORE=places)
        still = {"hospital_drift_year": 0, "cost_trend_year": 0}
        assert all(each.asked == [usual(10, after=still)] for each in places)
        return answer

    calendar = dict.fromkeys((*BALANCES, "year_budget", "year_spending"), 9.0)
    assert asked(capability=2.0018, **calendar) == (True, "largest move: 0.0900 %", True)
    assert not asked(capability=2.0022).holds
    assert not asked(capability=1.9978).holds


def drawn(*months):
    """Random runs: what they return, each quantity an array of two draws."""
    figures = [{name: np.array([0.5, value]) for name, value in each.items()} for each in months]
    return lambda: [("china_county", {}, figures)]


def test_accounts_close_to_a_billionth_in_every_month_and_draw(monkeypatch):
    nothing = {f"{kind}_{name}": 0.5 for kind in ("next", "stock") for name in BALANCES}

    def asked(**changed):
        month = nothing | {"money_in": 3.0, "money_out": 3.0} | changed
        closed = nothing | {"money_in": 3.0, "money_out": 3.0}
        return asks_with(monkeypatch, "accounts_close", _random_runs=drawn(month, closed))

    balance = f"next_{BALANCES[2]}"
    assert asked() == (True, "largest error: 0.0e+00 a month and resident", True)
    assert asked(**{balance: 1.5}, money_in=4.0).holds
    assert not asked(**{balance: 1.5}, money_out=4.0).holds
    assert not asked(money_in=3.0 + 2e-9).holds
    assert not asked(money_out=3.0 + 2e-9).holds


def test_people_are_counted_by_births_and_deaths_and_never_less_than_nobody(monkeypatch):
    people = {f"{kind}_{name}": 0.5 for kind in ("next", "stock") for name in PEOPLE}
    usual = people | {"births": 0.5, "deaths": 0.5, "residents": 1.0}

    def asked(**changed):
        runs = drawn(usual | changed, usual)
        return asks_with(monkeypatch, "people_are_counted", _random_runs=runs)

    assert asked() == (True, "largest error: 0.0e+00 of the residents", True)
    assert asked(next_managed=0.75, births=0.75).holds
    assert not asked(next_managed=0.75, deaths=0.75).holds
    assert asked(births=0.5 + 5e-9, residents=10.0).holds
    assert not asked(births=0.5 + 2e-9).holds
    assert asked(next_managed=0.0, births=0.0).holds
    assert not asked(next_managed=-0.1, births=-0.1).holds


def test_everything_is_finite_a_share_is_one_and_no_effort_passes_twenty(monkeypatch):
    shares = ("reach", "kept_in_place_share", "primary_mild_share", "primary_visit_share",
              "managed_share", "referred_down_share", "usable_capability",
              "quality_score")  # fmt: skip
    usual = dict.fromkeys(shares, 0.5) | {"next_intensity_effort": 1.0, "price": 7.0}

    def asked(**changed):
        runs = drawn(usual, usual | changed)
        return asks_with(monkeypatch, "all_is_finite", _random_runs=runs)

    assert asked(next_intensity_effort=19.99) == (True, "largest effort: 19.99", True)
    assert not asked(next_intensity_effort=20.0).holds
    assert not asked(price=np.nan).holds
    assert not asked(price=np.inf).holds
    for name in shares:
        assert asked(**{name: 0.0}).holds and asked(**{name: 1.0}).holds
        assert not asked(**{name: 1.001}).holds, name
        assert not asked(**{name: -0.001}).holds, name


def test_the_random_runs_draw_every_lever_within_its_range_in_every_place(monkeypatch):
    drawn = []

    def noted(place, levers, months):
        drawn.append((place, levers, months))
        return iter([{"month": 0}])

    monkeypatch.setattr(facts, "run_months", noted)
    runs = facts._random_runs.__wrapped__()
    assert [context for context, *_ in runs] == list(BASELINE_PRESETS)
    assert [place for place, *_ in drawn] == [load_place(name) for name in BASELINE_PRESETS]
    for _, levers, months in drawn:
        assert months == 72
        assert set(levers) == set(LEVERS)
        for name, (low, high, _) in lever_ranges().items():
            assert levers[name].shape == (200,)
            assert low <= levers[name].min() < low + 0.1 * (high - low)
            assert high - 0.1 * (high - low) < levers[name].max() <= high


def grounds_made(monkeypatch, **answers):
    """Pretended grounds for whatever the fact makes itself; the list of what it made."""
    made = []

    def make(context, preset):
        assert (context, preset) == ("china_county", "china_dilemma")
        made.append(Pretended(answers, levers={"contract_years": 2.0}))
        return made[-1]

    monkeypatch.setattr(facts, "Ground", make)
    return made


@pytest.mark.parametrize(
    ("late", "holds"),
    [
        ({}, True), ({"flow": [2.0, 1.0, 1.0]}, True),
        ({"next_reach": [1 + 2e-9, 1.0, 1.0]}, False), ({"payoff_a": [1.0, 1 - 2e-9, 1.0]}, False),
        # A billionth of what it is, where that is more than one.
        ({"payoff_b": [100 + 9e-8, 100.0, 100.0]}, True),
        ({"payoff_b": [100 + 2e-7, 100.0, 100.0]}, False),
    ],
)  # fmt: skip
def test_later_is_later_in_every_month_before(monkeypatch, late, holds):
    never = {"next_reach": [1.0] * 3, "payoff_a": [1.0] * 3, "payoff_b": [100.0] * 3,
             "flow": [1.0] * 3}  # fmt: skip
    made = grounds_made(monkeypatch, **never)
    pretended = Pretended(never | late)
    answer = ASKS["later_is_later"].ask(pretended)
    assert answer.holds == holds
    starts = {"payment_start_month": 37, "service_start_month": 37, "contract_years": 2}
    assert pretended.asked == [usual(3, levers=starts)]
    assert made[0].asked == [usual(3)]


@pytest.mark.parametrize(("paid", "holds"), [(0.76, True), (0.74, False)])
def test_no_miracles_means_that_payers_pay_three_quarters_or_more(monkeypatch, paid, holds):
    made = grounds_made(monkeypatch, insured_spending=80.0, household_payments=20.0)
    pretended = Pretended({"insured_spending": 100 * paid - 20, "household_payments": 20.0})
    answer = ASKS["no_miracles"].ask(pretended)
    assert answer.holds == holds
    assert answer.figures == f"what is paid for care changes by {100 * paid - 100:.1f} %"
    ((years, levers, before, after),) = pretended.asked
    assert (years, before, after) == (5, {}, {})
    assert made[0].asked == [usual(5)]
    most = {name: high for name, (_, high, _) in lever_ranges().items()}
    now = {"bodies_under_cap": 1, "payment_start_month": 0, "service_start_month": 0}
    assert levers == most | now


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [(1.0, 1.049, True), (1.0, 1.051, False), (1.0, 0.949, False), (0.0, 0.0049, True),
     (0.0, 0.0051, False)],
)  # fmt: skip
def test_trends_move_no_effort_by_a_twentieth(monkeypatch, start, end, holds):
    stocks = dict.fromkeys((name.removeprefix("next_") for name in SIX_EFFORTS), 1.0)
    world = {"parameters": {"cost_trend_year": 0.02},
             "stocks": stocks | {"skimping_effort": start}}  # fmt: skip
    places = [Pretended(efforts(1, 1, 1, 1, 1, end), **world),
              Pretended(efforts(1, 1, 1, 1, 1, start), **world)]  # fmt: skip
    answer = asks_with(monkeypatch, "trends_move_no_effort", _BEFORE=places)
    assert answer.holds == holds
    assert all(each.asked == [usual(10, after={"hospital_drift_year": 0})] for each in places)
    still = Pretended(efforts(1, 1, 1, 1, 1, 1), stocks=stocks, parameters={"cost_trend_year": 0.0})
    with pytest.raises(AssertionError, match="no trend of costs"):
        asks_with(monkeypatch, "trends_move_no_effort", _BEFORE=[still])


@pytest.mark.parametrize(
    ("name", "off", "holds"),
    [("reach", 0.0, True), ("reach", 9e-7, True), ("reach", 2e-6, False), ("flow", 1.0, True),
     ("kept_in_place_share", -2e-6, False), ("primary_mild_share", 2e-6, False),
     (SIX_EFFORTS[0], 2e-6, False), (SIX_EFFORTS[5], -2e-6, False)],
)  # fmt: skip
def test_coins_mean_every_price_cost_and_fund_of_the_place(name, off, holds):
    parameters = load_place("china_county").parameters
    levers = dict.fromkeys(LEVERS, 3.0)
    shares = dict.fromkeys(("reach", "kept_in_place_share", "primary_mild_share", "flow"), 1.0)
    seen = shares | efforts(1, 1, 1, 1, 1, 1)
    pretended = Pretended(
        seen, seen | {name: seen[name] + off}, parameters=parameters, levers=levers,
        last_month=True,
    )  # fmt: skip
    assert ASKS["coins_do_not_matter"].ask(pretended).holds == holds
    first, (years, funds, before, after) = pretended.asked
    assert first == usual(5)
    assert (years, after) == (5, {})
    # The one lever that is an amount of money.
    assert funds == {"transformation_fund": 30.0}
    # Eight prices, what prevention and fixed costs take, the value of a year: the rest are shares.
    money = ["mild_primary_price", "mild_hospital_price", "serious_hospital_price",
             "mild_outside_price", "serious_outside_price", "visit_primary_price",
             "visit_hospital_price", "visit_outside_price", "public_health_money",
             "primary_fixed_cost", "life_year_value"]  # fmt: skip
    assert before == dict.fromkeys(money, 10)


@pytest.mark.parametrize(("hurt", "holds"), [(0.5, True), (-0.5, False)])
def test_closed_beds_are_three_in_ten_from_month_0_on(monkeypatch, hurt, holds):
    def run(place, levers, months):
        assert (months, levers) == (12, pretended.levers)
        assert place.stocks in ({"hospital_capacity": 1.0, "reach": 0.5},
                                {"hospital_capacity": 0.7, "reach": 0.5})  # fmt: skip
        closed = place.stocks["hospital_capacity"] < 1
        return [{PATIENTS: 2.0 - hurt * closed}] * months

    monkeypatch.setattr(facts, "run_months", run)
    pretended = Pretended(stocks={"hospital_capacity": 1.0, "reach": 0.5})
    answer = ASKS["closed_beds_hurt"].ask(pretended)
    assert answer == (holds, f"patients' pay-off changes by {-hurt:.2f} a month", True)


@pytest.mark.parametrize(
    ("name", "off", "holds"),
    [("flow", 1.0, True), ("payoff_insurer", 9e-7, True), ("payoff_insurer", -2e-6, False),
     ("next_reach", 2e-6, False)],
)  # fmt: skip
def test_no_change_is_no_reform_whatever_the_timing(monkeypatch, name, off, holds):
    seen = {"flow": 1.0, "payoff_insurer": 1.0, "next_reach": 1.0}
    places = [Pretended(seen, seen | {name: 1.0 + off}, last_month=True),
              Pretended(seen, seen, last_month=True)]  # fmt: skip
    answer = asks_with(monkeypatch, "no_change_no_reform", _BEFORE=places)
    assert answer.holds == holds
    timed = {"payment_start_month": 6, "service_start_month": 12, "ramp_months": 12}
    assert all(each.asked == [usual(5), usual(5, levers=timed)] for each in places)


def test_every_fact_is_asked_of_the_pretended_model():
    alone = {"nothing_moves", "accounts_close", "people_are_counted", "all_is_finite",
             "later_is_later", "no_miracles", "trends_move_no_effort", "coins_do_not_matter",
             "closed_beds_hurt", "no_change_no_reform"}  # fmt: skip
    assert set(ASKS) == {*TURNS, *WITH_PLACE, *alone}
    assert [fact.number for fact in FACTS] == list(range(1, len(FACTS) + 1))


def test_what_holds_by_construction_is_told_as_an_identity():
    # Conservation, units of people and of money, terms of a contract that is not there, what the
    # equations themselves say of the ratchet, of merger, of altruism, and of a reform of nothing.
    by_construction = {
        "accounts_close", "people_are_counted", "ratchets_are_felt", "altruists_treat",
        "mergers_share", "no_contract_no_terms", "nothing_to_pay", "size_does_not_matter",
        "coins_do_not_matter", "no_change_no_reform",
    }  # fmt: skip
    assert {name for name, fact in ASKS.items() if fact.identity} == by_construction
    assert [name for name, fact in ASKS.items() if fact.exception] == ["deaths_pay_nobody"]


def test_a_fact_is_asked_first_on_the_ground_that_its_setting_names():
    begins = {"Anhui package": ANHUI, "No reform": NO_REFORM, "UK before integration": UK_BEFORE,
              "Integrated UK place": UK_INTEGRATED}  # fmt: skip
    told = {fact.setting: fact.named for fact in FACTS}
    for setting, named in told.items():
        for words, ground in begins.items():
            if setting.startswith(words) and "each place" not in setting:
                assert named == ground, setting
    assert str(ANHUI) == "china_county/anhui" and str(UK_BEFORE) == "uk_place/uk_before"
    assert {str(each) for each in facts._BEFORE} == {
        "china_county/china_dilemma", "hangzhou_district/hangzhou", "uk_place/uk_before"
    } or {each.preset for each in facts._BEFORE} == set(BASELINE_PRESETS.values())  # fmt: skip


def test_a_ground_runs_its_package_in_its_place_with_what_is_changed():
    place = load_place("china_county")
    tenfold = ANHUI.times(["population"], 10)
    assert tenfold == {"population": 10 * place.parameters["population"]}
    assert ANHUI.place() == place
    after = ANHUI.place(after={"onset_rate": 0.0})
    assert after.parameters == {**place.parameters, "onset_rate": 0.0}
    assert after.stocks == place.stocks
    always = ANHUI.place({"start_capability": 0.2})
    assert always.parameters["start_capability"] == 0.2
    assert always.stocks["capability"] == pytest.approx(0.2) != place.stocks["capability"]
    both = ANHUI.place({"start_capability": 0.2}, {"onset_rate": 0.0}).parameters
    assert (both["start_capability"], both["onset_rate"]) == (0.2, 0.0)
    months = ANHUI.run(2)
    assert len(months) == 24
    assert ANHUI.run(1)[0]["stock_capability"] == place.stocks["capability"]
    assert ANHUI.first_month(capability=0.3)["stock_capability"] == 0.3
    gated = [ANHUI.run(1, {"gatekeeping_share": gate})[-1]["reach"] for gate in (0.0, 1.0)]
    assert gated[0] != gated[1]


def test_the_table_of_facts_gives_each_its_kind_and_answer(monkeypatch):
    answers = {"a": (True, "one"), "b": (False, "two"), "c": (True, "three")}
    made = [
        facts.Fact(number, f"{name}.", "Here", None,
                   lambda _, name=name: facts.Answer(*answers[name]), **kind)
        for number, (name, kind) in enumerate(
            {"a": {"identity": True}, "b": {"exception": "Never"},
             "c": {"where": "where it is", "unless": {"x": "Not x", "y": "Not x"}}}.items(), 1)
    ]  # fmt: skip
    monkeypatch.setattr(facts, "FACTS", made)
    expected = [
        (1, "a.", "Here", "identity", True, "one"), (2, "b.", "Here", "exception", False, "two"),
        (3, "c.", "Here. Applies where it is. Not x", "fact", True, "three"),
    ]  # fmt: skip
    columns = ["number", "fact", "setting", "kind", "holds", "figures"]
    pd.testing.assert_frame_equal(facts.facts_table(), pd.DataFrame(expected, columns=columns))


def test_a_fact_is_excused_by_place_by_package_or_by_both():
    fact = facts.Fact(1, "It is.", "Here", ANHUI, lambda at: facts.Answer(True, ""),
                      unless={"uk_place": "place", "changxing": "package",
                              "china_county/nanning": "both"})  # fmt: skip
    excused = {str(each): fact.excused(each) for each in fact.grounds}
    assert excused["uk_place/anhui"] == "place"
    assert excused["china_county/changxing"] == "package"
    assert excused["china_county/nanning"] == "both"
    assert excused["hangzhou_district/nanning"] == excused["china_county/anhui"] == ""
    assert fact.excused(None) == ""
    assert fact.grounds[0] == ANHUI and len(fact.grounds) == len(GROUNDS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.number}: {fact.sentence}")
def test_it_must_be_so_in_every_place_and_package_where_it_applies(fact):
    wrong = []
    for ground in fact.grounds:
        answer = fact.ask(ground)
        if fact.excused(ground):
            # An exception that holds after all would hide a fact.
            if answer.holds and answer.applies:
                wrong.append(f"{ground}: no exception any more: {answer.figures}")
        elif answer.applies and not answer.holds:
            wrong.append(f"{ground}: {answer.figures}")
        elif ground == fact.named and not answer.applies:
            wrong.append(f"{ground}: does not apply where its setting says")
    assert wrong == []


def test_every_ground_is_asked_and_every_exception_names_one():
    assert len(GROUNDS) == len(set(GROUNDS)) >= 24
    known = {name for ground in GROUNDS for name in (*ground, str(ground))}
    assert [name for fact in FACTS for name in fact.unless if name not in known] == []
    named = [fact for fact in FACTS if fact.named]
    assert all(set(fact.grounds) == set(GROUNDS) for fact in named)
    # Of the others each goes through all places itself.
    assert len(FACTS) - len(named) == 6
    assert all(not fact.excused(fact.named) or fact.exception for fact in FACTS)
