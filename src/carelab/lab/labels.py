"""Every name of the care economy in words: levers, presets, quantities, places, flows of money."""

import json
from collections.abc import Mapping
from typing import Any

from carelab.base import load_words
from carelab.base.firmness import FIRMNESS
from carelab.base.levers import CARE_ECONOMY as ENGINE
from carelab.base.levers import levers_of
from carelab.base.numbers import SIZES
from carelab.engine import BASELINE_PRESETS
from carelab.evidence import (
    load_levers,
    load_parameters,
    load_presets,
    load_quantities,
)
from carelab.evidence.cases.presets import count_known
from carelab.evidence.references import source_name
from carelab.evidence.registry import load_roles
from carelab.evidence.tables import read_table
from carelab.study.explain.causal_maps import map_groups
from carelab.study.trust.preset_checks import preset_misses

# Who pays whom: sums of products of the model's own quantities, per resident.
MONEY_LINKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("residents", "hospital", ("hospital_income", "-hospital_paid")),
    ("residents", "primary", ("primary_income", "-primary_paid")),
    ("residents", "outside", ("outside_case_income", "outside_visit_income", "-outside_paid")),
    ("insurer", "hospital", ("hospital_paid", "hospital_part_share*settlement_paid",
                             "mentoring_pay")),
    ("insurer", "primary", ("primary_paid", "settlement_paid",
                            "-hospital_part_share*settlement_paid")),
    ("insurer", "outside", ("outside_paid",)),
    ("government", "hospital", ("fund_to_deficits", "hospital_grant")),
    ("government", "primary", ("public_health_pay", "fund_to_community", "primary_grant")),
    ("hospital", "primary", ("top_slice",)),
)  # fmt: skip
# What each actor has in hand: with the hospitals outside, the accounts add up to the premium less
# the cost of care in the place. The first flow of an account is the one that differs between the
# runs of a range; what follows it is the same in all.
ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "patients": ("-household_payments",),
    "hospital": ("hospital_change",),
    "primary": ("primary_change",),
    "insurer": ("insurer_change",),
    "government": ("-public_health_pay", "-fund_income", "-hospital_grant", "-primary_grant"),
    "outside": ("outside_case_income", "outside_visit_income"),
}
_SPOKEN = ("lab.", "unit.", "class.", "place.", "actor.", "map.node.", "firmness.")
# Who plays, in the order in which the device goes round.
PLAYERS = ("insurer", "hospital", "primary", "patients", "government")
ACTORS = ("patients", "hospital", "primary", "insurer", "government")


def origin_of(row: Any) -> dict[str, Any]:
    """Return class, source, evidence and note of a row, as a popover tells them."""
    origin = {
        "class": row["class"],
        "source": source_name(str(row["source"])),
        "evidence": row["evidence"],
        "note": row["note"],
    }
    return {key: text for key, text in origin.items() if text}


def levers_in_words(model: str, spoken: str) -> dict[str, dict[str, Any]]:
    """Return every lever of a model with its question, its range and where it is known from."""
    rows: dict[Any, Any] = load_levers(model).set_index("name").to_dict("index")
    texts = ("label", "meaning", "low_means", "high_means")
    asked = read_table("lab_questions.csv").set_index("lever")[f"question_{spoken}"]
    return {
        name: {
            "name": name,
            "question": asked.get(name, rows[name][f"label_{spoken}"]),
            "unit": rows[name]["unit"],
            **{key: float(rows[name][key]) for key in ("low", "high", "step", "default")},
            **{key: rows[name][f"{key}_{spoken}"] for key in texts},
            **origin_of(rows[name]),
        }
        for name in levers_of(model)
    }


def presets_in_words(model: str, spoken: str) -> dict[str, dict[str, Any]]:
    """Return name and origins of every preset of a model, and how many settings are known."""
    presets: dict[str, dict[str, Any]] = {}
    for _, row in load_presets(model).iterrows():
        entry = presets.setdefault(row["preset"], {"label": row[f"label_{spoken}"], "why": {}})
        entry["why"][row["lever"]] = origin_of(row)
    for entry in presets.values():
        entry["known"] = count_known(each["class"] for each in entry["why"].values())
    return presets


