"""What a case is: vocabulary of the codebook and the dataclasses of one coded case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carelab.base.frozen import FrozenMap

SILENT = "silent"
FIELDS = (
    "level",
    "actors",
    "governance",
    "financing",
    "payment_incentive",
    "information",
    "workforce",
    "process",
    "target_population",
    "enablers",
    "constraints",
    "stated_outcomes",
    "date",
)
MECHANISMS = (
    "pooled_money",
    "prospective_budget",
    "surplus_kept",
    "leakage_charge",
    "merged_governance",
    "cross_department_body",
    "capability_programme",
    "shared_information",
    "gatekeeping_or_lists",
    "referral_rules",
    "prevention_linked_pay",
    "performance_assessment",
    "cross_sector_scope",
    "public_private",
)
STATUSES = ("present", "partial", "recommended", "absent", SILENT)
ROLES = (
    "government",
    "committee",
    "department",
    "payer",
    "hospital",
    "primary",
    "community",
    "public_health",
    "company",
    "professional",
    "patients",
)
LINK_KINDS = ("decides", "agrees", "supports", "steers")
CASE_KINDS = ("system", "policy", "advice", "paper")
# Words of files written before a case without a seed was simply a system.
OLD_KINDS = {"comparison": "system", "recommendation": "advice"}
# The four axes on which the 2023 case collection asks to evaluate (claim S003-82).
AXES = ("quality", "satisfaction", "economy", "resource_use")
DIRECTIONS = ("improved", "mixed", "unchanged", "worsened", SILENT)
# How a direction was found, strongest first.
DESIGNS = ("randomised", "controlled", "time_series", "before_after", "compared")


@dataclass(frozen=True)
class Coded:
    """One coded field: what the source says, in our words, and the ids behind it.

    A direction of evaluation also names the design by which it was found.
    """

    text: str
    claims: tuple[str, ...]
    design: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether the source says nothing."""
        return self.text == SILENT


@dataclass(frozen=True)
class Actor:
    """Somebody in a case's diagrams."""

    id: str
    name_en: str
    name_zh: str
    role: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """Money paid, or a decision, from one actor to another.

    ``amount`` names the one of its ids that says how much is paid; empty where none does.
    """

    source: str
    target: str
    what_en: str
    what_zh: str
    claims: tuple[str, ...]
    kind: str = "decides"
    amount: str = ""


@dataclass(frozen=True)
class OwnEvidence:
    """A source of the case file itself: an id such as ``E1``, what it says, how much was read."""

    id: str
    text: str
    source: str
    read_as: str
    claim_class: str


@dataclass(frozen=True)
class Event:
    """Something dated in a case file."""

    date: str
    event: str
    kind: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class LeverSetting:
    """How the case moves one lever of a lab, and why."""

    model: str
    lever: str
    value: float
    claim_class: str
    note: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A coded case.

    Parameters
    ----------
    id, name_en, name_zh, short_en, short_zh, kind, country, source : str
        Who and where it is; ``source`` is the main document.
    fields : mapping of str to Coded
        The thirteen fields of the codebook.
    mechanisms : mapping of str to Coded
        The fourteen mechanisms; the text is a status.
    actors : tuple of Actor
        Who appears in the diagrams.
    money, governance : tuple of Link
        Who pays whom; who decides over whom.
    not_stated : tuple of str
        What a reader would want to know and the source does not say.
    basis : str
        For a case without a seed: that it has none, what was read and how weak that is.
    evaluation : mapping of str to Coded
        What was found on the four axes of evaluation; the text is a direction.
    frames : mapping of str to Coded
        Codes on dimensions of a published frame that the codebook cannot give, by
        ``frame.dimension``.
    evidence : tuple of OwnEvidence
        Sources that the case file brings along.
    events : tuple of Event
        Dated events that the case file brings along.
    levers : tuple of LeverSetting
        How the case sets levers of the labs.
    """

    id: str
    name_en: str
    name_zh: str
    short_en: str
    short_zh: str
    kind: str
    country: str
    source: str
    fields: Mapping[str, Coded]
    mechanisms: Mapping[str, Coded]
    actors: tuple[Actor, ...]
    money: tuple[Link, ...]
    governance: tuple[Link, ...]
    not_stated: tuple[str, ...] = ()
    basis: str = ""
    evaluation: Mapping[str, Coded] = field(default_factory=dict)
    frames: Mapping[str, Coded] = field(default_factory=dict)
    evidence: tuple[OwnEvidence, ...] = ()
    events: tuple[Event, ...] = ()
    levers: tuple[LeverSetting, ...] = ()

    def __post_init__(self) -> None:
        """Keep the groups from being changed."""
        for name in ("fields", "mechanisms", "evaluation", "frames"):
            object.__setattr__(self, name, FrozenMap(getattr(self, name)))

    @property
    def is_system(self) -> bool:
        """Whether somebody is treated there; policies, advice and papers are no systems."""
        return self.kind == "system"

    @property
    def has_seed(self) -> bool:
        """Whether a seed document of the course is the main source."""
        return self.source.startswith("seed-")

    @property
    def claim_ids(self) -> tuple[str, ...]:
        """Every id of evidence that any part of the case cites, sorted."""
        parts: list[Any] = [*self.fields.values(), *self.mechanisms.values()]
        parts += [*self.actors, *self.money, *self.governance]
        parts += [*self.evaluation.values(), *self.frames.values(), *self.events, *self.levers]
        return tuple(sorted({claim for part in parts for claim in part.claims}))
