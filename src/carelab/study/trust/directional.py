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


_PATHWAY = {"service_pathway_share": 1.0, "information_share": 0.5}
_FULL = ANHUI.change(service_pathway_share=1.0)
_SERVICE_FIRST = _FULL.change(payment_start_month=36.0)
_PAYMENT_FIRST = _FULL.change(service_start_month=36.0)
DILEMMA_CLAIMS = (
    claim(
        "D1",
        "Under fee-for-service the hospital loses money by each prevented serious case",
        "S002-06",
        COUNTY,
        sign_is(-1, "hospital_gain_serious", OLD, 1),
        by_construction=True,
    ),
    claim(
        "D1b",
        "Under fee-for-service the hospital hardly supports prevention (effort below 0.05)",
        "S002-06",
        COUNTY,
        sign_is(-1, "next_support_effort", OLD, 1),
        -0.05,
    ),
    claim(
        "D2",
        "Under mixed payment a richer margin on treatment crowds out support of prevention",
        "S002-04 S002-07",
        COUNTY,
        more(
            "next_support_effort",
            Run("anhui", (("contract_share", 0.5),)),
            Run("anhui", (("contract_share", 0.5),), 0.05),
        ),
    ),
    claim(
        "D3",
        "The two packages extend prevention further than twice the public health money",
        "S004-77",
        COUNTY,
        more("reach", OLD.change(**PACKAGES), OLD.change(public_health_multiplier=2.0)),
    ),
    claim(
        "D3a",
        "The two packages cost the public purse less than twice the public health money",
        "S004-77 S002-16",
        COUNTY,
        tuple(
            term
            for each in PURSE
            for term in more(
                each, OLD.change(public_health_multiplier=2.0), OLD.change(**PACKAGES), (1, 5)
            )
        ),
    ),
    claim(
        "D4",
        "A service pathway with shared information and the payment reform reach more together"
        " than the sum of each alone",
        "S002-08",
        COUNTY,
        together("reach", OLD, _PATHWAY, PACKAGES),
    ),
    claim(
        "D5",
        "Service levers first beat payment levers first, in years of healthy life over ten years"
        " (a proxy: it does not test the order that the source means)",
        "S002-09 S002-14",
        COUNTY,
        more("life_years", _SERVICE_FIRST, _PAYMENT_FIRST, (1, 10)),
    ),
    claim(
        "D5b",
        "Service levers first beat payment levers first, in mean reach over ten years",
        "S002-09 S002-14",
        COUNTY,
        more("reach", _SERVICE_FIRST, _PAYMENT_FIRST, (1, 10)),
    ),
)


