"""What tomorrow is worth today: of a person in each state of health, of capability, of quality.

Nobody in the model sees the future. Each side takes the rates and gains of this month and asks
what a person, or a unit of capability, brings if they stay as they are. Money ends for a side as
its contract may end and as people move away; life goes on wherever people live.
"""

from collections.abc import Mapping
from typing import Any

from carelab.engine.names import EFFORTS, OWN_EFFORTS, PEOPLE
from carelab.tracing import exp
from carelab.tracing.gradient import over, plus, pull_back, times

# Slopes are taken by all efforts, and by what outlasts the month.
MOVED = (*EFFORTS, "mentoring")
LASTING = ("capability", "hospital_quality")
# Worst state first: each solve leaves the states that are entered from it for the next.
_ORDER = ("complicated", "managed", "unmanaged", "healthy")
# Slopes that a page explains, by the name that they bear there.
EXPLAINED = {
    "hospital": {
        "gap": "hospital_felt_share",
        "mild_referred": "referral_gain",
        **{
            name: f"hospital_by_{name}"
            for name in ("mild_need", "serious_need", "mild_hospital", "mild_outside",
                         "serious_hospital", "serious_outside")
        },
    },
    "primary": {
        "gap": "primary_felt_share",
        **{name: f"primary_by_{name}" for name in ("mild_need", "serious_need")},
    },
}  # fmt: skip
Slopes = dict[str, dict[str, Any]]


def slopes_now(flows: Any) -> Slopes:
    """Differentiate the three objectives of the month by efforts and by what outlasts it."""
    by = (*MOVED, *PEOPLE, *LASTING)
    levels = {
        "hospital": "hospital_objective",
        "primary": "primary_objective",
        "welfare": "patient_welfare",
    }
    return {
        side: pull_back(flows, {level: 1.0}, by, side, EXPLAINED.get(side))
        for side, level in levels.items()
    }


def foresight(inputs: Any, flows: Any, slopes: Slopes) -> Slopes:
    """Work out what of the future each side's efforts move, and add it up.

    Parameters
    ----------
    inputs : namespace
        Discount, turnover, the weight on the partner and on patients.
    flows : recorder
        Receives the worth of a person by state to each side, healthy years ahead by state, and
        the worth of capability and quality to the hospital.
    slopes : dict
        Of `slopes_now`.

    Returns
    -------
    dict of str to dict of str to quantity
        ``hospital`` and ``primary`` to slopes of the future by their own efforts.
    """
    discount = inputs.discount_rate_year
    flows.life_discount = exp(-discount / 12)
    flows.money_discount = exp(-(discount + 1 / flows.contract_years) / 12)
    flows.stay_discount = flows.money_discount * (1 - inputs.turnover_rate_year / 12)
    partner = flows.governance_share
    moves = {
        state: pull_back(flows, {f"remaining_{state}": 1.0}, PEOPLE, f"remaining_{state}")
        for state in PEOPLE
    }
    money = {
        "hospital_worth": _per_person("hospital", "primary", partner, flows, slopes),
        "primary_worth": _per_person("primary", "hospital", partner, flows, slopes),
    }
    _solve(flows, "stay", flows.stay_discount, moves, money)
    years = {state: getattr(inputs, f"{state}_life_weight") / 12 for state in PEOPLE}
    lived = {
        state: flows.residents * slopes["welfare"][state] + flows.patient_welfare
        for state in PEOPLE
    }
    _solve(
        flows, "life", flows.life_discount, moves, {"welfare_worth": lived, "years_ahead": years}
    )
    return _futures(inputs, flows, slopes)


def _per_person(side: str, other: str, partner: Any, flows: Any, slopes: Slopes) -> dict[str, Any]:
    """Return what one more person in a state brings a side this month, its partner weighed."""
    level = getattr(flows, f"{side}_objective") + partner * getattr(flows, f"{other}_objective")
    setattr(flows, f"{side}_money", level)
    return {
        state: flows.residents * plus(slopes[side][state], times(partner, slopes[other][state]))
        + getattr(flows, f"{side}_money")
        for state in PEOPLE
    }


