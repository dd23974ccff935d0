"""What a directional claim is: what it says, on whose word, and which runs it compares."""

from dataclasses import dataclass
from typing import NamedTuple

from carelab.base.levers import check_levers
from carelab.engine import preset_levers

_Changes = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Run:
    """One run of a place.

    Parameters
    ----------
    preset : str
        Lever settings of a case.
    changes : tuple of (str, float)
        Levers that differ from it.
    margin_added : float
        What the lead hospital earns more on a case, as a share of its price.

    Examples
    --------
    >>> Run("anhui").change(leakage_charged_share=0.0).changes
    (('leakage_charged_share', 0.0),)
    """

    preset: str
    changes: _Changes = ()
    margin_added: float = 0.0

    @property
    def levers(self) -> dict[str, float]:
        """Every lever as this run sets it."""
        check_levers(dict(self.changes))
        return {**preset_levers(self.preset), **dict(self.changes)}

    def change(self, **levers: float) -> "Run":
        """Return a new run with some levers set."""
        changes = {**dict(self.changes), **levers}
        return Run(self.preset, tuple(sorted(changes.items())), self.margin_added)


class Term(NamedTuple):
    """One number that a claim compares: a quantity of a run, averaged over some years."""

    weight: float
    run: Run
    outcome: str
    years: tuple[int, int]


@dataclass(frozen=True)
class DirectionalClaim:
    """A claim about a sign.

    Parameters
    ----------
    id : str
        Short name.
    text : str
        What it says.
    evidence : tuple of str
        Ids in ``claims.csv`` to which it speaks; none when the claim is ours.
    context : str
        Place.
    terms : tuple of Term
        It holds where their weighted sum lies above the threshold.
    threshold : float
        0 unless the claim compares with a number.
    by_construction : bool
        The equations leave no other sign, whatever the parameters.
    """

    id: str
    text: str
    evidence: tuple[str, ...]
    context: str
    terms: tuple[Term, ...]
    threshold: float = 0.0
    by_construction: bool = False


COUNTY, DISTRICT, UK = "china_county", "hangzhou_district", "uk_place"
OLD, ANHUI, HANGZHOU = Run("china_dilemma"), Run("anhui"), Run("hangzhou")
BEFORE, INTEGRATED = Run("uk_before"), Run("uk_integrated")
CONTRACT = {"contract_share": 0.9, "surplus_kept_share": 1.0, "deficit_borne_share": 0.5}
PACKAGES = {
    **CONTRACT,
    "leakage_charged_share": 1.0,
    "bundled_share": 1.0,
    "reward_share": 0.7,
    "governance_share": 0.8,
    "contract_years": 5.0,
}
# What the public purse pays: insured care, settlements and public health money.
PURSE = ("insured_spending", "settlement_paid", "public_health_pay")


def _years(years: int | tuple[int, int]) -> tuple[int, int]:
    return (years, years) if isinstance(years, int) else years


def more(
    outcome: str, here: Run, than_there: Run, years: int | tuple[int, int] = 5
) -> tuple[Term, ...]:
    """Say that a quantity is greater in one run than in another."""
    when = _years(years)
    return Term(1.0, here, outcome, when), Term(-1.0, than_there, outcome, when)


def sign_is(sign: float, outcome: str, run: Run, years: int = 5) -> tuple[Term, ...]:
    """Say that a quantity of a run is positive or negative."""
    return (Term(sign, run, outcome, (years, years)),)


def later(outcome: str, run: Run, late: int, early: int) -> tuple[Term, ...]:
    """Say that a quantity is greater late in a run than early."""
    return Term(1.0, run, outcome, (late, late)), Term(-1.0, run, outcome, (early, early))


def together(
    outcome: str, base: Run, one: dict[str, float], two: dict[str, float]
) -> tuple[Term, ...]:
    """Say that two sets of levers do more together than the sum of each alone."""
    both = base.change(**one, **two)
    return (
        *more(outcome, both, base.change(**one)),
        *more(outcome, base, base.change(**two)),
    )


def claim(
    name: str,
    text: str,
    evidence: str,
    context: str,
    terms: tuple[Term, ...],
    threshold: float = 0.0,
    *,
    by_construction: bool = False,
) -> DirectionalClaim:
    """Write a claim, its evidence as ids separated by spaces."""
    ids = tuple(evidence.split())
    return DirectionalClaim(name, text, ids, context, terms, threshold, by_construction)