_GATED = ANHUI.change(governance_share=1.0, hospital_part_share=1.0, quality_gate_share=1.0)
ANHUI_CLAIMS = (
    claim(
        "A1",
        "The Anhui package extends the reach of prevention",
        "S004-83",
        COUNTY,
        more("reach", ANHUI, OLD),
    ),
    claim(
        "A1b",
        "The Anhui package makes the hospital support prevention",
        "S004-83 S004-84",
        COUNTY,
        more("next_support_effort", ANHUI, OLD),
    ),
    claim(
        "A2",
        "The Anhui package keeps a greater share of care in the county",
        "S004-42 S004-81",
        COUNTY,
        more("kept_in_place_share", ANHUI, OLD),
    ),
    claim(
        "A2b",
        "A budget with kept surplus but without a charge for leakage keeps care in the county",
        "",
        COUNTY,
        more("kept_in_place_share", OLD.change(**CONTRACT), OLD),
    ),
    claim(
        "A3",
        "The charge for leakage keeps a greater share of care in the county",
        "S004-80",
        COUNTY,
        more("kept_in_place_share", ANHUI, ANHUI.change(leakage_charged_share=0.0)),
    ),
    claim(
        "A3b",
        "The charge for leakage adds to the reach of prevention",
        "",
        COUNTY,
        more("reach", ANHUI, ANHUI.change(leakage_charged_share=0.0)),
    ),
    claim(
        "A4",
        "Within the package, the disease list without workload credit moves mild cases to"
        " townships",
        "S004-53 S004-54",
        COUNTY,
        more(
            "primary_mild_share",
            ANHUI.change(deductible_waived=0.0),
            ANHUI.change(deductible_waived=0.0, catalogue_share=0.0, workload_credit_share=1.0),
        ),
    ),
    claim(
        "A4c",
        "The same list without workload credit moves mild cases down under fee-for-service",
        "S004-53 S004-54",
        COUNTY,
        more(
            "primary_mild_share",
            OLD.change(catalogue_share=0.6, workload_credit_share=0.0),
            OLD,
        ),
    ),
    claim(
        "A4d",
        "Waiving the second deductible moves listed mild cases to townships",
        "S004-56",
        COUNTY,
        more("primary_mild_share", ANHUI, ANHUI.change(deductible_waived=0.0)),
    ),
    claim(
        "A5",
        "Bundling the public health money adds to the reach of the package",
        "S004-85 S004-86",
        COUNTY,
        more("reach", ANHUI, ANHUI.change(bundled_share=0.0)),
    ),
    claim(
        "A5b",
        "Bundling adds to reach even where no public health money depends on performance",
        "S004-85 S004-86",
        COUNTY,
        more(
            "reach",
            ANHUI.change(performance_share=0.0),
            ANHUI.change(performance_share=0.0, bundled_share=0.0),
        ),
    ),
    claim(
        "A6",
        "The package lowers the intensity of treatment",
        "S004-78",
        COUNTY,
        more("next_intensity_effort", OLD, ANHUI),
    ),
    claim(
        "A6b",
        "The package lowers the spending of the insurer on care",
        "S004-79 S004-82",
        COUNTY,
        more("insured_spending", OLD, ANHUI),
    ),
    claim(
        "A6c",
        "The package does not lead to under-treatment",
        "",
        COUNTY,
        sign_is(1, "treatment_gap", ANHUI),
    ),
    claim(
        "A6d",
        "The package lowers what the insurer pays for care and settlement together",
        "S004-82",
        COUNTY,
        tuple(term for each in PURSE[:2] for term in more(each, OLD, ANHUI)),
    ),
    claim(
        "A9",
        "Within the package, merged governance makes doctors refer down more",
        "S004-41",
        COUNTY,
        more("next_referral_effort", ANHUI, ANHUI.change(governance_share=0.0)),
    ),
    claim(
        "A9b",
        "Within the package, merged governance adds to the reach of prevention",
        "S004-07 S004-41",
        COUNTY,
        more("reach", ANHUI, ANHUI.change(governance_share=0.0)),
    ),
    claim(
        "A9c",
        "Merged governance adds to the reach of prevention under fee-for-service",
        "S004-07 S004-41",
        COUNTY,
        more("reach", OLD.change(governance_share=0.8), OLD),
    ),
    claim(
        "A11",
        "Five bodies under one cap reach less than one body",
        "",
        COUNTY,
        more("reach", ANHUI, ANHUI.change(bodies_under_cap=5.0)),
    ),
    claim(
        "A12",
        "Tight governance weakens the siphon that loose alliances have",
        "S004-17",
        COUNTY,
        more("siphon", OLD, OLD.change(governance_share=1.0)),
    ),
    claim(
        "A12b",
        "Under tight governance more mild cases stay in townships than under loose governance",
        "S004-16 S004-17",
        COUNTY,
        more("primary_mild_share", OLD.change(governance_share=1.0), OLD),
    ),
    claim(
        "A12c",
        "Under tight governance townships are more capable than under loose governance",
        "S004-18",
        COUNTY,
        more("next_capability", OLD.change(governance_share=1.0), OLD),
    ),
    claim(
        "A13",
        "The lead hospital is solvent after five years of the package",
        "",
        COUNTY,
        sign_is(1, "next_hospital_balance", ANHUI),
    ),
    claim(
        "A14",
        "Primary care is solvent after five years of the package",
        "",
        COUNTY,
        sign_is(1, "next_primary_balance", ANHUI),
    ),
    claim(
        "Q1",
        "A quality gate counters skimping where one body keeps the whole surplus",
        "S002-12",
        COUNTY,
        more("next_skimping_effort", _GATED.change(quality_gate_share=0.0), _GATED),
    ),
)


