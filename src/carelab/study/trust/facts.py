"""What must be so, whatever the parameters: facts about extreme conditions, asked of the model.

Each fact is one sentence with its setting. An *identity* holds by construction and is kept as a
guard; an *exception* cannot hold, and says why. A setting changes parameters before the place
comes to rest (the place was always like that) or after (the world changes in month 0).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from carelab.base.frozen import FrozenMap
from carelab.base.levers import levers_of
from carelab.engine import (
    BASELINE_PRESETS,
    LEVERS,
    Place,
    lever_ranges,
    load_place,
    place_at_rest,
    place_parameters,
    preset_levers,
    run_months,
)
from carelab.engine.names import BALANCES, PEOPLE
from carelab.engine.scenario import built_in_presets
from carelab.engine.tables import rows_of
from carelab.engine.years import MONTHS

if TYPE_CHECKING:
    import pandas as pd

# A contract that shares savings and losses alike and charges all care outside.
SYMMETRIC = {
    "contract_share": 1.0,
    "surplus_kept_share": 1.0,
    "deficit_borne_share": 1.0,
    "leakage_charged_share": 1.0,
}
_ALL_OF_IT = {**SYMMETRIC, "hospital_part_share": 1.0}
_NO_CONTRACT = {"contract_share": 0.0}
_DEATHS = tuple(f"{state}_death_rate" for state in PEOPLE)
_RISKS = ("unmanaged_complication_rate", "managed_complication_rate")
_DRAWS, _DRAWN_MONTHS, _SEED = 200, 72, 7


class Answer(NamedTuple):
    """What the model says: whether the fact holds, the figures, and whether it applies at all."""

    holds: bool
    figures: str
    applies: bool = True


@cache
def _resting_place(context: str, before: Mapping[str, float]) -> Place:
    return place_at_rest(context, {**place_parameters(context), **before})


class Ground(NamedTuple):
    """Where a fact is asked: a place and the package of levers that it is given."""

    context: str
    preset: str

    def __str__(self) -> str:
        """Name both."""
        return f"{self.context}/{self.preset}"

    @property
    def levers(self) -> Mapping[str, float]:
        """Every lever of the package."""
        return preset_levers(self.preset)

    def place(
        self,
        before: Mapping[str, float] | None = None,
        after: Mapping[str, float] | None = None,
    ) -> Place:
        """Return a place whose parameters were always others, or become others in month 0."""
        place = load_place(self.context)
        if before:
            place = _resting_place(self.context, FrozenMap(before))
        return replace(place, parameters={**place.parameters, **(after or {})})

    def times(self, names: Sequence[str], factor: float) -> dict[str, float]:
        """Return parameters of the place, each times a factor."""
        given = place_parameters(self.context)
        return {name: factor * given[name] for name in names}

    def run(
        self,
        years: int,
        levers: Mapping[str, float] | None = None,
        before: Mapping[str, float] | None = None,
        after: Mapping[str, float] | None = None,
    ) -> list[dict[str, Any]]:
        """Run the package with other levers, in a place with other parameters."""
        place = self.place(before, after)
        return list(run_months(place, {**self.levers, **(levers or {})}, MONTHS * years))

    def first_month(self, **stocks: float) -> dict[str, Any]:
        """Return month 0 of a run that begins with other stocks."""
        place = self.place()
        begun = replace(place, stocks={**place.stocks, **stocks})
        return next(iter(run_months(begun, self.levers, 1)))


GROUNDS = tuple(
    Ground(place, package) for place in BASELINE_PRESETS for package in built_in_presets()
)
_BEFORE = tuple(Ground(*each) for each in BASELINE_PRESETS.items())
ANHUI, NO_REFORM = Ground("china_county", "anhui"), Ground("china_county", "china_dilemma")
UK_BEFORE, UK_INTEGRATED = Ground("uk_place", "uk_before"), Ground("uk_place", "uk_integrated")


@dataclass(frozen=True)
class Fact:
    """A fact that must hold wherever it applies.

    Parameters
    ----------
    number : int
        Its place in the list.
    sentence : str
        What must be so.
    setting : str
        Place, levers and parameters in which the page shows it.
    named : Ground or None
        The ground that the setting names; None for a fact that goes through the places itself.
    ask : callable
        Asks the model on a ground; returns an `Answer`.
    identity : bool
        Whether it holds by construction.
    exception : str
        Why it cannot hold; empty for a fact that must.
    where : str
        On which grounds it applies, where not on all; the answer says whether one is such.
    unless : mapping of str to str
        Where it does not hold, and why: a place, a package, or both as ``place/package``.
    """

    number: int
    sentence: str
    setting: str
    named: Ground | None
    ask: Callable[[Any], Answer]
    identity: bool = False
    exception: str = ""
    where: str = ""
    unless: Mapping[str, str] = field(default_factory=dict)

    def excused(self, ground: Ground | None) -> str:
        """Return why it does not hold on a ground; empty where it must."""
        kinds = (ground.context, ground.preset, str(ground)) if ground else ()
        return self.exception or next((self.unless[k] for k in kinds if k in self.unless), "")

    @property
    def told(self) -> str:
        """Return the setting, where the fact applies, and its exceptions."""
        applies = [f"Applies {self.where}"] if self.where else []
        return ". ".join((self.setting, *applies, *dict.fromkeys(self.unless.values())))

    @property
    def grounds(self) -> tuple[Ground | None, ...]:
        """Where it is asked: every package in every place, the ground that it names first."""
        if self.named is None:
            return (None,)
        return (self.named, *(ground for ground in GROUNDS if ground != self.named))


FACTS: list[Fact] = []


def _fact(
    sentence: str,
    setting: str,
    named: Ground | None = None,
    identity: bool = False,
    exception: str = "",
    where: str = "",
    unless: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    def keep(ask: Callable[..., Answer]) -> Callable[..., Answer]:
        texts = (exception, where, FrozenMap(unless or {}))
        FACTS.append(Fact(len(FACTS) + 1, sentence, setting, named, ask, identity, *texts))
        return ask

    return keep


def _year(months: Sequence[Mapping[str, Any]], name: str, year: int) -> float:
    """Return the mean of a year's months, or what a stock is where the year ends."""
    path = [float(each[name]) for each in months[MONTHS * (year - 1) : MONTHS * year]]
    return path[-1] if name.startswith("next_") else sum(path) / MONTHS