def _presets(spoken: str) -> dict[str, dict[str, Any]]:
    presets = presets_in_words(ENGINE, spoken)
    stories = _stories(spoken)
    for preset, entry in presets.items():
        entry |= stories.get(preset, {})
        entry["misses"] = [each[f"text_{spoken}"] for each in preset_misses(preset)]
    return presets


def _stories(spoken: str) -> dict[str, dict[str, Any]]:
    """Return title and story of each preset that has a card."""
    return {
        row["preset"]: {
            "title": row[f"title_{spoken}"],
            "story": row[f"story_{spoken}"],
        }
        for _, row in read_table("lab_stories.csv").iterrows()
    }


def _challenges(spoken: str) -> dict[str, dict[str, Any]]:
    return {
        row["context"]: {
            "outcome": row["outcome"],
            "atLeast": float(row["at_least"]),
            "text": row[f"text_{spoken}"],
        }
        for _, row in read_table("lab_challenges.csv").iterrows()
    }


def _residents() -> dict[str, float]:
    """Return how many people each place has: an illustration, for results are per resident."""
    rows = load_parameters().set_index(["context", "name"])["value"]
    return {context: float(rows[context, "population"]) for context in BASELINE_PRESETS}


def _roles() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return, for each place, the levers of each role and where that is known from."""
    held: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for _, row in load_roles().iterrows():
        place = held.setdefault(row["context"], {role: [] for role in PLAYERS})
        place[row["role"]].append({"lever": row["lever"], **origin_of(row)})
    return held


def quantities_in_words(model: str, spoken: str) -> dict[str, dict[str, Any]]:
    """Return every quantity of a model with its unit and, where it has one, its fixed range."""
    ranges = {
        row["outcome"]: [float(row["low"]), float(row["high"])]
        for _, row in read_table("lab_ranges.csv").iterrows()
    }
    return {
        row["name"]: {
            "name": row["name"],
            "label": row[f"label_{spoken}"],
            **({"range": ranges[row["name"]]} if row["name"] in ranges else {}),
            "unit": row["unit"],
            "digits": int(row["digits"]),
            "meaning": row[f"meaning_{spoken}"],
        }
        for _, row in load_quantities(model).iterrows()
    }


def thresholds_of(model: str) -> dict[str, list[list[str]]]:
    """Return what changes along a lever, of each lever along which something does."""
    found = {lever.name: lever.thresholds for lever in levers_of(model).values()}
    return {name: [list(each) for each in those] for name, those in found.items() if those}


def labels_data(spoken: str) -> dict[str, Any]:
    """Return everything that the lab says, in one language.

    >>> labels_data("zh")["levers"]["contract_share"]["label"]
    '总额预付占比'
    """
    words = {key: text for key, text in load_words(spoken).items() if key.startswith(_SPOKEN)}
    return {
        "language": {"en": "en", "zh": "zh-CN"}[spoken],
        "words": words,
        "sizes": dict(SIZES),
        "firmness": dict(FIRMNESS),
        "levers": levers_in_words(ENGINE, spoken),
        "presets": _presets(spoken),
        "quantities": quantities_in_words(ENGINE, spoken),
        "contexts": list(BASELINE_PRESETS),
        "thresholds": thresholds_of(ENGINE),
        "money": [[source, target, list(terms)] for source, target, terms in MONEY_LINKS],
        "accounts": {actor: list(terms) for actor, terms in ACCOUNTS.items()},
        "residents": _residents(),
        "challenges": _challenges(spoken),
        "actors": list(ACTORS),
        "map": {
            group: [*levers_of(ENGINE)] if group == "levers" else list(nodes)
            for group, nodes in map_groups().items()
        },
        "roles": _roles(),
    }


def labels_script(spoken: str) -> str:
    """Write `labels_data` as JavaScript: ``const carelabRegistry = {…};``."""
    packed = json.dumps(labels_data(spoken), ensure_ascii=False, separators=(",", ":"))
    return f"const carelabRegistry = {packed};"