_ONE_BODY = {"governance_share": 0.0, "hospital_part_share": 1.0, "pooled_share": 0.0}
_HANGZHOU_BOTH = HANGZHOU.change(**PACKAGES, information_share=0.6)
HANGZHOU_CLAIMS = (
    claim(
        "H1",
        "Mentoring raises the capability of community centres",
        "S001-10",
        DISTRICT,
        more("next_capability", HANGZHOU, OLD, 3),
    ),
    claim(
        "H2",
        "Without shared pay and a shared information system capability falls back after year 5",
        "S001-14 S001-15 S001-16",
        DISTRICT,
        later("next_capability", HANGZHOU, 5, 10),
    ),
    claim(
        "H2b",
        "With both capability does not fall back after year 5 but rises",
        "S001-14 S001-15 S001-21",
        DISTRICT,
        later("next_capability", _HANGZHOU_BOTH, 10, 5),
    ),
    claim(
        "H3",
        "Added to mentoring, the two packages extend the reach of prevention",
        "S001-21 S004-77",
        DISTRICT,
        more("reach", HANGZHOU.change(**PACKAGES), HANGZHOU),
    ),
    claim(
        "H3b",
        "Added to mentoring, the two packages keep more care in the district",
        "S001-21 S004-80",
        DISTRICT,
        more("kept_in_place_share", HANGZHOU.change(**PACKAGES), HANGZHOU),
    ),
    claim(
        "H3c",
        "Added to mentoring, the two packages raise the share of mild cases in the community",
        "S001-21",
        DISTRICT,
        more("primary_mild_share", HANGZHOU.change(**PACKAGES), HANGZHOU),
    ),
    claim(
        "H4",
        "A shared information system and the two packages reach more together than the sum of"
        " each alone",
        "S001-14 S001-15",
        DISTRICT,
        together("reach", HANGZHOU, {"information_share": 0.6}, PACKAGES),
    ),
    claim(
        "H5",
        "Gatekeeping raises the share of visits to the community",
        "S001-17",
        DISTRICT,
        more("primary_visit_share", HANGZHOU, HANGZHOU.change(gatekeeping_share=0.0)),
    ),
)
UK_CLAIMS = (
    claim(
        "U1",
        "A pooled budget raises the capacity of community services",
        "S000-11 S000-12",
        UK,
        more("next_community_capacity", INTEGRATED, INTEGRATED.change(pooled_share=0.0)),
        by_construction=True,
    ),
    claim(
        "U1b",
        "Hospital activity follows late: less than half of the fall of year 5 is there in year 1",
        "",
        UK,
        (
            *more("hospital_cases", INTEGRATED, BEFORE, 1),
            Term(-0.5, INTEGRATED, "hospital_cases", (5, 5)),
            Term(0.5, BEFORE, "hospital_cases", (5, 5)),
        ),
    ),
    claim(
        "U1c",
        "The integrated place has fewer hospital cases in year 3",
        "S000-13",
        UK,
        more("hospital_cases", BEFORE, INTEGRATED, 3),
    ),
    claim(
        "U2",
        "The transformation fund lowers the deficit of the hospital after three years",
        "S000-09",
        UK,
        more("next_hospital_balance", INTEGRATED, INTEGRATED.change(transformation_fund=0.0), 3),
    ),
    claim(
        "U2b",
        "The transformation fund speeds the growth of community capacity",
        "S000-09",
        UK,
        more("next_community_capacity", INTEGRATED, INTEGRATED.change(transformation_fund=0.0), 3),
        by_construction=True,
    ),
    claim(
        "U2c",
        "Without the fund the hospital of the integrated place is in deficit after a year",
        "",
        UK,
        sign_is(-1, "next_hospital_balance", INTEGRATED.change(transformation_fund=0.0), 1),
    ),
    claim(
        "U4",
        "Community capacity falls back after the fund ends",
        "",
        UK,
        later("next_community_capacity", INTEGRATED, 3, 10),
    ),
    claim(
        "U4b",
        "What a fund alone adds to community capacity is lost again after it ends",
        "",
        UK,
        later("next_community_capacity", BEFORE.change(transformation_fund=2.75), 3, 10),
        by_construction=True,
    ),
    claim(
        "U5",
        "Shared accountability and a pooled budget reach more than a contract with the hospital"
        " alone",
        "S000-11 S000-18",
        UK,
        more("reach", INTEGRATED, INTEGRATED.change(**_ONE_BODY)),
    ),
    claim(
        "U5b",
        "Financing public health and medical care together adds to the reach of prevention",
        "S000-12",
        UK,
        more("reach", INTEGRATED, INTEGRATED.change(bundled_share=0.0)),
    ),
    claim(
        "U6",
        "Cutting the public health money by 28 % lowers the share of patients managed",
        "",
        UK,
        more("managed_share", BEFORE, BEFORE.change(public_health_multiplier=0.72)),
    ),
    claim(
        "U10",
        "The integrated place uses fewer resources in total in year 5",
        "S003-24",
        UK,
        more("real_cost", BEFORE, INTEGRATED),
    ),
)
