"""How a case sets the levers of a lab: name and presets, ready for the lab."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from carelab.base import CarelabError
from carelab.base.levers import lever_refusal, levers_of
from carelab.evidence.cases.files import load_case
from carelab.evidence.cases.model import Case
from carelab.evidence.registry import load_presets


def case_presets(case: Case | str) -> dict[str, Any]:
    """Return what a lab needs to offer a case among its presets.

    Parameters
    ----------
    case : Case or str
        Any case or its id; its own file may set levers under ``lab``, and a preset of
        ``presets.csv`` with its name counts too.

    Returns
    -------
    dict
        ``name``, ``label_en``, ``label_zh``, and ``presets``: model to lever to value, each
        within the range of ``levers.csv``. Levers that are not named keep their default.

    Raises
    ------
    CarelabError
        When the case or a lever is unknown, a value out of range, a lever set twice, or when a
        case of the reader's own sets levers under the name of a preset of the course.

    Examples
    --------
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
