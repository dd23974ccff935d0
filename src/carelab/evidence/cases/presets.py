"""Cases in the lab: what a coded case sets, and those of the reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base import CarelabError
from carelab.base.found_files import tried
from carelab.base.levers import lever_refusal, levers_of
from carelab.evidence.cases.files import (
    built_in_folder,
    load_case,
    load_case_file,
    sort_cases,
)
from carelab.evidence.cases.model import Case, LeverSetting
from carelab.evidence.references import source_name
from carelab.evidence.registry import load_claims, load_indicators, load_presets

_KNOWN = ("stated", "observed")


def case_presets(case: Case | str) -> dict[str, Any]:
    """Return what a lab needs to offer a case among its presets.

    >>> sorted(case_presets("hangzhou")["presets"])
    ['care_economy']
    """
    case = case if isinstance(case, Case) else load_case(case)
    presets: dict[str, dict[str, float]] = {}
    for model, lever, value in _stored().get(case.id, []):
        presets.setdefault(model, {})[lever] = value
    if presets and case.levers:
        raise CarelabError(
            f"case '{case.id}': a preset of the course has this name; give a case that sets levers"
            " another one"
        )
    for setting in case.levers:
        _check(case, setting.model, setting.lever, setting.value)
        if setting.lever in presets.get(setting.model, {}):
            raise CarelabError(
                f"case '{case.id}': lab lever '{setting.lever}' of the model '{setting.model}' is"
                " set twice; keep one"
            )
        presets.setdefault(setting.model, {})[setting.lever] = setting.value
    return {
        "name": case.id,
        "label_en": case.short_en,
        "label_zh": case.short_zh,
        "presets": presets,
    }


def count_known(classes: Iterable[str]) -> dict[str, int]:
    """Count how many settings of a preset a source gives.

    >>> count_known(["stated", "assumed"])
    {'known': 1, 'count': 2}
    """
    listed = list(classes)
    return {"known": sum(each in _KNOWN for each in listed), "count": len(listed)}


@cache
def _stored() -> Mapping[str, list[tuple[str, str, float]]]:
    """Return model, lever and value of each setting, by preset."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    rows = load_presets()[["preset", "model", "lever", "value"]].to_numpy().tolist()
    for preset, model, lever, value in rows:
        found.setdefault(preset, []).append((model, lever, float(value)))
    return found


def _check(case: Case, model: str, lever: str, value: float) -> None:
    if not levers_of(model):
        raise CarelabError(
            f"case '{case.id}': the model '{model}' of the lever '{lever}' is unknown; models"
            " stand in levers.csv"
        )
    if refusal := lever_refusal(lever, value, model):
        raise CarelabError(f"case '{case.id}': {refusal}")


@dataclass(frozen=True)
class OwnPreset:
    """How a reader's own case sets the levers of one model.

    Parameters
    ----------
    case : Case
        The case.
    settings : tuple of LeverSetting
        Its settings of the model, each with class, note and evidence.
    """

    case: Case
    settings: tuple[LeverSetting, ...]

    @property
    def values(self) -> Mapping[str, float]:
        """Lever to value."""
        return {each.lever: each.value for each in self.settings}

    def sources_of(self, setting: LeverSetting) -> str:
        """Return what a setting rests on, as a reader would name it; empty where it is assumed."""
        own = {each.id: each.source for each in self.case.evidence}
        named = [own.get(each) or _registered_source(each) for each in setting.claims]
        return "; ".join(dict.fromkeys(named))


@cache
def _registered_source(evidence: str) -> str:
    for rows in (load_claims(), load_indicators()):
        found = rows[rows["id"] == evidence]["source"].tolist()
        if found:
            return source_name(found[0])
    return evidence


def _preset(path: Path, model: str) -> OwnPreset | None:
    case = load_case_file(path)
    settings = tuple(each for each in case.levers if each.model == model)
    if settings:
        case_presets(case)  # refuses an unknown lever, a value out of range, a name that is taken
    return OwnPreset(case, settings) if settings else None


def own_presets(model: str) -> tuple[dict[str, OwnPreset], list[str]]:
    """Return every valid case of the reader's own that sets levers of a model.

    >>> offered, problems = own_presets("care_economy")
    >>> "anhui" in offered
    False
    """
    offered: dict[str, OwnPreset] = {}
    try:
        files = sort_cases()
    except CarelabError as problem:
        return {}, [str(problem)]
    problems = list(files.left_out)
    for path in files.read.values():
        if path.parent == built_in_folder():
            continue
        try:
            found = _preset(path, model)
        except (CarelabError, OSError) as problem:
            problems.append(tried(problem, path.name))
            continue
        if found:
            offered[path.stem] = found
    return offered, problems
