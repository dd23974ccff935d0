"""Cases: real systems and policies, coded on one schema, silence included."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carelab.provenance import CarelabError, load_yaml, project_root

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
CASE_KINDS = ("system", "policy", "recommendation")


@dataclass(frozen=True)
class Coded:
    """One coded field: what the source says, in our words, and the claims behind it."""

    text: str
    claims: tuple[str, ...]

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
    """Money paid, or a decision, from one actor to another."""

    source: str
    target: str
    what_en: str
    what_zh: str
    claims: tuple[str, ...]
    kind: str = "decides"


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

    @property
    def claim_ids(self) -> tuple[str, ...]:
        """Every claim that any part of the case cites, sorted."""
        parts: list[Any] = [*self.fields.values(), *self.mechanisms.values()]
        parts += [*self.actors, *self.money, *self.governance]
        return tuple(sorted({claim for part in parts for claim in part.claims}))


class _CaseReader:
    """Turn the content of one case file into a `Case`, or say what is wrong with it."""

    def __init__(self, file: str, raw: Any) -> None:
        self.file = file
        if not isinstance(raw, dict):
            raise self.refuse("the file", type(raw).__name__, "a mapping of keys")
        self.raw = raw

    def refuse(self, what: str, value: object, allowed: str) -> CarelabError:
        return CarelabError(
            f"case file '{self.file}': {what} is {str(value)[:80]!r}; allowed is {allowed}"
        )

    def text(self, holder: Any, key: str, where: str, allowed: tuple[str, ...] = ()) -> str:
        value = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"{where}'{key}'", value, "a text")
        if allowed and value not in allowed:
            raise self.refuse(f"{where}'{key}'", value, ", ".join(allowed))
        return value.strip()

    def claims(self, holder: Any, where: str, needed: bool) -> tuple[str, ...]:
        ids = holder.get("claims", []) if isinstance(holder, dict) else []
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise self.refuse(f"{where} claims", ids, "a list of claim ids")
        if needed and not ids:
            raise self.refuse(f"{where} claims", ids, "at least one claim id")
        return tuple(ids)

    def coded(self, group: str, key: str, text_key: str, allowed: tuple[str, ...]) -> Coded:
        entry = self.raw[group][key]
        if entry == SILENT:
            return Coded(SILENT, ())
        where = f"{group} '{key}' "
        text = self.text(entry, text_key, where, allowed)
        return Coded(text, self.claims(entry, where, needed=text != SILENT))

    def group(
        self, name: str, keys: tuple[str, ...], text_key: str, allowed: tuple[str, ...] = ()
    ) -> dict[str, Coded]:
        holder = self.raw.get(name)
        if not isinstance(holder, dict) or set(holder) != set(keys):
            found = sorted(set(holder or ()) ^ set(keys))
            raise self.refuse(f"the keys of '{name}'", f"off by {found}", ", ".join(keys))
        return {key: self.coded(name, key, text_key, allowed) for key in keys}

    def entries(self, name: str) -> list[Any]:
        entries = self.raw.get(name, [])
        if not isinstance(entries, list):
            raise self.refuse(f"'{name}'", entries, "a list, empty where the source is silent")
        return entries

    def actor(self, raw: Any) -> Actor:
        name = self.text(raw, "id", "actor ")
        where = f"actor '{name}' "
        return Actor(
            id=name,
            name_en=self.text(raw, "name_en", where),
            name_zh=self.text(raw, "name_zh", where),
            role=self.text(raw, "role", where, ROLES),
            claims=self.claims(raw, where, needed=True),
        )

    def link(self, raw: Any, group: str, known: tuple[str, ...]) -> Link:
        where = f"{group} link "
        return Link(
            source=self.text(raw, "from", where, known),
            target=self.text(raw, "to", where, known),
            what_en=self.text(raw, "what_en", where),
            what_zh=self.text(raw, "what_zh", where),
            claims=self.claims(raw, where, needed=True),
            kind=self.text({"kind": "decides", **raw}, "kind", where, LINK_KINDS),
        )

    def read(self) -> Case:
        actors = tuple(self.actor(raw) for raw in self.entries("actors"))
        known = tuple(actor.id for actor in actors)
        texts = ("id", "name_en", "name_zh", "short_en", "short_zh", "country", "source")
        return Case(
            **{key: self.text(self.raw, key, "") for key in texts},
            kind=self.text(self.raw, "kind", "", CASE_KINDS),
            fields=self.group("fields", FIELDS, "text"),
            mechanisms=self.group("mechanisms", MECHANISMS, "status", STATUSES),
            actors=actors,
            money=tuple(self.link(raw, "money", known) for raw in self.entries("money")),
            governance=tuple(
                self.link(raw, "governance", known) for raw in self.entries("governance")
            ),
            not_stated=tuple(str(line) for line in self.entries("not_stated")),
        )


def load_case(name: str, folder: Path | None = None) -> Case:
    """Load one coded case.

    Parameters
    ----------
    name : str
        Its id, such as ``anhui``.
    folder : Path, optional
        Folder of case files; the project's by default.

    Returns
    -------
    Case
        The case.

    Raises
    ------
    CarelabError
        When the case is unknown or its file is malformed.

    Examples
    --------
    >>> load_case("hangzhou").fields["payment_incentive"].is_silent
    False
    """
    base = (folder or project_root() / "data" / "cases").resolve()
    known = sorted(path.stem for path in base.glob("*.yml"))
    if name not in known:
        raise CarelabError(f"case '{name}' is unknown; known are {', '.join(known)}")
    path = base / f"{name}.yml"
    case = _CaseReader(path.name, load_yaml(path)).read()
    if case.id != name:
        raise CarelabError(f"case file '{path.name}': 'id' is '{case.id}'; allowed is '{name}'")
    return case


def load_cases(folder: Path | None = None) -> dict[str, Case]:
    """Load every coded case.

    Parameters
    ----------
    folder : Path, optional
        Folder of case files; the project's by default.

    Returns
    -------
    dict of str to Case
        By id, in alphabetical order.

    Examples
    --------
    >>> "anhui" in load_cases()
    True
    """
    base = folder or project_root() / "data" / "cases"
    return {path.stem: load_case(path.stem, base) for path in sorted(base.glob("*.yml"))}