def _last(months: Sequence[Mapping[str, Any]], name: str) -> float:
    return _year(months, name, len(months) // MONTHS)


def _change(after: float, before: float) -> float:
    return abs(after / before - 1) if before else abs(after)


def _pair(name: str, first: float, second: float) -> str:
    return f"{name}: {first:.4g} and {second:.4g}"


@_fact(
    "Doubling every death rate lowers healthy years of life.",
    "Anhui package; deaths double after rest; year 10",
    named=ANHUI,
)
def _deaths_lower_life_years(at: Ground) -> Answer:
    usual = _last(at.run(10), "life_years")
    worse = _last(at.run(10, after=at.times(_DEATHS, 2)), "life_years")
    return Answer(worse < usual, _pair("healthy years, usual and doubled", usual, worse))


@_fact(
    "More deaths among patients with complications raise neither patients' nor the government's"
    " pay-off.",
    "Anhui package; their death rate doubles after rest; year 10",
    named=ANHUI,
)
def _deaths_of_the_ill_pay_nobody(at: Ground) -> Answer:
    after = at.times(["complicated_death_rate"], 2)
    usual, worse = at.run(10), at.run(10, after=after)
    gains = [
        _last(worse, name) - _last(usual, name) for name in ("payoff_patients", "payoff_government")
    ]
    return Answer(max(gains) <= 0, _pair("change for patients and government", *gains))


@_fact(
    "Where deaths are twice as common, fewer healthy years lie ahead in every state of health.",
    "No reform; the place was always like that; month 0",
    named=NO_REFORM,
)
def _fewer_years_ahead(at: Ground) -> Answer:
    usual = at.run(1)[0]
    worse = at.run(1, before=at.times(_DEATHS, 2))[0]
    names = [f"{state}_years_ahead" for state in PEOPLE]
    told = "; ".join(f"{usual[name]:.1f} to {worse[name]:.1f}" for name in names)
    return Answer(all(worse[name] < usual[name] for name in names), f"years ahead by state: {told}")


@_fact(
    "Halving the risk of complications raises healthy years.",
    "Anhui package; risks halve after rest; year 10",
    named=ANHUI,
)
def _fewer_complications(at: Ground) -> Answer:
    usual = _last(at.run(10), "life_years")
    better = _last(at.run(10, after=at.times(_RISKS, 0.5)), "life_years")
    return Answer(better > usual, _pair("healthy years, usual and halved", usual, better))


# What the calendar, not behaviour, fills and empties.
_CALENDAR = (*BALANCES, "year_budget", "year_spending")
_STILL = {"hospital_drift_year": 0.0, "cost_trend_year": 0.0}


@_fact(
    "Without a reform, a drift and a trend of costs, nothing moves by 0.1 % in ten years.",
    "All three places; drift and trend zero",
)
def _nothing_moves(nowhere: None) -> Answer:
    worst = 0.0
    for at in _BEFORE:
        months = at.run(10, after=_STILL)
        for name in months[0]:
            if name.startswith("stock_") and name.removeprefix("stock_") not in _CALENDAR:
                worst = max(worst, _change(months[-1][name], months[0][name]))
    return Answer(worst < 1e-3, f"largest move: {100 * worst:.4f} %")


@cache
def _random_runs() -> list[tuple[str, Mapping[str, Any], list[dict[str, Any]]]]:
    """Run many random settings of all levers in every place."""
    import numpy as np

    generator = np.random.default_rng(_SEED)
    runs = []
    for context in BASELINE_PRESETS:
        levers = {
            name: generator.uniform(low, high, _DRAWS)
            for name, (low, high, _) in lever_ranges().items()
            if name in LEVERS
        }
        place = load_place(context)
        runs.append((context, place.parameters, list(run_months(place, levers, _DRAWN_MONTHS))))
    return runs


@_fact(
    "What comes in, less what goes out, is the change of all balances.",
    "200 random settings of all levers, each place, 72 months",
    identity=True,
)
def _accounts_close(nowhere: None) -> Answer:
    import numpy as np

    worst = 0.0
    for _, _, months in _random_runs():
        for each in months:
            change = sum(each[f"next_{name}"] - each[f"stock_{name}"] for name in BALANCES)
            worst = max(worst, float(np.max(np.abs(each["money_in"] - each["money_out"] - change))))
    return Answer(worst < 1e-9, f"largest error: {worst:.1e} a month and resident")


@_fact(
    "The number of people changes by births less deaths, and no state of health holds fewer"
    " than nobody.",
    "200 random settings of all levers, each place, 72 months",
    identity=True,
)
def _people_are_counted(nowhere: None) -> Answer:
    import numpy as np

    worst, fewest = 0.0, np.inf
    for _, _, months in _random_runs():
        for each in months:
            change = sum(each[f"next_{name}"] - each[f"stock_{name}"] for name in PEOPLE)
            error = (change - each["births"] + each["deaths"]) / each["residents"]
            worst = max(worst, float(np.max(np.abs(error))))
            fewest = min(fewest, *(float(np.min(each[f"next_{name}"])) for name in PEOPLE))
    return Answer(worst < 1e-9 and fewest >= 0, f"largest error: {worst:.1e} of the residents")


@_fact(
    "Every quantity is finite, every share lies between 0 and 1, and no effort passes 20.",
    "200 random settings of all levers, each place, 72 months",
)
def _all_is_finite(nowhere: None) -> Answer:
    import numpy as np

    bad, most = [], 0.0
    shares = (
        "reach",
        "kept_in_place_share",
        "primary_mild_share",
        "primary_visit_share",
        "managed_share",
        "referred_down_share",
        "usable_capability",
        "quality_score",
    )
    for _, _, months in _random_runs():
        for each in months:
            bad += [name for name, value in each.items() if not np.all(np.isfinite(value))]
            bad += [n for n in shares if np.min(each[n]) < 0 or np.max(each[n]) > 1 + 1e-12]
            efforts = [value for name, value in each.items() if name.endswith("_effort")]
            most = max(most, *(float(np.max(effort)) for effort in efforts))
    return Answer(not bad and most < 20, f"largest effort: {most:.2f}")


@_fact(
    "Where deficits are borne, a budget a fifth smaller moves intensity, reach or beds by more"
    " than 1 %.",
    "Anhui package, deficits borne 1, benchmark 0.8 against 1; year 10",
    named=ANHUI,
    where="where a contract is in force",
)
def _deficits_are_felt(at: Ground) -> Answer:
    generous, tight = (
        at.run(10, {"deficit_borne_share": 1.0, "benchmark_share": share}) for share in (1.0, 0.8)
    )
    names = ("next_intensity_effort", "reach", "next_hospital_capacity")
    moves = [_change(_last(tight, name), _last(generous, name)) for name in names]
    told = ", ".join(f"{100 * move:.1f} %" for move in moves)
    return Answer(
        max(moves) > 0.01,
        f"intensity, reach and beds move by {told}",
        applies=at.levers["contract_share"] > 0,
    )


@_fact(
    "A hospital that owes more than six months of its income has closed beds.",
    "Anhui package, contract, deficits borne and hospital part 1; benchmark 0.8 against 1; 15"
    " years",
    named=ANHUI,
)
def _debt_closes_beds(at: Ground) -> Answer:
    levers = {"contract_share": 1.0, "deficit_borne_share": 1.0, "hospital_part_share": 1.0}
    generous = at.run(15, {**levers, "benchmark_share": 1.0})
    tight = at.run(15, {**levers, "benchmark_share": 0.8})
    income = at.place().baseline["start_hospital_income"]
    owed = _last(tight, "next_hospital_balance") / income
    beds = [_last(months, "next_hospital_capacity") for months in (tight, generous)]
    holds = owed > -6 or beds[0] < 0.9 * beds[1]
    return Answer(holds, f"balance {owed:.1f} months of income; {_pair('beds', *beds)}")


def _money_for_prevention(at: Ground, levers: Mapping[str, float]) -> tuple[float, float, float]:
    usual = at.run(5, {**levers, "public_health_multiplier": 1.0})
    more = at.run(5, {**levers, "public_health_multiplier": 3.0})
    names = ("public_health_pay", "payoff_primary", "real_cost")
    paid, profit, cost = (_last(more, name) - _last(usual, name) for name in names)
    return paid, profit, cost


@_fact(
    "Of three times the money for prevention, less than half becomes profit.",
    "No reform, public health money tripled; year 5",
    named=NO_REFORM,
)
def _prevention_money_is_spent(at: Ground) -> Answer:
    paid, profit, _ = _money_for_prevention(at, {})
    return Answer(profit < paid / 2, f"paid {paid:.1f} more, profit {profit:.1f} more")


@_fact(
    "Money for prevention that is tied to nothing is still spent: no profit, and care costs more.",
    "The same with pay tied to reach 0; year 5",
    named=NO_REFORM,
)
def _untied_money_is_spent(at: Ground) -> Answer:
    paid, profit, cost = _money_for_prevention(at, {"performance_share": 0.0})
    return Answer(
        profit < 0.05 * paid and cost > 0,
        f"paid {paid:.1f}, profit {profit:.2f}, real cost {cost:.1f} more",
    )


@_fact(
    "Full gatekeeping by primary care that can do little hurts patients.",
    "No reform but gatekeeping 1; capability was always 0.2; year 2",
    named=NO_REFORM,
)
def _gates_before_weak_care(at: Ground) -> Answer:
    before = {"start_capability": 0.2}
    usual, gated = (
        _year(at.run(2, {"gatekeeping_share": gate}, before), "payoff_patients", 2)
        for gate in (0.0, 1.0)
    )
    return Answer(gated < usual, f"patients' pay-off changes by {gated - usual:.2f} a month")


@_fact(
    "Paying more for care outside hurts patients.",
    "No reform but own share outside 30 points higher; year 2",
    named=NO_REFORM,
)
def _dearer_care_hurts(at: Ground) -> Answer:
    usual, dear = (
        _year(at.run(2, {"outside_copay_shift": shift}), "payoff_patients", 2)
        for shift in (0.0, 0.3)
    )
    return Answer(dear < usual, f"patients' pay-off changes by {dear - usual:.2f} a month")


@_fact(
    "A better hospital helps patients at once.",
    "No reform; hospital quality 0.1 higher; month 0",
    named=NO_REFORM,
)
def _quality_helps(at: Ground) -> Answer:
    usual = at.first_month()["payoff_patients"]
    quality = at.place().stocks["hospital_quality"] + 0.1
    better = at.first_month(hospital_quality=quality)["payoff_patients"]
    return Answer(better > usual, f"patients' pay-off changes by {better - usual:.2f} a month")


@_fact(
    "A budget that follows all spending takes at least half of the contract's effect on intensity.",
    "Symmetric contract, all to the hospital, ratchet 0 and 1; year 5",
    identity=True,
    named=NO_REFORM,
)
def _ratchets_are_felt(at: Ground) -> Answer:
    free = _last(at.run(5, _NO_CONTRACT), "next_intensity_effort")
    held, ratcheted = (
        _last(at.run(5, {**_ALL_OF_IT, "ratchet_share": r}), "next_intensity_effort")
        for r in (0.0, 1.0)
    )
    taken = 1 - (ratcheted - free) / (held - free)
    return Answer(taken >= 0.5, f"the ratchet takes {100 * taken:.0f} % of the effect")


@_fact(
    "A budget that follows all spending is last year's spending, however generous it began.",
    "Anhui package, ratchet 1, benchmark 0.9; years 2, 4, 6, within 2 %",
    named=ANHUI,
    where="where a contract is in force",
)
def _ratchets_follow(at: Ground) -> Answer:
    months = at.run(6, {"ratchet_share": 1.0, "benchmark_share": 0.9})
    ratios = [
        _year(months, "budget", year) / _year(months, "charged_spending", year - 1)
        for year in (2, 4, 6)
    ]
    told = ", ".join(f"{ratio:.3f}" for ratio in ratios)
    holds = all(abs(ratio - 1) <= 0.02 for ratio in ratios)
    return Answer(holds, f"budget over spending: {told}", at.levers["contract_share"] > 0)


@_fact(
    "To primary care that can do nothing, nobody is referred.",
    "Anhui package without mentoring and staff; capability was always almost 0; year 5",
    named=ANHUI,
)
def _nobody_is_referred_to_nothing(at: Ground) -> Answer:
    levers = {"mentoring_offered_share": 0.0, "staffing_share": 0.0}
    months = at.run(5, levers, before={"start_capability": 1e-6})
    share = _last(months, "referred_down_share")
    return Answer(share < 1e-3, f"share referred down: {share:.6f}")


@_fact(
    "A longer contract raises the reach of prevention by more than 1 %.",
    "Anhui package, contract of 1 and of 10 years; year 5",
    named=ANHUI,
    unless=dict.fromkeys(
        ("china_dilemma", "hangzhou", "uk_before", "changxing", "tianjin", "nanning"),
        "Not in packages without a contract, or with a small one of the hospital alone: too little"
        " of what prevention saves returns to those who prevent, and a longer view also counts the"
        " income that health takes away",
    ),
)
def _long_contracts_prevent(at: Ground) -> Answer:
    short, long = (_last(at.run(5, {"contract_years": y}), "reach") for y in (1.0, 10.0))
    return Answer(long > 1.01 * short, _pair("reach", short, long))


@_fact(
    "More altruism leaves fewer patients short of treatment.",
    "Anhui package; altruism was always 0, or at the top of its range; year 5",
    identity=True,
    named=ANHUI,
    where="where a contract is in force",
    unless={
        "uk_place/uk_before": "Not in the UK place before integration, at rest: whatever the"
        " altruism, costs of effort are set so that the place makes the intensity observed"
    },
)
def _altruists_treat(at: Ground) -> Answer:
    (top,) = (
        float(row["high"])
        for row in rows_of("parameters.csv")
        if (row["name"], row["context"]) == ("altruism", "any_place")
    )
    none, much = (
        _last(at.run(5, before={"altruism": value}), "treatment_gap") for value in (0.0, top)
    )
    contract = at.levers["contract_share"] > 0
    return Answer(much > none, _pair("treatment gap", none, much), applies=contract)


_EFFORTS = (
    "next_prevention_effort",
    "next_support_effort",
    "next_intensity_effort",
    "next_referral_effort",
    "next_retention_effort",
    "next_skimping_effort",
)


@_fact(
    "Ten bodies under one cap behave more as without a contract than one body does.",
    "Symmetric contract, all to the hospital; year 5",
    named=NO_REFORM,
)
def _many_bodies_feel_little(at: Ground) -> Answer:
    free = at.run(5, _NO_CONTRACT)
    far = []
    for bodies in (1.0, 10.0):
        months = at.run(5, {**_ALL_OF_IT, "bodies_under_cap": bodies})
        far.append(sum(abs(_last(months, name) - _last(free, name)) for name in _EFFORTS))
    return Answer(far[1] < far[0], _pair("distance from no contract, one and ten bodies", *far))


@_fact(
    "Under full merger it does not matter who gets the surplus: no effort moves by 1 %.",
    "Anhui package, merger 1, money not bundled, hospital part 0 and 1; year 5",
    identity=True,
    named=ANHUI,
)
def _mergers_share(at: Ground) -> Answer:
    levers = {"governance_share": 1.0, "bundled_share": 0.0}
    none, all_ = (at.run(5, {**levers, "hospital_part_share": part}) for part in (0.0, 1.0))
    moves = [
        abs(_last(all_, name) - _last(none, name)) / max(_last(none, name), 0.1)
        for name in _EFFORTS
    ]
    return Answer(max(moves) < 0.01, f"largest move: {100 * max(moves):.2f} %")


@_fact(
    "Without a contract its terms do nothing.",
    "No reform; kept, borne, charged, benchmark and split changed; year 5",
    identity=True,
    named=NO_REFORM,
)
def _no_contract_no_terms(at: Ground) -> Answer:
    terms = {
        "surplus_kept_share": 1.0,
        "deficit_borne_share": 1.0,
        "leakage_charged_share": 1.0,
        "benchmark_share": 0.8,
        "hospital_part_share": 0.0,
    }
    free, termed = (at.run(5, {**each, **_NO_CONTRACT}) for each in ({}, terms))
    names = [name for name in free[-1] if name.startswith("payoff_") or name in _EFFORTS]
    worst = max(abs(free[-1][name] - termed[-1][name]) for name in names)
    return Answer(worst < 1e-9, f"largest difference: {worst:.1e}")


@_fact(
    "Dearer mentoring is less mentoring.",
    "Anhui package, no push, no pay, ten years, merger, contract, deficits borne and"
    " information 1; unit cost times five after rest; year 5",
    named=ANHUI,
    where="where hospitals mentor of their own accord",
)
def _dear_mentoring(at: Ground) -> Answer:
    levers = {
        "mentoring_push_share": 0.0,
        "mentoring_pay_share": 0.0,
        "contract_years": 10.0,
        "governance_share": 1.0,
        "contract_share": 1.0,
        "deficit_borne_share": 1.0,
        "information_share": 1.0,
    }
    after = at.times(["mentoring_unit_cost"], 5)
    usual = _last(at.run(5, levers), "next_mentoring")
    dear = _last(at.run(5, levers, after=after), "next_mentoring")
    return Answer(dear < usual, _pair("mentoring", usual, dear), applies=usual > 0)


@_fact(
    "Where nobody pays, a lower own share does nothing.",
    "Integrated UK place, own share in primary care 20 points lower; year 5",
    identity=True,
    named=UK_INTEGRATED,
    where="where primary care is free",
)
def _nothing_to_pay(at: Ground) -> Answer:
    usual = at.run(5)
    lower = at.run(5, {"primary_copay_shift": -0.2})
    worst = max(
        abs(usual[-1][name] - lower[-1][name])
        for name in ("payoff_patients", "insured_spending", "primary_mild_share", *_EFFORTS)
    )
    free = at.place().parameters["primary_copay_share"] == 0
    return Answer(worst < 1e-9, f"largest difference: {worst:.1e}", applies=free)


_SERIOUS = tuple(f"{state}_serious_cases_year" for state in PEOPLE)
_VISITS = tuple(f"{state}_visits_year" for state in PEOPLE)


@_fact(
    "A fifth more serious cases makes patients wait where beds cannot follow.",
    "UK before integration; serious cases 20 % up after rest; year 5",
    named=UK_BEFORE,
    where="where beds do not grow with use",
    unless={
        "uk_place/anhui": "Not in the UK place with the Anhui package: so many cases stay out of"
        " hospital that the beds are almost enough"
    },
)
def _crowds_wait(at: Ground) -> Answer:
    after = at.times(_SERIOUS, 1.2)
    waiting = _last(at.run(5, after=after), "waiting")
    fixed = at.place().parameters["bed_growth"] == 0
    return Answer(waiting > 0.01, f"waiting: {waiting:.3f}", applies=fixed)


@_fact(
    "Twice as many visits leave primary care less room for what it is able to do.",
    "No reform; visits double after rest; year 5",
    named=NO_REFORM,
    unless={
        "hangzhou_district/uk_integrated": "Not in the district with the package of integrated UK:"
        " it adds a third more community teams, and these take up twice the visits"
    },
)
def _busy_centres(at: Ground) -> Answer:
    months = at.run(5, after=at.times(_VISITS, 2))
    part = _last(months, "usable_part")
    return Answer(part < 0.99, f"usable part: {part:.2f}")


@_fact(
    "An English practice earns no more by seeing patients more often.",
    "UK before integration; visits 20 % up after rest; year 1",
    named=UK_BEFORE,
    where="where primary care is paid mainly by head",
)
def _practices_are_paid_by_head(at: Ground) -> Answer:
    usual = _year(at.run(1), "payoff_primary", 1)
    after = at.times(_VISITS, 1.2)
    busy = _year(at.run(1, after=after), "payoff_primary", 1)
    by_head = at.place().parameters["primary_fee_share"] < 0.5
    told = f"primary care's pay-off changes by {busy - usual:.2f} a month"
    return Answer(busy <= usual, told, applies=by_head)


@_fact(
    "A reform in its fourth year changes nothing before, its fund included.",
    "Integrated UK place from month 37 on, contract horizon as before; years 1 to 3",
    named=UK_INTEGRATED,
)
def _later_is_later(at: Ground) -> Answer:
    before = Ground(at.context, BASELINE_PRESETS[at.context])
    kept = {"contract_years": before.levers["contract_years"]}
    late = at.run(3, {**kept, "payment_start_month": 37.0, "service_start_month": 37.0})
    never = before.run(3)
    names = [name for name in never[0] if name.startswith(("payoff_", "next_"))]
    worst = max(
        abs(a[name] - b[name]) / max(1.0, abs(b[name]))
        for a, b in zip(late, never, strict=True)
        for name in names
    )
    return Answer(worst < 1e-9, f"largest difference: {worst:.1e}")


@_fact(
    "Physicians who hold the whole surplus without the hospital save more than 1 %.",
    "Symmetric contract, all to primary care, no merger; year 5",
    named=NO_REFORM,
)
def _physicians_save(at: Ground) -> Answer:
    alone = {"hospital_part_share": 0.0, "governance_share": 0.0}
    free = _last(at.run(5, {**alone, **_NO_CONTRACT}), "insured_spending")
    levers = {**SYMMETRIC, **alone}
    led = _last(at.run(5, levers), "insured_spending")
    return Answer(led < 0.99 * free, f"insurer spending changes by {100 * (led / free - 1):.1f} %")


@_fact(
    "Ten times the people change nothing per resident.",
    "Anhui package; population times ten; year 5",
    identity=True,
    named=ANHUI,
)
def _size_does_not_matter(at: Ground) -> Answer:
    small = at.run(5)
    large = at.run(5, before=at.times(["population"], 10))
    names = [name for name in small[-1] if name.startswith("payoff_") or name in _EFFORTS]
    worst = max(_change(large[-1][name], small[-1][name]) for name in names if small[-1][name])
    return Answer(worst < 1e-6, f"largest difference: {worst:.1e}")


@_fact(
    "Even with every lever at its most, what insurer and patients pay falls by under a quarter.",
    "All levers at their highest, one body under the cap; year 5",
    named=NO_REFORM,
    unless={
        "hangzhou_district": "Not in the district, where it falls by a little more: a third of"
        " serious cases lay outside, at higher prices, and most of them come back"
    },
)
def _no_miracles(at: Ground) -> Answer:
    levers = {name: high for name, (_, high, _) in lever_ranges().items()}
    levers |= {"bodies_under_cap": 1.0, "payment_start_month": 0.0, "service_start_month": 0.0}
    free = Ground(at.context, BASELINE_PRESETS[at.context]).run(5)
    most = at.run(5, levers)
    names = ("insured_spending", "household_payments")
    ratio = sum(_last(most, name) for name in names) / sum(_last(free, name) for name in names)
    return Answer(ratio > 0.75, f"what is paid for care changes by {100 * (ratio - 1):.1f} %")


@_fact(
    "A fixed price for each case leads to less intensity than a price for each service.",
    "No reform but pay by case 1; year 5",
    named=NO_REFORM,
    unless={
        "uk_place/anhui": "Not in the UK place with the Anhui package: intensity falls towards"
        " nothing as fast as it can, whatever a case is paid by"
    },
)
def _pay_by_case(at: Ground) -> Answer:
    service, case = (
        _last(at.run(5, {"case_paid_share": share}), "next_intensity_effort")
        for share in (0.0, 1.0)
    )
    return Answer(case < service, _pair("intensity", service, case))


@_fact(
    "Twice the deaths raise nobody's cash.",
    "No reform; deaths double after rest; year 10",
    exception="The dead need no care, so an insurer keeps their premium and saves their bills; no"
    " plausible bill for the last months of life is as large. Fact 2 says what must hold instead:"
    " no pay-off that counts health rises.",
    named=NO_REFORM,
)
def _deaths_pay_nobody(at: Ground) -> Answer:
    usual = at.run(10)
    worse = at.run(10, after=at.times(_DEATHS, 2))
    names = ("payoff_hospital", "payoff_primary", "payoff_insurer")
    gains = [_last(worse, name) - _last(usual, name) for name in names]
    told = ", ".join(f"{gain:.2f}" for gain in gains)
    return Answer(max(gains) <= 0, f"hospital, primary care and insurer gain {told} a month")


@_fact(
    "Without a reform and a drift, dearer care alone moves no effort by 5 %.",
    "No reform in each place, drift zero, trend of costs as it is; year 10",
)
def _trends_move_no_effort(nowhere: None) -> Answer:
    worst = 0.0
    for at in _BEFORE:
        assert at.place().parameters["cost_trend_year"] > 0, "no trend of costs"
        months = at.run(10, after={"hospital_drift_year": 0.0})
        starts = at.place().stocks
        for name in _EFFORTS:
            start = starts[name.removeprefix("next_")]
            worst = max(worst, abs(_last(months, name) - start) / max(start, 0.1))
    return Answer(worst < 0.05, f"largest move: {100 * worst:.1f} %")


@_fact(
    "Dearer hospital care sends mild cases to primary care and hurts patients.",
    "No reform; own share at the hospital 10 points higher after rest; year 2",
    named=NO_REFORM,
    unless=dict.fromkeys(
        (
            "china_county/anhui",
            "china_county/uk_before",
            "china_county/uk_integrated",
            "hangzhou_district/uk_integrated",
            "uk_place/anhui",
            "uk_place/uk_before",
            "uk_place/uk_integrated",
        ),
        "Not under some contracts: patients' choice counts what levers and prices change, so an own"
        " share that changes after rest is felt through the efforts of the hospital alone, and"
        " under these contracts it then keeps more mild cases",
    ),
)
def _dear_hospitals(at: Ground) -> Answer:
    after = {"hospital_copay_share": at.place().parameters["hospital_copay_share"] + 0.1}
    usual, dear = at.run(2), at.run(2, after=after)
    share, payoff = (
        _last(dear, name) - _last(usual, name) for name in ("primary_mild_share", "payoff_patients")
    )
    return Answer(share > 0 and payoff < 0, f"share {share:+.4f}, patients' pay-off {payoff:+.2f}")


@_fact(
    "Nobody mentors of their own accord where mentoring teaches nothing.",
    "Anhui package without push; mentoring teaches nothing after rest; year 5",
    named=ANHUI,
)
def _useless_mentoring(at: Ground) -> Answer:
    levers = {"mentoring_push_share": 0.0}
    months = at.run(5, levers, after={"mentoring_gain": 0.0})
    mentoring = _last(months, "next_mentoring")
    return Answer(mentoring < 1e-9, f"mentoring: {mentoring:.3f}")


@_fact(
    "Counting money in tenths changes no share and no effort.",
    "Anhui package; every price, cost and value of life times ten; year 5",
    identity=True,
    named=ANHUI,
)
def _coins_do_not_matter(at: Ground) -> Answer:
    given = at.place().parameters
    units = {row["name"]: row["unit"] for row in rows_of("parameters.csv")}
    money = [name for name in given if units[name].startswith("money")]
    funds = {
        name: 10 * at.levers[name] for name in LEVERS if levers_of()[name].unit.startswith("money")
    }
    usual, dear = at.run(5), at.run(5, funds, before=at.times(money, 10))
    names = ("reach", "kept_in_place_share", "primary_mild_share", *_EFFORTS)
    worst = max(abs(dear[-1][name] - usual[-1][name]) for name in names)
    return Answer(worst < 1e-6, f"largest difference: {worst:.1e}")


@_fact(
    "If nobody fell ill any more, people would live more healthy years and insurers pay less.",
    "No reform; onset zero after rest; year 10",
    named=NO_REFORM,
)
def _nobody_falls_ill(at: Ground) -> Answer:
    usual, well = at.run(10), at.run(10, after={"onset_rate": 0.0})
    years, spending = (
        _last(well, name) - _last(usual, name) for name in ("life_years", "insured_spending")
    )
    return Answer(
        years > 0 and spending < 0, f"healthy years {years:+.4f}, spending {spending:+.1f}"
    )


@_fact(
    "Closed beds hurt patients.",
    "UK before integration; three in ten beds closed in month 0; year 1",
    named=UK_BEFORE,
)
def _closed_beds_hurt(at: Ground) -> Answer:
    place = at.place()
    shut = replace(place, stocks={**place.stocks, "hospital_capacity": 0.7})
    months = [list(run_months(each, at.levers, 12)) for each in (place, shut)]
    usual, closed = (_last(each, "payoff_patients") for each in months)
    return Answer(closed < usual, f"patients' pay-off changes by {closed - usual:.2f} a month")


@_fact(
    "A charge for care outside keeps more cases in the place.",
    "Symmetric contract, all to the hospital, charge 0 and 1; year 5",
    named=NO_REFORM,
)
def _charges_keep(at: Ground) -> Answer:
    free, charged = (
        _last(
            at.run(5, {**_ALL_OF_IT, "leakage_charged_share": c}),
            "kept_in_place_share",
        )
        for c in (0.0, 1.0)
    )
    return Answer(charged > free, _pair("share kept", free, charged))


@_fact(
    "A reform that sets every lever as it was is no reform.",
    "Each place; starts and ramp changed; year 5",
    identity=True,
)
def _no_change_no_reform(nowhere: None) -> Answer:
    worst = 0.0
    for at in _BEFORE:
        usual = at.run(5)
        timed = {"payment_start_month": 6.0, "service_start_month": 12.0, "ramp_months": 12.0}
        other = at.run(5, timed)
        names = [name for name in usual[-1] if name.startswith(("payoff_", "next_"))]
        worst = max(worst, *(abs(usual[-1][n] - other[-1][n]) for n in names))
    return Answer(worst < 1e-6, f"largest difference: {worst:.1e}")


@_fact(
    "Dearer prevention effort is less prevention.",
    "Anhui package; cost of effort doubles after rest; year 5",
    named=ANHUI,
)
def _dear_prevention(at: Ground) -> Answer:
    after = at.times(["effort_cash_cost", "prevention_effort_cost"], 2)
    usual, dear = _last(at.run(5), "reach"), _last(at.run(5, after=after), "reach")
    return Answer(dear < usual, _pair("reach", usual, dear))


@_fact(
    "Who discounts the future more prevents less.",
    "Anhui package; discount rate 2 % and 8 % after rest; year 5",
    named=ANHUI,
)
def _the_impatient(at: Ground) -> Answer:
    patient, hasty = (
        _last(at.run(5, after={"discount_rate_year": rate}), "next_prevention_effort")
        for rate in (0.02, 0.08)
    )
    return Answer(hasty < patient, _pair("prevention effort", patient, hasty))


@_fact(
    "Where residents come and go, providers prevent less.",
    "Anhui package; turnover 1 % and 6 % after rest; year 5",
    named=ANHUI,
    unless=dict.fromkeys(
        ("hangzhou", "changxing", "tianjin"),
        "Not in three packages without a contract: nobody gains by health to come, and the effort"
        " rises, by less than 4 %",
    ),
)
def _movers(at: Ground) -> Answer:
    settled, moving = (
        _last(at.run(5, after={"turnover_rate_year": rate}), "next_prevention_effort")
        for rate in (0.01, 0.06)
    )
    return Answer(moving < settled, _pair("prevention effort", settled, moving))


@_fact(
    "Prevention that works on nothing and is paid by nobody does not grow.",
    "Anhui package, pay tied to reach 0; prevention has no effect on health after rest; year 5",
    named=ANHUI,
)
def _useless_prevention(at: Ground) -> Answer:
    after = {"prevention_onset_effect": 0.0, "reach_management_rate": 0.0}
    months = at.run(5, {"performance_share": 0.0}, after=after)
    start = at.place().stocks["prevention_effort"]
    effort = _last(months, "next_prevention_effort")
    return Answer(
        effort <= start + 1e-9, _pair("prevention effort, start and year 5", start, effort)
    )


@_fact(
    "A hospital that earns almost nothing on one more case treats less intensely.",
    "No reform; variable cost 95 % of the price after rest; year 5",
    named=NO_REFORM,
    unless={
        "uk_place/anhui": "Not in the UK place with the Anhui package: intensity falls towards"
        " nothing as fast as it can, whatever a case earns"
    },
)
def _no_margin(at: Ground) -> Answer:
    usual = _last(at.run(5), "next_intensity_effort")
    thin = at.run(5, after={"hospital_variable_cost_share": 0.95})
    return Answer(
        _last(thin, "next_intensity_effort") < usual,
        _pair("intensity", usual, _last(thin, "next_intensity_effort")),
    )


@_fact(
    "Paying less for care outside helps patients.",
    "No reform but own share outside 30 points lower; year 2",
    named=NO_REFORM,
    where="where care outside is paid in part by patients",
)
def _cheaper_care_helps(at: Ground) -> Answer:
    usual, cheap = (
        _year(at.run(2, {"outside_copay_shift": shift}), "payoff_patients", 2)
        for shift in (0.0, -0.3)
    )
    told = f"patients' pay-off changes by {cheap - usual:+.2f} a month"
    paid = at.place().parameters["outside_copay_share"] > 0
    return Answer(cheap > usual, told, applies=paid)


@_fact(
    "Primary care that can do more helps patients at once.",
    "No reform; capability 0.1 higher; month 0",
    named=NO_REFORM,
)
def _capability_helps(at: Ground) -> Answer:
    usual = at.first_month()["payoff_patients"]
    capability = at.place().stocks["capability"] + 0.1
    better = at.first_month(capability=capability)["payoff_patients"]
    return Answer(better > usual, f"patients' pay-off changes by {better - usual:+.2f} a month")


@_fact(
    "If nobody died, there would be more people.",
    "No reform; every death rate zero after rest; year 10",
    named=NO_REFORM,
)
def _nobody_dies(at: Ground) -> Answer:
    months = at.run(10, after=at.times(_DEATHS, 0))
    start = sum(at.place().stocks[state] for state in PEOPLE)
    return Answer(
        months[-1]["residents"] > start, f"residents times {months[-1]['residents'] / start:.3f}"
    )


@_fact(
    "Care withheld costs healthy years.",
    "Integrated UK place, where too little is done and patients wait; harm of it 0 and 0.3; year 5",
    named=UK_INTEGRATED,
    where="where more is withheld over the years than before the reform",
)
def _withheld_care_harms(at: Ground) -> Answer:
    runs = [at.run(5, after={"withheld_care_effect": harm}) for harm in (0.0, 0.3)]
    none, much = (_last(months, "life_years") for months in runs)
    withheld = sum(each["withheld_harm"] for each in runs[1]) / len(runs[1])
    return Answer(much < none, _pair("healthy years", none, much), applies=withheld > 1)


def facts_table() -> "pd.DataFrame":
    """Ask the model every fact.

    Returns
    -------
    pandas.DataFrame
        One row a fact: ``number``, ``fact``, ``setting``, ``kind`` (fact, identity, exception),
        ``holds``, ``figures``.

    Examples
    --------
    >>> len(FACTS) > 43
    True
    """
    import pandas as pd

    rows = []
    for fact in FACTS:
        answer = fact.ask(fact.named)
        kind = "exception" if fact.exception else "identity" if fact.identity else "fact"
        rows.append((fact.number, fact.sentence, fact.told, kind, answer.holds, answer.figures))
    return pd.DataFrame(rows, columns=["number", "fact", "setting", "kind", "holds", "figures"])
