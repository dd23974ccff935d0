"""The presets of a reader's own cases, as a lab carries them along."""

from collections.abc import Iterable
from typing import Any

from carelab.base import CarelabError, word
from carelab.evidence.cases.presets import OwnPreset, count_known, own_presets

# Further own cases fold away with the other presets.
MOST_IN_SIGHT = 3


def _why(own: OwnPreset, spoken: str) -> dict[str, dict[str, str]]:
    """Say of each setting what the lab says of those of the course."""
    name = getattr(own.case, f"short_{spoken}")
    told = {}
    for setting in own.settings:
        rests_on = own.sources_of(setting)
        key = "lab.own_source" if rests_on else "lab.own_assumed"
        origin = {
            "class": setting.claim_class,
            "source": word(key, spoken, case=name, source=rests_on),
            "evidence": "; ".join(setting.claims),
            "note": setting.note,
        }
        told[setting.lever] = {part: text for part, text in origin.items() if text}
    return told


def own_in_lab(model: str, spoken: str) -> dict[str, Any]:
    """Return what a lab of a model offers beside the presets of the course.

    >>> sorted(own_in_lab("care_economy", "en"))
    ['presets', 'problems']
    """
    offered, problems = own_presets(model)
    presets = {
        name: {
            "label": getattr(own.case, f"short_{spoken}"),
            "values": dict(own.values),
            "why": _why(own, spoken),
            "known": count_known(each.claim_class for each in own.settings),
        }
        for name, own in offered.items()
    }
    return {
        "presets": presets,
        "problems": [word("lab.own_left_out", spoken, problem=each) for each in problems],
    }


def find_own(model: str, name: str, course: Iterable[str]) -> OwnPreset:
    """Return a valid own case that sets levers of a model.

    >>> find_own("retention", "nobody", ["fee_for_service"])
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: preset 'nobody' is unknown; known are fee_for_service
    """
    offered, problems = own_presets(model)
    if name not in offered:
        about = [each for each in problems if f"'{name}.y" in each or f"'{name}'" in each]
        known = ", ".join((*course, *offered))
        raise CarelabError(about[0] if about else f"preset '{name}' is unknown; known are {known}")
    return offered[name]
