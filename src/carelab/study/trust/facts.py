"""What must be so, whatever the parameters: facts about extreme conditions, asked of the model.

Each fact is one sentence with its setting. An *identity* holds by construction and is kept as a
guard; an *exception* cannot hold, and says why. A setting changes parameters before the place
comes to rest (the place was always like that) or after (the world changes in month 0).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

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
from carelab.engine.years import MONTHS

if TYPE_CHECKING:
    import pandas as pd

_COUNTY, _UK = "china_county", "uk_place"
# A contract that shares savings and losses alike and charges all care outside.
SYMMETRIC = {
    "contract_share": 1.0,
    "surplus_kept_share": 1.0,
    "deficit_borne_share": 1.0,
    "leakage_charged_share": 1.0,
}
_ALL_OF_IT = {**SYMMETRIC, "hospital_part_share": 1.0}
_DEATHS = tuple(f"{state}_death_rate" for state in PEOPLE)
_RISKS = ("unmanaged_complication_rate", "managed_complication_rate")
_DRAWS, _DRAWN_MONTHS, _SEED = 200, 72, 7


class Answer(NamedTuple):
    """What the model says: whether the fact holds, and the figures."""

    holds: bool
    figures: str


@dataclass(frozen=True)
class Fact:
    """A fact that must hold.

    Parameters
    ----------
    number : int
        Its place in the list.
    sentence : str
        What must be so.
    setting : str
        Place, levers and parameters in which it is tried.
    ask : callable
        Asks the model; returns an `Answer`.
    identity : bool
        Whether it holds by construction.
    exception : str
        Why it cannot hold; empty for a fact that must.
    """

    number: int
    sentence: str
    setting: str
    ask: Callable[[], Answer]
    identity: bool = False
    exception: str = ""


FACTS: list[Fact] = []


def _fact(
    sentence: str, setting: str, identity: bool = False, exception: str = ""
) -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    def keep(ask: Callable[[], Answer]) -> Callable[[], Answer]:
        FACTS.append(Fact(len(FACTS) + 1, sentence, setting, ask, identity, exception))
        return ask

    return keep


def _place(
    context: str,
    before: Mapping[str, float] | None = None,
    after: Mapping[str, float] | None = None,
) -> Place:
    """Return a place whose parameters were always others, or become others in month 0."""
    given = place_parameters(context)
    place = place_at_rest(context, {**given, **before}) if before else load_place(context)
    return replace(place, parameters={**place.parameters, **(after or {})})


def _times(context: str, names: Sequence[str], factor: float) -> dict[str, float]:
    given = place_parameters(context)
    return {name: factor * given[name] for name in names}


def _run(
    preset: str,
    years: int,
    levers: Mapping[str, float] | None = None,
    before: Mapping[str, float] | None = None,
    after: Mapping[str, float] | None = None,
    context: str = _COUNTY,
) -> list[dict[str, Any]]:
    place = _place(context, before, after)
    return list(run_months(place, {**preset_levers(preset), **(levers or {})}, MONTHS * years))


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
)
def _deaths_lower_life_years() -> Answer:
    usual = _last(_run("anhui", 10), "life_years")
    worse = _last(_run("anhui", 10, after=_times(_COUNTY, _DEATHS, 2)), "life_years")
    return Answer(worse < usual, _pair("healthy years, usual and doubled", usual, worse))


@_fact(
    "More deaths among patients with complications raise neither patients' nor the government's"
    " pay-off.",
    "Anhui package; their death rate doubles after rest; year 10",
)
def _deaths_of_the_ill_pay_nobody() -> Answer:
    after = _times(_COUNTY, ["complicated_death_rate"], 2)
    usual, worse = _run("anhui", 10), _run("anhui", 10, after=after)
    gains = [
        _last(worse, name) - _last(usual, name) for name in ("payoff_patients", "payoff_government")
    ]
    return Answer(max(gains) <= 0, _pair("change for patients and government", *gains))


@_fact(
    "Where deaths are twice as common, fewer healthy years lie ahead in every state of health.",
    "No reform; the place was always like that; month 0",
)
def _fewer_years_ahead() -> Answer:
    usual = _run("china_dilemma", 1)[0]
    worse = _run("china_dilemma", 1, before=_times(_COUNTY, _DEATHS, 2))[0]
    names = [f"{state}_years_ahead" for state in PEOPLE]
    told = "; ".join(f"{usual[name]:.1f} to {worse[name]:.1f}" for name in names)
    return Answer(all(worse[name] < usual[name] for name in names), f"years ahead by state: {told}")


@_fact(
    "Halving the risk of complications raises healthy years.",
    "Anhui package; risks halve after rest; year 10",
)
def _fewer_complications() -> Answer:
    usual = _last(_run("anhui", 10), "life_years")
    better = _last(_run("anhui", 10, after=_times(_COUNTY, _RISKS, 0.5)), "life_years")
    return Answer(better > usual, _pair("healthy years, usual and halved", usual, better))


# What the calendar, not behaviour, fills and empties.
_CALENDAR = (*BALANCES, "year_budget", "year_spending", "settlement_due")
_STILL = {"hospital_drift_year": 0.0, "cost_trend_year": 0.0}


@_fact(
    "Without a reform, a drift and a trend of costs, nothing moves by 0.1 % in ten years.",
    "All three places; drift and trend zero",
)
def _nothing_moves() -> Answer:
    worst = 0.0
    for context, preset in BASELINE_PRESETS.items():
        months = _run(preset, 10, after=_STILL, context=context)
        for name in months[0]:
            if name.startswith("stock_") and name[6:] not in (
                *BALANCES,
                "year_budget",
                "year_spending",
            ):
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
def _accounts_close() -> Answer:
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
def _people_are_counted() -> Answer:
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
def _all_is_finite() -> Answer:
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
)
def _deficits_are_felt() -> Answer:
    generous, tight = (
        _run("anhui", 10, {"deficit_borne_share": 1.0, "benchmark_share": share})
        for share in (1.0, 0.8)
    )
    names = ("next_intensity_effort", "reach", "next_hospital_capacity")
    moves = [_change(_last(tight, name), _last(generous, name)) for name in names]
    told = ", ".join(f"{100 * move:.1f} %" for move in moves)
    return Answer(max(moves) > 0.01, f"intensity, reach and beds move by {told}")


@_fact(
    "A hospital that owes more than six months of its income has closed beds.",
    "Anhui package, contract, deficits borne and hospital part 1; benchmark 0.8 against 1; 15"
    " years",
)
def _debt_closes_beds() -> Answer:
    levers = {"contract_share": 1.0, "deficit_borne_share": 1.0, "hospital_part_share": 1.0}
    generous = _run("anhui", 15, {**levers, "benchmark_share": 1.0})
    tight = _run("anhui", 15, {**levers, "benchmark_share": 0.8})
    income = load_place(_COUNTY).baseline["start_hospital_income"]
    owed = _last(tight, "next_hospital_balance") / income
    beds = [_last(months, "next_hospital_capacity") for months in (tight, generous)]
    holds = owed > -6 or beds[0] < 0.9 * beds[1]
    return Answer(holds, f"balance {owed:.1f} months of income; {_pair('beds', *beds)}")


def _money_for_prevention(levers: Mapping[str, float]) -> tuple[float, float, float]:
    usual = _run("china_dilemma", 5, levers)
    more = _run("china_dilemma", 5, {**levers, "public_health_multiplier": 3.0})
    names = ("public_health_pay", "payoff_primary", "real_cost")
    paid, profit, cost = (_last(more, name) - _last(usual, name) for name in names)
    return paid, profit, cost


@_fact(
    "Of three times the money for prevention, less than half becomes profit.",
    "No reform, public health money tripled; year 5",
)
def _prevention_money_is_spent() -> Answer:
    paid, profit, _ = _money_for_prevention({})
    return Answer(profit < paid / 2, f"paid {paid:.1f} more, profit {profit:.1f} more")


@_fact(
    "Money for prevention that is tied to nothing is still spent: no profit, and care costs more.",
    "The same with pay tied to reach 0; year 5",
)
def _untied_money_is_spent() -> Answer:
    paid, profit, cost = _money_for_prevention({"performance_share": 0.0})
    return Answer(
        profit < 0.05 * paid and cost > 0,
        f"paid {paid:.1f}, profit {profit:.2f}, real cost {cost:.1f} more",
    )


@_fact(
    "Full gatekeeping by primary care that can do little hurts patients.",
    "No reform but gatekeeping 1; capability was always 0.2; year 2",
)
def _gates_before_weak_care() -> Answer:
    before = {"start_capability": 0.2}
    usual = _year(_run("china_dilemma", 2, before=before), "payoff_patients", 2)
    gated = _year(
        _run("china_dilemma", 2, {"gatekeeping_share": 1.0}, before), "payoff_patients", 2
    )
    return Answer(gated < usual, f"patients' pay-off changes by {gated - usual:.2f} a month")


@_fact(
    "Paying more for care outside hurts patients.",
    "No reform but own share outside 30 points higher; year 2",
)
def _dearer_care_hurts() -> Answer:
    usual, dear = (
        _year(_run("china_dilemma", 2, {"outside_copay_shift": shift}), "payoff_patients", 2)
        for shift in (0.0, 0.3)
    )
    return Answer(dear < usual, f"patients' pay-off changes by {dear - usual:.2f} a month")


def _first_month(preset: str, context: str = _COUNTY, **stocks: float) -> dict[str, Any]:
    """Return month 0 of a run that begins with other stocks."""
    place = load_place(context)
    begun = replace(place, stocks={**place.stocks, **stocks})
    return next(iter(run_months(begun, preset_levers(preset), 1)))


@_fact(
    "A better hospital helps patients at once.", "No reform; hospital quality 0.1 higher; month 0"
)
def _quality_helps() -> Answer:
    usual = _first_month("china_dilemma")["payoff_patients"]
    quality = load_place(_COUNTY).stocks["hospital_quality"] + 0.1
    better = _first_month("china_dilemma", hospital_quality=quality)["payoff_patients"]
    return Answer(better > usual, f"patients' pay-off changes by {better - usual:.2f} a month")


@_fact(
    "A budget that follows all spending takes at least half of the contract's effect on intensity.",
    "Symmetric contract, all to the hospital, ratchet 0 and 1; year 5",
    identity=True,
)
def _ratchets_are_felt() -> Answer:
    free = _last(_run("china_dilemma", 5), "next_intensity_effort")
    held, ratcheted = (
        _last(_run("china_dilemma", 5, {**_ALL_OF_IT, "ratchet_share": r}), "next_intensity_effort")
        for r in (0.0, 1.0)
    )
    taken = 1 - (ratcheted - free) / (held - free)
    return Answer(taken >= 0.5, f"the ratchet takes {100 * taken:.0f} % of the effect")


@_fact(
    "A budget that follows all spending is last year's spending, however generous it began.",
    "Anhui package, ratchet 1, benchmark 0.9; years 2, 4, 6, within 2 %",
)
def _ratchets_follow() -> Answer:
    months = _run("anhui", 6, {"ratchet_share": 1.0, "benchmark_share": 0.9})
    ratios = [
        _year(months, "budget", year) / _year(months, "charged_spending", year - 1)
        for year in (2, 4, 6)
    ]
    told = ", ".join(f"{ratio:.3f}" for ratio in ratios)
    return Answer(all(abs(ratio - 1) <= 0.02 for ratio in ratios), f"budget over spending: {told}")


@_fact(
    "To primary care that can do nothing, nobody is referred.",
    "Anhui package without mentoring and staff; capability was always almost 0; year 5",
)
def _nobody_is_referred_to_nothing() -> Answer:
    levers = {"mentoring_offered_share": 0.0, "staffing_share": 0.0}
    months = _run("anhui", 5, levers, before={"start_capability": 1e-6})
    share = _last(months, "referred_down_share")
    return Answer(share < 1e-3, f"share referred down: {share:.6f}")


@_fact(
    "A longer contract raises the reach of prevention by more than 1 %.",
    "Anhui package, contract of 1 and of 10 years; year 5",
)
def _long_contracts_prevent() -> Answer:
    short, long = (_last(_run("anhui", 5, {"contract_years": y}), "reach") for y in (1.0, 10.0))
    return Answer(long > 1.01 * short, _pair("reach", short, long))


@_fact(
    "More altruism leaves fewer patients short of treatment.",
    "Anhui package; altruism was always 0, or at the top of its range; year 5",
    identity=True,
)
def _altruists_treat() -> Answer:
    (top,) = (
        float(row["high"])
        for row in _all_rows()
        if (row["name"], row["context"]) == ("altruism", "any_place")
    )
    none, much = (
        _last(_run("anhui", 5, before={"altruism": value}), "treatment_gap") for value in (0.0, top)
    )
    return Answer(much > none, _pair("treatment gap", none, much))


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
)
def _many_bodies_feel_little() -> Answer:
    free = _run("china_dilemma", 5)
    far = []
    for bodies in (1.0, 10.0):
        months = _run("china_dilemma", 5, {**_ALL_OF_IT, "bodies_under_cap": bodies})
        far.append(sum(abs(_last(months, name) - _last(free, name)) for name in _EFFORTS))
    return Answer(far[1] < far[0], _pair("distance from no contract, one and ten bodies", *far))


@_fact(
    "Under full merger it does not matter who gets the surplus: no effort moves by 1 %.",
    "Anhui package, merger 1, money not bundled, hospital part 0 and 1; year 5",
    identity=True,
)
def _mergers_share() -> Answer:
    levers = {"governance_share": 1.0, "bundled_share": 0.0}
    none, all_ = (_run("anhui", 5, {**levers, "hospital_part_share": part}) for part in (0.0, 1.0))
    moves = [
        abs(_last(all_, name) - _last(none, name)) / max(_last(none, name), 0.1)
        for name in _EFFORTS
    ]
    return Answer(max(moves) < 0.01, f"largest move: {100 * max(moves):.2f} %")


@_fact(
    "Without a contract its terms do nothing.",
    "No reform; kept, borne, charged, benchmark and split changed; year 5",
    identity=True,
)
def _no_contract_no_terms() -> Answer:
    terms = {
        "surplus_kept_share": 1.0,
        "deficit_borne_share": 1.0,
        "leakage_charged_share": 1.0,
        "benchmark_share": 0.8,
        "hospital_part_share": 0.0,
    }
    free, termed = _run("china_dilemma", 5), _run("china_dilemma", 5, terms)
    names = [name for name in free[-1] if name.startswith("payoff_") or name in _EFFORTS]
    worst = max(abs(free[-1][name] - termed[-1][name]) for name in names)
    return Answer(worst < 1e-9, f"largest difference: {worst:.1e}")


@_fact(
    "Dearer mentoring is less mentoring.",
    "Anhui package, no push, no pay, ten years, merger, contract, deficits borne and"
    " information 1; unit cost times five after rest; year 5",
)
def _dear_mentoring() -> Answer:
    levers = {
        "mentoring_push_share": 0.0,
        "mentoring_pay_share": 0.0,
        "contract_years": 10.0,
        "governance_share": 1.0,
        "contract_share": 1.0,
        "deficit_borne_share": 1.0,
        "information_share": 1.0,
    }
    after = _times(_COUNTY, ["mentoring_unit_cost"], 5)
    usual = _last(_run("anhui", 5, levers), "next_mentoring")
    dear = _last(_run("anhui", 5, levers, after=after), "next_mentoring")
    return Answer(dear < usual, _pair("mentoring", usual, dear))


@_fact(
    "Where nobody pays, a lower own share does nothing.",
    "Integrated UK place, own share in primary care 20 points lower; year 5",
    identity=True,
)
def _nothing_to_pay() -> Answer:
    usual = _run("uk_integrated", 5, context=_UK)
    lower = _run("uk_integrated", 5, {"primary_copay_shift": -0.2}, context=_UK)
    worst = max(
        abs(usual[-1][name] - lower[-1][name])
        for name in ("payoff_patients", "insured_spending", "primary_mild_share", *_EFFORTS)
    )
    return Answer(worst < 1e-9, f"largest difference: {worst:.1e}")


_SERIOUS = tuple(f"{state}_serious_cases_year" for state in PEOPLE)
_VISITS = tuple(f"{state}_visits_year" for state in PEOPLE)


@_fact(
    "A fifth more serious cases makes patients wait where beds cannot follow.",
    "UK before integration; serious cases 20 % up after rest; year 5",
)
def _crowds_wait() -> Answer:
    after = _times(_UK, _SERIOUS, 1.2)
    waiting = _last(_run("uk_before", 5, after=after, context=_UK), "waiting")
    return Answer(waiting > 0.01, f"waiting: {waiting:.3f}")


@_fact(
    "Twice as many visits leave primary care less room for what it is able to do.",
    "No reform; visits double after rest; year 5",
)
def _busy_centres() -> Answer:
    months = _run("china_dilemma", 5, after=_times(_COUNTY, _VISITS, 2))
    part = _last(months, "usable_part")
    return Answer(part < 0.99, f"usable part: {part:.2f}")


@_fact(
    "An English practice earns no more by seeing patients more often.",
    "UK before integration; visits 20 % up after rest; year 1",
)
def _practices_are_paid_by_head() -> Answer:
    usual = _year(_run("uk_before", 1, context=_UK), "payoff_primary", 1)
    after = _times(_UK, _VISITS, 1.2)
    busy = _year(_run("uk_before", 1, after=after, context=_UK), "payoff_primary", 1)
    return Answer(busy <= usual, f"primary care's pay-off changes by {busy - usual:.2f} a month")


@_fact(
    "A reform in its fourth year changes nothing before, its fund included.",
    "Integrated UK place from month 37 on, contract horizon as before; years 1 to 3",
)
def _later_is_later() -> Answer:
    levers = {
        "payment_start_month": 37.0,
        "service_start_month": 37.0,
        "contract_years": preset_levers("uk_before")["contract_years"],
    }
    late = _run("uk_integrated", 3, levers, context=_UK)
    never = _run("uk_before", 3, context=_UK)
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
)
def _physicians_save() -> Answer:
    free = _last(_run("china_dilemma", 5), "insured_spending")
    levers = {**SYMMETRIC, "hospital_part_share": 0.0}
    led = _last(_run("china_dilemma", 5, levers), "insured_spending")
    return Answer(led < 0.99 * free, f"insurer spending changes by {100 * (led / free - 1):.1f} %")


@_fact(
    "Ten times the people change nothing per resident.",
    "Anhui package; population times ten; year 5",
    identity=True,
)
def _size_does_not_matter() -> Answer:
    small = _run("anhui", 5)
    large = _run("anhui", 5, before=_times(_COUNTY, ["population"], 10))
    names = [name for name in small[-1] if name.startswith("payoff_") or name in _EFFORTS]
    worst = max(_change(large[-1][name], small[-1][name]) for name in names if small[-1][name])
    return Answer(worst < 1e-6, f"largest difference: {worst:.1e}")


@_fact(
    "Even with every lever at its most, what insurer and patients pay falls by under a quarter.",
    "All levers at their highest, one body under the cap; year 5",
)
def _no_miracles() -> Answer:
    levers = {name: high for name, (_, high, _) in lever_ranges().items()}
    levers |= {"bodies_under_cap": 1.0, "payment_start_month": 0.0, "service_start_month": 0.0}
    free, most = _run("china_dilemma", 5), _run("china_dilemma", 5, levers)
    names = ("insured_spending", "household_payments")
    ratio = sum(_last(most, name) for name in names) / sum(_last(free, name) for name in names)
    return Answer(ratio > 0.75, f"what is paid for care changes by {100 * (ratio - 1):.1f} %")


@_fact(
    "A fixed price for each case leads to less intensity than a price for each service.",
    "No reform but pay by case 1; year 5",
)
def _pay_by_case() -> Answer:
    service = _last(_run("china_dilemma", 5), "next_intensity_effort")
    case = _last(_run("china_dilemma", 5, {"case_paid_share": 1.0}), "next_intensity_effort")
    return Answer(case < service, _pair("intensity", service, case))


@_fact(
    "Twice the deaths raise nobody's cash.",
    "No reform; deaths double after rest; year 10",
    exception="The dead need no care, so an insurer keeps their premium and saves their bills; no"
    " plausible bill for the last months of life is as large. Fact 2 says what must hold instead:"
    " no pay-off that counts health rises.",
)
def _deaths_pay_nobody() -> Answer:
    usual = _run("china_dilemma", 10)
    worse = _run("china_dilemma", 10, after=_times(_COUNTY, _DEATHS, 2))
    names = ("payoff_hospital", "payoff_primary", "payoff_insurer")
    gains = [_last(worse, name) - _last(usual, name) for name in names]
    told = ", ".join(f"{gain:.2f}" for gain in gains)
    return Answer(max(gains) <= 0, f"hospital, primary care and insurer gain {told} a month")


@_fact(
    "Without a reform and a drift, dearer care alone moves no effort by 5 %.",
    "No reform in each place, drift zero, trend of costs as it is; year 10",
)
def _trends_move_no_effort() -> Answer:
    worst = 0.0
    for context, preset in BASELINE_PRESETS.items():
        assert "cost_trend_year" in place_parameters(context), "no trend of costs"
        months = _run(preset, 10, after={"hospital_drift_year": 0.0}, context=context)
        starts = load_place(context).stocks
        for name in _EFFORTS:
            start = starts[name.removeprefix("next_")]
            worst = max(worst, abs(_last(months, name) - start) / max(start, 0.1))
    return Answer(worst < 0.05, f"largest move: {100 * worst:.1f} %")


@_fact(
    "Dearer hospital care sends mild cases to primary care and hurts patients.",
    "No reform; own share at the hospital 10 points higher after rest; year 2",
)
def _dear_hospitals() -> Answer:
    after = {"hospital_copay_share": place_parameters(_COUNTY)["hospital_copay_share"] + 0.1}
    usual, dear = _run("china_dilemma", 2), _run("china_dilemma", 2, after=after)
    share, payoff = (
        _last(dear, name) - _last(usual, name) for name in ("primary_mild_share", "payoff_patients")
    )
    return Answer(share > 0 and payoff < 0, f"share {share:+.4f}, patients' pay-off {payoff:+.2f}")


@_fact(
    "Nobody mentors of their own accord where mentoring teaches nothing.",
    "Anhui package without push; mentoring teaches nothing after rest; year 5",
)
def _useless_mentoring() -> Answer:
    levers = {"mentoring_push_share": 0.0}
    months = _run("anhui", 5, levers, after={"mentoring_gain": 0.0})
    mentoring = _last(months, "next_mentoring")
    return Answer(mentoring < 1e-9, f"mentoring: {mentoring:.3f}")


@_fact(
    "Counting money in tenths changes no share and no effort.",
    "Anhui package; every price, cost and value of life times ten; year 5",
    identity=True,
)
def _coins_do_not_matter() -> Answer:
    given = place_parameters(_COUNTY)
    units = {row["name"]: row["unit"] for row in _all_rows()}
    money = [name for name in given if units[name].startswith("money")]
    usual, dear = _run("anhui", 5), _run("anhui", 5, before=_times(_COUNTY, money, 10))
    names = ("reach", "kept_in_place_share", "primary_mild_share", *_EFFORTS)
    worst = max(abs(dear[-1][name] - usual[-1][name]) for name in names)
    return Answer(worst < 1e-6, f"largest difference: {worst:.1e}")


def _all_rows() -> Sequence[Mapping[str, str]]:
    from carelab.engine.tables import rows_of

    return rows_of("parameters.csv")


@_fact(
    "If nobody fell ill any more, people would live more healthy years and insurers pay less.",
    "No reform; onset zero after rest; year 10",
)
def _nobody_falls_ill() -> Answer:
    usual, well = _run("china_dilemma", 10), _run("china_dilemma", 10, after={"onset_rate": 0.0})
    years, spending = (
        _last(well, name) - _last(usual, name) for name in ("life_years", "insured_spending")
    )
    return Answer(
        years > 0 and spending < 0, f"healthy years {years:+.4f}, spending {spending:+.1f}"
    )


@_fact(
    "Closed beds hurt patients.",
    "UK before integration; three in ten beds closed in month 0; year 1",
)
def _closed_beds_hurt() -> Answer:
    place = load_place(_UK)
    shut = replace(place, stocks={**place.stocks, "hospital_capacity": 0.7})
    months = [list(run_months(each, preset_levers("uk_before"), 12)) for each in (place, shut)]
    usual, closed = (_last(each, "payoff_patients") for each in months)
    return Answer(closed < usual, f"patients' pay-off changes by {closed - usual:.2f} a month")


@_fact(
    "A charge for care outside keeps more cases in the place.",
    "Symmetric contract, all to the hospital, charge 0 and 1; year 5",
)
def _charges_keep() -> Answer:
    free, charged = (
        _last(
            _run("china_dilemma", 5, {**_ALL_OF_IT, "leakage_charged_share": c}),
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
def _no_change_no_reform() -> Answer:
    worst = 0.0
    for context, preset in BASELINE_PRESETS.items():
        usual = _run(preset, 5, context=context)
        timed = {"payment_start_month": 6.0, "service_start_month": 12.0, "ramp_months": 12.0}
        other = _run(preset, 5, timed, context=context)
        names = [name for name in usual[-1] if name.startswith(("payoff_", "next_"))]
        worst = max(worst, *(abs(usual[-1][n] - other[-1][n]) for n in names))
    return Answer(worst < 1e-6, f"largest difference: {worst:.1e}")


@_fact(
    "Dearer prevention effort is less prevention.",
    "Anhui package; cost of effort doubles after rest; year 5",
)
def _dear_prevention() -> Answer:
    after = _times(_COUNTY, ["effort_cash_cost", "prevention_effort_cost"], 2)
    usual, dear = _last(_run("anhui", 5), "reach"), _last(_run("anhui", 5, after=after), "reach")
    return Answer(dear < usual, _pair("reach", usual, dear))


@_fact(
    "Who discounts the future more prevents less.",
    "Anhui package; discount rate 2 % and 8 % after rest; year 5",
)
def _the_impatient() -> Answer:
    patient, hasty = (
        _last(_run("anhui", 5, after={"discount_rate_year": rate}), "next_prevention_effort")
        for rate in (0.02, 0.08)
    )
    return Answer(hasty < patient, _pair("prevention effort", patient, hasty))


@_fact(
    "Where residents come and go, providers prevent less.",
    "Anhui package; turnover 1 % and 6 % after rest; year 5",
)
def _movers() -> Answer:
    settled, moving = (
        _last(_run("anhui", 5, after={"turnover_rate_year": rate}), "next_prevention_effort")
        for rate in (0.01, 0.06)
    )
    return Answer(moving < settled, _pair("prevention effort", settled, moving))


@_fact(
    "Prevention that works on nothing and is paid by nobody does not grow.",
    "Anhui package, pay tied to reach 0; prevention has no effect on health after rest; year 5",
)
def _useless_prevention() -> Answer:
    after = {"prevention_onset_effect": 0.0, "reach_management_rate": 0.0}
    months = _run("anhui", 5, {"performance_share": 0.0}, after=after)
    start = load_place(_COUNTY).stocks["prevention_effort"]
    effort = _last(months, "next_prevention_effort")
    return Answer(
        effort <= start + 1e-9, _pair("prevention effort, start and year 5", start, effort)
    )


@_fact(
    "A hospital that earns almost nothing on one more case treats less intensely.",
    "No reform; variable cost 95 % of the price after rest; year 5",
)
def _no_margin() -> Answer:
    usual = _last(_run("china_dilemma", 5), "next_intensity_effort")
    thin = _run("china_dilemma", 5, after={"hospital_variable_cost_share": 0.95})
    return Answer(
        _last(thin, "next_intensity_effort") < usual,
        _pair("intensity", usual, _last(thin, "next_intensity_effort")),
    )


@_fact(
    "Paying less for care outside helps patients.",
    "No reform but own share outside 30 points lower; year 2",
)
def _cheaper_care_helps() -> Answer:
    usual, cheap = (
        _year(_run("china_dilemma", 2, {"outside_copay_shift": shift}), "payoff_patients", 2)
        for shift in (0.0, -0.3)
    )
    return Answer(cheap > usual, f"patients' pay-off changes by {cheap - usual:+.2f} a month")


@_fact(
    "Primary care that can do more helps patients at once.",
    "No reform; capability 0.1 higher; month 0",
)
def _capability_helps() -> Answer:
    usual = _first_month("china_dilemma")["payoff_patients"]
    capability = load_place(_COUNTY).stocks["capability"] + 0.1
    better = _first_month("china_dilemma", capability=capability)["payoff_patients"]
    return Answer(better > usual, f"patients' pay-off changes by {better - usual:+.2f} a month")


@_fact(
    "If nobody died, there would be more people.",
    "No reform; every death rate zero after rest; year 10",
)
def _nobody_dies() -> Answer:
    months = _run("china_dilemma", 10, after=_times(_COUNTY, _DEATHS, 0))
    start = sum(load_place(_COUNTY).stocks[state] for state in PEOPLE)
    return Answer(
        months[-1]["residents"] > start, f"residents times {months[-1]['residents'] / start:.3f}"
    )


@_fact(
    "Care withheld costs healthy years.",
    "Integrated UK place, where too little is done and patients wait; harm of it 0 and 0.3; year 5",
)
def _withheld_care_harms() -> Answer:
    none, much = (
        _last(
            _run("uk_integrated", 5, after={"withheld_care_effect": h}, context=_UK), "life_years"
        )
        for h in (0.0, 0.3)
    )
    return Answer(much < none, _pair("healthy years", none, much))


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
        answer = fact.ask()
        kind = "exception" if fact.exception else "identity" if fact.identity else "fact"
        rows.append((fact.number, fact.sentence, fact.setting, kind, *answer))
    return pd.DataFrame(rows, columns=["number", "fact", "setting", "kind", "holds", "figures"])
