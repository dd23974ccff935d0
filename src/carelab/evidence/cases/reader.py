"""Turn the content of a case file into a `Case`, or say in sentences what is wrong with it."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.levers import lever_refusal
from carelab.base.manifests import CLASSES
from carelab.base.own_files import LAB_KEYS, check_keys, check_once, is_date
from carelab.base.paths import CASE_NAME, CASE_NAME_TOLD
from carelab.evidence.cases.model import (
    AXES,
    CASE_KINDS,
    DESIGNS,
    DIRECTIONS,
    FIELDS,
    LINK_KINDS,
    MECHANISMS,
    OLD_KINDS,
    ROLES,
    SILENT,
    STATUSES,
    Actor,
    Case,
    Coded,
    Event,
    LeverSetting,
    Link,
    OwnEvidence,
)
from carelab.evidence.vocabulary import EVENT_KINDS, READ_AS

if TYPE_CHECKING:
    from collections.abc import Callable

_KEYS = (
    *("id", "name_en", "name_zh", "short_en", "short_zh", "country", "source", "kind", "basis"),
    *("fields", "mechanisms", "evaluation", "frames", "actors", "money", "governance"),
    *("not_stated", "evidence", "events", "lab"),
)
_OWN_ID = re.compile(r"E\d{1,3}", re.ASCII)
_ACTOR = ("id", "name_en", "name_zh", "role", "claims")
_LINK = ("from", "to", "what_en", "what_zh", "kind", "claims", "amount")
_EVIDENCE = ("id", "source", "read_as", "class", "text")
_EVENT = ("date", "event", "kind", "claims")


class CaseReader:
    """One case file, read part by part.

    Parameters
    ----------
    file : str
        Name of the file, for the sentences.
    raw : object
        What the YAML file holds.
    """

    def __init__(self, file: str, raw: Any) -> None:
        self.file = file
        if not isinstance(raw, dict):
            found = "empty" if raw is None else type(raw).__name__
            raise self.refuse("the file", found, "a mapping of keys, as new-case writes it")
        self.raw = raw

    def refuse(self, what: str, value: object, allowed: str) -> CarelabError:
        """Return an error that names what is wrong, its value and what is allowed."""
        return CarelabError(
            f"case file '{self.file}': {what} is {str(value)[:80]!r}; allowed is {allowed}"
        )

    def keys(self, entry: Any, allowed: tuple[str, ...], where: str) -> None:
        """Refuse a key of an entry that nobody reads."""
        if isinstance(entry, dict):
            check_keys(entry, allowed, f"case file '{self.file}': {where.strip()}")

    def text(self, holder: Any, key: str, where: str, allowed: tuple[str, ...] = ()) -> str:
        """Return a text that may not be empty."""
        value = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"{where}'{key}'", value, "a text")
        if allowed and value not in allowed:
            raise self.refuse(f"{where}'{key}'", value, ", ".join(allowed))
        return value.strip()

    def chinese(self, holder: Any, key: str, where: str) -> str:
        """Return the Chinese text, or the English one where there is none."""
        if isinstance(holder, dict) and holder.get(f"{key}_zh") in (None, ""):
            return self.text(holder, f"{key}_en", where)
        return self.text(holder, f"{key}_zh", where)

    def claims(self, holder: Any, where: str, needed: bool) -> tuple[str, ...]:
        """Return the ids of the evidence that an entry cites."""
        ids = holder.get("claims", []) if isinstance(holder, dict) else []
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise self.refuse(f"{where}claims", ids, "a list of claim or indicator ids")
        if needed and not ids:
            raise self.refuse(f"{where}claims", ids, "at least one claim or indicator id")
        check_once(ids, f"case file '{self.file}': {where}claims")
        return tuple(ids)

    def coded(self, entry: Any, where: str, text_key: str, allowed: tuple[str, ...]) -> Coded:
        """Return one coded entry; what is silent cites nothing."""
        if entry == SILENT:
            return Coded(SILENT, ())
        more = ("design",) if text_key == "direction" else ()
        self.keys(entry, (text_key, "claims", *more), where)
        text = self.text(entry, text_key, where, allowed)
        ids = self.claims(entry, where, needed=text != SILENT)
        if text == SILENT and ids:
            raise self.refuse(f"{where}claims", list(ids), "none where the source is silent")
        return Coded(text, ids)

    def group(
        self, name: str, keys: tuple[str, ...], text_key: str, allowed: tuple[str, ...] = ()
    ) -> dict[str, Coded]:
        """Return a group in which every key must stand."""
        holder = self.raw.get(name)
        if not isinstance(holder, dict) or set(holder) != set(keys):
            found = sorted(map(str, set(holder if isinstance(holder, dict) else ()) ^ set(keys)))
            raise self.refuse(f"the keys of '{name}'", f"off by {found}", ", ".join(keys))
        return {key: self.coded(holder[key], f"{name} '{key}' ", text_key, allowed) for key in keys}

    def evaluation(self) -> dict[str, Coded]:
        """Return the four axes; one that is not given is silent."""
        holder = self.raw.get("evaluation", {})
        if not isinstance(holder, dict) or not set(holder) <= set(AXES):
            raise self.refuse("the keys of 'evaluation'", holder, ", ".join(AXES))
        return {axis: self.direction(holder.get(axis, SILENT), axis) for axis in AXES}

    def direction(self, entry: Any, axis: str) -> Coded:
        """Return one direction with the design by which it was found, if the file names one."""
        where = f"evaluation '{axis}' "
        coded = self.coded(entry, where, "direction", DIRECTIONS)
        if isinstance(entry, dict) and "design" in entry:
            return replace(coded, design=self.text(entry, "design", where, DESIGNS))
        return coded

    def frames(self) -> dict[str, Coded]:
        """Return the codes on dimensions of frames."""
        holder = self.raw.get("frames", {})
        if not isinstance(holder, dict):
            raise self.refuse("'frames'", holder, "a mapping such as rainbow.normative: {...}")
        return {
            str(key): self.coded(entry, f"frames '{key}' ", "status", STATUSES)
            for key, entry in holder.items()
        }

    def entries(self, name: str) -> list[Any]:
        """Return a list of the file, empty where the key is missing."""
        entries = self.raw.get(name, [])
        if not isinstance(entries, list):
            raise self.refuse(f"'{name}'", entries, "a list, empty where the source is silent")
        return entries

    def actor(self, raw: Any) -> Actor:
        """Return one actor."""
        name = self.text(raw, "id", "actor ")
        where = f"actor '{name}' "
        self.keys(raw, _ACTOR, where)
        return Actor(
            id=name,
            name_en=self.text(raw, "name_en", where),
            name_zh=self.chinese(raw, "name", where),
            role=self.text(raw, "role", where, ROLES),
            claims=self.claims(raw, where, needed=True),
        )

    def link(self, raw: Any, group: str, known: tuple[str, ...]) -> Link:
        """Return one link between two actors of the case."""
        where = f"{group} link "
        if not isinstance(raw, dict):
            raise self.refuse(f"a {group} link", raw, "a mapping with from, to, what_en, claims")
        self.keys(raw, _LINK, f"a {group} link")
        claims = self.claims(raw, where, needed=True)
        return Link(
            source=self.text(raw, "from", where, known),
            target=self.text(raw, "to", where, known),
            what_en=self.text(raw, "what_en", where),
            what_zh=self.chinese(raw, "what", where),
            claims=claims,
            kind=self.text({"kind": "decides", **raw}, "kind", where, LINK_KINDS),
            amount=self.text(raw, "amount", where, claims) if "amount" in raw else "",
        )

    def own_evidence(self, raw: Any) -> OwnEvidence:
        """Return one source that the file brings along."""
        name = self.text(raw, "id", "evidence ")
        if not _OWN_ID.fullmatch(name):
            raise self.refuse("evidence 'id'", name, "E and up to three digits, such as E1")
        where = f"evidence '{name}' "
        self.keys(raw, _EVIDENCE, where)
        return OwnEvidence(
            id=name,
            text=self.text(raw, "text", where),
            source=self.text(raw, "source", where),
            read_as=self.text(raw, "read_as", where, READ_AS),
            claim_class=self.text(raw, "class", where, CLASSES),
        )

    def event(self, raw: Any) -> Event:
        """Return one dated event; a bare year or date needs no quotes."""
        day = str(raw.get("date")) if isinstance(raw, dict) else ""
        if not is_date(day):
            raise self.refuse("event 'date'", day, "a day, month or year of the calendar, such as"
                              " 2019, 2021-07 or 2023-03-23")  # fmt: skip
        where = f"event {day} "
        self.keys(raw, _EVENT, where)
        return Event(
            date=day,
            event=self.text(raw, "event", where),
            kind=self.text(raw, "kind", where, EVENT_KINDS),
            claims=self.claims(raw, where, needed=True),
        )

    def lever(self, raw: Any) -> LeverSetting:
        """Return one setting of a lever; what is assumed needs a note instead of ids."""
        name = self.text(raw, "lever", "lab ")
        where = f"lab lever '{name}' "
        self.keys(raw, LAB_KEYS, where)
        value = raw.get("value")
        model = self.text(raw, "model", where)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            refusal = lever_refusal(name, value, model)
            raise CarelabError(f"case file '{self.file}': {refusal}")
        kind = self.text(raw, "class", where, CLASSES)
        return LeverSetting(
            model=model,
            lever=name,
            value=float(value),
            claim_class=kind,
            note=self.text(raw, "note", where),
            claims=self.claims(raw, where, needed=kind != "assumed"),
        )

    def heads(self) -> dict[str, str]:
        """Return who and where the case is; refuse a key that the schema does not know."""
        unknown = sorted(map(str, set(self.raw) - set(_KEYS)))
        if unknown:
            raise self.refuse("the key", unknown[0], ", ".join(_KEYS))
        texts = {key: self.text(self.raw, key, "") for key in ("id", "country", "source")}
        if not CASE_NAME.fullmatch(texts["id"]):
            raise self.refuse("'id'", texts["id"], CASE_NAME_TOLD)
        for key in ("name", "short"):
            texts[f"{key}_en"] = self.text(self.raw, f"{key}_en", "")
            texts[f"{key}_zh"] = self.chinese(self.raw, key, "")
        kind = self.raw.get("kind")
        kind = OLD_KINDS.get(kind, kind) if isinstance(kind, str) else kind
        texts["kind"] = self.text({"kind": kind}, "kind", "", CASE_KINDS)
        seeded = texts["source"].startswith("seed-")
        texts["basis"] = "" if seeded and "basis" not in self.raw else self.basis()
        return texts

    def basis(self) -> str:
        """Return what a case without a seed rests on."""
        value = self.raw.get("basis")
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(
                "'basis'",
                value,
                "a text that says that no seed describes the case, what was read"
                " and how weak that is",
            )
        return value.strip()

    def sentence(self, raw: Any) -> str:
        """Return a line of what is not stated; a colon in it makes something else of it."""
        if not isinstance(raw, str) or not raw.strip():
            allowed = "a sentence, in quotes where it has a colon"
            raise self.refuse("an entry of 'not_stated'", raw, allowed)
        return raw.strip()

    def known_actors(self) -> tuple[str, ...]:
        """Return the ids of the actors."""
        return tuple(
            str(raw["id"])
            for raw in self.entries("actors")
            if isinstance(raw, dict) and "id" in raw
        )

    def listed(self, name: str) -> tuple[Any, ...]:
        """Return a list of the file, each entry read."""
        known = self.known_actors()
        readers: dict[str, Callable[[Any], Any]] = {
            "actors": self.actor,
            "money": lambda raw: self.link(raw, "money", known),
            "governance": lambda raw: self.link(raw, "governance", known),
            "evidence": self.own_evidence,
            "events": self.event,
            "lab": self.lever,
            "not_stated": self.sentence,
        }
        entries = tuple(readers[name](raw) for raw in self.entries(name))
        named = {
            "actors": lambda each: each.id,
            "evidence": lambda each: each.id,
            "not_stated": lambda each: each,
        }
        if name in named:
            check_once(list(map(named[name], entries)), f"case file '{self.file}': '{name}'")
        settings = [(each.model, each.lever) for each in entries if isinstance(each, LeverSetting)]
        for model, lever in settings:
            if settings.count((model, lever)) > 1:
                raise CarelabError(
                    f"case file '{self.file}': lab lever '{lever}' of the model '{model}' is set"
                    " twice; keep one"
                )
        return entries

    def read(self) -> Case:
        """Return the case, or raise for the first thing that is wrong."""
        return Case(
            **self.heads(),
            fields=self.group("fields", FIELDS, "text"),
            mechanisms=self.group("mechanisms", MECHANISMS, "status", STATUSES),
            evaluation=self.evaluation(),
            frames=self.frames(),
            actors=self.listed("actors"),
            money=self.listed("money"),
            governance=self.listed("governance"),
            evidence=self.listed("evidence"),
            events=self.listed("events"),
            levers=self.listed("lab"),
            not_stated=self.listed("not_stated"),
        )