def _solve(
    flows: Any,
    name: str,
    discount: Any,
    moves: Mapping[str, Mapping[str, Any]],
    gains: Mapping[str, Mapping[str, Any]],
) -> None:
    """Solve worth = gain now + discount * worth a month later, over the states of health.

    Elimination, state by state: each solved state is a constant and parts of the states left.
    """
    parts: dict[str, dict[str, Any]] = {}
    bases: dict[str, dict[str, Any]] = {}
    for state in _ORDER:
        # Where a person of this state will be after a month; what is solved is put in its place.
        left = {then: times(discount, moves[then][state]) for then in PEOPLE}
        base = {worth: gain[state] for worth, gain in gains.items()}
        for solved in parts:
            there = left.pop(solved)
            base = {w: plus(gain, times(there, bases[solved][w])) for w, gain in base.items()}
            for then, part in parts[solved].items():
                left[then] = plus(left[then], times(there, part))
        factor = _kept(flows, f"{state}_{name}_factor", 1 / (1 - left.pop(state)))
        parts[state] = {
            then: _kept(flows, f"{state}_{name}_to_{then}", times(factor, part))
            for then, part in left.items()
        }
        bases[state] = {
            worth: _kept(flows, f"{state}_{worth}_alone", times(factor, gain))
            for worth, gain in base.items()
        }
    for state in reversed(_ORDER):
        for worth, total in bases[state].items():
            for then, part in parts[state].items():
                total = plus(total, times(part, getattr(flows, f"{then}_{worth}")))
            setattr(flows, f"{state}_{worth}", total)


def _kept(flows: Any, name: str, value: Any) -> Any:
    """Give a quantity a name of its own, unless it is a plain number."""
    if value.operation == "number":
        return value
    setattr(flows, name, value)
    return getattr(flows, name)


def _futures(inputs: Any, flows: Any, slopes: Slopes) -> Slopes:
    """Differentiate what the month leaves behind: people, capability, quality."""
    patients = inputs.altruism
    weights: dict[str, dict[str, Any]] = {"hospital": {}, "primary": {}}
    money_only = {}
    for state in PEOPLE:
        setattr(flows, f"{state}_life_later",
                patients * flows.life_discount * getattr(flows, f"{state}_welfare_worth")
                / flows.residents)  # fmt: skip
        for side, kept in weights.items():
            worth = getattr(flows, f"{state}_{side}_worth")
            setattr(flows, f"{state}_{side}_later",
                    flows.stay_discount * worth / flows.residents)  # fmt: skip
            later = getattr(flows, f"{state}_{side}_later")
            kept[f"remaining_{state}"] = later + getattr(flows, f"{state}_life_later")
            if side == "hospital":
                money_only[f"remaining_{state}"] = later
    # The reach of prevention carries all of it, so the slopes are taken once by each stock.
    people = {
        side: pull_back(flows, kept, (*OWN_EFFORTS[side], *LASTING), f"{side}_people")
        for side, kept in weights.items()
    }
    paid = pull_back(flows, money_only, LASTING, "hospital_paid_people")
    worths = {}
    for stock in LASTING:
        wear = pull_back(flows, {f"next_{stock}": 1.0}, [stock], f"next_{stock}")[stock]
        setattr(flows, f"{stock}_carried", wear)
        cash = plus(
            plus(
                slopes["hospital"][stock], times(flows.governance_share, slopes["primary"][stock])
            ),
            paid[stock],
        )
        life = plus(
            times(patients, slopes["welfare"][stock]), people["hospital"][stock] - paid[stock]
        )
        setattr(
            flows,
            f"{stock}_worth",
            _lasting(flows.money_discount, cash, getattr(flows, f"{stock}_carried"))
            + _lasting(flows.life_discount, life, getattr(flows, f"{stock}_carried")),
        )
        worths[f"next_{stock}"] = getattr(flows, f"{stock}_worth")
    lasting = pull_back(flows, worths, OWN_EFFORTS["hospital"], "hospital_lasting")
    return {
        "hospital": {e: plus(people["hospital"][e], lasting[e]) for e in OWN_EFFORTS["hospital"]},
        "primary": {e: people["primary"][e] for e in OWN_EFFORTS["primary"]},
    }


def _lasting(discount: Any, gain: Any, carried: Any) -> Any:
    """Return what a unit that is left next month is worth, if it brings the same ever after."""
    return over(times(discount, gain), 1 - discount * carried)
